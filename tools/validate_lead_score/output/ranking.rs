//! How well a score ranks.

use crate::{
    score_leads::output::{rounded, rounded_interval},
    wire::Interval,
};
use revarch_domain::leads::{auc::AucEstimate, validate};
use schemars::JsonSchema;
use serde::Serialize;

/// An area under the ROC curve.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Auc {
    /// The chance that a lead that converted has a higher score than one that did not.
    pub value: f64,
    /// Its 95% interval, by the variance of `DeLong`.
    pub interval: Interval,
    /// Leads that converted.
    pub converted: u64,
    /// Leads that did not.
    pub unconverted: u64,
}

impl Auc {
    pub(super) fn of(estimate: AucEstimate) -> Self {
        let AucEstimate { value, interval, positives, negatives } = estimate;
        Self {
            value: rounded(value),
            interval: rounded_interval(interval),
            converted: positives,
            unconverted: negatives,
        }
    }
}

/// How the rate of conversion runs over the bands.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Monotonicity {
    /// Whether no band converts more than a higher one beyond the intervals.
    pub holds: bool,
    /// Steps from one band to the next.
    pub steps: usize,
    /// Steps at which the rate falls.
    pub falls: usize,
    /// Pairs of bands, counted from 1, of which the lower converts more beyond both intervals.
    pub reversed: Vec<[usize; 2]>,
}

impl Monotonicity {
    pub(super) fn of(found: validate::Monotonicity) -> Self {
        let holds = found.holds();
        let validate::Monotonicity { steps, falls, reversed } = found;
        Self {
            holds,
            steps,
            falls,
            reversed: reversed.into_iter().map(|(low, high)| [low + 1, high + 1]).collect(),
        }
    }
}
