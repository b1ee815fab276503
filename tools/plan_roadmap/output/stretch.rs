//! The stretches of the plan, where it begins, and what roles give, as callers see them.

use super::IDS;
use crate::{page::fitting, wire::Provenance};
use revarch_domain::roadmap::{
    Block, Entry, Load, Period, PersonDays, PublishedPhase, Rate, published_phase,
};
use schemars::JsonSchema;
use serde::Serialize;

/// The phase in which the plan begins.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EntryOut {
    /// The phase it begins in, from 1 to 4; absent where no stage can be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<u8>,
    /// The phase it would begin in if every unknown turned out at its best.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_best: Option<u8>,
    /// Whether only one phase is possible.
    pub is_settled: bool,
    /// The maturity stages that are possible.
    pub stages: Vec<String>,
    /// The rule that leads there, or why there is none.
    pub reason: String,
    /// The ground of that rule; unknown where there is none.
    pub provenance: Provenance,
    /// What would settle it, the most telling first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub settled_by: Vec<String>,
}

/// Thirty days.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BlockOut {
    /// The days, such as "1-30".
    pub days: String,
    /// The first date.
    pub from: String,
    /// The last date.
    pub to: String,
    /// The items that begin in it at the earliest, as far as there is room to name them.
    pub starts: Vec<String>,
    /// How many these are.
    pub starts_total: usize,
}

/// A quarter.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PeriodOut {
    /// The months of the plan, such as "4-6".
    pub months: String,
    /// The phase; absent where no stage can be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<u8>,
    /// The first date.
    pub from: String,
    /// The last date, on which a new review tells what has been reached.
    pub review_on: String,
    /// The items that begin in it at the earliest, as far as there is room to name them.
    pub starts: Vec<String>,
    /// How many these are.
    pub starts_total: usize,
    /// What is published about this phase; absent where it has been told above or no phase is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<PublishedOut>,
}

/// What the guide claims of a phase.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PublishedOut {
    /// The phase's name.
    pub name: String,
    /// Its months, counted from a beginning in Phase 1.
    pub months: String,
    /// Its deliverables.
    pub deliverables: Vec<String>,
    /// What it adds of AI.
    pub ai: Vec<String>,
}

/// What a role has and what is asked of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LoadOut {
    /// The role.
    pub owner_role: String,
    /// Days that its people give each month.
    pub people_days_per_month: f64,
    /// Items it works on at once.
    pub parallel_items: u32,
    /// attested where it was given, authored where it is assumed.
    pub provenance: Provenance,
    /// Days it gives until the horizon.
    pub available_days: f64,
    /// Days that the plan asks for at least.
    pub needed_low_days: f64,
    /// Days that the plan asks for at most; absent where an effort is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needed_high_days: Option<f64>,
}

pub(super) fn entry(entry: Option<&Entry>, settle: &[String]) -> EntryOut {
    let Some(Entry { lowest, highest, stages, reason, provenance }) = entry else {
        return EntryOut {
            phase: None,
            at_best: None,
            is_settled: false,
            stages: Vec::new(),
            reason: "too little is known to name a stage, so no phase is entered and only what was measured is planned"
                .to_owned(),
            provenance: Provenance::Unknown,
            settled_by: settle.to_vec(),
        };
    };
    EntryOut {
        phase: Some(*lowest),
        at_best: Some(*highest),
        is_settled: lowest == highest,
        stages: stages.clone(),
        reason: reason.clone(),
        provenance: Provenance::of(*provenance),
        settled_by: settle.to_vec(),
    }
}

pub(super) fn block(block: Block) -> BlockOut {
    let Block { first_day, last_day, from, to, starts } = block;
    BlockOut {
        days: format!("{first_day}-{last_day}"),
        from: from.to_string(),
        to: to.to_string(),
        starts_total: starts.len(),
        starts: fitting(starts, IDS),
    }
}

pub(super) fn period(period: Period) -> PeriodOut {
    let Period { first_month, last_month, phase, from, to, starts, is_first_of_phase, .. } = period;
    let published = phase.filter(|_| is_first_of_phase).and_then(published_phase);
    PeriodOut {
        months: format!("{first_month}-{last_month}"),
        phase,
        from: from.to_string(),
        review_on: to.to_string(),
        starts_total: starts.len(),
        starts: fitting(starts, IDS),
        published: published.map(|published| {
            let PublishedPhase { phase: _, name, months, deliverables, ai } = published;
            PublishedOut { name, months, deliverables, ai }
        }),
    }
}

pub(super) fn load(load: Load) -> LoadOut {
    let Load { owner_role, rate, available, needed } = load;
    let Rate { days_per_month, parallel_items, provenance } = rate;
    let PersonDays { low, high } = needed;
    let rounded = |days: f64| (days * 10.0).round() / 10.0;
    LoadOut {
        owner_role,
        people_days_per_month: days_per_month,
        parallel_items,
        provenance: Provenance::of(provenance),
        available_days: rounded(available),
        needed_low_days: rounded(low),
        needed_high_days: high.map(rounded),
    }
}
