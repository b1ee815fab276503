//! The weights of a model, learnt from the records themselves.
//!
//! # Design
//! u comes from pairs of values drawn at random, m from expectation maximisation within blocks, as in Splink: in the
//! block of a rule matches are no rarity, and what the rule fixes is held out of it and learnt in another block. Which
//! blocks are fit for that, Splink asks its user; here those are taken in which nearly everything that the rule leaves
//! open is more alike than chance makes it (`block`). Over all pairs the estimate would follow whatever class is
//! largest, which need not be the matches: namesakes whose addresses are made of their names, or people of one company.
//! Pairs drawn at random hold a few matches, which make u too high where matches are many and values rare; once m and
//! the prior are known, their part is taken off again and m is estimated once more. The prior is the share of matches
//! among all pairs: those expected among the candidates, and those that no rule found, whose number Chao's estimator
//! (1987) gives from how many matches one rule and two rules found.

mod block;
mod chance;
mod maximise;
mod prior;

pub use chance::{Values, chances};
pub use maximise::{Estimate, maximise};
pub use prior::{Found, found};

use super::{
    blocking::Rule,
    compare::Comparison,
    likeness,
    model::{Model, Weighed},
    pattern::Pattern,
};

/// The share of matches from which on a block is fit to learn from.
const LEAST_SHARE: f64 = 0.2;
/// Matches that have to be expected in a block for its estimate to count.
const FEWEST_MATCHES: f64 = 10.0;
/// The share that a block is taken to have at first, at most: with certainty nothing could be learnt.
const MOST_SHARE: f64 = 0.99;
/// Matches for each record where no block tells how many there are.
const FIRST: f64 = 0.1;
/// What is left of a chance at least when the matches among the drawn pairs are taken off.
const LEAST_LEFT: f64 = 0.02;
/// How often the matches are taken off.
const ROUNDS: usize = 2;

/// What a model is learnt from.
#[derive(Clone, Debug)]
pub struct Sample<'a> {
    /// The comparisons.
    pub comparisons: &'a [Comparison],
    /// How often chance reaches each level of each.
    pub chances: Vec<Vec<f64>>,
    /// The blocking rules.
    pub rules: &'a [Rule],
    /// How often each pattern occurs among the candidates, in the order of the patterns.
    pub patterns: Vec<(Pattern, f64)>,
    /// All pairs that they could form.
    pub pairs: f64,
}

/// A model, and what its training tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Trained {
    /// The model.
    pub model: Model,
    /// The matches among the candidates, and those that are missed.
    pub found: Found,
}

/// A rule whose block is fit to learn from: its pairs, the share of matches that shows, and what it leaves open.
struct Block {
    patterns: Vec<(Pattern, f64)>,
    share: f64,
    free: Vec<bool>,
}

/// The estimates of all blocks together.
#[derive(Default)]
struct Learnt {
    /// m of each comparison, and whether a block told it.
    m: Vec<(Vec<f64>, bool)>,
    /// The matches in the block that holds most of them.
    matches: Option<f64>,
}

/// Learns a model.
pub fn train(sample: &Sample<'_>) -> Trained {
    let Sample { comparisons, chances, rules, patterns, pairs } = sample;
    let start: Vec<Vec<f64>> =
        comparisons.iter().map(|one| first_guess(likeness::levels(one.kind).len())).collect();
    let blocks = blocks(sample);
    let is_whole = rules.iter().any(|rule| rule.parts.is_empty());
    let mut u = chances.clone();
    let (mut learnt, mut told) = (Learnt::default(), Found::default());
    for round in 0..=ROUNDS {
        learnt = learn(&blocks, &start, &u);
        let m: Vec<Vec<f64>> = learnt.m.iter().map(|(m, _)| m.clone()).collect();
        let first = learnt.matches.unwrap_or_else(|| FIRST * (2.0 * pairs).sqrt()) / pairs.max(1.0);
        told = found(patterns, &m, &u, *pairs, first, is_whole);
        if round < ROUNDS {
            for ((u, m), drawn) in u.iter_mut().zip(&m).zip(chances) {
                *u = without_matches(drawn, m, told.prior);
            }
        }
    }
    let weighed = comparisons.iter().zip(learnt.m).zip(u);
    let weighed = weighed.map(|((comparison, (m, is_trained)), u)| Weighed {
        comparison: comparison.clone(),
        m,
        u,
        is_trained,
    });
    Trained { model: Model { weighed: weighed.collect(), prior: told.prior }, found: told }
}

fn blocks(sample: &Sample<'_>) -> Vec<Block> {
    let fit = sample.rules.iter().enumerate().filter_map(|(at, rule)| {
        let patterns: Vec<(Pattern, f64)> =
            sample.patterns.iter().filter(|(pattern, _)| pattern.is_under(at)).copied().collect();
        let share = block::share(rule, &patterns, &sample.chances, sample.pairs)?;
        let is_fixed = |one: usize| rule.parts.iter().any(|(part, _)| *part == one);
        let free = (0..sample.comparisons.len()).map(|one| !is_fixed(one)).collect();
        (share >= LEAST_SHARE).then_some(Block { patterns, share, free })
    });
    fit.collect()
}

/// Estimates m in each block, and weighs each by the matches in it. A comparison that no block leaves open keeps what it
/// started with, and is told to be not trained.
fn learn(blocks: &[Block], start: &[Vec<f64>], u: &[Vec<f64>]) -> Learnt {
    let mut most: Option<f64> = None;
    let mut sums: Vec<(Vec<f64>, f64)> = start.iter().map(|m| (vec![0.0; m.len()], 0.0)).collect();
    for Block { patterns, share, free } in blocks {
        let estimate = maximise(patterns, start, u, free, share.min(MOST_SHARE));
        if estimate.matches < FEWEST_MATCHES {
            continue;
        }
        most = Some(most.unwrap_or(0.0).max(estimate.matches));
        for (((sum, matches), m), _) in sums.iter_mut().zip(&estimate.m).zip(free).filter(|(_, free)| **free)
        {
            *matches += estimate.matches;
            sum.iter_mut().zip(m).for_each(|(sum, m)| *sum += estimate.matches * m);
        }
    }
    let mean = |((sum, matches), start): ((Vec<f64>, f64), &Vec<f64>)| {
        let is_trained = matches > 0.0;
        let m = if is_trained { sum.iter().map(|sum| sum / matches).collect() } else { start.clone() };
        (m, is_trained)
    };
    Learnt { m: sums.into_iter().zip(start).map(mean).collect(), matches: most }
}

/// The chances of other pairs, out of those of pairs drawn at random, of which some match.
fn without_matches(drawn: &[f64], m: &[f64], prior: f64) -> Vec<f64> {
    let left =
        drawn.iter().zip(m).map(|(drawn, m)| ((drawn - prior * m) / (1.0 - prior)).max(drawn * LEAST_LEFT));
    let left: Vec<f64> = left.collect();
    let all: f64 = left.iter().sum();
    left.into_iter().map(|chance| chance / all).collect()
}

/// What matches are taken to be before anything is known: mostly the same, and the less alike the rarer.
pub fn first_guess(levels: usize) -> Vec<f64> {
    const SAME: f64 = 0.85;
    let rest = levels - 1;
    let mut m = vec![(1.0 - SAME) / rest as f64; rest];
    m.push(SAME);
    m
}

#[cfg(test)]
mod tests;
