//! What `validate_lead_score` answers.

mod doubts;
mod ours;
mod over_time;
mod ranking;
mod thresholds;

use super::Ours;
use crate::{
    score_leads::output::{Bin, HistoryTold, Lift, rounded},
    wire::{self, Provenance},
};
use doubts::{Activity, LeakTest};
use ours::{Comparison, OurModel};
use over_time::{Decay, Drift};
use ranking::{Auc, Monotonicity};
use revarch_domain::{
    leads::{
        auc::AucEstimate,
        validate::{self, Validation, lens},
    },
    measure::{Measure, MeasureId},
};
use schemars::JsonSchema;
use serde::Serialize;
use thresholds::Lens;

/// Whether a score predicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The whole interval of its AUC is at or above the threshold, and no leak explains it.
    Predictive,
    /// The whole interval is below the threshold.
    NotPredictive,
    /// It cannot be told; `next` says what would tell it.
    Insufficient,
}

impl Verdict {
    const fn of(verdict: validate::Verdict) -> Self {
        match verdict {
            validate::Verdict::Predictive => Self::Predictive,
            validate::Verdict::NotPredictive => Self::NotPredictive,
            validate::Verdict::Insufficient => Self::Insufficient,
        }
    }

    /// The verdict as a person reads it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Predictive => "PREDICTIVE",
            Self::NotPredictive => "NOT PREDICTIVE",
            Self::Insufficient => "INSUFFICIENT",
        }
    }
}

/// The result of `validate_lead_score`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Output {
    /// Whether the score predicts, by thresholds that were fixed before it was seen.
    pub verdict: Verdict,
    /// Why, and what else is to be said against it, in full sentences.
    pub reasons: Vec<String>,
    /// The cheapest evidence or act that would change the answer.
    pub next: String,
    /// The ground of the numbers.
    pub provenance: Provenance,
    /// The table, and the columns used for what.
    pub source: Source,
    /// Leads with an outcome and a score.
    pub scored: u64,
    /// Leads with an outcome.
    pub labelled: u64,
    /// Leads without an outcome, which say nothing yet.
    pub unlabelled: u64,
    /// How well it ranks; absent without both outcomes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auc: Option<Auc>,
    /// What `assess_maturity` takes as evidence, under `evidence`; nothing where it cannot be told whether the score
    /// predicts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<wire::Measure>,
    /// What contacting the best tenth, fifth and three tenths yields.
    pub lift: Vec<Lift>,
    /// Tenths of the leads by score, lowest first: the mean score and the share that converted.
    pub bands: Vec<Bin>,
    /// The mean distance of score and share, where every score can be read as a probability.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibration_error: Option<f64>,
    /// Whether higher bands convert more.
    pub monotonicity: Monotonicity,
    /// How it ranks over time; absent without times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decay: Option<Decay>,
    /// Whether later scores are spread as earlier ones; absent without times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift: Option<Drift>,
    /// Whether the outcome wrote it.
    pub leak_test: LeakTest,
    /// Whether it rewards activity rather than intent; absent without counts of activity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<Activity>,
    /// A model trained on the earlier leads without this score, and how both do on leads it has never seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub our_model: Option<OurModel>,
    /// Why no model could be trained to compare with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_model: Option<String>,
    /// What the score was held against.
    pub lens: Lens,
}

impl Output {
    pub(super) fn of(
        validation: Validation,
        ours: Option<Ours>,
        no_model: Option<String>,
        source: Source,
        lens: lens::Lens,
        detailed: bool,
    ) -> Self {
        let Validation {
            verdict,
            reasons,
            scored,
            unlabelled,
            auc,
            lift,
            deciles,
            calibration_error,
            monotonicity,
            decay,
            drift,
            leak,
            comparison,
            activity,
            next,
        } = validation;
        let our_model = ours.map(|Ours { validation, contest }| OurModel {
            verdict: Verdict::of(validation.verdict),
            reason: validation.reasons.into_iter().next().unwrap_or_default(),
            auc: validation.auc.map(Auc::of),
            contest,
            comparison: comparison.map(Comparison::of),
        });
        Self {
            verdict: Verdict::of(verdict),
            reasons,
            next,
            provenance: Provenance::Measured,
            source,
            scored: scored.hits,
            labelled: scored.trials,
            unlabelled,
            measures: auc
                .filter(|_| verdict != validate::Verdict::Insufficient)
                .map(|AucEstimate { value, interval, .. }| Measure {
                    interval: Some(interval),
                    ..Measure::exact(MeasureId::LeadScoreAuc, value)
                })
                .map(wire::Measure::of)
                .into_iter()
                .collect(),
            auc: auc.map(Auc::of),
            lift: lift.into_iter().map(Lift::of).collect(),
            bands: deciles.into_iter().map(Bin::of).collect(),
            calibration_error: calibration_error.map(rounded),
            monotonicity: Monotonicity::of(monotonicity),
            decay: decay.map(Decay::of),
            drift: drift.map(Drift::of),
            leak_test: LeakTest::of(leak),
            activity: activity.as_ref().map(Activity::of),
            our_model,
            no_model,
            lens: Lens::of(lens, detailed),
        }
    }
}

/// The table, and the columns used for what.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Source {
    /// The table.
    pub table: String,
    /// The column with the score.
    pub score: String,
    /// The column with the outcome.
    pub label: String,
    /// The column with the creation or decision time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The column that says when the score was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scored_at: Option<String>,
    /// The column that says when the outcome was known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome_at: Option<String>,
    /// The columns whose sum counts what each lead did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub activity: Vec<String>,
    /// How the outcome was read out of the deals that followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<HistoryTold>,
}
