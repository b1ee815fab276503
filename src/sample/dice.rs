//! The one source of chance.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A stream of random choices that a seed fixes. `ChaCha8` is named, unlike the standard generator, because
/// its output is promised never to change.
pub(crate) struct Dice {
    stream: ChaCha8Rng,
    clean: bool,
}

impl Dice {
    /// The stream of a seed; `clean` where nothing may go wrong.
    pub(crate) fn new(seed: u64, clean: bool) -> Self {
        Self { stream: ChaCha8Rng::seed_from_u64(seed), clean }
    }

    /// Whether nothing may go wrong.
    pub(crate) const fn is_clean(&self) -> bool {
        self.clean
    }

    /// Whether something goes wrong that goes wrong in the given share of cases; never in a clean company.
    pub(crate) fn flaw(&mut self, share: f64) -> bool {
        self.chance(share) && !self.clean
    }

    /// Yes, in the given share of throws.
    pub(crate) fn chance(&mut self, share: f64) -> bool {
        self.stream.random::<f64>() < share
    }

    /// A whole number from `low` to `high`, both included; `low` where there is no room between them.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        if high <= low { low } else { self.stream.random_range(low..=high) }
    }

    /// A count from `low` to `high`, both included.
    pub(crate) fn count(&mut self, low: u64, high: u64) -> u64 {
        if high <= low { low } else { self.stream.random_range(low..=high) }
    }

    /// One of the values, each as likely.
    pub(crate) fn pick<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.stream.random_range(0..values.len())]
    }

    /// One of the values, as likely as its weight says.
    pub(crate) fn weighted<T: Copy>(&mut self, values: &[(T, u32)]) -> T {
        let total: u32 = values.iter().map(|(_, weight)| weight).sum();
        let mut left = self.stream.random_range(0..total);
        for &(value, weight) in values {
            if left < weight {
                return value;
            }
            left -= weight;
        }
        values[0].0
    }

    /// A count with many small and few large values (geometric) around a mean.
    pub(crate) fn tally(&mut self, mean: f64) -> u64 {
        let more = mean / (1.0 + mean);
        let mut count = 0;
        while self.chance(more) {
            count += 1;
        }
        count
    }

    /// Seconds until something happens that happens once in `mean` seconds (exponential).
    #[expect(clippy::cast_possible_truncation, reason = "a wait is far below 2^52 seconds")]
    pub(crate) fn wait(&mut self, mean: i64) -> i64 {
        let draw: f64 = self.stream.random();
        (-(1.0 - draw).ln() * mean as f64).ceil() as i64
    }
}
