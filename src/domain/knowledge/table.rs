//! A table as a source gives it, with its numbers as numbers.

use super::entry::Unit;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A table of an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The table's name, in `snake_case`.
    pub name: String,
    /// What its columns hold.
    pub columns: Vec<Column>,
    /// Its rows, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
}

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The column's name, in `snake_case`.
    pub name: String,
    /// What its numbers count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
}

/// What stands in one cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    /// A number.
    Number(f64),
    /// A name or a few words.
    Text(String),
    /// Several names.
    Items(Vec<String>),
    /// A range; an end that is absent is open.
    #[serde(rename_all = "snake_case")]
    Bounds {
        /// The lower end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        low: Option<f64>,
        /// The upper end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        high: Option<f64>,
    },
}

impl fmt::Display for Cell {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(out, "{number}"),
            Self::Text(text) => out.write_str(text),
            Self::Items(items) => out.write_str(&items.join(", ")),
            Self::Bounds { low, high } => out.write_str(&bounds(*low, *high)),
        }
    }
}

/// A range in words.
pub(super) fn bounds(low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("{low} or more"),
        (None, Some(high)) => format!("{high} or less"),
        (None, None) => "not given".to_owned(),
    }
}
