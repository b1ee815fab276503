//! The model that a score is compared with.

use super::{Auc, Verdict};
use crate::{
    score_leads::output::{rounded, rounded_interval},
    wire::Interval,
};
use revarch_domain::leads::{bootstrap::Difference, validate};
use schemars::JsonSchema;
use serde::Serialize;

/// A model of our own on the leads it was tested on.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OurModel {
    /// Whether it predicts, by the same thresholds.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// How well it ranks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auc: Option<Auc>,
    /// Which model it is, and why.
    pub contest: String,
    /// Both on the same leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
}

/// A score and our model on the same leads.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Comparison {
    /// Leads that have both, none of which the model was trained on.
    pub rows: u64,
    /// The AUC of the score.
    pub score_auc: f64,
    /// The AUC of our model.
    pub our_auc: f64,
    /// Ours less the score's.
    pub difference: f64,
    /// Its paired 95% interval.
    pub interval: Interval,
}

impl Comparison {
    pub(super) fn of(found: validate::Comparison) -> Self {
        let validate::Comparison { rows, score, ours, difference: Difference { value, interval } } = found;
        Self {
            rows,
            score_auc: rounded(score),
            our_auc: rounded(ours),
            difference: rounded(value),
            interval: rounded_interval(interval),
        }
    }
}
