//! Which blocks hold mostly matches.

use crate::identity::{
    blocking::{Part, Rule},
    likeness,
    pattern::Pattern,
};

/// Pairs in which both values of a comparison are known before it says anything of a block.
const FEWEST_KNOWN: f64 = 10.0;
/// A level that chance reaches more often is no likeness.
const COMMON: f64 = 0.5;

/// The share of matches in the block of a rule, as far as it shows before anybody knows what matches look like: how far
/// the comparisons that the rule leaves open are more alike than chance makes them. Not the average but the lower
/// quartile of them counts, since colleagues share a town, a street and a switchboard, and only matches are alike in
/// nearly everything. Of two parts that are independent of one another, what chance brings together is taken off first:
/// namesakes, above all. Nothing where the rule is too loose to tell, or nothing is left open.
pub(super) fn share(rule: &Rule, block: &[(Pattern, f64)], chances: &[Vec<f64>], pairs: f64) -> Option<f64> {
    let all: f64 = block.iter().map(|(_, count)| count).sum();
    let by_chance = match rule.parts[..] {
        [(_, Part::Whole | Part::Words | Part::End(_))] => 0.0,
        [(a, Part::Whole | Part::Words), (b, Part::Whole | Part::Words)] => {
            pairs * chances[a].last()? * chances[b].last()?
        }
        _ => return None,
    };
    let open = (0..chances.len()).filter(|at| rule.parts.iter().all(|(part, _)| part != at));
    let mut alike: Vec<f64> = open.filter_map(|at| likeness_beyond_chance(at, block, &chances[at])).collect();
    alike.sort_unstable_by(f64::total_cmp);
    let quartile = alike.get(alike.len() / 4)?;
    Some(quartile.min(1.0 - by_chance / all))
}

/// How many of the pairs are alike in a comparison though chance would not make them so, at the level where that shows
/// best.
fn likeness_beyond_chance(at: usize, block: &[(Pattern, f64)], chances: &[f64]) -> Option<f64> {
    let mut reached = vec![0.0; chances.len()];
    for (pattern, count) in block {
        if let Some(level) = usize::from(pattern.level(at)).checked_sub(1) {
            reached[level] += count;
        }
    }
    let known: f64 = reached.iter().sum();
    if known < FEWEST_KNOWN {
        return None;
    }
    let (mut seen, mut chance) = (0.0, 0.0);
    let from_the_best = reached.iter().zip(chances).skip(usize::from(likeness::OTHER)).rev();
    let beyond = from_the_best.map(|(reached, of_chance)| {
        seen += reached / known;
        chance += of_chance;
        if chance < COMMON { (seen - chance) / (1.0 - chance) } else { f64::NEG_INFINITY }
    });
    beyond.max_by(f64::total_cmp).filter(|share| share.is_finite())
}
