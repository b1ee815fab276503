//! What changed since an earlier review, and what only looks changed: because another lens, catalog or method was used,
//! or because more or less was measured.

mod evidence;
mod finding;
mod number;
#[cfg(test)]
mod tests;
mod yardstick;

pub use finding::FindingChange;
pub use number::NumberChange;
pub use yardstick::BasisChange;
pub(super) use yardstick::{METHOD, catalog_entry};

use super::snapshot::Snapshot;
use crate::verdict::Verdict;
use std::collections::BTreeSet;
use yardstick::Yardsticks;

/// How a thing stands beside its earlier self.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It was looked for before and was not there.
    New,
    /// It was there and, looked for again, is gone.
    Gone,
    /// It hinders less, or the number moved to the good.
    Better,
    /// It hinders more, or the number moved to the bad.
    Worse,
    /// It is as it was, as far as the intervals tell.
    Unchanged,
    /// Nothing can be said, for this reason.
    NotComparable(String),
}

impl Standing {
    /// The standing's name in results.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Gone => "gone",
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Unchanged => "unchanged",
            Self::NotComparable(_) => "not_comparable",
        }
    }

    /// Why nothing can be said, where that is so.
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::NotComparable(why) => Some(why),
            _ => None,
        }
    }

    fn because(why: impl Into<String>) -> Self {
        Self::NotComparable(why.into())
    }
}

/// Another verdict than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerdictChange {
    /// The verdict before.
    pub before: Verdict,
    /// The verdict now.
    pub now: Verdict,
    /// What else than the company changed and may be the cause; empty where nothing did.
    pub may_come_from: Vec<String>,
}

/// The difference between two reviews.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// The verdict, where it is another.
    pub verdict: Option<VerdictChange>,
    /// Lenses, catalog entries and methods that are others than before.
    pub basis: Vec<BasisChange>,
    /// What was measured in only one of the two, in sentences.
    pub evidence: Vec<String>,
    /// Each finding of either review, in the order of keys.
    pub findings: Vec<FindingChange>,
    /// Each measure of either review.
    pub measures: Vec<NumberChange>,
    /// Each dimension of maturity of either review.
    pub dimensions: Vec<NumberChange>,
}

impl Changes {
    /// The findings of a standing.
    pub fn findings_that(&self, is: fn(&Standing) -> bool) -> impl Iterator<Item = &FindingChange> {
        self.findings.iter().filter(move |finding| is(&finding.standing))
    }

    /// Whether nothing that was measured alike both times differs.
    pub fn is_quiet(&self) -> bool {
        let is_quiet =
            |standing: &Standing| matches!(standing, Standing::Unchanged | Standing::NotComparable(_));
        self.verdict.is_none()
            && self.findings.iter().all(|finding| is_quiet(&finding.standing))
            && self.measures.iter().chain(&self.dimensions).all(|number| is_quiet(&number.standing))
    }
}

/// Compares a review with an earlier one.
pub fn compare(before: &Snapshot, now: &Snapshot) -> Changes {
    let yardsticks = Yardsticks::of(before, now);
    let evidence = evidence::told(before, now);
    let keys: BTreeSet<&String> = before.findings.keys().chain(now.findings.keys()).collect();
    let verdict = before.verdict.zip(now.verdict).filter(|(before, now)| before != now);
    Changes {
        verdict: verdict.map(|(before, now)| VerdictChange {
            before,
            now,
            may_come_from: yardsticks
                .changes()
                .iter()
                .map(BasisChange::sentence)
                .chain(evidence.clone())
                .collect(),
        }),
        findings: keys
            .into_iter()
            .filter_map(|key| finding::compare(key, before, now, &yardsticks))
            .collect(),
        measures: number::measures(before, now, &yardsticks),
        dimensions: number::dimensions(before, now, &yardsticks),
        evidence,
        basis: yardsticks.into_changes(),
    }
}
