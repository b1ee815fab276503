//! What `validate_lead_score` answers.

use super::Ours;
use crate::{
    score_leads::output::{Bin, HistoryTold, Lift, day, rounded, rounded_interval},
    wire::{self, Interval, Provenance},
};
use revarch_domain::{
    leads::{
        auc::AucEstimate,
        bootstrap::Difference,
        validate::{self, Validation, lens},
    },
    measure::{Measure, MeasureId},
    readiness,
};
use schemars::JsonSchema;
use serde::Serialize;

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
    fn of(estimate: AucEstimate) -> Self {
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
    fn of(found: validate::Monotonicity) -> Self {
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

/// How the score ranked over time.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Decay {
    /// Whether the last period ranks worse than the first beyond the interval; absent where too few can be judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decays: Option<bool>,
    /// The periods, earliest first.
    pub periods: Vec<Period>,
}

/// One period.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Period {
    /// Its first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Its last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Leads.
    pub rows: u64,
    /// Those that converted.
    pub conversions: u64,
    /// How the score ranks them; absent where there are too few.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auc: Option<f64>,
    /// Its 95% interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
}

impl Decay {
    fn of(found: validate::Decay) -> Self {
        let validate::Decay { periods, decays } = found;
        let period = |period: validate::Period| {
            let validate::Period { from, to, rows, conversions, auc } = period;
            Period {
                from: day(from),
                to: day(to),
                rows,
                conversions,
                auc: auc.map(|auc| rounded(auc.value)),
                interval: auc.map(|auc| rounded_interval(auc.interval)),
            }
        };
        Self { decays, periods: periods.into_iter().map(period).collect() }
    }
}

/// How far later scores are spread otherwise than earlier ones.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Drift {
    /// `none`: chance explains it; `slight`: it does not, and it is small; `material`: it is large too.
    pub shift: String,
    /// The population stability index, later half against earlier half.
    pub psi: f64,
    /// What chance alone exceeds no more often than the lens allows, for this many leads.
    pub cut_off: f64,
    /// How often chance alone gives as much.
    pub chance: f64,
    /// Bins of equal counts of earlier scores.
    pub bins: u32,
    /// Earlier scores.
    pub earlier: u64,
    /// Later scores.
    pub later: u64,
}

impl Drift {
    fn of(found: validate::Drift) -> Self {
        let validate::Drift { psi, cut_off, chance, bins, earlier, later, shift } = found;
        let shift = match shift {
            validate::Shift::None => "none",
            validate::Shift::Slight => "slight",
            validate::Shift::Material => "material",
        };
        Self {
            shift: shift.to_owned(),
            psi: rounded(psi),
            cut_off: rounded(cut_off),
            chance: rounded(chance),
            bins,
            earlier,
            later,
        }
    }
}

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
    fn of(found: validate::LeakTest) -> Self {
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
    fn of(found: &validate::Activity) -> Self {
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
    fn of(found: validate::Comparison) -> Self {
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

/// What a score is held against.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Lens {
    /// The lens.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its thresholds.
    pub thresholds: Vec<Threshold>,
}

/// A threshold.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Threshold {
    /// What it is of.
    pub name: String,
    /// The number.
    pub value: f64,
    /// Whose it is.
    pub provenance: Provenance,
    /// Its source or reason (detailed).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Lens {
    fn of(lens: lens::Lens, detailed: bool) -> Self {
        let lens::Lens { id, title: _, version, thresholds } = lens;
        let threshold = |(name, threshold): (&str, &readiness::Threshold)| {
            let readiness::Threshold { value, provenance, source } = threshold.clone();
            Threshold {
                name: name.to_owned(),
                value,
                provenance: Provenance::of(provenance),
                source: detailed.then_some(source),
            }
        };
        Self { id, version, thresholds: thresholds.named().into_iter().map(threshold).collect() }
    }
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
