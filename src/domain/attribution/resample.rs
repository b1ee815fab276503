//! Journeys drawn again with replacement, so that credit can be told with its interval.

use super::paths::Row;
use crate::leads::random::Random;

/// Means up to here are drawn exactly; a larger count is drawn from the normal distribution that it resembles.
const DRAWN_EXACTLY: f64 = 16.0;

/// One way of counting the journeys: as they are, or as one resample has them.
///
/// How often a journey occurs in a resample of many is Poisson distributed with mean 1, and merged journeys add up.
/// The numbers follow from seed, resample and row alone, so every model sees the same resamples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Draw {
    seed: u64,
    resample: Option<u32>,
}

/// What merged journeys count for in a draw.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Counted {
    pub(crate) conversions: f64,
    pub(crate) nulls: f64,
    pub(crate) cents: f64,
}

impl Draw {
    /// The journeys as they are.
    pub(crate) const fn plain() -> Self {
        Self { seed: 0, resample: None }
    }

    /// So many resamples.
    pub(crate) fn resamples(seed: u64, count: u32) -> Vec<Self> {
        (0..count).map(|number| Self { seed, resample: Some(number) }).collect()
    }

    /// What the row of this number counts for.
    pub(crate) fn of(self, number: usize, row: &Row) -> Counted {
        let (conversions, nulls, cents) = (row.conversions as f64, row.nulls as f64, row.cents as f64);
        let Some(resample) = self.resample else { return Counted { conversions, nulls, cents } };
        let mut random = Random::new(
            self.seed
                ^ (number as u64).wrapping_mul(0xD6E8_FEB8_6659_FD93)
                ^ u64::from(resample).wrapping_mul(0xA076_1D64_78BD_642F),
        );
        // The first number of neighbouring seeds is alike; the second is not.
        random.next();
        let drawn = poisson(conversions, &mut random);
        let nulls = poisson(nulls, &mut random);
        let cents = if conversions > 0.0 { cents * drawn / conversions } else { 0.0 };
        Counted { conversions: drawn, nulls, cents }
    }
}

fn poisson(mean: f64, random: &mut Random) -> f64 {
    if mean == 0.0 {
        return 0.0;
    }
    if mean > DRAWN_EXACTLY {
        // Box and Muller.
        let (radius, angle) = (1.0 - random.unit(), random.unit());
        let normal = (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos();
        return mean.sqrt().mul_add(normal, mean).round().max(0.0);
    }
    let mut left = random.unit();
    let mut share = (-mean).exp();
    let mut count = 0.0;
    while left >= share && share > 0.0 {
        left -= share;
        count += 1.0;
        share *= mean / count;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::{Random, poisson};

    #[test]
    fn draws_have_the_mean_and_variance_of_their_distribution() {
        for mean in [0.5, 1.0, 7.0, 16.0, 40.0, 5_000.0] {
            let mut random = Random::new(11);
            let drawn: Vec<f64> = (0..40_000).map(|_| poisson(mean, &mut random)).collect();
            let average = drawn.iter().sum::<f64>() / drawn.len() as f64;
            let variance = drawn.iter().map(|one| (one - average).powi(2)).sum::<f64>() / drawn.len() as f64;
            assert!((average / mean - 1.0).abs() < 0.02, "{mean}: {average}");
            assert!((variance / mean - 1.0).abs() < 0.04, "{mean}: {variance}");
        }
    }
}
