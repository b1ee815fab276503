//! How much there has to be before a comparison of channels is told as one.

/// Conversions that touches preceded. Authored: below it the intervals of most channels span several-fold
/// differences, so no order of channels could be told from chance.
pub(crate) const CONVERSIONS: u64 = 30;

/// The share of resamples in which one channel has to be ahead of another: the usual 95% interval, told one-sided.
pub(crate) const AGREEMENT: f64 = 0.975;

/// Resamples below which the ends of a 95% interval rest on chance.
pub(crate) const RESAMPLES: u32 = 40;
