//! How many matches there are, found and missed.

use crate::identity::pattern::Pattern;

/// Matches that are expected among the candidates, and how many more there may be.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Found {
    /// Matches expected among the candidates that are likelier to match than not.
    pub expected: f64,
    /// Of these, matches that one rule alone found.
    pub by_one: f64,
    /// Matches that two rules found.
    pub by_two: f64,
    /// The share of all matches that is among the candidates; nothing where the rules overlap too little to tell.
    pub recall: Option<f64>,
    /// The chance that two records drawn at random match.
    pub prior: f64,
}

/// Rounds after which the prior stands as it is.
const MOST_ROUNDS: usize = 100;
/// The recall below which an estimate of it does not raise the prior: few overlaps of rules say little.
const LEAST_RECALL: f64 = 0.5;

/// Finds the prior that its own matches confirm, beginning with `first`. Pairs that are likelier not to match are left
/// out: there are so many of them that a little from each, where comparisons are not independent, would raise the prior
/// and with it the little. Where everybody is compared with everybody, nothing is missed.
pub fn found(
    patterns: &[(Pattern, f64)],
    m: &[Vec<f64>],
    u: &[Vec<f64>],
    pairs: f64,
    first: f64,
    is_whole: bool,
) -> Found {
    let odds: Vec<(Pattern, f64, f64)> = patterns
        .iter()
        .map(|(pattern, count)| {
            let level = |one: usize| usize::from(pattern.level(one)).checked_sub(1);
            let odds = (0..m.len()).filter_map(|one| level(one).map(|level| m[one][level] / u[one][level]));
            (*pattern, *count, odds.product())
        })
        .collect();
    let least = 0.5 / pairs.max(1.0);
    let mut found = Found { prior: first.clamp(least.min(0.5), 0.5), ..Found::default() };
    for _ in 0..MOST_ROUNDS {
        let before = found.prior;
        found = expected(&odds, before);
        if is_whole {
            found.recall = Some(1.0);
        }
        let missed = found.expected / found.recall.map_or(1.0, |recall| recall.max(LEAST_RECALL));
        found.prior = (missed / pairs.max(1.0)).clamp(least.min(0.5), 0.5);
        if (found.prior - before).abs() <= before * 1e-9 {
            break;
        }
    }
    found
}

fn expected(odds: &[(Pattern, f64, f64)], prior: f64) -> Found {
    let before = prior / (1.0 - prior);
    let mut found = Found { prior, ..Found::default() };
    for (pattern, count, odds) in odds {
        let odds = before * odds;
        if odds <= 1.0 {
            continue;
        }
        let matches = count * if odds.is_finite() { odds / (1.0 + odds) } else { 1.0 };
        found.expected += matches;
        match pattern.rules() {
            1 => found.by_one += matches,
            2 => found.by_two += matches,
            _ => {}
        }
    }
    let missed = found.by_one * found.by_one / (2.0 * found.by_two);
    found.recall = (found.by_two >= 1.0).then(|| found.expected / (found.expected + missed));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_that_no_rule_found_are_estimated_from_those_that_few_found() {
        // Sure matches: 40 by one rule, 100 by two, 60 by three.
        let sure = Pattern::default().with(0, 2);
        let patterns = [
            (sure.under(0), 40.0),
            (sure.under(0).under(1), 100.0),
            (sure.under(0).under(1).under(2), 60.0),
            (Pattern::default().with(0, 1).under(0), 9_800.0),
        ];
        let found = found(&patterns, &[vec![1e-5, 1.0 - 1e-5]], &[vec![1.0 - 1e-9, 1e-9]], 1e6, 1e-4, false);
        assert!((found.expected - 200.0).abs() < 0.1, "{found:?}");
        let recall = found.recall.unwrap();
        assert!((recall - 200.0 / (200.0 + 40.0 * 40.0 / 200.0)).abs() < 1e-3, "{found:?}");
        assert!((found.prior - 200.0 / recall / 1e6).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn one_rule_alone_cannot_tell_what_it_misses() {
        let patterns = [(Pattern::default().with(0, 2).under(0), 40.0)];
        let found = found(&patterns, &[vec![0.1, 0.9]], &[vec![0.999, 0.001]], 1e6, 1e-4, false);
        assert_eq!(found.recall, None);
    }
}
