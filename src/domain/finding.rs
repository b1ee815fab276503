//! One thing found wrong, told so that somebody can act on it.

use crate::{entity::Entity, provenance::Provenance};
use serde::{Deserialize, Serialize};

/// How much a finding hinders an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// An agent that relies on this will act wrongly or cannot act.
    Blocker,
    /// An agent can act, and part of what it does will be wrong.
    Major,
    /// Worth mending; no action depends on it.
    Minor,
}

/// What a finding is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The kind of record.
    pub entity: Option<Entity>,
    /// The table or platform.
    pub table: Option<String>,
    /// The column or operation.
    pub column: Option<String>,
}

/// A finding: evidence, reason, remedy, owner and retest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// A stable key such as `fill.contacts.email`, equal across runs so that reviews can be compared.
    pub id: String,
    /// How much it hinders.
    pub severity: Severity,
    /// What it is about.
    pub subject: Subject,
    /// What was found, with its numbers.
    pub what_found: String,
    /// Why an agent is hindered by it.
    pub why_it_blocks: String,
    /// The steps that mend it, in order.
    pub fix: Vec<String>,
    /// Rows affected, where rows are what is counted.
    pub affected_rows: Option<u64>,
    /// Rows looked at.
    pub scanned_rows: Option<u64>,
    /// The query that shows it.
    pub evidence_query: Option<String>,
    /// Who owns the remedy, as a role.
    pub owner_role: String,
    /// How to tell that it is mended.
    pub retest: String,
    /// The ground it stands on.
    pub provenance: Provenance,
}
