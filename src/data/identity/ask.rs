//! What is asked of records, and what is told of them.

use super::records::Records;
use revarch_domain::identity::{
    blocking::Rule,
    cluster::Edge,
    compare::Comparison,
    model::{Part, weight_of},
    normal::Region,
    pattern::Pattern,
    train::Trained,
};
use std::sync::Arc;

/// A table whose records are compared.
#[derive(Clone, Debug)]
pub struct Side {
    /// The table.
    pub table: String,
    /// The column with the key of a record; rows are named by their number where there is none.
    pub id: Option<String>,
    /// The column with the time of the last change.
    pub updated: Option<String>,
    /// The column of each comparison, where the table has one.
    pub columns: Vec<Option<String>>,
}

/// What is asked of records.
#[derive(Clone, Debug)]
pub struct MatchAsk {
    /// The tables.
    pub sides: Vec<Side>,
    /// What is compared.
    pub comparisons: Vec<Comparison>,
    /// The country of telephone numbers that name none.
    pub region: Option<Region>,
    /// Whether only records of different tables may match.
    pub across_only: bool,
    /// The probability below which a pair is not kept.
    pub least: f64,
    /// Pairs that may be compared for each record, on average.
    pub pairs_per_record: f64,
    /// The seed of all that is drawn.
    pub seed: u64,
}

impl MatchAsk {
    /// The match weight below which a pair is not kept.
    pub(super) fn floor(&self) -> f64 {
        weight_of(self.least)
    }
}

/// A blocking rule and what it did.
#[derive(Clone, Debug, PartialEq)]
pub struct Used {
    /// The rule.
    pub rule: Rule,
    /// Pairs that agree on what it asks for; an estimate from a part of the records where they are very many.
    pub pairs: f64,
    /// Values that too many records share, which it leaves out.
    pub crowded: u64,
    /// Records that share them.
    pub crowd: u64,
}

/// Pairs that may match, and what they were found with.
#[derive(Debug)]
pub struct Matched {
    /// The records.
    pub records: Arc<Records>,
    /// The weights.
    pub trained: Trained,
    /// Blocking rules that were used.
    pub used: Vec<Used>,
    /// Blocking rules that would have made too many pairs.
    pub costly: Vec<Used>,
    /// Pairs that were compared.
    pub compared: u64,
    /// Pairs at or above the least probability, the surest first.
    pub pairs: Vec<Pair>,
}

/// Two records that may match.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The records and their match weight.
    pub edge: Edge,
    /// The levels of their comparisons, and the rules they fall under.
    pub pattern: Pattern,
}

impl Matched {
    /// What each comparison adds to the match weight of a pair.
    pub fn parts(&self, pair: &Pair) -> Vec<Part> {
        let Pair { edge, pattern } = pair;
        self.trained.model.parts(*pattern, |comparison| self.records.share(comparison, edge.a))
    }
}
