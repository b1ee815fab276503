//! How numbers are spread, in a bounded space and without regard to their order.
//!
//! Each value is counted under its leading bits, on a page with those next to it. While few different values were
//! seen these are all its bits, and quantiles are exact; whenever there are too many pages, one more trailing bit is
//! dropped from all. How many are dropped depends only on which values there are, so parts counted apart merge into
//! what counting the whole would give.

#![expect(
    clippy::cast_possible_truncation,
    reason = "the place on a page is the last bits; there are few pages"
)]

use super::waiting::Waiting;
use foldhash::fast::FixedState;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Pages that are kept while values go by: together they fit into the cache nearest to a core but one.
const PAGES: usize = 192;
/// The bits that tell the values of a page apart.
const ON_PAGE: u32 = 6;
/// Counts on a page.
const LINES: usize = 1 << ON_PAGE;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Histogram {
    /// Pages that are kept at most.
    most: usize,
    dropped: u32,
    /// By the bits its values have in common, the place of a page.
    places: HashMap<u64, u32, FixedState>,
    /// The pages, one behind the other.
    counts: Vec<u64>,
    /// The page used last and its bits: neighbours in a table are often neighbours in size.
    last: Option<(u64, u32)>,
    #[serde(skip)]
    waiting: Waiting,
}

impl Default for Histogram {
    fn default() -> Self {
        Self::keeping(PAGES)
    }
}

impl Histogram {
    /// One that loses nothing.
    pub(super) fn exact() -> Self {
        Self::keeping(usize::MAX)
    }

    fn keeping(most: usize) -> Self {
        Self {
            most,
            dropped: 0,
            places: HashMap::default(),
            counts: Vec::new(),
            last: None,
            waiting: Waiting::default(),
        }
    }

    pub(super) fn add(&mut self, value: u64, times: u64) {
        if times > 1 {
            self.add_now(value, times);
        } else if self.waiting.add(value) {
            self.settle();
        }
    }

    /// Takes in what waits.
    pub(super) fn settle(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.drain().for_each(|value| self.add_now(value, 1));
        self.waiting = waiting;
    }

    fn add_now(&mut self, value: u64, times: u64) {
        self.count(value >> self.dropped, times);
        if self.places.len() > self.most {
            self.coarsen(self.dropped + 1);
        }
    }

    fn count(&mut self, bits: u64, times: u64) {
        let page = bits >> ON_PAGE;
        let place = match self.last {
            Some((last, place)) if last == page => place,
            _ => match self.places.get(&page) {
                Some(place) => *place,
                None => self.new_page(page),
            },
        };
        self.last = Some((page, place));
        self.counts[place as usize * LINES + bits as usize % LINES] += times;
    }

    fn new_page(&mut self, page: u64) -> u32 {
        let place = (self.counts.len() / LINES) as u32;
        self.places.insert(page, place);
        self.counts.resize(self.counts.len() + LINES, 0);
        place
    }

    /// Drops as many bits as that, or more if there are still too many pages.
    fn coarsen(&mut self, least: u32) {
        let mut dropped = least.max(self.dropped);
        loop {
            let mut coarser = Self { dropped, ..Self::keeping(self.most) };
            for (bits, times) in self.counted() {
                coarser.count(bits >> (dropped - self.dropped), times);
            }
            if coarser.places.len() <= self.most {
                *self = Self { waiting: std::mem::take(&mut self.waiting), ..coarser };
                return;
            }
            dropped += 1;
        }
    }

    /// The leading bits that occurred, with their counts, in no order.
    fn counted(&self) -> impl Iterator<Item = (u64, u64)> {
        self.places.iter().flat_map(|(page, place)| {
            let lines = &self.counts[*place as usize * LINES..][..LINES];
            let bits = (0..).map(move |line| page << ON_PAGE | line);
            bits.zip(lines.iter().copied()).filter(|(_, times)| *times > 0)
        })
    }

    pub(super) fn merge(&mut self, mut other: Self) {
        self.settle();
        other.settle();
        if self.dropped < other.dropped {
            std::mem::swap(self, &mut other);
        }
        let more = self.dropped - other.dropped;
        for (bits, times) in other.counted() {
            self.count(bits >> more, times);
        }
        if self.places.len() > self.most {
            self.coarsen(self.dropped + 1);
        }
    }

    /// The value at each share: the least that so many do not exceed. Where bits were dropped, the middle of
    /// those that share the others. What waits does not count.
    pub(super) fn quantiles<const N: usize>(&self, shares: [f64; N]) -> Option<[u64; N]> {
        let mut sorted: Vec<(u64, u64)> = self.counted().collect();
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
        (self.counts.capacity() + 2 * self.places.capacity()) * size_of::<u64>() + self.waiting.size()
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
        histogram.settle();
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
        let [whole_counts, parts_counts] = [&whole, &parts].map(|histogram| {
            let mut counts: Vec<_> = histogram.counted().collect();
            counts.sort_unstable();
            counts
        });
        assert_eq!((whole.dropped, whole_counts), (parts.dropped, parts_counts));
        let mut sorted = values;
        sorted.sort_by(f64::total_cmp);
        for (close, exact) in quantiles(&whole).into_iter().zip([9_999, 99_999, 189_999].map(|at| sorted[at]))
        {
            assert!((close - exact).abs() / exact.abs() < 0.005, "{close} for {exact}");
        }
        assert!(whole.places.len() <= PAGES && whole.dropped > 0);
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
