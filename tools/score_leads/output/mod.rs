//! What `score_leads` answers.

mod columns;
mod cut_off;
mod lead;
mod model_card;
mod quality;
mod source;

use crate::wire::{Interval, Provenance};
pub use columns::{ColumnNote, Unseen, UsedColumn};
pub use cut_off::{CutOff, Grade, Rule};
pub use lead::{Lead, Reason, RuleCount, Scored, Which, Written};
pub use model_card::{ModelCard, Part, Penalty, SplitMethod, Trees};
pub use quality::{Bin, Lift, Metrics, Shortage, StoredMetrics};
use schemars::JsonSchema;
use serde::Serialize;
pub use source::{HistoryTold, Source};

/// What came of the training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A model that ranks later leads better than chance.
    Trained,
    /// Too few outcomes or columns to learn from.
    Insufficient,
    /// A model was trained, and on later leads it ranks no better than chance may.
    NoSignal,
    /// Scored with a stored model.
    Scored,
    /// Points by authored rules, which no outcome has validated.
    Points,
}

/// The result of `score_leads`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Output {
    /// What came of it. With `insufficient` and `no_signal` there are no scores.
    pub outcome: Outcome,
    /// The result in a sentence.
    pub summary: String,
    /// The ground of the scores: measured on leads the model has not seen, or authored, for points. Grade bands
    /// and leak thresholds are rules of revarch's own.
    pub provenance: Provenance,
    /// What a reader of points should know of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caution: Option<String>,
    /// The model's id, by which a later call scores with it: also the resource `revarch://models/{id}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_id: Option<String>,
    /// The table, and the columns used for what.
    pub source: Source,
    /// What is short, when the outcome is `insufficient`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shortages: Vec<Shortage>,
    /// How good the model is on the test leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics: Option<Metrics>,
    /// How good a stored model was on its own test leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stored_metrics: Option<StoredMetrics>,
    /// Columns left out, leaks first, each with the reason.
    pub dropped: Vec<ColumnNote>,
    /// Further dropped columns that a concise answer does not list.
    pub dropped_not_shown: usize,
    /// Columns kept that deserve a second look.
    pub flagged: Vec<ColumnNote>,
    /// Where to stop contacting leads, when `capacity` or both values were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut_off: Option<CutOff>,
    /// The grades with their bounds and how test leads in them fared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grades: Vec<Grade>,
    /// Which leads were scored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scored: Option<Scored>,
    /// The best of them, best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub top_leads: Vec<Lead>,
    /// The file that all scores were written to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<Written>,
    /// Columns with values that training never saw; they count as a rare value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<Unseen>,
    /// How often each rule gave points.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleCount>,
    /// Fields of the points lens that the table has no column for; rules on them are silent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown_fields: Vec<String>,
    /// What to do next.
    pub next_steps: Vec<String>,
    /// All it takes to train the same model again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_card: Option<ModelCard>,
}

impl Output {
    /// The answer before anything is known.
    pub(crate) const fn bare(outcome: Outcome, provenance: Provenance, source: Source) -> Self {
        Self {
            outcome,
            summary: String::new(),
            provenance,
            caution: None,
            model_id: None,
            source,
            shortages: Vec::new(),
            metrics: None,
            stored_metrics: None,
            dropped: Vec::new(),
            dropped_not_shown: 0,
            flagged: Vec::new(),
            cut_off: None,
            grades: Vec::new(),
            scored: None,
            top_leads: Vec::new(),
            written: None,
            unseen: Vec::new(),
            rules: Vec::new(),
            unknown_fields: Vec::new(),
            next_steps: Vec::new(),
            model_card: None,
        }
    }
}

/// A time's day.
pub(crate) fn day(micros: i64) -> Option<String> {
    let time = jiff::Timestamp::from_microsecond(micros).ok()?;
    Some(time.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
}

/// Four decimals: finer than any interval here, and short to read.
pub(crate) fn rounded(value: f64) -> f64 {
    // Adding zero turns -0.0 into 0.0.
    (value * 1e4).round() / 1e4 + 0.0
}

pub(crate) fn rounded_interval(interval: revarch_domain::proportion::Interval) -> Interval {
    let revarch_domain::proportion::Interval { low, high } = interval;
    Interval { low: rounded(low), high: rounded(high) }
}
