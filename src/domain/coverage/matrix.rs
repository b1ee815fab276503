//! The stack as a matrix of platforms and operations.
//!
//! Four states and no more: seen in a list of tools, claimed by a published source, absent, unknown. A claim
//! is not a proof, since scopes, plans and flags of the company's own account decide what a server lists.

use super::{
    audit::{PlatformAudit, StackAudit},
    evidence::Standing,
    taxonomy::Operation,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How one operation stands on one platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// A list of tools that the platform's server gave shows it, or what it shows implies it.
    VerifiedLive,
    /// A published source names it, or what it names implies it; or a tool's words make it likely.
    Claimed,
    /// Nobody can tell from what there is.
    Unknown,
    /// A list that is whole does not have it, or somebody looked for a server and found none.
    Absent,
}

impl Cell {
    /// The state's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::VerifiedLive => "verified_live",
            Self::Claimed => "claimed",
            Self::Unknown => "unknown",
            Self::Absent => "absent",
        }
    }

    /// The state that a standing is, given whether a list of tools was seen.
    pub const fn of(standing: &Standing, seen_live: bool) -> Self {
        match standing {
            Standing::Evidenced | Standing::Implied { is_sure: true, .. } if seen_live => Self::VerifiedLive,
            Standing::Evidenced | Standing::Implied { .. } => Self::Claimed,
            Standing::Unknown { .. } => Self::Unknown,
            Standing::Missing => Self::Absent,
        }
    }
}

/// One platform's line of the matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The platform's key, as findings name it.
    pub key: String,
    /// The platform's name.
    pub name: String,
    /// The key of its category; none for a system the catalog does not know.
    pub category: Option<String>,
    /// How each operation stands. An operation that is not in here was not asked about.
    pub cells: BTreeMap<Operation, Cell>,
}

/// The matrix.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matrix {
    /// The operations that some platform was asked about, which are its columns.
    pub operations: BTreeSet<Operation>,
    /// The platforms, in the order of the stack.
    pub rows: Vec<Row>,
}

impl Matrix {
    /// The matrix of an audit: each platform under its category's operations, and every platform under those
    /// of `also`.
    pub fn of(audit: &StackAudit, also: &BTreeSet<Operation>) -> Self {
        let rows: Vec<Row> = audit.platforms.iter().map(|platform| row(platform, also)).collect();
        let operations = rows.iter().flat_map(|row| row.cells.keys().cloned()).collect();
        Self { operations, rows }
    }

    /// How many cells stand in each state.
    pub fn counts(&self) -> BTreeMap<Cell, usize> {
        let mut counts = BTreeMap::new();
        for cell in self.rows.iter().flat_map(|row| row.cells.values()) {
            *counts.entry(*cell).or_default() += 1;
        }
        counts
    }
}

fn row(platform: &PlatformAudit, also: &BTreeSet<Operation>) -> Row {
    let mut wanted = also.clone();
    wanted.extend(platform.operations.iter().map(|audit| audit.operation.clone()));
    let seen_live = platform.audited.data_server().is_some();
    let standings = platform.standings(&wanted);
    Row {
        key: platform.key().to_owned(),
        name: platform.audited.name.clone(),
        category: platform.audited.platform.map(|platform| platform.category_slug().to_owned()),
        cells: standings
            .iter()
            .map(|(wanted, standing)| (wanted.clone(), Cell::of(standing, seen_live)))
            .collect(),
    }
}
