//! The scores by dimension and by group, and their mean.

use super::number::{rounded, thousandths};
use crate::wire::{Interval, Provenance};
use revarch_domain::maturity;
use schemars::JsonSchema;
use serde::Serialize;

/// One dimension's score.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Dimension {
    /// The dimension's id.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// The bounds of its score, from 1 to 5, every unknown question counted at 1 and at 5.
    pub score: Interval,
    /// The mean of what was claimed, before cap and measurement; absent when nothing was claimed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed: Option<f64>,
    /// Whether claims count for less than was said, because nothing here was measured.
    pub capped: bool,
    /// The weakest ground any of its known questions stands on.
    pub provenance: Provenance,
    /// Its weight in the profile.
    pub weight: f64,
    /// Questions answered by measurement.
    pub measured: usize,
    /// Questions answered by a statement alone.
    pub attested: usize,
    /// Questions without an answer.
    pub unknown: usize,
}

/// The weighted mean of the dimensions.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Profile {
    /// The bounds over all dimensions, every unknown question counted at 1 and at 5.
    pub all: Interval,
    /// The bounds over known questions only; absent when none is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<Interval>,
    /// The ground of the weights.
    pub provenance: Provenance,
}

impl Dimension {
    pub(super) fn of(dimension: maturity::DimensionScore) -> Self {
        let maturity::DimensionScore {
            id,
            title,
            weight,
            score,
            claimed,
            capped,
            provenance,
            measured,
            attested,
            unknown,
            questions: _,
        } = dimension;
        Self {
            id,
            title,
            score: rounded(score),
            claimed: claimed.map(thousandths),
            capped,
            provenance: Provenance::of(provenance),
            weight,
            measured,
            attested,
            unknown,
        }
    }
}

/// The score of several dimensions that belong together.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Group {
    /// The group's id.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// The bounds of the weighted mean of its dimensions.
    pub score: Interval,
    /// Its dimensions.
    pub dimensions: Vec<String>,
    /// The ground of the grouping.
    pub provenance: Provenance,
}

impl Group {
    pub(super) fn of(group: maturity::GroupScore) -> Self {
        let maturity::GroupScore { id, title, score, dimensions, provenance } = group;
        Self { id, title, score: rounded(score), dimensions, provenance: Provenance::of(provenance) }
    }
}
