//! The roadmap, put together.

use super::{
    Block, Capacity, Deliverables, Fit, Load, OwnItem, Period, RoadmapError, Situation, capacity, draft,
    item::Planned,
    notes::{self, Notes},
    order, own, periods, schedule,
};
use crate::{readiness::Thresholds, workflow::Plan};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// The fewest months that a roadmap looks ahead: its first 90 days.
pub(super) const FEWEST_MONTHS: u32 = 3;
/// The most months that a roadmap looks ahead.
pub(super) const MOST_MONTHS: u32 = 36;

/// What a roadmap is made from.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What was measured, and the stage.
    pub situation: &'a Situation,
    /// The agentic workflows; nothing where agents are left out of the plan.
    pub workflows: Option<&'a Plan>,
    /// What closes which finding.
    pub deliverables: &'a Deliverables,
    /// What readiness is held against.
    pub thresholds: &'a Thresholds,
    /// Items that somebody brings.
    pub own: &'a [OwnItem],
    /// The keys of what is said to be done.
    pub done: &'a BTreeSet<String>,
    /// What each role gives.
    pub capacity: &'a Capacity,
    /// The first day.
    pub start: Date,
    /// How many months the plan looks ahead.
    pub months: u32,
}

/// A finding or a workflow that nothing in the plan sees to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotPlanned {
    /// The key of the finding or item.
    pub what: String,
    /// Why.
    pub reason: String,
}

/// The roadmap.
#[derive(Clone, Debug, PartialEq)]
pub struct Roadmap {
    /// The first day.
    pub start: Date,
    /// The last day of the horizon.
    pub end: Date,
    /// The first 90 days.
    pub blocks: Vec<Block>,
    /// The quarters until the horizon.
    pub periods: Vec<Period>,
    /// The items, in the order in which they begin at the earliest.
    pub items: Vec<Planned>,
    /// What nothing in the plan sees to.
    pub not_planned: Vec<NotPlanned>,
    /// Deliverables that the stage or a measurement takes to be there.
    pub taken_as_done: Vec<String>,
    /// What each role has and what is asked of it.
    pub loads: Vec<Load>,
    /// What a reader should know of how the plan came about.
    pub notes: Vec<String>,
}

/// Makes the roadmap.
pub fn roadmap(asked: &Asked<'_>) -> Result<Roadmap, RoadmapError> {
    let Asked { situation, capacity, start, months, .. } = *asked;
    if !(FEWEST_MONTHS..=MOST_MONTHS).contains(&months) {
        return Err(RoadmapError::Horizon(months));
    }
    let off_calendar = || RoadmapError::Calendar(start);
    let mut periods = periods::periods(start, months, situation).ok_or_else(off_calendar)?;
    let horizon = periods.last().map_or(0, |period| period.end_day);
    let mut notes = Notes::default();
    let mut draft = draft::draft(asked);
    own::add(&mut draft, asked, &mut notes)?;
    let draft::Draft { items, mut not_planned, taken_as_done } = draft;

    let begins = |item: &super::Item| periods::begins(item.phase, &periods);
    let order = order::order(&items, begins).map_err(RoadmapError::Circle)?;
    let mut items = schedule::schedule(items, &order, capacity, horizon, begins);
    items.sort_by_key(|item| (item.timing.start.earliest, !item.is_first, item.timing.end.earliest));
    let blocks = periods::enter(&items, &mut periods, start).ok_or_else(off_calendar)?;
    for item in items.iter().filter(|item| item.timing.fit == Fit::DoesNotFit) {
        let reason = format!("`{}` ends after the horizon, even with every effort at its low end", item.id);
        not_planned.extend(
            item.closes.iter().map(|gap| NotPlanned { what: gap.id.clone(), reason: reason.clone() }),
        );
    }
    notes::note(asked, &items, &mut notes);
    Ok(Roadmap {
        start,
        end: periods.last().map_or(start, |period| period.to),
        loads: capacity::loads(&items, capacity, horizon),
        blocks,
        periods,
        items,
        not_planned,
        taken_as_done,
        notes: notes.told(),
    })
}
