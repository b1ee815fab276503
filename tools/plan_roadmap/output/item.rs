//! One item of the plan, as callers see it.

use crate::wire::{Provenance, one_line};
use jiff::{ToSpan, civil::Date};
use revarch_domain::roadmap::{Exit, Gap, Item, PersonDays, Planned, Reading, Span, Timing};
use schemars::JsonSchema;
use serde::Serialize;

/// Findings told of one item in the concise form.
const FINDINGS: usize = 6;

/// One item.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ItemOut {
    /// Its id, by which `done` and `items` name it.
    pub id: String,
    /// What is done.
    pub title: String,
    /// What is there when it is done; absent for items of your own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deliverable: Option<String>,
    /// strategy, process, data or technology.
    pub kind: String,
    /// Who does it, as a role.
    pub owner_role: String,
    /// The work it takes.
    pub effort: EffortOut,
    /// The first day, when every effort turns out at its low end.
    pub earliest_start: String,
    /// The last day, when every effort turns out at its low end.
    pub earliest_end: String,
    /// The last day, when every effort turns out at its high end; absent where an effort before it is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_end: Option<String>,
    /// fits, `may_fit` or `does_not_fit` before the horizon.
    pub fit: String,
    /// Ids of items that have to be done before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prerequisites: Vec<String>,
    /// The findings it closes, the gravest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub closes: Vec<ClosedOut>,
    /// How many findings it closes, of which the concise form shows the first.
    pub closes_total: usize,
    /// How many findings it keeps from coming back while other items close them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eases: Option<usize>,
    /// The agentic workflows that wait for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub workflows: Vec<String>,
    /// How to tell that it is done; empty for items of your own.
    pub exit_measures: Vec<ExitOut>,
    /// What to do first (detailed; always for what settles the stage).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<String>,
    /// True where it lets an agent act.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ai: bool,
    /// True where the stage says that it is behind you, and a measurement says that it is not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub carried_over: bool,
}

/// Work in days of one person.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EffortOut {
    /// The least it takes.
    pub low_days: f64,
    /// The most it takes; absent where nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high_days: Option<f64>,
    /// attested where it was given, authored where it is revarch's estimate, unknown where nobody knows.
    pub provenance: Provenance,
}

/// A finding that an item closes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ClosedOut {
    /// The finding's key.
    pub finding: String,
    /// What was found, with its numbers.
    pub found: String,
}

/// A number that tells that an item is done.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExitOut {
    /// The tool to call again.
    pub tool: String,
    /// The number in its result.
    pub measure: String,
    /// The number when the plan was made; absent where it is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<ReadingOut>,
    /// `at_least` or `at_most`.
    pub has_to_be: String,
    /// What it has to reach.
    pub to: f64,
    /// Whose the number to be reached is.
    pub provenance: Provenance,
}

/// The bounds of a number, equal where it is known for certain.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReadingOut {
    /// The least it can be.
    pub low: f64,
    /// The most it can be.
    pub high: f64,
    /// The ground it stands on.
    pub provenance: Provenance,
}

pub(super) fn wire(planned: Planned, begin: Date, detailed: bool) -> ItemOut {
    let Planned { item, timing } = planned;
    let Timing { start, end, fit } = timing;
    let Item {
        id,
        title,
        deliverable,
        kind,
        phase: _,
        owner_role,
        effort,
        effort_from,
        closes,
        eases,
        steps,
        prerequisites,
        exits,
        is_ai,
        serves,
        is_first,
        carried_over,
    } = item;
    let PersonDays { low, high } = effort;
    let Span { earliest, latest } = end;
    let closes_total = closes.len();
    let shown = if detailed { closes_total } else { FINDINGS };
    let length = if detailed { 300 } else { 120 };
    ItemOut {
        id,
        deliverable: (deliverable != title).then_some(deliverable),
        title,
        kind: kind.name().to_owned(),
        owner_role,
        effort: EffortOut { low_days: low, high_days: high, provenance: Provenance::of(effort_from) },
        earliest_start: date(begin, start.earliest),
        earliest_end: date(begin, earliest.saturating_sub(1)),
        latest_end: latest.map(|day| date(begin, day.saturating_sub(1))),
        fit: fit.name().to_owned(),
        prerequisites: prerequisites.into_iter().collect(),
        closes: closes.into_iter().take(shown).map(|gap| closed(gap, length)).collect(),
        closes_total,
        eases: (eases > 0).then_some(eases),
        workflows: serves.into_iter().collect(),
        exit_measures: exits.into_iter().map(exit).collect(),
        steps: if detailed || is_first {
            steps.iter().map(|step| one_line(step, 300)).collect()
        } else {
            Vec::new()
        },
        ai: is_ai,
        carried_over,
    }
}

/// A day of the plan; a day that no calendar has is told as such.
pub(in super::super) fn date(begin: Date, day: u32) -> String {
    begin
        .checked_add(i64::from(day).days())
        .map_or_else(|_| "beyond the calendar".to_owned(), |date| date.to_string())
}

fn closed(gap: Gap, length: usize) -> ClosedOut {
    let Gap { id, severity: _, found, step: _ } = gap;
    ClosedOut { finding: one_line(&id, 200), found: one_line(&found, length) }
}

fn exit(exit: Exit) -> ExitOut {
    let Exit { tool, measure, from, to, is_at_most, provenance } = exit;
    let from = from.map(|Reading { low, high, provenance }| ReadingOut {
        low,
        high,
        provenance: Provenance::of(provenance),
    });
    let has_to_be = if is_at_most { "at_most" } else { "at_least" };
    ExitOut {
        tool,
        measure,
        from,
        has_to_be: has_to_be.to_owned(),
        to,
        provenance: Provenance::of(provenance),
    }
}
