//! What is said of single columns.

use revarch_domain::leads::{
    model::ModelColumn,
    reason::{Dropped, Flag},
};
use schemars::JsonSchema;
use serde::Serialize;

/// A column and what there is to say of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ColumnNote {
    /// The column.
    pub column: String,
    /// Why it is listed.
    pub reason: String,
}

impl ColumnNote {
    pub(crate) fn dropped(dropped: Dropped) -> Self {
        let Dropped { column, reason } = dropped;
        Self { column, reason: reason.to_string() }
    }

    pub(crate) fn flagged(flag: Flag) -> Self {
        let Flag { column, suspicion } = flag;
        Self { column, reason: suspicion.to_string() }
    }
}

/// A column of the model.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UsedColumn {
    /// The column.
    pub column: String,
    /// `number`, `boolean`, `date` or `category`.
    pub kind: String,
    /// `fit`, `engagement` or `other`, by its name.
    pub side: String,
}

impl UsedColumn {
    pub(super) fn of(column: ModelColumn) -> Self {
        let ModelColumn { name, kind, side } = column;
        Self { column: name, kind: kind.name().to_owned(), side: side.name().to_owned() }
    }
}

/// A column with values that training never saw.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Unseen {
    /// The column.
    pub column: String,
    /// Leads with such a value.
    pub cells: u64,
}
