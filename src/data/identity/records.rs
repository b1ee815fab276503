//! Records as rows of numbers.

use super::dictionary::{Dictionary, NOTHING};
use revarch_domain::identity::{
    compare::{Comparison, twins},
    train::Values,
};

/// Values that stand for all when it is asked how alike values are.
const SAMPLE: usize = 20_000;

/// A compared column.
#[derive(Debug)]
pub(super) struct Column {
    /// The dictionary its values are in; the two halves of a name share one.
    pub(super) dictionary: usize,
    /// The number of each record's value.
    pub(super) numbers: Vec<u32>,
    /// How many records have each value, by its number.
    counts: Vec<u32>,
    /// Records that have one.
    filled: u64,
}

/// The records of all tables, in their order.
#[derive(Debug)]
pub struct Records {
    comparisons: Vec<Comparison>,
    pub(super) twins: Vec<Option<usize>>,
    pub(super) columns: Vec<Column>,
    pub(super) dictionaries: Vec<Dictionary>,
    /// The tables, and where the records of each end.
    tables: Vec<(String, usize)>,
    ids: Texts,
    updated: Vec<i64>,
}

/// Texts one after the other.
#[derive(Debug, Default)]
pub(super) struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    pub(super) fn get(&self, at: usize) -> &str {
        let from = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[from..self.ends[at]]
    }

    pub(super) const fn len(&self) -> usize {
        self.ends.len()
    }
}

/// A time that nobody knows.
const NO_TIME: i64 = i64::MIN;

impl Records {
    pub(super) fn new(comparisons: &[Comparison]) -> Self {
        let twins = twins(comparisons);
        let mut dictionaries = Vec::new();
        let mut columns: Vec<Column> = Vec::new();
        for twin in &twins {
            let shared = twin.and_then(|twin| columns.get(twin)).map(|column: &Column| column.dictionary);
            let dictionary = shared.unwrap_or_else(|| {
                dictionaries.push(Dictionary::default());
                dictionaries.len() - 1
            });
            columns.push(Column { dictionary, numbers: Vec::new(), counts: Vec::new(), filled: 0 });
        }
        let comparisons = comparisons.to_vec();
        Self {
            comparisons,
            twins,
            columns,
            dictionaries,
            tables: Vec::new(),
            ids: Texts::default(),
            updated: Vec::new(),
        }
    }

    /// Adds a value of the next record, with its hash.
    pub(super) fn add_value(&mut self, comparison: usize, value: Option<(&str, u64)>) {
        let column = &mut self.columns[comparison];
        let number = match value {
            Some((value, hash)) => self.dictionaries[column.dictionary].number(value, hash),
            None => NOTHING,
        };
        let place = number as usize;
        if column.counts.len() <= place {
            column.counts.resize(place + 1, 0);
        }
        column.counts[place] += 1;
        column.filled += u64::from(number != NOTHING);
        column.numbers.push(number);
    }

    /// Adds the name of the next record, and when it changed.
    pub(super) fn add_record(&mut self, id: Option<&str>, updated: Option<i64>) {
        let before = self.tables.last().map_or(0, |(_, end)| *end);
        match id {
            Some(id) => self.ids.push(id),
            None => self.ids.push(&format!("row {}", self.ids.len() - before + 1)),
        }
        self.updated.push(updated.unwrap_or(NO_TIME));
    }

    /// Ends a table.
    pub(super) fn end_table(&mut self, name: &str) {
        self.tables.push((name.to_owned(), self.ids.len()));
    }

    pub(super) fn close(&mut self) {
        self.dictionaries.iter_mut().for_each(Dictionary::close);
        for column in &mut self.columns {
            column.counts.resize(self.dictionaries[column.dictionary].len() + 1, 0);
        }
    }

    /// What is compared.
    pub fn comparisons(&self) -> &[Comparison] {
        &self.comparisons
    }

    /// The number of records.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The records of each table.
    pub fn tables(&self) -> impl Iterator<Item = (&str, usize)> {
        let starts = std::iter::once(0).chain(self.tables.iter().map(|(_, end)| *end));
        self.tables.iter().zip(starts).map(|((name, end), start)| (name.as_str(), end - start))
    }

    /// The place of a record's table.
    pub fn table_of(&self, record: u32) -> usize {
        self.tables.partition_point(|(_, end)| *end <= record as usize)
    }

    /// The name of a record's table.
    pub fn table_name(&self, record: u32) -> &str {
        &self.tables[self.table_of(record)].0
    }

    /// The key of a record, or the number of its row.
    pub fn id(&self, record: u32) -> &str {
        self.ids.get(record as usize)
    }

    /// When a record last changed, in microseconds since 1970.
    pub fn updated(&self, record: u32) -> Option<i64> {
        Some(self.updated[record as usize]).filter(|at| *at != NO_TIME)
    }

    /// Compared columns in which a record has a value.
    pub fn filled(&self, record: u32) -> usize {
        self.columns.iter().filter(|column| column.numbers[record as usize] != NOTHING).count()
    }

    /// Records that have a value to compare.
    pub fn with_value(&self, comparison: usize) -> u64 {
        self.columns[comparison].filled
    }

    /// The number of different values.
    pub fn distinct(&self, comparison: usize) -> usize {
        self.columns[comparison].counts.iter().skip(1).filter(|count| **count > 0).count()
    }

    /// The normal value of a record, where it has one. It is the user's data: it may be personal.
    pub fn value(&self, comparison: usize, record: u32) -> Option<&str> {
        let column = &self.columns[comparison];
        let number = column.numbers[record as usize];
        (number != NOTHING).then(|| self.dictionaries[column.dictionary].value(number))
    }

    /// The share of records with a value that have this record's, itself left out.
    pub fn share(&self, comparison: usize, record: u32) -> f64 {
        let column = &self.columns[comparison];
        let number = column.numbers[record as usize];
        f64::from(others(column.counts[number as usize])) / column.filled.max(1) as f64
    }

    /// How often values occur, as far as chance needs to know it; the order of the records decides nothing.
    pub(super) fn values(&self, comparison: usize) -> Values {
        let column = &self.columns[comparison];
        let dictionary = &self.dictionaries[column.dictionary];
        let all = column.filled as f64;
        let counts = || column.counts.iter().enumerate().skip(1).filter(|(_, count)| **count > 0);
        let twice: f64 = counts().map(|(_, count)| f64::from(*count) * (f64::from(*count) - 1.0)).sum();
        let swapped = self.twins[comparison].map_or(0.0, |twin| {
            let other = &self.columns[twin];
            let both = counts().map(|(number, count)| f64::from(*count) * f64::from(other.counts[number]));
            let chance = both.sum::<f64>() / (all * other.filled as f64).max(1.0);
            chance * chance
        });
        let number = |place: usize| u32::try_from(place).unwrap_or(NOTHING);
        let mut chosen: Vec<(u64, u32, u32)> = counts()
            .map(|(place, count)| (dictionary.hash_of(number(place)), number(place), *count))
            .collect();
        if chosen.len() > SAMPLE {
            chosen.select_nth_unstable(SAMPLE);
            chosen.truncate(SAMPLE);
        }
        chosen.sort_unstable();
        let sample = chosen
            .into_iter()
            .map(|(_, number, count)| (dictionary.value(number).to_owned(), u64::from(count)));
        // One pair more than there is: where all values differ, so much may still be chance.
        let same = (twice + 1.0) / (all * (all - 1.0)).max(2.0);
        Values { same, swapped, sample: sample.collect() }
    }

    /// A hash of a record by which a part of all records can be chosen, whatever their order.
    pub(super) fn hash(&self, record: usize) -> u64 {
        super::dictionary::hash(self.ids.get(record))
    }
}

impl Records {
    /// How many other records have a record's value, in bits.
    pub(super) fn count_bits(&self, comparison: usize, record: u32) -> f64 {
        let column = &self.columns[comparison];
        f64::from(others(column.counts[column.numbers[record as usize] as usize])).log2()
    }
}

/// Records that have a value, but for the one that is asked of; one at least, since a pair shares it.
fn others(count: u32) -> u32 {
    count.saturating_sub(1).max(1)
}
