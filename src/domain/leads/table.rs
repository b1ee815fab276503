//! The facts a model is trained on: columns, label, decision time and row names.

use serde::{Deserialize, Serialize};

/// What a column's cells are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Quantities.
    Number,
    /// Yes or no, held as one and zero.
    Boolean,
    /// Dates, held as days before the decision time; a negative number lies after it.
    Date,
    /// One of a set of words.
    Category,
}

impl Kind {
    /// The kind's name as it stands in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Category => "category",
        }
    }
}

/// A column's cells, empty ones as nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Numbers, all finite.
    Number(Vec<Option<f64>>),
    /// Indices into the levels.
    Category {
        /// The level of each row.
        codes: Vec<Option<u32>>,
        /// The levels in rising order, so that their indices do not depend on the order of rows.
        levels: Vec<String>,
    },
}

impl Values {
    /// Whether the row's cell holds something.
    pub fn is_filled(&self, row: usize) -> bool {
        match self {
            Self::Number(values) => values[row].is_some(),
            Self::Category { codes, .. } => codes[row].is_some(),
        }
    }
}

/// A column that may become part of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The column's name in its table.
    pub name: String,
    /// What its cells are.
    pub kind: Kind,
    /// Its cells, one for each row.
    pub values: Values,
}

/// A table of leads. Every vector has one entry for each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The columns that may become part of a model.
    pub columns: Vec<Column>,
    /// Whether the lead converted; nothing where that is not known yet.
    pub label: Vec<Option<bool>>,
    /// When a decision about the lead was due, in microseconds since 1970.
    pub time: Option<Vec<Option<i64>>>,
    /// The rows' names in results.
    pub ids: Vec<String>,
    /// How many times each row counts in training; once where there are none. Rows that count for nothing
    /// neither train nor test.
    pub weight: Option<Vec<f64>>,
    /// Rows of one lead share a number, so that no lead stands on both sides of a split.
    pub lead: Vec<usize>,
}

impl Table {
    /// A table without columns, times and weights, each row a lead of its own.
    pub fn of_labels(label: Vec<Option<bool>>) -> Self {
        let rows = label.len();
        Self {
            columns: Vec::new(),
            label,
            time: None,
            ids: (0..rows).map(|row| row.to_string()).collect(),
            weight: None,
            lead: (0..rows).collect(),
        }
    }

    /// Whether a row has an outcome and counts.
    pub(crate) fn counts(&self, row: usize) -> bool {
        self.label[row].is_some() && self.weight.as_ref().is_none_or(|weights| weights[row] > 0.0)
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.label.len()
    }

    /// Rows by time, then by id, then as they came. Everything is computed in this order, so that with
    /// distinct ids the order of the rows changes nothing.
    pub(crate) fn canonical_order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.rows()).collect();
        let time = |row: usize| self.time.as_ref().and_then(|times| times[row]);
        order.sort_by(|&a, &b| {
            time(a).cmp(&time(b)).then_with(|| self.ids[a].cmp(&self.ids[b])).then(a.cmp(&b))
        });
        order
    }
}
