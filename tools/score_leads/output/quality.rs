//! How good a model is, and what is short where there is none.

use super::{rounded, rounded_interval};
use crate::wire::Interval;
use revarch_domain::leads::{auc::AucEstimate, card, quality, sufficiency::Shortage as Short};
use schemars::JsonSchema;
use serde::Serialize;

/// How good a stored model was on the leads it was tested on.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StoredMetrics {
    /// The chance that a lead that converted is ranked above one that did not.
    pub auc: f64,
    /// Its 95% interval.
    pub auc_interval: Interval,
    /// Mean log loss.
    pub log_loss: f64,
    /// The log loss of giving every lead the average.
    pub baseline_log_loss: f64,
    /// Brier score.
    pub brier: f64,
    /// Mean distance between predicted and observed rates.
    pub calibration_error: f64,
}

impl StoredMetrics {
    pub(crate) fn of(metrics: &card::Metrics) -> Self {
        let card::Metrics { auc, auc_interval, log_loss, baseline_log_loss, brier, calibration_error } =
            *metrics;
        Self {
            auc: rounded(auc),
            auc_interval: rounded_interval(auc_interval),
            log_loss: rounded(log_loss),
            baseline_log_loss: rounded(baseline_log_loss),
            brier: rounded(brier),
            calibration_error: rounded(calibration_error),
        }
    }
}

/// How good the model is on leads it has not seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Metrics {
    /// Test leads.
    pub rows: u64,
    /// Those that converted.
    pub conversions: u64,
    /// The chance that a lead that converted is ranked above one that did not.
    pub auc: f64,
    /// Its 95% interval, from 500 resamples.
    pub auc_interval: Interval,
    /// Mean log loss; lower is better.
    pub log_loss: f64,
    /// The log loss of giving every lead the average.
    pub baseline_log_loss: f64,
    /// Brier score; lower is better.
    pub brier: f64,
    /// The Brier score of giving every lead the average.
    pub baseline_brier: f64,
    /// Mean distance between predicted and observed rates over the bins.
    pub calibration_error: f64,
    /// Predicted against observed, lowest probabilities first.
    pub reliability: Vec<Bin>,
    /// What contacting the best tenth, fifth and three tenths yields.
    pub lift: Vec<Lift>,
}

impl Metrics {
    pub(crate) fn of(ranking: quality::Ranking, honesty: quality::Honesty) -> Self {
        let quality::Ranking { auc: AucEstimate { value, interval, positives, negatives }, lift } = ranking;
        let quality::Honesty {
            log_loss,
            baseline_log_loss,
            brier,
            baseline_brier,
            reliability,
            calibration_error,
        } = honesty;
        Self {
            rows: positives + negatives,
            conversions: positives,
            auc: rounded(value),
            auc_interval: rounded_interval(interval),
            log_loss: rounded(log_loss),
            baseline_log_loss: rounded(baseline_log_loss),
            brier: rounded(brier),
            baseline_brier: rounded(baseline_brier),
            calibration_error: rounded(calibration_error),
            reliability: reliability.into_iter().map(Bin::of).collect(),
            lift: lift.into_iter().map(Lift::of).collect(),
        }
    }
}

/// Leads of like probability.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Bin {
    /// Leads.
    pub rows: u64,
    /// The mean probability they were given.
    pub predicted: f64,
    /// The share that converted.
    pub observed: f64,
    /// The 95% interval of that share.
    pub interval: Interval,
}

impl Bin {
    pub(crate) fn of(bin: quality::Bin) -> Self {
        let quality::Bin { rows, conversions: _, predicted, observed, interval } = bin;
        Self {
            rows,
            predicted: rounded(predicted),
            observed: rounded(observed),
            interval: rounded_interval(interval),
        }
    }
}

/// What contacting the best share of leads yields.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Lift {
    /// The share of leads contacted, best first.
    pub share: f64,
    /// Leads contacted.
    pub contacts: u64,
    /// Conversions among them; leads tied at the edge count in part.
    pub conversions: f64,
    /// Their rate over the rate of all leads.
    pub lift: f64,
    /// The share of all conversions that they hold.
    pub capture: f64,
    /// Contacts for each conversion; absent where none converted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacts_per_conversion: Option<f64>,
}

impl Lift {
    pub(crate) fn of(lift: quality::Lift) -> Self {
        let quality::Lift { share, contacts, conversions, lift, capture, contacts_per_conversion } = lift;
        Self {
            share,
            contacts,
            conversions: rounded(conversions),
            lift: rounded(lift),
            capture: rounded(capture),
            contacts_per_conversion: contacts_per_conversion.map(rounded),
        }
    }
}

/// Too few rows of one outcome in one part of the data.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Shortage {
    /// The part: `train`, `calibrate` or `test`.
    pub part: String,
    /// Whether converted leads are short, or others.
    pub converted: bool,
    /// Rows there are.
    pub found: usize,
    /// Rows it takes.
    pub needed: usize,
}

impl Shortage {
    pub(crate) fn of(shortage: Short) -> Self {
        let Short { part, converted, found, needed } = shortage;
        Self { part: part.name().to_owned(), converted, found, needed }
    }
}
