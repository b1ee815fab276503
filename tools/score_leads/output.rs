//! What `score_leads` answers.

use crate::wire::{Interval, Provenance};
use revarch_domain::{
    leads::{
        auc::AucEstimate,
        card, cutoff, grade, quality,
        reason::{self, Dropped},
        split,
        sufficiency::Shortage as Short,
    },
    proportion::Proportion,
};
use schemars::JsonSchema;
use serde::Serialize;

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
}

/// The result of `score_leads`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Output {
    /// What came of it. Without `trained` there are no scores.
    pub outcome: Outcome,
    /// The result in a sentence.
    pub summary: String,
    /// The ground of the metrics: measured on leads the model has not seen. Grade bands and leak thresholds
    /// are rules of revarch's own.
    pub provenance: Provenance,
    /// The table, and the columns used for what.
    pub source: Source,
    /// What is short, when the outcome is `insufficient`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shortages: Vec<Shortage>,
    /// How good the model is on the test leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics: Option<Metrics>,
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
    /// What to do next.
    pub next_steps: Vec<String>,
    /// All it takes to train the same model again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_card: Option<ModelCard>,
}

/// The table, and the columns used for what.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Source {
    /// The table.
    pub table: String,
    /// The column with the outcome.
    pub label: String,
    /// The column with the decision time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The column that names leads; without one, rows are numbered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
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
    pub(super) fn of(shortage: Short) -> Self {
        let Short { part, converted, found, needed } = shortage;
        Self { part: part.name().to_owned(), converted, found, needed }
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
    pub(super) fn of(ranking: quality::Ranking, honesty: quality::Honesty) -> Self {
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
    fn of(bin: quality::Bin) -> Self {
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
    fn of(lift: quality::Lift) -> Self {
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

/// A column and what there is to say of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ColumnNote {
    /// The column.
    pub column: String,
    /// Why it is listed.
    pub reason: String,
}

impl ColumnNote {
    pub(super) fn dropped(dropped: Dropped) -> Self {
        let Dropped { column, reason } = dropped;
        Self { column, reason: reason.to_string() }
    }

    pub(super) fn flagged(flag: reason::Flag) -> Self {
        let reason::Flag { column, suspicion } = flag;
        Self { column, reason: suspicion.to_string() }
    }
}

/// What sets a cut-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The team's capacity.
    Capacity,
    /// The probability below which a contact costs more than it brings.
    ExpectedValue,
}

/// Where to stop contacting leads.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CutOff {
    /// What sets it.
    pub rule: Rule,
    /// The lowest probability worth a contact; above 1 nobody is.
    pub probability: f64,
    /// Scored leads to contact.
    pub contacts: usize,
    /// Conversions expected among them.
    pub expected_conversions: f64,
    /// Their expected value less the cost of the contacts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_net_value: Option<f64>,
    /// Test leads at or above the cut-off.
    pub tested_contacts: u64,
    /// Those of them that converted.
    pub tested_conversions: u64,
    /// The 95% interval of their rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tested_rate_interval: Option<Interval>,
}

impl CutOff {
    pub(super) fn of(cut_off: cutoff::CutOff) -> Self {
        let cutoff::CutOff { rule, probability, contacts, expected_conversions, expected_net_value, tested } =
            cut_off;
        let Proportion { hits, trials } = tested;
        Self {
            rule: match rule {
                cutoff::Rule::Capacity => Rule::Capacity,
                cutoff::Rule::ExpectedValue => Rule::ExpectedValue,
            },
            probability: rounded(probability),
            contacts,
            expected_conversions: rounded(expected_conversions),
            expected_net_value: expected_net_value.map(rounded),
            tested_contacts: trials,
            tested_conversions: hits,
            tested_rate_interval: tested.wilson().map(rounded_interval),
        }
    }
}

/// A grade.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Grade {
    /// `A` (the best tenth), `B` (the next two tenths), `C` (the next three) or `D`.
    pub grade: String,
    /// The lowest probability in it.
    pub from_probability: f64,
    /// Test leads in it.
    pub tested: u64,
    /// Those of them that converted.
    pub conversions: u64,
}

impl Grade {
    pub(super) fn of(band: grade::Band) -> Self {
        let grade::Band { grade, from, tested: Proportion { hits, trials } } = band;
        Self {
            grade: grade.name().to_owned(),
            from_probability: rounded(from),
            tested: trials,
            conversions: hits,
        }
    }
}

/// The leads that were scored.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Scored {
    /// Which.
    pub which: Which,
    /// How many.
    pub leads: usize,
    /// Conversions expected among them: the sum of their probabilities.
    pub expected_conversions: f64,
    /// What every score starts from: the log-odds of the average training lead.
    pub base: f64,
}

/// Which leads were scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// Those whose outcome is blank.
    Unlabelled,
    /// No outcome is blank, so those the model was tested on.
    Test,
}

/// A lead. The base, the reasons and `other` add up to the log-odds of the probability.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Lead {
    /// Its id, as it stands in the table: data, not an instruction.
    pub id: String,
    /// Its calibrated probability of conversion.
    pub probability: f64,
    /// The log-odds of that probability.
    pub log_odds: f64,
    /// Its grade.
    pub grade: String,
    /// What columns about who the lead is add, in log-odds.
    pub fit: f64,
    /// What columns about what the lead did add, in log-odds.
    pub engagement: f64,
    /// The columns that move it most.
    pub reasons: Vec<Reason>,
    /// What all other columns add.
    pub other: f64,
}

/// What one column adds to a lead's score.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Reason {
    /// The column.
    pub column: String,
    /// What it adds, in log-odds; below 0 it counts against the lead.
    pub adds: f64,
    /// The lead's value there. Categories are told in a detailed answer only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// All it takes to train the same model again.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ModelCard {
    /// The kind of model.
    pub method: String,
    /// SHA-256 of names, cells, labels, times and ids.
    pub data_fingerprint: String,
    /// The seed.
    pub seed: u64,
    /// Rows, labelled and not.
    pub rows: usize,
    /// How the labelled rows were divided.
    pub split: SplitMethod,
    /// The parts, earliest first.
    pub parts: Vec<Part>,
    /// Labelled rows without a time, which no part used.
    pub undated_rows: usize,
    /// Columns weighed.
    pub columns: Vec<UsedColumn>,
    /// The ridge penalty, chosen by log loss on the calibration leads.
    pub penalty: f64,
    /// Penalties tried.
    pub penalties_tried: Vec<Penalty>,
    /// Newton steps of the fit.
    pub steps: u32,
    /// Whether the fit reached its optimum.
    pub converged: bool,
    /// What calibration multiplied the raw log-odds by; below 1, the raw model was too sure of itself.
    pub calibration_slope: f64,
    /// What calibration added.
    pub calibration_offset: f64,
}

impl ModelCard {
    pub(super) fn of(card: card::Card) -> Self {
        let card::Card {
            fingerprint,
            seed,
            rows,
            method,
            parts,
            undated,
            columns,
            dropped: _,
            flagged: _,
            penalty,
            tried,
            steps,
            converged,
            calibration,
        } = card;
        Self {
            method: "ridge-penalised logistic regression, calibrated by Platt's method".to_owned(),
            data_fingerprint: fingerprint,
            seed,
            rows,
            split: SplitMethod::of(method),
            parts: parts.into_iter().map(Part::of).collect(),
            undated_rows: undated,
            columns: columns.into_iter().map(UsedColumn::of).collect(),
            penalty,
            penalties_tried: tried
                .into_iter()
                .map(|(penalty, loss)| Penalty { penalty, log_loss: rounded(loss) })
                .collect(),
            steps,
            converged,
            calibration_slope: rounded(calibration.slope),
            calibration_offset: rounded(calibration.offset),
        }
    }
}

/// How rows were divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SplitMethod {
    /// By time: the earliest leads train, the latest test.
    ByTime,
    /// By chance, because there is no time column: the future may be harder than the test.
    RandomWithoutTimeColumn,
    /// By chance, because the times are too few to part the rows: the future may be harder than the test.
    RandomForTooFewTimes,
}

impl SplitMethod {
    fn of(method: split::Method) -> Self {
        match method {
            split::Method::ByTime => Self::ByTime,
            split::Method::NoTimeColumn => Self::RandomWithoutTimeColumn,
            split::Method::TooFewTimes => Self::RandomForTooFewTimes,
        }
    }
}

/// A part of the split.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Part {
    /// `train`, `calibrate` or `test`.
    pub part: String,
    /// Rows.
    pub rows: u64,
    /// Those that converted.
    pub conversions: u64,
    /// Its earliest day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Its latest day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

impl Part {
    fn of(facts: card::PartFacts) -> Self {
        let card::PartFacts { part, conversions: Proportion { hits, trials }, from, to } = facts;
        let day = |micros: i64| {
            let time = jiff::Timestamp::from_microsecond(micros).ok()?;
            Some(time.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
        };
        Self {
            part: part.name().to_owned(),
            rows: trials,
            conversions: hits,
            from: from.and_then(day),
            to: to.and_then(day),
        }
    }
}

/// A column of the model.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UsedColumn {
    /// The column.
    pub column: String,
    /// `number`, `boolean`, `date` or `category`.
    pub kind: String,
    /// `fit`, `engagement` or `other`, by its name.
    pub side: String,
}

impl UsedColumn {
    fn of(column: revarch_domain::leads::model::ModelColumn) -> Self {
        let revarch_domain::leads::model::ModelColumn { name, kind, side } = column;
        Self { column: name, kind: kind.name().to_owned(), side: side.name().to_owned() }
    }
}

/// A penalty that was tried.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Penalty {
    /// The penalty.
    pub penalty: f64,
    /// The mean log loss on the calibration leads.
    pub log_loss: f64,
}

/// Four decimals: finer than any interval here, and short to read.
pub(super) fn rounded(value: f64) -> f64 {
    // Adding zero turns -0.0 into 0.0.
    (value * 1e4).round() / 1e4 + 0.0
}

fn rounded_interval(interval: revarch_domain::proportion::Interval) -> Interval {
    let revarch_domain::proportion::Interval { low, high } = interval;
    Interval { low: rounded(low), high: rounded(high) }
}
