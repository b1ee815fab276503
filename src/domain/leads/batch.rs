//! Rows on their way to a model: one slice for each of its columns.
//!
//! A stream of any length is scored batch by batch, so that its memory does not grow with its rows.

use super::table::{Table, Values};
use std::ops::Range;

/// The code of an empty cell.
pub const EMPTY: u32 = u32::MAX;
/// The code of a level that the model was not trained on.
pub const UNSEEN: u32 = u32::MAX - 1;

/// One column's cells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cells<'a> {
    /// Numbers, truth values as one and zero, dates as days before the decision time; an empty cell is NaN.
    Numbers(&'a [f64]),
    /// Places of the cells' levels among the model's own, or [`EMPTY`], or [`UNSEEN`].
    Codes(&'a [u32]),
}

impl<'a> Cells<'a> {
    /// The number of cells.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(cells) => cells.len(),
            Self::Codes(cells) => cells.len(),
        }
    }

    /// The cells of some rows that follow one another.
    ///
    /// # Panics
    /// Where there are no such rows.
    #[must_use]
    pub fn part(&self, rows: Range<usize>) -> Cells<'a> {
        match self {
            Self::Numbers(cells) => Cells::Numbers(&cells[rows]),
            Self::Codes(cells) => Cells::Codes(&cells[rows]),
        }
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Why a batch cannot be scored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// The table lacks a column of the model.
    #[error("the model weighs column `{column}`, which the table does not have")]
    MissingColumn {
        /// The column.
        column: String,
        /// Names in the table that it could be.
        near: Vec<String>,
    },
    /// A column holds something else than in training.
    #[error("column `{column}` was {trained} when the model was trained and is {found} now")]
    ChangedKind {
        /// The column.
        column: String,
        /// Its kind in training.
        trained: &'static str,
        /// Its kind in the table to score.
        found: &'static str,
    },
    /// A batch holds more or fewer columns than the model.
    #[error("the model weighs {expected} columns, and the batch holds {found}")]
    Columns {
        /// Columns of the model.
        expected: usize,
        /// Columns of the batch.
        found: usize,
    },
    /// A date means something only as a distance from the decision time, and the table tells none.
    #[error("the model measures column `{0}` from the decision time, and no column holds it")]
    NoDecisionTime(String),
    /// Columns of a batch differ in length.
    #[error("column `{0}` has another number of cells than the first of its batch")]
    Uneven(String),
}

/// Cells gathered from a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Gathered {
    Numbers(Vec<f64>),
    Codes(Vec<u32>),
}

impl Gathered {
    pub(crate) fn cells(&self) -> Cells<'_> {
        match self {
            Self::Numbers(cells) => Cells::Numbers(cells),
            Self::Codes(cells) => Cells::Codes(cells),
        }
    }
}

/// The cells of some rows of a table's column, in the codes of the given levels (in rising order).
pub(crate) fn gather(table: &Table, column: usize, levels: &[String], rows: &[usize]) -> Gathered {
    match &table.columns[column].values {
        Values::Number(values) => {
            Gathered::Numbers(rows.iter().map(|row| values[*row].unwrap_or(f64::NAN)).collect())
        }
        Values::Category { codes, levels: own } => {
            // Each level is looked up once, and only where a row has it.
            let mut known = vec![None; own.len()];
            let code = |row: &usize| match codes[*row].and_then(|code| usize::try_from(code).ok()) {
                None => EMPTY,
                Some(level) => *known[level].get_or_insert_with(|| code_of(levels, &own[level])),
            };
            Gathered::Codes(rows.iter().map(code).collect())
        }
    }
}

/// The code of a text among levels in rising order.
pub(crate) fn code_of(levels: &[String], text: &str) -> u32 {
    let found = levels.binary_search_by(|level| level.as_str().cmp(text.trim()));
    found.ok().and_then(|place| u32::try_from(place).ok()).unwrap_or(UNSEEN)
}

/// The levels of a column that some rows have, in rising order; none for numbers.
pub(crate) fn levels_of(table: &Table, column: usize, rows: &[usize]) -> Vec<String> {
    let Values::Category { codes, levels } = &table.columns[column].values else { return Vec::new() };
    let mut seen = vec![false; levels.len()];
    for level in rows.iter().filter_map(|row| codes[*row].and_then(|code| usize::try_from(code).ok())) {
        seen[level] = true;
    }
    levels.iter().zip(seen).filter(|(_, seen)| *seen).map(|(level, _)| level.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leads::table::{Column, Kind};

    #[test]
    fn levels_are_those_of_the_given_rows() {
        let levels = ["a", "b", "c"].map(str::to_owned).to_vec();
        let values = Values::Category { codes: vec![Some(2), None, Some(0), Some(1)], levels };
        let table = Table {
            columns: vec![Column { name: "source".into(), kind: Kind::Category, values }],
            ..Table::of_labels(vec![None; 4])
        };
        let known = levels_of(&table, 0, &[0, 1, 2]);
        assert_eq!(known, ["a", "c"]);
        let Gathered::Codes(codes) = gather(&table, 0, &known, &[3, 2, 1, 0]) else { panic!("no codes") };
        assert_eq!(codes, [UNSEEN, 0, EMPTY, 1]);
    }
}
