//! The values that are surely frequent, among too many different ones to count: a majority vote in each of many
//! slots (Boyer and Moore 1981).

#![expect(clippy::cast_possible_truncation, reason = "of a hash the leading or last bits are wanted")]

use super::hyperloglog::hash;
use serde::{Deserialize, Serialize};

/// Values meet in so many slots. One that holds more than a row in a thousand outvotes the others of its slot.
const SLOTS: usize = 2_048;

/// What each slot holds. A count is never too high, and too low by about one row in [`SLOTS`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Frequent {
    /// Looked at for each value, and therefore small.
    votes: Vec<Vote>,
    /// By slot, a value's text and the bits it was kept under, kept from the second time on: most values are never
    /// seen again. It may be that of a value that was outvoted since.
    texts: Vec<Option<(u32, Box<str>)>>,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Vote {
    /// The bits of the hash that do not choose the slot.
    of: u32,
    /// Lead over the others of the slot; none where this is nought.
    lead: u32,
}

impl Frequent {
    /// Counts a value; its text is asked for only when it is worth keeping.
    pub(super) fn add(&mut self, hash: u64, times: u64, text: impl FnOnce() -> Box<str>) {
        if self.votes.is_empty() {
            self.votes = vec![Vote::default(); SLOTS];
            self.texts = vec![None; SLOTS];
        }
        // The leading bits choose the register of the estimate of distinct values; the last choose the slot.
        let at = hash as usize % SLOTS;
        let of = (hash >> SLOTS.trailing_zeros()) as u32;
        let times = u32::try_from(times).unwrap_or(u32::MAX);
        let vote = &mut self.votes[at];
        if vote.of == of && vote.lead > 0 {
            vote.lead = vote.lead.saturating_add(times);
            self.keep(at, of, text);
            return;
        }
        // Among values that all differ each second one wins, which no processor foresees: no branch, therefore.
        let wins = vote.lead < times;
        *vote = Vote { of: if wins { of } else { vote.of }, lead: vote.lead.abs_diff(times) };
        if wins && times > 1 {
            self.keep(at, of, text);
        }
    }

    fn keep(&mut self, at: usize, of: u32, text: impl FnOnce() -> Box<str>) {
        let kept = &mut self.texts[at];
        if kept.as_ref().is_none_or(|(kept, _)| *kept != of) {
            *kept = Some((of, text()));
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        if self.votes.is_empty() {
            *self = other;
            return;
        }
        let Self { votes, texts } = other;
        for (at, (theirs, text)) in votes.into_iter().zip(texts).enumerate() {
            let mine = &mut self.votes[at];
            if mine.of == theirs.of {
                mine.lead = mine.lead.saturating_add(theirs.lead);
            } else {
                let wins = mine.lead < theirs.lead;
                *mine = Vote {
                    of: if wins { theirs.of } else { mine.of },
                    lead: mine.lead.abs_diff(theirs.lead),
                };
            }
            if let Some((of, text)) = text.filter(|(of, _)| *of == mine.of) {
                self.keep(at, of, || text);
            }
        }
    }

    /// The values of which at least `least` rows were seen, the commonest first.
    pub(super) fn at_least(self, least: u64) -> Vec<(String, u64)> {
        let mut found: Vec<(String, u64)> = std::iter::zip(self.votes, self.texts)
            .filter_map(|(vote, text)| {
                let (_, text) = text.filter(|(of, _)| *of == vote.of)?;
                Some((text.into_string(), vote.lead.into()))
            })
            .filter(|(_, lead)| *lead >= least)
            .collect();
        found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        found
    }

    pub(super) fn size(&self) -> usize {
        self.votes.len() * (size_of::<Vote>() + size_of::<Option<(u32, Box<str>)>>())
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
