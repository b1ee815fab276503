//! The values that are surely frequent, among too many different ones to count: a majority vote in each of many
//! slots (Boyer and Moore 1981).

use super::hyperloglog::hash;
use serde::{Deserialize, Serialize};

/// Values meet in so many slots. One that holds more than a row in a few thousand outvotes the others of its slot.
const SLOTS: usize = 4_096;

/// What each slot holds. A count is never too high, and too low by about one row in [`SLOTS`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Frequent {
    slots: Vec<Slot>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Slot {
    hash: u64,
    count: u64,
    /// Kept from the second time on: most values are never seen again.
    text: Option<Box<str>>,
}

impl Frequent {
    /// Counts a value; its text is asked for only when it is worth keeping.
    pub(super) fn add(&mut self, hash: u64, times: u64, text: impl FnOnce() -> Box<str>) {
        if self.slots.is_empty() {
            self.slots.resize_with(SLOTS, Slot::default);
        }
        // The leading bits choose the register of the estimate of distinct values; the last choose the slot.
        let at = usize::try_from(hash % SLOTS as u64).unwrap_or(0);
        let slot = &mut self.slots[at];
        if slot.hash == hash && slot.count > 0 {
            slot.count += times;
            if slot.text.is_none() {
                slot.text = Some(text());
            }
        } else if slot.count > times {
            slot.count -= times;
        } else {
            let count = times - slot.count;
            *slot =
                if count > 0 { Slot { hash, count, text: (times > 1).then(text) } } else { Slot::default() };
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        if self.slots.is_empty() {
            *self = other;
            return;
        }
        for (mine, theirs) in self.slots.iter_mut().zip(other.slots) {
            if mine.hash == theirs.hash {
                mine.count += theirs.count;
                mine.text = mine.text.take().or(theirs.text);
            } else if mine.count >= theirs.count {
                mine.count -= theirs.count;
            } else {
                *mine = Slot { count: theirs.count - mine.count, ..theirs };
            }
        }
    }

    /// The values of which at least `least` rows were seen, the commonest first.
    pub(super) fn at_least(self, least: u64) -> Vec<(String, u64)> {
        let mut found: Vec<(String, u64)> = self
            .slots
            .into_iter()
            .filter(|slot| slot.count >= least)
            .filter_map(|Slot { count, text, .. }| Some((text?.into_string(), count)))
            .collect();
        found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        found
    }

    pub(super) fn size(&self) -> usize {
        self.slots.len() * size_of::<Slot>()
    }
}

/// The hash under which a text is counted.
pub(super) fn hash_of(text: &str) -> u64 {
    hash(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: impl Iterator<Item = u64>) -> Frequent {
        let mut frequent = Frequent::default();
        for value in values {
            let text = value.to_string();
            frequent.add(hash_of(&text), 1, || text.clone().into());
        }
        frequent
    }

    #[test]
    fn a_frequent_value_is_found_among_many_and_counted_from_below() {
        // One row in fifty holds 7, all others differ.
        let rows = |range: std::ops::Range<u64>| range.map(|n| if n % 50 == 0 { 7 } else { n + 1_000 });
        let whole = of(rows(0..100_000)).at_least(500);
        let mut parts = of(rows(0..30_000));
        parts.merge(of(rows(30_000..100_000)));
        for found in [whole, parts.at_least(500)] {
            let [(text, count)] = found.as_slice() else { panic!("{found:?}") };
            assert_eq!(text, "7");
            assert!((1_900..=2_000).contains(count), "{count}");
        }
    }

    #[test]
    fn nothing_is_frequent_where_all_values_differ() {
        assert!(of(0..100_000).at_least(100).is_empty());
    }
}
