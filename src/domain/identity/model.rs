//! What levels are worth, and what the levels of a pair come to.

use super::{compare::Comparison, likeness, pattern::Pattern};

/// A comparison with what its levels are worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Weighed {
    /// What is compared.
    pub comparison: Comparison,
    /// How often matches reach each level, from [`likeness::OTHER`] up.
    pub m: Vec<f64>,
    /// How often other pairs do.
    pub u: Vec<f64>,
    /// Whether `m` was estimated from these records; otherwise it is the authored starting value.
    pub is_trained: bool,
}

impl Weighed {
    /// What a level speaks for a match, in bits; nothing where a value is missing.
    pub fn weight(&self, level: u8) -> f64 {
        match usize::from(level).checked_sub(1) {
            Some(at) => (self.m[at] / self.u[at]).log2(),
            None => 0.0,
        }
    }

    /// The level of equal values.
    pub fn same(&self) -> u8 {
        likeness::same(self.comparison.kind)
    }
}

/// A model of matches.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The comparisons.
    pub weighed: Vec<Weighed>,
    /// The chance that two records drawn at random match.
    pub prior: f64,
}

/// What one comparison adds to a pair's match weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// The place of the comparison among all.
    pub comparison: usize,
    /// The level.
    pub level: u8,
    /// Its weight.
    pub weight: f64,
    /// What the value's rarity adds or takes, where both have the same.
    pub rarity: f64,
}

impl Model {
    /// What is known before anything is compared, in bits.
    pub fn prior_weight(&self) -> f64 {
        (self.prior / (1.0 - self.prior)).log2()
    }

    /// What the levels of a pair come to before any value's rarity counts.
    pub fn level_weight(&self, pattern: Pattern) -> f64 {
        let weights = self.weighed.iter().enumerate().map(|(at, one)| one.weight(pattern.level(at)));
        self.prior_weight() + weights.sum::<f64>()
    }

    /// What each comparison of a pair adds. `share` tells which share of the records with a value have the one that
    /// the pair shares. The prior weight and all parts add up to the match weight.
    pub fn parts(&self, pattern: Pattern, share: impl Fn(usize) -> f64) -> Vec<Part> {
        let part = |(comparison, one): (usize, &Weighed)| {
            let level = pattern.level(comparison);
            let rarity = if level == one.same() { self.rarity(comparison, share(comparison)) } else { 0.0 };
            Part { comparison, level, weight: one.weight(level), rarity }
        };
        self.weighed.iter().enumerate().map(part).collect()
    }

    /// What it adds or takes that a shared value is rarer or commoner than values that agree by chance are.
    pub fn rarity(&self, comparison: usize, share: f64) -> f64 {
        let one = &self.weighed[comparison];
        (one.u[usize::from(one.same()) - 1] / share).log2()
    }

    /// The match weight of a pair.
    pub fn match_weight(&self, pattern: Pattern, share: impl Fn(usize) -> f64) -> f64 {
        let parts = self.parts(pattern, share);
        self.prior_weight() + parts.iter().map(|part| part.weight + part.rarity).sum::<f64>()
    }
}

/// The probability of a match that a match weight stands for.
pub fn probability(weight: f64) -> f64 {
    1.0 / (1.0 + (-weight).exp2())
}

/// The match weight that a probability stands for.
pub fn weight_of(probability: f64) -> f64 {
    (probability / (1.0 - probability)).log2()
}
