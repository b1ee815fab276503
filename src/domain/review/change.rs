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
    /// The findings by key.
    pub findings: BTreeMap<String, Place>,
    /// The keys of the data layer's findings that were looked for.
    pub checked: BTreeSet<String>,
    /// The platforms that were audited.
    pub platforms: BTreeSet<String>,
    /// The measures by name.
    pub measures: BTreeMap<String, f64>,
}

/// Where a finding belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The area.
    pub area: String,
    /// The table or platform.
    pub subject: Option<String>,
}

impl Snapshot {
    /// Whether a finding would have been made again, had there been ground for it.
    fn looked_for(&self, key: &str, place: &Place) -> bool {
        if place.area == Area::Coverage.name() {
            place.subject.as_ref().is_some_and(|platform| self.platforms.contains(platform))
        } else {
            self.checked.contains(key)
        }
    }

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
                .map(|(area, finding)| {
                    let place =
                        Place { area: area.name().to_owned(), subject: finding.subject.table.clone() };
                    (finding.id.clone(), place)
                })
                .collect(),
            checked: review.checked.clone(),
            platforms: review.platforms.clone(),
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
    /// Findings that were there and were not looked for again: neither gone nor still there, as far as is known.
    pub not_measured_again: Vec<String>,
    /// Areas run in only one of the two reviews; nothing about them is called a change.
    pub not_comparable: Vec<String>,
}

/// A difference smaller than this, relative to the value, is how the number was written, not a change.
const NOISE: f64 = 1e-9;

/// Compares a review with an earlier one.
pub fn compare(before: &Snapshot, now: &Snapshot) -> Changes {
    let missing_from = |from: &Snapshot, other: &Snapshot, looked_for: bool| -> Vec<String> {
        from.findings
            .iter()
            .filter(|(key, place)| {
                !other.findings.contains_key(*key) && other.looked_for(key, place) == looked_for
            })
            .map(|(key, _)| key.clone())
            .collect()
    };
    Changes {
        verdict_before: before.verdict.filter(|verdict| Some(*verdict) != now.verdict),
        resolved: missing_from(before, now, true),
        new: missing_from(now, before, true),
        not_measured_again: missing_from(before, now, false),
        moved: before
            .measures
            .iter()
            .filter_map(|(name, old)| now.measures.get(name).map(|new| (name.clone(), *old, *new)))
            .filter(|(_, old, new)| (old - new).abs() > NOISE * old.abs().max(1.0))
            .collect(),
        not_comparable: before.areas.symmetric_difference(&now.areas).cloned().collect(),
    }
}
