//! A share of rows and how sure we may be of it.

use crate::verdict::Verdict;

/// The normal quantile of a two-sided 95% interval.
pub(crate) const Z_95: f64 = 1.959_963_984_540_054;

/// A closed interval of real numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// How many of the rows that were asked the question answer it with yes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proportion {
    /// Rows that hold.
    pub hits: u64,
    /// Rows the question applies to.
    pub trials: u64,
}

impl Proportion {
    /// A proportion of `hits` among `trials`.
    pub const fn new(hits: u64, trials: u64) -> Self {
        Self { hits, trials }
    }

    /// The observed share, or nothing when no row was asked.
    pub fn rate(self) -> Option<f64> {
        (self.trials > 0).then(|| self.hits as f64 / self.trials as f64)
    }

    /// The 95% Wilson score interval (Wilson 1927), which stays inside [0, 1] and holds for small samples
    /// and for shares near the ends.
    pub fn wilson(self) -> Option<Interval> {
        let share = self.rate()?;
        let n = self.trials as f64;
        let z2 = Z_95 * Z_95;
        let centre = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Z_95 / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
        Some(Interval { low: (centre - half).max(0.0).min(share), high: (centre + half).min(1.0).max(share) })
    }

    /// Ready when the whole interval is at or above the threshold, not ready when it is below.
    pub fn judge(self, threshold: f64) -> Verdict {
        match self.wilson() {
            None => Verdict::Unknown,
            Some(interval) if interval.low >= threshold => Verdict::Ready,
            Some(interval) if interval.high < threshold => Verdict::NotReady,
            Some(_) => Verdict::Inconclusive,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wilson_agrees_with_published_values() {
        // statsmodels 0.14: proportion_confint(8, 10, method="wilson") and (0, 20).
        let interval = Proportion::new(8, 10).wilson().unwrap();
        assert!((interval.low - 0.490_162_5).abs() < 1e-6, "{interval:?}");
        assert!((interval.high - 0.943_317_8).abs() < 1e-6, "{interval:?}");
        let none = Proportion::new(0, 20).wilson().unwrap();
        assert!(none.low.abs() < f64::EPSILON);
        assert!((none.high - 0.161_125_1).abs() < 1e-6, "{none:?}");
    }

    #[test]
    fn no_rows_is_unknown_not_zero() {
        assert_eq!(Proportion::new(0, 0).rate(), None);
        assert_eq!(Proportion::new(0, 0).judge(0.8), Verdict::Unknown);
    }

    #[test]
    fn a_few_rows_cannot_pass() {
        assert_eq!(Proportion::new(5, 5).judge(0.8), Verdict::Inconclusive);
        assert_eq!(Proportion::new(500, 500).judge(0.8), Verdict::Ready);
        assert_eq!(Proportion::new(300, 500).judge(0.8), Verdict::NotReady);
    }

    #[test]
    fn a_few_rows_cannot_fail() {
        assert_eq!(Proportion::new(7, 10).judge(0.8), Verdict::Inconclusive, "seven of ten may be eight");
        assert_eq!(Proportion::new(50, 50).judge(1.0), Verdict::Inconclusive, "no sample proves all");
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_rate_and_shrinks_with_rows(hits in 0_u64..1000, misses in 0_u64..1000) {
            prop_assume!(hits + misses > 0);
            let small = Proportion::new(hits, hits + misses);
            let interval = small.wilson().unwrap();
            let rate = small.rate().unwrap();
            prop_assert!(0.0 <= interval.low && interval.low <= rate && rate <= interval.high && interval.high <= 1.0);
            let large = Proportion::new(hits * 10, (hits + misses) * 10).wilson().unwrap();
            prop_assert!(large.high - large.low < interval.high - interval.low);
        }
    }
}
