//! What is asked of a history, and what is told of it.

use revarch_domain::leads::history::{Conversion, Terms};

/// What is asked of the history of leads.
#[derive(Clone, Debug, Default)]
pub struct HistoryAsk {
    /// The table of leads or contacts; the one recognised where none is named.
    pub table: Option<String>,
    /// The table of deals; the one recognised where none is named.
    pub deals: Option<String>,
    /// What counts as a conversion.
    pub conversion: Conversion,
    /// Days from creation within which it counts; chosen from the data where none are given.
    pub within_days: Option<u32>,
    /// Days from creation to the decision.
    pub decide_after_days: u32,
    /// Further columns of the table of leads that the rows shall hold.
    pub also: Vec<String>,
    /// A score that is kept in a table of its own, wanted as it stood at the decision.
    pub apart: Option<Apart>,
}

/// A column of another table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apart {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
}

/// Leads with their features as of the decision about each, and whether a deal followed.
#[derive(Clone, Debug)]
pub struct History {
    /// The table of leads.
    pub table: String,
    /// The table of deals.
    pub deals: String,
    /// How a lead is joined to its deals.
    pub deals_by: String,
    /// What counts as a conversion, and by when.
    pub terms: Terms,
    /// Whether the window was chosen from the data.
    pub is_chosen: bool,
    /// Until when deals are known, in microseconds since 1970: the newest sign of one.
    pub newest: i64,
    /// The column that names leads, where there is one.
    pub id: Option<String>,
    /// The column with the decision time.
    pub time: String,
    /// The column with the outcome.
    pub label: String,
    /// What else the features come from.
    pub sources: Vec<Told>,
    /// What became of the leads.
    pub counts: Counts,
    pub(super) sql: String,
}

/// A table that features come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The table.
    pub table: String,
    /// How a lead is joined to it.
    pub by: String,
}

/// What became of the leads of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Leads that converted in time.
    pub converted: u64,
    /// Leads that had the time and did not.
    pub unconverted: u64,
    /// Leads too young to know, which are the ones to score.
    pub young: u64,
    /// Leads too young to train on that have converted already, so there is nothing left to score.
    pub young_converted: u64,
    /// Leads that converted before the decision was due.
    pub early: u64,
    /// Leads whose decision is not due yet.
    pub not_due: u64,
    /// Leads without the key that deals are joined by.
    pub unjoined: u64,
    /// Leads without a creation time.
    pub undated: u64,
}

impl Counts {
    pub(super) fn add(&mut self, state: &str, count: u64) {
        let place = match state {
            "converted" => &mut self.converted,
            "unconverted" => &mut self.unconverted,
            "young" => &mut self.young,
            "young_converted" => &mut self.young_converted,
            "early" => &mut self.early,
            "not_due" => &mut self.not_due,
            "unjoined" => &mut self.unjoined,
            _ => &mut self.undated,
        };
        *place += count;
    }
}
