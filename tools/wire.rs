//! Shapes that several tools share in their results: findings and measures.
//!
//! They are made from the domain's types by exhaustive destructuring, so a field added to the domain does
//! not compile until someone decides whether callers see it.

use revarch_domain::{finding, knowledge::Contradiction, measure, proportion, provenance, verdict};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much of a result to give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResponseFormat {
    // Plain comments, since every tool's schema would repeat what the two words say already.
    // What an agent needs to go on.
    #[default]
    Concise,
    // Everything.
    Detailed,
}

/// The ground a number or statement stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// Computed from data that was read.
    Measured,
    /// Said by a person.
    Attested,
    /// Claimed by a published source.
    Published,
    /// A rule of revarch's own.
    Authored,
    /// Nothing is known.
    Unknown,
}

impl Provenance {
    pub(crate) fn of(provenance: provenance::Provenance) -> Self {
        match provenance {
            provenance::Provenance::Measured => Self::Measured,
            provenance::Provenance::Attested => Self::Attested,
            provenance::Provenance::Published => Self::Published,
            provenance::Provenance::Authored => Self::Authored,
            provenance::Provenance::Unknown => Self::Unknown,
        }
    }
}

/// What the evidence says. Unknown is neither a pass nor a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The evidence clears the threshold, interval included.
    Ready,
    /// The evidence misses the threshold, interval included.
    NotReady,
    /// The threshold lies within the interval.
    Inconclusive,
    /// There is no evidence.
    Unknown,
}

impl Verdict {
    pub(crate) fn of(verdict: verdict::Verdict) -> Self {
        match verdict {
            verdict::Verdict::Ready => Self::Ready,
            verdict::Verdict::NotReady => Self::NotReady,
            verdict::Verdict::Inconclusive => Self::Inconclusive,
            verdict::Verdict::Unknown => Self::Unknown,
        }
    }
}

/// How much a finding hinders an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// An agent that relies on this acts wrongly or cannot act.
    Blocker,
    /// An agent can act, and part of what it does will be wrong.
    Major,
    /// Worth mending; no action depends on it.
    Minor,
}

impl Severity {
    pub(crate) fn of(severity: finding::Severity) -> Self {
        match severity {
            finding::Severity::Blocker => Self::Blocker,
            finding::Severity::Major => Self::Major,
            finding::Severity::Minor => Self::Minor,
        }
    }
}

/// One thing found wrong, with its remedy.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Finding {
    /// A stable key, equal across runs, such as `fill.contacts.email`.
    pub id: String,
    /// How much it hinders an agent.
    pub severity: Severity,
    /// The kind of record it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// The table or platform it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The column or operation it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What was found, with its numbers.
    pub what_found: String,
    /// Why an agent is hindered by it.
    pub why_it_blocks: String,
    /// The steps that mend it, in order.
    pub fix: Vec<String>,
    /// Rows affected, where rows are what is counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affected_rows: Option<u64>,
    /// Rows looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scanned_rows: Option<u64>,
    /// The query that counts the affected rows, in plain SQL (detailed).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence_query: Option<String>,
    /// Who owns the remedy, as a role.
    pub owner_role: String,
    /// How to tell that it is mended.
    pub retest: String,
    /// The ground it stands on.
    pub provenance: Provenance,
}

impl Finding {
    /// The finding without its query, for results that have to be short.
    pub(crate) fn brief(finding: finding::Finding) -> Self {
        Self { evidence_query: None, ..Self::of(finding) }
    }

    pub(crate) fn of(finding: finding::Finding) -> Self {
        let finding::Finding {
            id,
            severity,
            subject,
            what_found,
            why_it_blocks,
            fix,
            affected_rows,
            scanned_rows,
            evidence_query,
            owner_role,
            retest,
            provenance,
        } = finding;
        let finding::Subject { entity, table, column } = subject;
        Self {
            id,
            severity: Severity::of(severity),
            entity: entity.map(|entity| entity.name().to_owned()),
            table,
            column,
            what_found,
            why_it_blocks,
            fix,
            affected_rows,
            scanned_rows,
            evidence_query,
            owner_role,
            retest,
            provenance: Provenance::of(provenance),
        }
    }
}

/// A closed interval.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    pub(crate) fn of(interval: proportion::Interval) -> Self {
        let proportion::Interval { low, high } = interval;
        Self { low, high }
    }
}

/// A measured number. It may be handed to `assess_maturity` as evidence just as it stands.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[expect(clippy::struct_field_names, reason = "assess_maturity takes evidence under the same names")]
pub struct Measure {
    /// The measure's name, such as `any_mcp_share`.
    pub measure: String,
    /// The value.
    pub value: f64,
    /// The lower end of its interval: 95% for an estimate, or the least that the unknowns leave possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The upper end of its interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// Whether revarch counted it (measured) or somebody handed the count in (attested).
    pub provenance: Provenance,
}

impl Measure {
    pub(crate) fn of(measure: measure::Measure) -> Self {
        let measure::Measure { id, value, interval, provenance } = measure;
        let interval = interval.map(Interval::of);
        Self {
            measure: id.name().to_owned(),
            value,
            low: interval.map(|interval| interval.low),
            high: interval.map(|interval| interval.high),
            provenance: Provenance::of(provenance),
        }
    }
}

/// A text from outside on one line, as long as a reader can use.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let line: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    match line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
/// A place where published sources contradict themselves or each other.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ContradictionOut {
    /// Its key, by which `fetch` tells more.
    pub id: String,
    /// What does not fit together.
    pub says: String,
    /// How it is read here; this is a rule of revarch's own.
    pub reading: String,
}

impl ContradictionOut {
    pub(crate) fn of(contradiction: &Contradiction) -> Self {
        let Contradiction { id, title: _, statement, reading, entries: _ } = contradiction.clone();
        Self { id, says: statement, reading }
    }
}
