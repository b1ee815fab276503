//! What changed since the last review, and what only looks changed because something else was measured.

use super::{Area, Review};
use crate::verdict::Verdict;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What is kept of a review so that the next can be compared with it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The verdict.
    pub verdict: Option<Verdict>,
    /// The areas that were run.
    pub areas: BTreeSet<String>,
    /// The findings, each with its area.
    pub findings: BTreeMap<String, String>,
    /// The measures by name.
    pub measures: BTreeMap<String, f64>,
}

impl Snapshot {
    /// What to keep of a review.
    pub fn of(review: &Review) -> Self {
        let ran = |area: Area| review.parts.iter().any(|part| part.area == area && part.missing.is_none());
        Self {
            verdict: Some(review.verdict),
            areas: [Area::Data, Area::Leads, Area::Coverage, Area::Maturity]
                .into_iter()
                .filter(|area| ran(*area))
                .map(|area| area.name().to_owned())
                .collect(),
            findings: review
                .findings
                .iter()
                .map(|(area, finding)| (finding.id.clone(), area.name().to_owned()))
                .collect(),
            measures: review
                .measures
                .iter()
                .map(|measure| (measure.id.name().to_owned(), measure.value))
                .collect(),
        }
    }
}

/// The difference between two reviews.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// The verdict before, where it was another.
    pub verdict_before: Option<Verdict>,
    /// Findings that were there and, measured again, are gone.
    pub resolved: Vec<String>,
    /// Findings that, measured before, were not there.
    pub new: Vec<String>,
    /// Measures taken both times that differ: name, before, now.
    pub moved: Vec<(String, f64, f64)>,
    /// Areas run in only one of the two reviews; nothing about them is called a change.
    pub not_comparable: Vec<String>,
}

/// A difference smaller than this, relative to the value, is how the number was written, not a change.
const NOISE: f64 = 1e-9;

/// Compares a review with an earlier one.
pub fn compare(before: &Snapshot, now: &Snapshot) -> Changes {
    let both: BTreeSet<&String> = before.areas.intersection(&now.areas).collect();
    let gone_from = |from: &Snapshot, other: &Snapshot| -> Vec<String> {
        from.findings
            .iter()
            .filter(|(id, area)| both.contains(area) && !other.findings.contains_key(*id))
            .map(|(id, _)| id.clone())
            .collect()
    };
    Changes {
        verdict_before: before.verdict.filter(|verdict| Some(*verdict) != now.verdict),
        resolved: gone_from(before, now),
        new: gone_from(now, before),
        moved: before
            .measures
            .iter()
            .filter_map(|(name, old)| now.measures.get(name).map(|new| (name.clone(), *old, *new)))
            .filter(|(_, old, new)| (old - new).abs() > NOISE * old.abs().max(1.0))
            .collect(),
        not_comparable: before.areas.symmetric_difference(&now.areas).cloned().collect(),
    }
}
