//! What is remembered of a column while its cells go by.

use super::hyperloglog::{HyperLogLog, hash};
use datafusion::error::{DataFusionError, Result};
use revarch_domain::{
    profile::ColumnProfile,
    value::{Kind, is_placeholder},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, DefaultHasher},
};

/// Up to so many different values are counted one by one; beyond, their number is estimated.
const COUNTED: usize = 20_000;
/// Every value of a short list is kept, so that its misspellings can be told.
const PICKLIST: usize = 200;
/// Of a longer list, the most frequent.
const TOP: usize = 20;

/// A column's facts in the making. Two sketches of two parts merge into the sketch of the whole.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Sketch {
    nulls: u64,
    blanks: u64,
    placeholders: u64,
    padded: u64,
    kinds: [u64; Kind::ALL.len()],
    #[serde(with = "bits")]
    numbers: Option<(f64, f64)>,
    moments: Option<(String, String)>,
    /// A fixed hash keeps runs alike.
    counts: HashMap<String, u64, BuildHasherDefault<DefaultHasher>>,
    /// Set once there were too many values to count; `counts` is empty from then on.
    estimate: Option<HyperLogLog>,
}

impl Sketch {
    pub(super) fn add(&mut self, cell: Option<&str>) {
        let Some(raw) = cell.filter(|raw| !raw.is_empty()) else {
            self.nulls += 1;
            return;
        };
        let text = raw.trim();
        if text.is_empty() {
            self.blanks += 1;
        } else if is_placeholder(text) {
            self.placeholders += 1;
        } else {
            self.padded += u64::from(text.len() < raw.len());
            let kind = Kind::of(text);
            self.kinds[kind.index()] += 1;
            self.range(kind, text);
            self.count(raw, 1);
        }
    }

    fn range(&mut self, kind: Kind, text: &str) {
        match kind {
            Kind::Integer | Kind::Decimal => {
                if let Ok(number) = text.parse::<f64>() {
                    let (low, high) = self.numbers.get_or_insert((number, number));
                    *low = low.min(number);
                    *high = high.max(number);
                }
            }
            Kind::Date | Kind::Timestamp => {
                if let Some(moment) = sortable(text) {
                    widen(&mut self.moments, &moment);
                }
            }
            _ => {}
        }
    }

    fn count(&mut self, value: &str, times: u64) {
        if let Some(estimate) = &mut self.estimate {
            estimate.add(hash(value));
            return;
        }
        if let Some(count) = self.counts.get_mut(value) {
            *count += times;
            return;
        }
        self.counts.insert(value.to_owned(), times);
        if self.counts.len() > COUNTED {
            let mut estimate = HyperLogLog::default();
            for value in self.counts.keys() {
                estimate.add(hash(value));
            }
            self.counts = HashMap::default();
            self.estimate = Some(estimate);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        let Self { nulls, blanks, placeholders, padded, kinds, numbers, moments, counts, estimate } = other;
        self.nulls += nulls;
        self.blanks += blanks;
        self.placeholders += placeholders;
        self.padded += padded;
        for (mine, theirs) in self.kinds.iter_mut().zip(kinds) {
            *mine += theirs;
        }
        if let Some((low, high)) = numbers {
            let mine = self.numbers.get_or_insert((low, high));
            *mine = (mine.0.min(low), mine.1.max(high));
        }
        if let Some((first, last)) = moments {
            widen(&mut self.moments, &first);
            widen(&mut self.moments, &last);
        }
        if let Some(theirs) = estimate {
            let mut whole = theirs;
            match &self.estimate {
                Some(mine) => whole.merge(mine),
                None => {
                    for value in self.counts.keys() {
                        whole.add(hash(value));
                    }
                }
            }
            self.counts = HashMap::default();
            self.estimate = Some(whole);
        }
        for (value, times) in counts {
            self.count(&value, times);
        }
    }

    pub(super) fn into_profile(self, name: &str, rows: u64) -> ColumnProfile {
        let Self { nulls, blanks, placeholders, padded, kinds, numbers, moments, counts, estimate } = self;
        let distinct_exact = estimate.is_none();
        let distinct = estimate.map_or(counts.len() as u64, |estimate| estimate.count());
        let mut top: Vec<(String, u64)> = counts.into_iter().collect();
        top.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        if top.len() > PICKLIST {
            top.truncate(TOP);
        }
        ColumnProfile {
            name: name.to_owned(),
            rows,
            nulls,
            blanks,
            placeholders,
            kinds,
            distinct,
            distinct_exact,
            padded,
            numbers,
            moments,
            top,
        }
    }

    pub(super) fn to_bytes(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self).map_err(|error| DataFusionError::External(error.into()))
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self> {
        serde_json::from_slice(bytes).map_err(|error| DataFusionError::External(error.into()))
    }

    pub(super) fn size(&self) -> usize {
        const ENTRY: usize = 64;
        self.counts.len() * ENTRY + self.estimate.as_ref().map_or(0, HyperLogLog::size)
    }
}

/// Numbers as their bits: read back from decimal text, a number may come out as its neighbour.
mod bits {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "the shape that serde asks for")]
    pub(super) fn serialize<S: Serializer>(range: &Option<(f64, f64)>, to: S) -> Result<S::Ok, S::Error> {
        range.map(|(low, high)| (low.to_bits(), high.to_bits())).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<(f64, f64)>, D::Error> {
        let range = Option::<(u64, u64)>::deserialize(from)?;
        Ok(range.map(|(low, high)| (f64::from_bits(low), f64::from_bits(high))))
    }
}

/// A day or moment written so that text order is time order: year first with all its zeros, and in UTC.
fn sortable(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let is_padded = bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-';
    if !is_padded {
        return None;
    }
    let time = &text[10..];
    if time.is_empty() || time.ends_with('Z') || !time.contains(['+', '-']) {
        return Some(text.to_owned());
    }
    text.replacen(' ', "T", 1).parse::<jiff::Timestamp>().ok().map(|moment| moment.to_string())
}

fn widen(range: &mut Option<(String, String)>, text: &str) {
    match range {
        None => *range = Some((text.to_owned(), text.to_owned())),
        Some((first, last)) => {
            if text < first.as_str() {
                text.clone_into(first);
            } else if text > last.as_str() {
                text.clone_into(last);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(cells: &[Option<&str>]) -> Sketch {
        let mut sketch = Sketch::default();
        for cell in cells {
            sketch.add(*cell);
        }
        sketch
    }

    #[test]
    fn tells_empty_from_full() {
        let profile =
            sketch(&[None, Some(""), Some("  "), Some("n/a"), Some(" x "), Some("7"), Some("-2.5")])
                .into_profile("c", 7);
        assert_eq!((profile.nulls, profile.blanks, profile.placeholders, profile.padded), (2, 1, 1, 1));
        assert_eq!((profile.filled(), profile.distinct, profile.numbers), (3, 3, Some((-2.5, 7.0))));
    }

    #[test]
    fn numbers_come_back_to_the_last_bit() {
        let written = sketch(&[Some("13.626396026569195"), Some("0.1")]).to_bytes().unwrap();
        let read = Sketch::from_bytes(&written).unwrap().into_profile("c", 2);
        assert_eq!(read.numbers, Some((0.1, 13.626_396_026_569_195)));
    }

    #[test]
    fn the_ends_of_dates_are_their_ends_in_time() {
        let cells =
            ["2024-01-15", "2024-1-5", "2024-02-30", "2023-12-31T23:30:00-02:00", "2024-01-01T00:30:00Z"];
        let profile = sketch(&cells.map(Some)).into_profile("c", 5);
        assert_eq!(profile.moments, Some(("2024-01-01T00:30:00Z".into(), "2024-01-15".into())));
    }

    #[test]
    fn parts_merge_into_the_whole() {
        let cells: Vec<String> = (0..50_000).map(|n| format!("v{}", n % 30_000)).collect();
        let whole = sketch(&cells.iter().map(|cell| Some(cell.as_str())).collect::<Vec<_>>());
        let (left, right) = cells.split_at(12_345);
        let mut merged = sketch(&left.iter().map(|cell| Some(cell.as_str())).collect::<Vec<_>>());
        let right = sketch(&right.iter().map(|cell| Some(cell.as_str())).collect::<Vec<_>>());
        merged.merge(Sketch::from_bytes(&right.to_bytes().unwrap()).unwrap());
        let (whole, merged) = (whole.into_profile("c", 50_000), merged.into_profile("c", 50_000));
        assert_eq!(whole, merged);
        assert!(!whole.distinct_exact);
        let error = (whole.distinct as f64 - 30_000.0).abs() / 30_000.0;
        assert!(error < 0.03, "estimate {} is off by {error}", whole.distinct);
    }
}
