//! The stretches of the plan: three blocks of 30 days, and quarters with the phase that each is.

use super::{Situation, item::Planned};
use jiff::{ToSpan, civil::Date};

/// The number of phases.
pub(super) const PHASES: u8 = 4;
/// Months that a phase takes, by the published plan.
const MONTHS: u32 = 3;
/// The days of a block.
const BLOCK: u32 = 30;
/// The blocks of the first 90 days.
const BLOCKS: u32 = 3;

/// Thirty days of the first ninety.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its first day, from 1.
    pub first_day: u32,
    /// Its last day.
    pub last_day: u32,
    /// Its first date.
    pub from: Date,
    /// Its last date.
    pub to: Date,
    /// The items that begin in it at the earliest.
    pub starts: Vec<String>,
}

/// Three months.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its first month, from 1.
    pub first_month: u32,
    /// Its last month.
    pub last_month: u32,
    /// The phase; nothing where the stage is not known.
    pub phase: Option<u8>,
    /// Whether it is the first quarter of its phase.
    pub is_first_of_phase: bool,
    /// Its first date.
    pub from: Date,
    /// Its last date.
    pub to: Date,
    /// The items that begin in it at the earliest.
    pub starts: Vec<String>,
    /// Its first day, counted from the start of the plan.
    pub(super) first_day: u32,
    /// The first day after it.
    pub(super) end_day: u32,
}

/// The quarters until the horizon. The first is the phase of entry, and the last phase goes on until the end.
/// Nothing where the dates leave the calendar.
pub(super) fn periods(start: Date, months: u32, situation: &Situation) -> Option<Vec<Period>> {
    let entered = situation.entry.as_ref().map(|entry| entry.lowest);
    let mut periods = Vec::new();
    let mut first = 0;
    while first < months {
        let after = (first + MONTHS).min(months);
        let from = start.checked_add(i64::from(first).months()).ok()?;
        let end = start.checked_add(i64::from(after).months()).ok()?;
        let phase = entered.map(|entered| {
            let passed = u8::try_from(periods.len()).unwrap_or(PHASES);
            entered.saturating_add(passed).min(PHASES)
        });
        periods.push(Period {
            first_month: first + 1,
            last_month: after,
            phase,
            is_first_of_phase: periods.last().is_none_or(|before: &Period| before.phase != phase),
            from,
            to: end.yesterday().ok()?,
            starts: Vec::new(),
            first_day: days_between(start, from)?,
            end_day: days_between(start, end)?,
        });
        first = after;
    }
    Some(periods)
}

fn days_between(from: Date, to: Date) -> Option<u32> {
    u32::try_from(from.until(to).ok()?.get_days()).ok()
}

/// The first day on which work of a phase may begin: that of the first quarter of this phase or a later one.
pub(super) fn begins(phase: Option<u8>, periods: &[Period]) -> u32 {
    let Some(phase) = phase else { return 0 };
    let reached = periods.iter().find(|period| period.phase.is_none_or(|known| known >= phase));
    reached.or(periods.last()).map_or(0, |period| period.first_day)
}

/// Enters each item where it begins at the earliest.
pub(super) fn enter(items: &[Planned], periods: &mut [Period], start: Date) -> Option<Vec<Block>> {
    for item in items {
        let day = item.timing.start.earliest;
        let here = periods.iter_mut().find(|period| (period.first_day..period.end_day).contains(&day));
        if let Some(period) = here {
            period.starts.push(item.id.clone());
        }
    }
    let blocks = (0..BLOCKS).map(|block| {
        let (first, end) = (block * BLOCK, (block + 1) * BLOCK);
        let within = items.iter().filter(|item| (first..end).contains(&item.timing.start.earliest));
        Some(Block {
            first_day: first + 1,
            last_day: end,
            from: day(start, first)?,
            to: day(start, end - 1)?,
            starts: within.map(|item| item.id.clone()).collect(),
        })
    });
    blocks.collect()
}

/// The date of a day of the plan; nothing where it leaves the calendar.
pub(super) fn day(start: Date, day: u32) -> Option<Date> {
    start.checked_add(i64::from(day).days()).ok()
}
