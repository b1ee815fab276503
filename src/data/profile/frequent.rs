//! The values that are surely frequent, among too many different ones to count (Misra and Gries 1982).

use super::hyperloglog::hash;
use foldhash::fast::FixedState;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Candidates kept. Every value that holds more than one row in so many is among them.
const CANDIDATES: usize = 1_024;

/// Candidates by the hash of their text. A count is never too high, and too low by at most one row in
/// [`CANDIDATES`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Frequent {
    candidates: HashMap<u64, Candidate, FixedState>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Candidate {
    count: u64,
    /// Kept from the second time on: most candidates are never seen again.
    text: Option<Box<str>>,
}

impl Frequent {
    /// Counts a value; its text is asked for only when it is worth keeping.
    pub(super) fn add(&mut self, hash: u64, times: u64, text: impl FnOnce() -> Box<str>) {
        if let Some(candidate) = self.candidates.get_mut(&hash) {
            candidate.count += times;
            if candidate.text.is_none() {
                candidate.text = Some(text());
            }
            return;
        }
        if self.candidates.len() >= CANDIDATES {
            self.lower(1);
        }
        let text = (times > 1).then(text);
        self.candidates.insert(hash, Candidate { count: times, text });
    }

    /// Takes so much from every count until there is room.
    fn lower(&mut self, least: u64) {
        let mut by = least;
        while self.candidates.len() >= CANDIDATES {
            self.candidates.retain(|_, candidate| {
                candidate.count = candidate.count.saturating_sub(by);
                candidate.count > 0
            });
            by = self.candidates.values().map(|candidate| candidate.count).min().unwrap_or(1);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        let mut all: Vec<(u64, Candidate)> = other.candidates.into_iter().collect();
        // The same parts in the same order give the same whole.
        all.sort_unstable_by_key(|(hash, candidate)| (candidate.count, *hash));
        for (hash, Candidate { count, text }) in all {
            match self.candidates.get_mut(&hash) {
                Some(mine) => {
                    mine.count += count;
                    mine.text = mine.text.take().or(text);
                }
                None => {
                    self.candidates.insert(hash, Candidate { count, text });
                }
            }
        }
        if self.candidates.len() > CANDIDATES {
            let mut counts: Vec<u64> = self.candidates.values().map(|candidate| candidate.count).collect();
            counts.sort_unstable_by(|a, b| b.cmp(a));
            let by = counts[CANDIDATES];
            self.candidates.retain(|_, candidate| {
                candidate.count = candidate.count.saturating_sub(by);
                candidate.count > 0
            });
        }
    }

    /// The values of which at least `least` rows were seen, the commonest first.
    pub(super) fn at_least(self, least: u64) -> Vec<(String, u64)> {
        let mut found: Vec<(String, u64)> = self
            .candidates
            .into_values()
            .filter(|candidate| candidate.count >= least)
            .filter_map(|Candidate { count, text }| Some((text?.into_string(), count)))
            .collect();
        found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        found
    }

    pub(super) fn size(&self) -> usize {
        const ENTRY: usize = 64;
        self.candidates.capacity() * ENTRY
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
            assert!((1_800..=2_000).contains(count), "{count}");
        }
    }

    #[test]
    fn nothing_is_frequent_where_all_values_differ() {
        assert!(of(0..100_000).at_least(100).is_empty());
    }
}
