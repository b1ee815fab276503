//! The result of `plan_roadmap`.

mod item;
mod stretch;

pub(super) use item::date;

use super::known::{From, Known};
use crate::{
    ToolError,
    page::{Window, fitting},
    wire::{ContradictionOut, Provenance, one_line},
};
use item::ItemOut;
use revarch_domain::{
    knowledge::{Entry, Source, knowledge},
    roadmap::{self, Fit, Roadmap},
};
use schemars::JsonSchema;
use serde::Serialize;
use stretch::{BlockOut, EntryOut, LoadOut, PeriodOut};

/// What a list beside the items may take, in tokens; how long it is stands beside it or in the items.
const LIST: usize = 1_000;
/// What a list of ids may take, in tokens.
const IDS: usize = 300;

/// The roadmap.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Output {
    /// The plan in two sentences.
    pub summary: String,
    /// The first day.
    pub start: String,
    /// The last day of the horizon.
    pub end: String,
    /// The phase in which the plan begins, and why.
    pub entry: EntryOut,
    /// The first 90 days by 30: which items begin in each at the earliest.
    pub first_90_days: Vec<BlockOut>,
    /// The quarters until the horizon, each with its phase and the published claims about that phase.
    pub phases: Vec<PeriodOut>,
    /// What each owner role has, and what the plan asks of it; the role that is shortest comes first.
    pub capacity: Vec<LoadOut>,
    /// Items that end after the horizon even with every effort at its low end.
    pub does_not_fit: Vec<String>,
    /// Items that end within the horizon only with efforts at their low end, or whose effort nobody knows.
    pub may_not_fit: Vec<String>,
    /// Findings and workflows that nothing in the plan sees to in time.
    pub not_planned: Vec<NotPlannedOut>,
    /// How many there are, of which the list shows the first.
    pub not_planned_total: usize,
    /// Deliverables that the stage, or a measurement, takes to be there already.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taken_as_done: Vec<String>,
    /// Open findings that the plan was made from. What workflows wait for and nobody has measured comes on top.
    pub findings_total: usize,
    /// What a reader should know of how the plan came about.
    pub notes: Vec<String>,
    /// Where the data's part comes from.
    pub data_from: String,
    /// Where the stack's part comes from.
    pub stack_from: String,
    /// Where the stage comes from.
    pub maturity_from: String,
    /// What is published about roadmaps: claims of their sources, which decide nothing here.
    pub published: Vec<ClaimOut>,
    /// Where these sources contradict themselves, and what this plan does about it.
    pub contradictions: Vec<ContradictionOut>,
    /// How many items the plan has.
    pub items_total: usize,
    /// The items, in the order in which they begin at the earliest.
    pub items: Vec<ItemOut>,
    /// The cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// A finding or workflow that is not planned.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NotPlannedOut {
    /// The finding's key, or the item's id.
    pub what: String,
    /// Why.
    pub reason: String,
}

/// A published claim.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ClaimOut {
    /// Its key.
    pub id: String,
    /// What is claimed.
    pub states: String,
    /// Whose claim it is.
    pub source: String,
    /// Always published.
    pub provenance: Provenance,
}

pub(super) fn wire(plan: Roadmap, known: Known, detailed: bool, from: usize) -> Result<Output, ToolError> {
    let summary = super::text::summary(&plan);
    let Roadmap { start, end, blocks, periods, items, not_planned, taken_as_done, loads, notes } = plan;
    let Known { situation, data: _, access: _, from: sources, unresolved } = known;
    let From { data, stack, maturity } = sources;
    let of_fit = |fit: Fit| -> Vec<String> {
        let ids = items.iter().filter(|item| item.timing.fit == fit).map(|item| item.id.clone());
        fitting(ids.collect(), LIST)
    };
    let mut notes = notes;
    if !unresolved.is_empty() {
        notes.push(one_line(&format!("not in the catalog, so unknown: {}", unresolved.join(", ")), 400));
    }
    let mut output = Output {
        summary,
        start: start.to_string(),
        end: end.to_string(),
        entry: stretch::entry(situation.entry.as_ref(), &situation.settle),
        first_90_days: blocks.into_iter().map(stretch::block).collect(),
        phases: periods.into_iter().map(stretch::period).collect(),
        capacity: fitting(loads.into_iter().map(stretch::load).collect(), LIST),
        does_not_fit: of_fit(Fit::DoesNotFit),
        may_not_fit: of_fit(Fit::MayFit),
        not_planned_total: not_planned.len(),
        not_planned: fitting(not_planned.into_iter().map(left_out).collect(), LIST),
        taken_as_done,
        findings_total: situation.gaps.len(),
        notes,
        data_from: data,
        stack_from: stack,
        maturity_from: maturity,
        published: roadmap::published_claims().map(claim).collect(),
        contradictions: roadmap::contradictions().map(ContradictionOut::of).collect(),
        items_total: items.len(),
        items: Vec::new(),
        next_cursor: None,
    };
    let items: Vec<ItemOut> = items.into_iter().map(|one| item::wire(one, start, detailed)).collect();
    let mut window = Window::beside(&output, from, usize::MAX);
    output.items = window.of(items);
    window.check("items")?;
    output.next_cursor = window.next();
    Ok(output)
}

fn left_out(one: roadmap::NotPlanned) -> NotPlannedOut {
    let roadmap::NotPlanned { what, reason } = one;
    NotPlannedOut { what: one_line(&what, 200), reason: one_line(&reason, 300) }
}

fn claim(entry: &Entry) -> ClaimOut {
    let Entry { id, statement, figures, .. } = entry;
    let said = std::iter::once(statement.clone()).chain(figures.iter().map(ToString::to_string));
    let served = knowledge().served(entry);
    ClaimOut {
        id: id.clone(),
        states: said.collect::<Vec<_>>().join("; "),
        source: served.from.map(Source::line).unwrap_or_default(),
        provenance: Provenance::of(served.provenance),
    }
}
