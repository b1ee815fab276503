//! The stack in a few numbers, and the one thing that holds it back most.

use super::{PlatformAudit, is_native};
use crate::{
    coverage::{catalog::Status, evidence::Standing},
    measure::{Measure, MeasureId},
    proportion::Interval,
};
use std::cmp::Reverse;

/// How core operations stand, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Named by a list or document.
    pub evidenced: u64,
    /// Following from what is named.
    pub implied: u64,
    /// Not to be told.
    pub unknown: u64,
    /// Not in a whole list.
    pub missing: u64,
}

impl Counts {
    pub(super) fn add(&mut self, standing: &Standing) {
        match standing {
            Standing::Evidenced => self.evidenced += 1,
            Standing::Implied { .. } => self.implied += 1,
            Standing::Unknown { .. } => self.unknown += 1,
            Standing::Missing => self.missing += 1,
        }
    }

    /// All of them.
    pub const fn total(self) -> u64 {
        self.evidenced + self.implied + self.unknown + self.missing
    }

    const fn uncovered(self) -> u64 {
        self.unknown + self.missing
    }
}

/// A measure and how many of the things it counts are unknown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// The measure over what is known, with the bounds that the unknowns leave; none when nothing is known.
    pub measure: Option<Measure>,
    /// What it measures.
    pub id: MeasureId,
    /// Things that count for it.
    pub hits: u64,
    /// Things known.
    pub known: u64,
    /// Things not known.
    pub unknown: u64,
}

/// What holds the stack back most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// The platform.
    pub platform: String,
    /// What is wrong.
    pub what: String,
    /// Its core operations that an agent cannot rely on.
    pub core_operations: u64,
    /// The next step.
    pub next_step: String,
}

pub(super) fn summaries(platforms: &[PlatformAudit]) -> Vec<Summary> {
    let mut native = (0, 0, 0);
    let mut any = (0, 0, 0);
    let mut core = Counts::default();
    for audit in platforms {
        match audit.status {
            Status::Unknown => native.2 += 1,
            status => {
                native.0 += u64::from(is_native(status));
                native.1 += 1;
            }
        }
        match audit.is_reachable {
            None => any.2 += 1,
            Some(reachable) => {
                any.0 += u64::from(reachable);
                any.1 += 1;
            }
        }
        let Counts { evidenced, implied, unknown, missing } = audit.core();
        core.evidenced += evidenced;
        core.implied += implied;
        core.unknown += unknown;
        core.missing += missing;
    }
    let summary = |id: MeasureId, (hits, known, unknown): (u64, u64, u64), doubtful: u64| {
        let all = (known + unknown) as f64;
        let measure = (known > 0).then(|| Measure {
            interval: Some(Interval {
                low: (hits - doubtful) as f64 / all,
                high: (hits + unknown) as f64 / all,
            }),
            ..Measure::exact(id, hits as f64 / known as f64)
        });
        Summary { measure, id, hits, known, unknown }
    };
    let covered = core.evidenced + core.implied;
    vec![
        summary(MeasureId::NativeMcpShare, native, 0),
        summary(MeasureId::AnyMcpShare, any, 0),
        summary(MeasureId::CoreOperationShare, (covered, covered + core.missing, core.unknown), core.implied),
    ]
}

pub(super) fn constraint(platforms: &[PlatformAudit]) -> Option<Constraint> {
    let worst = platforms.iter().filter(|audit| audit.core().uncovered() > 0).max_by_key(|audit| {
        let core = audit.core();
        // Among equals a platform known to lack something holds back more than one of which little is known;
        // the name settles the rest, so that the order of the stack does not.
        (core.uncovered(), core.missing, Reverse(audit.key()))
    })?;
    let Counts { missing, unknown, .. } = worst.core();
    let what = match worst.is_reachable {
        Some(false) => "agents cannot reach it".to_owned(),
        None => "nobody knows whether agents can reach it".to_owned(),
        Some(true) => format!("{missing} core operation(s) missing and {unknown} unknown"),
    };
    let next_step = if missing > 0 && worst.is_reachable == Some(true) {
        let gaps =
            worst.operations.iter().filter(|audit| audit.is_core && audit.standing == Standing::Missing);
        gaps.filter_map(|audit| audit.gap.as_ref()).map(|(action, _)| action.step().to_owned()).next()
    } else {
        worst.decision.next_evidence.clone().filter(|_| unknown > 0)
    };
    Some(Constraint {
        platform: worst.audited.name.clone(),
        what,
        core_operations: missing + unknown,
        next_step: next_step.unwrap_or_else(|| worst.decision.action.step().to_owned()),
    })
}
