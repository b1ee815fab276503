//! How numbers are spread, in a bounded space and without regard to their order.
//!
//! Each value is counted under its leading bits. While few different values were seen these are all its bits,
//! and quantiles are exact; whenever there are too many, one more trailing bit is dropped from all. How many
//! are dropped depends only on which values there are, so parts counted apart merge into what counting the
//! whole would give.

use foldhash::fast::FixedState;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Different leading bits that are kept apart while values go by.
const KEPT: usize = 8_192;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Histogram {
    /// Different leading bits that are kept apart.
    kept: usize,
    dropped: u32,
    counts: HashMap<u64, u64, FixedState>,
}

impl Default for Histogram {
    fn default() -> Self {
        Self::keeping(KEPT)
    }
}

impl Histogram {
    /// One that keeps so many values apart.
    pub(super) fn keeping(kept: usize) -> Self {
        Self { kept, dropped: 0, counts: HashMap::default() }
    }

    pub(super) fn add(&mut self, value: u64, times: u64) {
        *self.counts.entry(value >> self.dropped).or_default() += times;
        if self.counts.len() > self.kept {
            self.coarsen(self.dropped + 1);
        }
    }

    fn coarsen(&mut self, least: u32) {
        let mut dropped = least.max(self.dropped);
        loop {
            let more = dropped - self.dropped;
            let mut counts = HashMap::with_capacity_and_hasher(KEPT, FixedState::default());
            for (value, times) in self.counts.drain() {
                *counts.entry(value >> more).or_insert(0) += times;
            }
            self.counts = counts;
            self.dropped = dropped;
            if self.counts.len() <= self.kept {
                return;
            }
            dropped += 1;
        }
    }

    pub(super) fn merge(&mut self, mut other: Self) {
        let dropped = self.dropped.max(other.dropped);
        if dropped > self.dropped {
            self.coarsen(dropped);
        }
        if dropped > other.dropped {
            other.coarsen(dropped);
        }
        let dropped = self.dropped.max(other.dropped);
        if self.dropped < dropped {
            self.coarsen(dropped);
        }
        let shift = self.dropped - other.dropped;
        for (value, times) in other.counts {
            *self.counts.entry(value >> shift).or_default() += times;
        }
        if self.counts.len() > self.kept {
            self.coarsen(self.dropped + 1);
        }
    }

    /// The value at each share: the least that so many do not exceed. Where bits were dropped, the middle of
    /// those that share the others.
    pub(super) fn quantiles<const N: usize>(&self, shares: [f64; N]) -> Option<[u64; N]> {
        let mut sorted: Vec<(u64, u64)> = self.counts.iter().map(|(value, times)| (*value, *times)).collect();
        sorted.sort_unstable();
        let all: u64 = sorted.iter().map(|(_, times)| times).sum();
        let (last, _) = *sorted.last()?;
        let middle = if self.dropped == 0 { 0 } else { 1_u64 << (self.dropped - 1) };
        Some(shares.map(|share| {
            let rank = (share * all as f64).ceil().max(1.0);
            let mut seen = 0;
            let found = sorted.iter().find(|(_, times)| {
                seen += times;
                seen as f64 >= rank
            });
            (found.map_or(last, |(value, _)| *value) << self.dropped) | middle
        }))
    }

    pub(super) fn size(&self) -> usize {
        self.counts.capacity() * 2 * size_of::<u64>()
    }
}

/// The bits of a number so that their order is the order of the numbers.
pub(super) fn of_number(number: f64) -> u64 {
    // Minus nought is nought.
    let bits = (number + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// The number of such bits.
pub(super) fn to_number(ordered: u64) -> f64 {
    f64::from_bits(if ordered >> 63 == 1 { ordered & !(1 << 63) } else { !ordered })
}

/// The bits of a moment so that their order is the order of time.
pub(super) fn of_moment(micros: i64) -> u64 {
    micros.cast_unsigned() ^ 1 << 63
}

/// The moment of such bits.
pub(super) fn to_moment(ordered: u64) -> i64 {
    (ordered ^ 1 << 63).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: impl Iterator<Item = f64>) -> Histogram {
        let mut histogram = Histogram::default();
        for value in values {
            histogram.add(of_number(value), 1);
        }
        histogram
    }

    /// Whether these are the quantiles, to the last bit.
    fn are(histogram: &Histogram, exact: [f64; 3]) -> bool {
        quantiles(histogram).into_iter().zip(exact).all(|(found, exact)| found.total_cmp(&exact).is_eq())
    }

    fn quantiles(histogram: &Histogram) -> [f64; 3] {
        histogram.quantiles([0.05, 0.5, 0.95]).unwrap().map(to_number)
    }

    #[test]
    fn few_values_have_exact_quantiles() {
        let few = of((-50..50).map(f64::from));
        assert!(are(&few, [-46.0, -1.0, 44.0]));
        assert!(are(&of([3.25].into_iter()), [3.25; 3]));
        assert_eq!(Histogram::default().quantiles([0.5]), None);
    }

    #[test]
    fn many_values_have_close_ones_whatever_their_order_and_parts() {
        let values: Vec<f64> =
            (0..200_000).map(|n| f64::from(n * 7_919 % 200_003).powi(2) - 1_000.0).collect();
        let whole = of(values.iter().copied());
        let mut parts = of(values[..777].iter().copied());
        parts.merge(of(values[777..].iter().rev().copied()));
        let ends = (whole.dropped, parts.dropped, whole.counts == parts.counts);
        assert_eq!(ends, (whole.dropped, whole.dropped, true));
        let mut sorted = values;
        sorted.sort_by(f64::total_cmp);
        for (close, exact) in quantiles(&whole).into_iter().zip([9_999, 99_999, 189_999].map(|at| sorted[at]))
        {
            assert!((close - exact).abs() / exact.abs() < 0.005, "{close} for {exact}");
        }
        assert!(whole.counts.len() <= KEPT);
    }

    #[test]
    fn order_of_bits_is_order_of_values() {
        let numbers = [f64::NEG_INFINITY, -2.5, -0.0, 1e-300, 3.0, f64::MAX];
        assert!(numbers.windows(2).all(|pair| of_number(pair[0]) < of_number(pair[1])));
        assert_eq!(of_number(-0.0), of_number(0.0));
        assert!(
            numbers.iter().all(|number| to_number(of_number(*number)).total_cmp(&(number + 0.0)).is_eq())
        );
        assert!(of_moment(-1) < of_moment(0) && to_moment(of_moment(-7)) == -7);
    }
}
