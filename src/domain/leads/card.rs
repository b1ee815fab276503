//! The model card: everything it takes to train the same model again, or to doubt it.

use super::{
    calibration::Calibration,
    model::ModelColumn,
    reason::{Dropped, Flag},
    split::{Method, Part},
    table::{Table, Values},
};
use crate::proportion::Proportion;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// How a model came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// SHA-256 of the facts: names, kinds, cells, labels, times and ids. With distinct ids the order of the
    /// rows does not change it.
    pub fingerprint: String,
    /// The seed.
    pub seed: u64,
    /// Rows, labelled and not.
    pub rows: usize,
    /// How the labelled rows were divided.
    pub method: Method,
    /// The parts, earliest first.
    pub parts: Vec<PartFacts>,
    /// Labelled rows without a time, which no part used.
    pub undated: usize,
    /// Columns weighed.
    pub columns: Vec<ModelColumn>,
    /// Columns left out.
    pub dropped: Vec<Dropped>,
    /// Columns that deserve a second look.
    pub flagged: Vec<Flag>,
    /// The penalty chosen.
    pub penalty: f64,
    /// Penalties tried, each with its mean log loss on the calibration rows.
    pub tried: Vec<(f64, f64)>,
    /// Newton steps of the chosen fit.
    pub steps: u32,
    /// Whether the chosen fit reached its optimum.
    pub converged: bool,
    /// The calibration.
    pub calibration: Calibration,
}

/// One part of the split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartFacts {
    /// The part.
    pub part: Part,
    /// Conversions among its rows.
    pub conversions: Proportion,
    /// Its earliest time, in microseconds since 1970.
    pub from: Option<i64>,
    /// Its latest time.
    pub to: Option<i64>,
}

pub(crate) fn part_facts(table: &Table, part: Part, rows: &[usize]) -> PartFacts {
    let hits = rows.iter().filter(|row| table.label[**row] == Some(true)).count();
    let times = || rows.iter().filter_map(|row| table.time.as_ref()?[*row]);
    let conversions = Proportion::new(hits as u64, rows.len() as u64);
    PartFacts { part, conversions, from: times().min(), to: times().max() }
}

/// SHA-256 of a table's facts.
pub fn fingerprint(table: &Table) -> String {
    let mut hash = Sha256::new();
    let order = table.canonical_order();
    let mut text = |value: &str| {
        hash.update((value.len() as u64).to_le_bytes());
        hash.update(value);
    };
    for column in &table.columns {
        text(&column.name);
        text(column.kind.name());
        if let Values::Category { levels, .. } = &column.values {
            for level in levels {
                text(level);
            }
        }
    }
    for row in &order {
        text(&table.ids[*row]);
    }
    for row in order {
        hash.update([match table.label[row] {
            None => 0,
            Some(false) => 1,
            Some(true) => 2,
        }]);
        hash.update(bytes(table.time.as_ref().and_then(|times| times[row]).map(i64::to_le_bytes)));
        for column in &table.columns {
            hash.update(bytes(match &column.values {
                Values::Number(values) => values[row].map(f64::to_le_bytes),
                Values::Category { codes, .. } => codes[row].map(|code| u64::from(code).to_le_bytes()),
            }));
        }
    }
    hash.finalize().iter().fold(String::from("sha256:"), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A cell's bytes, led by whether there is one.
fn bytes(cell: Option<[u8; 8]>) -> [u8; 9] {
    let mut bytes = [0; 9];
    if let Some(cell) = cell {
        bytes[0] = 1;
        bytes[1..].copy_from_slice(&cell);
    }
    bytes
}
