//! What may stand behind a score that ranks well: the outcome itself, or activity alone.

use crate::{
    score_leads::output::{rounded, rounded_interval},
    wire::Interval,
};
use revarch_domain::leads::validate;
use schemars::JsonSchema;
use serde::Serialize;

/// Whether the outcome wrote the score.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LeakTest {
    /// Whether nothing shows that it did.
    pub passes: bool,
    /// How well it tells the outcome that a lead has a score at all: 0.5 says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill_auc: Option<f64>,
    /// Converted leads scored after the outcome was known, of those with both times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<u64>,
    /// Converted leads with both times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stamped: Option<u64>,
}

impl LeakTest {
    pub(super) fn of(found: validate::LeakTest) -> Self {
        let validate::LeakTest { fill_auc, late, leaks } = found;
        Self {
            passes: leaks.is_empty(),
            fill_auc: fill_auc.map(rounded),
            late: late.map(|late| late.hits),
            stamped: late.map(|late| late.trials),
        }
    }
}

/// The score against a count of activity.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Activity {
    /// `intent`: it tells leads of like activity apart; `activity`: it follows activity and does not; `neither`; or
    /// `unknown` where there are too few leads to say.
    pub rewards: String,
    /// Leads with a score, an outcome and a count.
    pub rows: u64,
    /// The rank correlation of score and count.
    pub correlation: f64,
    /// The AUC of the count alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume_auc: Option<f64>,
    /// The AUC of the score among leads of like activity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stratified_auc: Option<f64>,
    /// Its 95% interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stratified_interval: Option<Interval>,
}

impl Activity {
    pub(super) fn of(found: &validate::Activity) -> Self {
        let validate::Activity {
            rows,
            correlation,
            volume_auc,
            stratified_auc,
            stratified_interval,
            rewards,
        } = *found;
        let rewards = match rewards {
            validate::Rewards::Intent => "intent",
            validate::Rewards::Activity => "activity",
            validate::Rewards::Neither => "neither",
            validate::Rewards::Unknown => "unknown",
        };
        Self {
            rewards: rewards.to_owned(),
            rows,
            correlation: rounded(correlation),
            volume_auc: volume_auc.map(rounded),
            stratified_auc: stratified_auc.map(rounded),
            stratified_interval: stratified_interval.map(rounded_interval),
        }
    }
}
