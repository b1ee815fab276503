//! What is remembered of a column while its cells go by.

use super::{
    frequent::{Frequent, hash_of},
    hyperloglog::{HyperLogLog, hash_number},
    tally::{Tally, Told},
};
use datafusion::error::{DataFusionError, Result};
use foldhash::fast::FixedState;
use revarch_domain::{profile::ColumnProfile, value::is_placeholder};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, hash_map::Entry};

/// The bytes that a counted value may have on average.
const LONG: usize = 64;
/// Every value of a short list is kept, so that its misspellings can be told.
const PICKLIST: usize = 200;
/// Of a longer list, the most frequent.
const TOP: usize = 100;
/// Among too many values to count, one is called frequent that holds a row in so many.
const FREQUENT: u64 = 200;

/// A column's facts in the making. Two sketches of two parts merge into the sketch of the whole.
///
/// While there are few different values, each is counted as it stands and nothing else is done: what they are is
/// found out once, at the end. Beyond that, each cell is looked at when it comes by.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Sketch {
    /// So many different values are counted one by one.
    capacity: usize,
    nulls: u64,
    counts: HashMap<Box<str>, u64, FixedState>,
    /// Bytes of the counted values.
    text: usize,
    beyond: Option<Box<Beyond>>,
}

/// What is kept of a column with too many different values to count.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Beyond {
    tally: Tally,
    distinct: HyperLogLog,
    frequent: Frequent,
}

impl Sketch {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            nulls: 0,
            counts: HashMap::with_hasher(FixedState::default()),
            text: 0,
            beyond: None,
        }
    }

    /// Whether values are still counted one by one.
    pub(super) fn is_counting(&self) -> bool {
        self.beyond.is_none()
    }

    pub(super) fn add_nulls(&mut self, rows: u64) {
        self.nulls += rows;
    }

    /// Counts a cell of text.
    pub(super) fn add(&mut self, raw: &str) {
        self.add_times(raw, 1);
    }

    /// Counts so many cells of the same text.
    pub(super) fn add_times(&mut self, raw: &str, times: u64) {
        if raw.is_empty() {
            self.nulls += times;
        } else if let Some(beyond) = &mut self.beyond {
            beyond.add(raw, times);
        } else if let Some(count) = self.counts.get_mut(raw) {
            *count += times;
        } else {
            self.count_new(raw.into(), times);
        }
    }

    fn count_new(&mut self, raw: Box<str>, times: u64) {
        self.text += raw.len();
        self.counts.insert(raw, times);
        // Values of which few fit are given up as early as many short ones.
        if self.counts.len() > self.capacity || self.text > self.capacity * LONG {
            self.give_up_counting();
        }
    }

    /// What looks at each value, handed what was counted until now.
    fn give_up_counting(&mut self) -> &mut Beyond {
        let beyond = self.beyond.get_or_insert_default();
        if !self.counts.is_empty() {
            for (raw, times) in sorted(std::mem::take(&mut self.counts)) {
                beyond.add(&raw, times);
            }
        }
        beyond
    }

    /// Where there were too many different values: each further one of a typed column is told with its text.
    pub(super) fn add_told(
        &mut self,
        told: impl FnOnce(&mut Tally) -> Told,
        text: impl FnOnce() -> Box<str>,
    ) {
        self.give_up_counting().add_told(told, text);
    }

    pub(super) fn merge(&mut self, other: Self) {
        let Self { capacity: _, nulls, counts, text: _, beyond } = other;
        self.nulls += nulls;
        if let Some(theirs) = beyond {
            let mine = self.give_up_counting();
            mine.tally.merge(theirs.tally);
            mine.distinct.merge(theirs.distinct);
            mine.frequent.merge(theirs.frequent);
        }
        for (raw, times) in sorted(counts) {
            self.add_times(&raw, times);
        }
    }

    pub(super) fn into_profile(self, name: &str, rows: u64) -> ColumnProfile {
        let Self { capacity: _, nulls, counts, text: _, beyond } = self;
        let profile = match beyond {
            Some(beyond) => beyond.into_profile(),
            None => counted(counts),
        };
        ColumnProfile { name: name.to_owned(), rows, nulls, ..profile }
    }

    pub(super) fn bytes(&mut self) -> Result<Vec<u8>> {
        if let Some(beyond) = &mut self.beyond {
            beyond.tally.settle();
            beyond.distinct.settle();
        }
        postcard::to_allocvec(self).map_err(|error| DataFusionError::External(error.into()))
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self> {
        postcard::from_bytes(bytes).map_err(|error| DataFusionError::External(error.into()))
    }

    pub(super) fn size(&self) -> usize {
        const ENTRY: usize = 64;
        self.counts.len() * ENTRY
            + self.text
            + self
                .beyond
                .as_ref()
                .map_or(0, |beyond| beyond.tally.size() + beyond.distinct.size() + beyond.frequent.size())
    }
}

/// The same values in the same order, so that runs are alike.
fn sorted(counts: HashMap<Box<str>, u64, FixedState>) -> Vec<(Box<str>, u64)> {
    let mut all: Vec<_> = counts.into_iter().collect();
    all.sort_unstable();
    all
}

/// The profile of a column whose every value was counted.
fn counted(counts: HashMap<Box<str>, u64, FixedState>) -> ColumnProfile {
    let mut tally = Tally::of_counted();
    let mut top: Vec<(String, u64)> = Vec::new();
    for (raw, times) in sorted(counts) {
        if !matches!(tally.add(&raw, times), Told::Nothing) {
            top.push((raw.into_string(), times));
        }
    }
    top.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let distinct = top.len() as u64;
    let (case_variants, space_variants) = variants(&top);
    if top.len() > PICKLIST {
        top.truncate(TOP);
    }
    ColumnProfile {
        distinct,
        distinct_exact: true,
        case_variants: Some(case_variants),
        space_variants: Some(space_variants),
        top,
        top_exact: true,
        ..tally.into_profile()
    }
}

/// Rows whose value is another, commoner one but for case, and but for white space.
fn variants(top: &[(String, u64)]) -> (u64, u64) {
    let spaced = |value: &str| value.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut first: HashMap<String, &str, FixedState> = HashMap::default();
    let (mut case, mut space) = (0, 0);
    for (value, rows) in top {
        let plain = spaced(value);
        match first.entry(plain.to_lowercase()) {
            Entry::Vacant(entry) => {
                entry.insert(value);
            }
            Entry::Occupied(entry) if spaced(entry.get()) == plain => space += rows,
            Entry::Occupied(_) => case += rows,
        }
    }
    (case, space)
}

impl Beyond {
    fn add(&mut self, raw: &str, times: u64) {
        let told = self.tally.add(raw, times);
        self.tell_apart(&told, times, || hash_of(raw), || raw.into());
    }

    fn add_told(&mut self, told: impl FnOnce(&mut Tally) -> Told, text: impl FnOnce() -> Box<str>) {
        let told = told(&mut self.tally);
        // Only numbers and moments come typed, and these have a hash of their own.
        self.tell_apart(&told, 1, || 0, text);
    }

    /// A number is the same however it is written, and so is a moment; a text is as it stands.
    fn tell_apart(
        &mut self,
        told: &Told,
        times: u64,
        hash_of_text: impl FnOnce() -> u64,
        text: impl FnOnce() -> Box<str>,
    ) {
        let hash = match told {
            Told::Nothing => return,
            Told::Integer(value) => hash_number(value.cast_unsigned()),
            Told::Decimal(value) => whole(*value)
                .map_or_else(|| hash_number(value.to_bits()), |whole| hash_number(whole.cast_unsigned())),
            Told::Moment(micros) => hash_number(micros.cast_unsigned()),
            Told::Text => hash_of_text(),
        };
        self.distinct.add(hash);
        self.frequent.add(hash, times, text);
    }

    fn into_profile(self) -> ColumnProfile {
        let Self { tally, distinct, frequent } = self;
        let profile = tally.into_profile();
        let filled: u64 = profile.kinds.iter().sum();
        let mut top = frequent.at_least((filled / FREQUENT).max(2));
        top.retain(|(value, _)| !is_placeholder(value));
        top.truncate(TOP);
        ColumnProfile { distinct: distinct.count(), distinct_exact: false, top, top_exact: false, ..profile }
    }
}

/// A number without a fraction as a whole one.
#[expect(clippy::cast_possible_truncation, reason = "only numbers that a whole number holds exactly")]
fn whole(value: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (value.fract() == 0.0 && value.abs() < EXACT).then_some(value as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use revarch_domain::value::Kind;

    const CAPACITY: usize = 20_000;

    fn sketch(cells: &[&str]) -> Sketch {
        let mut sketch = Sketch::new(CAPACITY);
        for cell in cells {
            sketch.add(cell);
        }
        sketch
    }

    #[test]
    fn tells_empty_from_full() {
        let profile = sketch(&["", "", "  ", "n/a", " x ", "7", "-2.5"]).into_profile("c", 7);
        assert_eq!((profile.nulls, profile.blanks, profile.placeholders, profile.padded), (2, 1, 1, 1));
        assert_eq!((profile.filled(), profile.distinct, profile.numbers), (3, 3, Some((-2.5, 7.0))));
    }

    #[test]
    fn numbers_come_back_to_the_last_bit() {
        let written = sketch(&["13.626396026569195", "0.1"]).bytes().unwrap();
        let read = Sketch::from_bytes(&written).unwrap().into_profile("c", 2);
        assert_eq!(read.numbers, Some((0.1, 13.626_396_026_569_195)));
    }

    #[test]
    fn the_ends_of_dates_are_their_ends_in_time() {
        let cells =
            ["2024-01-15", "2024-1-5", "2024-02-30", "2023-12-31T23:30:00-02:00", "2024-01-01T00:30:00Z"];
        let profile = sketch(&cells).into_profile("c", 5);
        let shown = profile
            .moments
            .map(|(first, last)| [first, last].map(|micros| revarch_domain::value::shown(micros, true)));
        assert_eq!(shown, Some(["2024-01-01T00:30:00Z".into(), "2024-01-15T00:00:00Z".into()]));
        assert_eq!(profile.count(Kind::Text), 1, "there is no thirtieth of February");
    }

    #[test]
    fn variants_are_the_rarer_spellings() {
        let cells = ["Web", "Web", "web", "Web ", "Trade  Show", "Trade Show", "Trade Show", "n/a", "N/A"];
        let profile = sketch(&cells).into_profile("c", 9);
        assert_eq!((profile.case_variants, profile.space_variants), (Some(1), Some(2)));
    }

    #[test]
    fn parts_merge_into_the_whole() {
        let cells: Vec<String> = (0..50_000_u32)
            .map(|n| match n % 4 {
                0 => format!("v{}", n % 30_000),
                1 => format!("{}", n % 9_000),
                2 => format!("{n}.5"),
                _ => format!("2024-01-{:02} 10:{:02}:{:02}", n % 28 + 1, n % 60, n % 59),
            })
            .collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let whole = sketch(&cells);
        let (left, right) = cells.split_at(12_345);
        let mut merged = sketch(left);
        merged.merge(Sketch::from_bytes(&sketch(right).bytes().unwrap()).unwrap());
        let (whole, merged) = (whole.into_profile("c", 50_000), merged.into_profile("c", 50_000));
        assert_eq!(whole, merged);
        assert!(!whole.distinct_exact);
        let exact = cells.iter().collect::<std::collections::HashSet<_>>().len() as f64;
        let error = (whole.distinct as f64 - exact).abs() / exact;
        assert!(error < 0.03, "estimate {} is off by {error}", whole.distinct);
    }

    #[test]
    fn one_value_shared_by_many_rows_is_told_among_unique_ones() {
        let cells: Vec<String> = (0..60_000)
            .map(|n| if n % 20 == 0 { "info@acme.example".to_owned() } else { format!("p{n}@acme.example") })
            .collect();
        let profile = sketch(&cells.iter().map(String::as_str).collect::<Vec<_>>()).into_profile("c", 60_000);
        assert_eq!(profile.top.len(), 1, "{:?}", profile.top);
        assert_eq!((profile.top[0].0.as_str(), profile.top_exact), ("info@acme.example", false));
        assert!((2_900..=3_000).contains(&profile.top[0].1));
    }
}
