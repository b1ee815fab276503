//! What exactly was scanned.

use super::{Facts, Lens, aggregates, drift, partial};

/// What a verdict rests on, and what it could not see.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    /// Tables read, whole or in part.
    pub tables: u64,
    /// Rows read in them.
    pub rows: u64,
    /// Files read.
    pub files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Counts that were handed in.
    pub aggregates: u64,
    /// What was left out, each with its place and reason. Empty where everything was read.
    pub left_out: Vec<String>,
    /// Tables of which no earlier shape is known, so that nothing is said of how they changed.
    pub no_earlier_shape: Vec<String>,
}

pub(super) fn of(facts: &Facts, lens: &Lens) -> Scope {
    let unread = facts.unread.iter().map(|(table, reason)| format!("{table}: {reason}"));
    let parts = facts.tables.iter().filter(|table| !partial::is_read_whole(table)).map(|table| {
        format!("{}: {}", table.profile.name, partial::told(&table.scanned, table.profile.rows))
    });
    Scope {
        tables: facts.tables.len() as u64,
        rows: facts.tables.iter().map(|table| table.profile.rows).sum(),
        files: facts.tables.iter().map(|table| table.scanned.files).sum(),
        bytes: facts.tables.iter().map(|table| table.scanned.bytes).sum(),
        aggregates: facts.aggregates.len() as u64,
        left_out: unread.chain(parts).chain(aggregates::unused(facts, lens)).collect(),
        no_earlier_shape: drift::unknown(facts),
    }
}
