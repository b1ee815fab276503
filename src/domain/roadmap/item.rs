//! One piece of the plan.

use super::{Exit, Gap, PersonDays, capacity};
use crate::{finding::Severity, provenance::Provenance};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What kind of work an item is, in the order in which it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What is wanted, who decides and what is known.
    Strategy,
    /// How people and agents work.
    Process,
    /// What is recorded.
    Data,
    /// What does the work.
    Technology,
}

impl Kind {
    /// The kind's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Strategy => "strategy",
            Self::Process => "process",
            Self::Data => "data",
            Self::Technology => "technology",
        }
    }
}

/// One piece of the plan, before it has a date.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its key.
    pub id: String,
    /// What is done.
    pub title: String,
    /// What is there when it is done.
    pub deliverable: String,
    /// What kind of work it is.
    pub kind: Kind,
    /// The phase it belongs to; nothing for work that belongs to none.
    pub phase: Option<u8>,
    /// Who does it, as a role.
    pub owner_role: String,
    /// How much work it is.
    pub effort: PersonDays,
    /// Whether the effort was given, authored, or is unknown.
    pub effort_from: Provenance,
    /// The findings it closes, the gravest first.
    pub closes: Vec<Gap>,
    /// Findings that it keeps from coming back, and that other items close.
    pub eases: usize,
    /// What to do, in order, where that is known.
    pub steps: Vec<String>,
    /// What has to be done before.
    pub prerequisites: BTreeSet<String>,
    /// How to tell that it is done.
    pub exits: Vec<Exit>,
    /// Whether it lets an agent act.
    pub is_ai: bool,
    /// The workflows that wait for it.
    pub serves: BTreeSet<String>,
    /// Whether everything else waits for its answer.
    pub is_first: bool,
    /// Whether it belongs to a phase that the stage says has been passed.
    pub carried_over: bool,
}

impl Item {
    /// How much the gravest of its findings hinders; work without a finding stands between.
    pub(super) fn severity(&self) -> Severity {
        self.closes.iter().map(|gap| gap.severity).min().unwrap_or(Severity::Major)
    }

    pub(super) fn owner_key(&self) -> String {
        capacity::key(&self.owner_role)
    }
}

/// Days from the start of the plan, with every effort at its low and at its high end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// With every effort at its low end.
    pub earliest: u32,
    /// With every effort at its high end; nothing where an effort before it is unknown.
    pub latest: Option<u32>,
}

/// Whether an item is done before the horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// Even with every effort at its high end.
    Fits,
    /// With every effort at its low end only.
    MayFit,
    /// Not even then.
    DoesNotFit,
}

impl Fit {
    /// The fit's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::MayFit => "may_fit",
            Self::DoesNotFit => "does_not_fit",
        }
    }
}

/// When an item is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// The day it begins.
    pub start: Span,
    /// The first day after it.
    pub end: Span,
    /// Whether it is done before the horizon.
    pub fit: Fit,
}

/// An item with its dates.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// The item.
    pub item: Item,
    /// When it is done.
    pub timing: Timing,
}

impl std::ops::Deref for Planned {
    type Target = Item;

    fn deref(&self) -> &Item {
        &self.item
    }
}
