//! Where the roadmap is entered.

use super::{
    gate::{End, reached},
    lens::{EntryRule, Lens},
    sheet::Sheet,
};
use crate::provenance::Provenance;

/// A phase's number and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    /// The number, from 1.
    pub number: u8,
    /// The name.
    pub name: String,
}

/// The phase, or the phases, with which the roadmap may begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPhase {
    /// The phase if every unknown turned out at its worst.
    pub lowest: Phase,
    /// The phase if every unknown turned out at its best.
    pub highest: Phase,
    /// The rule that leads there.
    pub reason: String,
    /// Whether that rule is published or authored; authored where any part of it is.
    pub provenance: Provenance,
}

pub(super) fn entry(lens: &Lens, sheet: &Sheet) -> Option<EntryPhase> {
    let low = rule(lens, sheet, |ends| ends.low)?;
    let high = rule(lens, sheet, |ends| ends.high)?;
    let reason = if low.number == high.number {
        low.reason.clone()
    } else {
        format!("At the lower bounds: {} At the upper bounds: {}", low.reason, high.reason)
    };
    let phase = |rule: &EntryRule| Phase { number: rule.number, name: rule.name.clone() };
    let provenance = low.provenance.max(high.provenance);
    Some(EntryPhase { lowest: phase(low), highest: phase(high), reason, provenance })
}

/// The last phase whose stage has been reached and whose further conditions hold at one end.
fn rule<'a>(lens: &'a Lens, sheet: &Sheet, end: End) -> Option<&'a EntryRule> {
    let stage = lens.stages.get(reached(lens, sheet, end))?.number;
    lens.entry_phases.iter().rev().find(|rule| {
        let holds = rule.requires.iter().all(|gate| end(sheet.target(lens, gate)) >= gate.at_least);
        rule.stage <= stage && holds
    })
}
