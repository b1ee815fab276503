//! Gaps and the matrix as callers see them.

use revarch_domain::coverage::{
    audit::StackAudit,
    decision::{Action, Effort},
    gap::{Demand, Gap, Route},
    matrix::{Cell, Matrix},
    taxonomy::Operation,
};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Operations of a gap, and platforms of a line, that a concise result names.
const NAMED: usize = 6;

/// What one platform lacks, or what nobody knows of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct GapOut {
    /// The platform.
    pub platform: String,
    /// Whether the lack is known. Where it is false the operations are unknown, and finding out comes first.
    pub known: bool,
    /// The operations.
    pub operations: Vec<String>,
    /// Operations left out here; a detailed result has all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operations_left_out: Option<usize>,
    /// Workflows that need one of them and get it, as far as is known or claimed, from no other platform.
    pub blocks: Vec<String>,
    /// Workflows that need one of them and may get it elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub touches: Vec<String>,
    /// The way to go: `native`, `community`, `wrap`, `integration_layer`, `replace`, or `undecided` until more is
    /// known. `ways` says what each takes.
    pub route: String,
    /// Why this way.
    pub reasons: Vec<String>,
    /// How much work it is, by revarch's own classes: `hours`, `days`, `weeks` or `quarter`.
    pub effort: String,
    /// What would settle what is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_evidence: Option<String>,
}

/// What a way takes.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Way {
    /// The way.
    pub route: String,
    /// The step.
    pub step: String,
    /// How much work it is.
    pub effort: String,
    /// What has to be there before one begins.
    pub prerequisites: Vec<String>,
}

/// One operation that workflows ask for, over the platforms that may offer it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Line {
    /// The operation.
    pub operation: String,
    /// Platforms whose list shows it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub verified_live: Vec<String>,
    /// Platforms of which a published source says so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claimed: Vec<String>,
    /// Platforms known not to offer it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<String>,
    /// Platforms of which nobody knows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

/// The cells of the whole matrix of platforms and operations, counted.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Cells {
    /// Shown by a list of tools.
    pub verified_live: usize,
    /// Claimed by a published source.
    pub claimed: usize,
    /// Known not to be there.
    pub absent: usize,
    /// Not known.
    pub unknown: usize,
}

pub(super) fn cells(audit: &StackAudit) -> Cells {
    let counts = Matrix::of(audit, &BTreeSet::new()).counts();
    let count = |cell: Cell| counts.get(&cell).copied().unwrap_or(0);
    Cells {
        verified_live: count(Cell::VerifiedLive),
        claimed: count(Cell::Claimed),
        absent: count(Cell::Absent),
        unknown: count(Cell::Unknown),
    }
}

/// The operations that workflows ask for, those that least platforms are known to offer first.
pub(super) fn lines(audit: &StackAudit, demands: &[Demand], detailed: bool) -> Vec<Line> {
    let mut asked: BTreeMap<&Operation, BTreeSet<&str>> = BTreeMap::new();
    for demand in demands {
        for operation in &demand.any_of {
            asked.entry(operation).or_default().extend(demand.categories.iter().map(String::as_str));
        }
    }
    let matrix = Matrix::of(audit, &asked.keys().map(|operation| (*operation).clone()).collect());
    let most = if detailed { usize::MAX } else { NAMED };
    let mut lines: Vec<(usize, Line)> = asked
        .into_iter()
        .filter_map(|(operation, categories)| {
            let rows = matrix
                .rows
                .iter()
                .filter(|row| row.category.as_deref().is_some_and(|category| categories.contains(category)));
            let rows: Vec<_> = rows.collect();
            let with = |cell: Cell| {
                let names = rows.iter().filter(|row| row.cells.get(operation) == Some(&cell));
                names.map(|row| row.name.clone()).collect::<Vec<String>>()
            };
            let (verified, claimed) = (with(Cell::VerifiedLive), with(Cell::Claimed));
            let found = verified.len() * 2 + claimed.len();
            let line = Line {
                operation: operation.to_string(),
                verified_live: some_of(verified, most),
                claimed: some_of(claimed, most),
                absent: some_of(with(Cell::Absent), most),
                unknown: some_of(with(Cell::Unknown), most),
            };
            (!rows.is_empty()).then_some((found, line))
        })
        .collect();
    lines.sort_by(|(one, a), (other, b)| one.cmp(other).then_with(|| a.operation.cmp(&b.operation)));
    lines.into_iter().map(|(_, line)| line).collect()
}

fn some_of(mut names: Vec<String>, most: usize) -> Vec<String> {
    let more = names.len().saturating_sub(most);
    names.truncate(most);
    names.extend((more > 0).then(|| format!("and {more} more")));
    names
}

pub(super) fn gap(gap: Gap, detailed: bool) -> GapOut {
    let Gap {
        key: _,
        platform,
        is_known,
        operations,
        blocks,
        touches,
        route,
        step: _,
        mut reasons,
        effort,
        prerequisites: _,
        next_evidence,
    } = gap;
    let mut operations: Vec<String> = operations.iter().map(ToString::to_string).collect();
    let mut left_out = 0;
    if !detailed {
        left_out = operations.len().saturating_sub(NAMED);
        operations.truncate(NAMED);
        reasons.truncate(1);
    }
    GapOut {
        platform,
        known: is_known,
        operations,
        operations_left_out: (left_out > 0).then_some(left_out),
        blocks: blocks.into_iter().collect(),
        touches: touches.into_iter().collect(),
        route: route.name().to_owned(),
        reasons,
        effort: effort.name().to_owned(),
        next_evidence,
    }
}

/// What the ways take that these gaps name, each told once.
pub(super) fn ways(gaps: &[Gap]) -> Vec<Way> {
    let mut ways: BTreeMap<Route, Way> = BTreeMap::new();
    for gap in gaps {
        ways.entry(gap.route).or_insert_with(|| Way {
            route: gap.route.name().to_owned(),
            step: gap.step.to_owned(),
            effort: Effort::name(gap.effort).to_owned(),
            prerequisites: gap.prerequisites.iter().map(|text| (*text).to_owned()).collect(),
        });
    }
    ways.into_values().collect()
}

/// The share of the stack that decisions would have somebody build.
pub(super) fn build_share(decisions: &BTreeMap<Action, u64>, platforms: usize) -> f64 {
    let built = decisions.get(&Action::WrapApi).copied().unwrap_or(0);
    if platforms == 0 { 0.0 } else { built as f64 / platforms as f64 }
}
