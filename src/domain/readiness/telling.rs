//! How a finding about one column of one table is put together.

use super::facts::TableFacts;
use crate::{
    finding::{Finding, Severity, Subject},
    profile::ColumnProfile,
    provenance::Provenance,
};

/// The words of a finding about a column.
pub(super) struct Words {
    pub(super) severity: Severity,
    pub(super) rows: u64,
    pub(super) what_found: String,
    pub(super) why_it_blocks: &'static str,
    pub(super) fix: Vec<String>,
    pub(super) evidence_query: Option<String>,
    pub(super) owner_role: &'static str,
}

/// The finding `kind.table.column`.
pub(super) fn of_column(kind: &str, table: &TableFacts, column: &ColumnProfile, words: Words) -> Finding {
    let Words { severity, rows, what_found, why_it_blocks, fix, evidence_query, owner_role } = words;
    let name = &table.profile.name;
    Finding {
        id: format!("{kind}.{name}.{}", column.name),
        severity,
        subject: Subject {
            entity: table.entity(),
            table: Some(name.clone()),
            column: Some(column.name.clone()),
        },
        what_found,
        why_it_blocks: why_it_blocks.to_owned(),
        fix,
        affected_rows: Some(rows),
        scanned_rows: Some(column.rows),
        evidence_query,
        owner_role: owner_role.to_owned(),
        retest: "run check_data_readiness on a new export".to_owned(),
        provenance: Provenance::Measured,
    }
}
