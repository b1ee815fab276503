//! All it takes to train the same model again.

use super::{UsedColumn, day, rounded};
use revarch_domain::{
    leads::{
        boosted, calibration, card,
        model::{Learner, Model},
        platt::Platt,
        split,
    },
    proportion::Proportion,
};
use schemars::JsonSchema;
use serde::Serialize;

/// All it takes to train the same model again.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ModelCard {
    /// The kind of model that was kept.
    pub method: String,
    /// Which models were compared on the calibration leads, and why this one was kept.
    pub contest: String,
    /// SHA-256 of names, cells, labels, times, weights and ids.
    pub data_fingerprint: String,
    /// The seed.
    pub seed: u64,
    /// The programs that made it.
    pub versions: String,
    /// Rows, labelled and not.
    pub rows: usize,
    /// How the labelled rows were divided.
    pub split: SplitMethod,
    /// The parts, earliest first.
    pub parts: Vec<Part>,
    /// Labelled rows without a time, which no part used.
    pub undated_rows: usize,
    /// Labelled rows left out because their lead stands in an earlier part.
    pub repeated_rows: usize,
    /// Labelled rows that count for nothing by their weight.
    pub weightless_rows: usize,
    /// Columns weighed.
    pub columns: Vec<UsedColumn>,
    /// The ridge penalty of the logistic regression, chosen by log loss on the calibration leads.
    pub penalty: f64,
    /// Penalties tried.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub penalties_tried: Vec<Penalty>,
    /// Newton steps of that fit.
    pub steps: u32,
    /// Whether it reached its optimum.
    pub converged: bool,
    /// How the trees were grown, where they were kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trees: Option<Trees>,
    /// How log-odds become probabilities: `platt` or `isotonic`.
    pub calibration: String,
    /// What Platt's method multiplied the raw log-odds by; below 1, the raw model was too sure of itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibration_slope: Option<f64>,
    /// What it added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibration_offset: Option<f64>,
}

impl ModelCard {
    pub(crate) fn of(card: card::Card, model: &Model, detailed: bool) -> Self {
        let card::Card {
            fingerprint,
            seed,
            versions: card::Versions { revarch, hessboost },
            rows,
            method,
            parts,
            undated,
            repeated,
            weightless,
            columns,
            dropped: _,
            flagged: _,
            contest,
            hyperparameters,
            penalty,
            tried,
            steps,
            converged,
            calibration,
            metrics: _,
        } = card;
        let learner = model.learner();
        let platt = match model.calibration() {
            calibration::Calibration::Platt(platt) => Some(*platt),
            calibration::Calibration::Isotonic(_) => None,
        };
        let tried = if detailed { tried } else { Vec::new() };
        Self {
            method: match learner {
                Learner::Logistic => "ridge-penalised logistic regression",
                Learner::Boosted => "gradient-boosted trees",
            }
            .to_owned(),
            contest: contest.to_string(),
            data_fingerprint: fingerprint,
            seed,
            versions: format!("revarch {revarch}, hessboost {hessboost}"),
            rows,
            split: SplitMethod::of(method),
            parts: parts.into_iter().map(Part::of).collect(),
            undated_rows: undated,
            repeated_rows: repeated,
            weightless_rows: weightless,
            columns: columns.into_iter().map(UsedColumn::of).collect(),
            penalty,
            penalties_tried: tried
                .into_iter()
                .map(|(penalty, loss)| Penalty { penalty, log_loss: rounded(loss) })
                .collect(),
            steps,
            converged,
            trees: (learner == Learner::Boosted).then(|| Trees::of(hyperparameters)),
            calibration,
            calibration_slope: platt.map(|Platt { slope, .. }| rounded(slope)),
            calibration_offset: platt.map(|Platt { offset, .. }| rounded(offset)),
        }
    }
}

/// How trees were grown.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Trees {
    /// Questions on the way to a leaf.
    pub depth: usize,
    /// Share of each tree's advice that is taken.
    pub learning_rate: f64,
    /// Least sum of second derivatives in a leaf.
    pub min_child_weight: f64,
    /// Ridge penalty on leaves.
    pub lambda: f64,
    /// Share of rows that each tree sees.
    pub row_share: f64,
    /// Share of columns that each tree sees.
    pub column_share: f64,
    /// Rows' worth of the overall rate that each level's rate is drawn to.
    pub prior_weight: f64,
    /// Random orders over which a training row's rate is averaged.
    pub orders: usize,
    /// Rounds without a better log loss after which growing ends.
    pub patience: usize,
    /// Rounds at most.
    pub most_rounds: usize,
}

impl Trees {
    fn of(chosen: boosted::Hyperparameters) -> Self {
        let boosted::Hyperparameters {
            depth,
            learning_rate,
            min_child_weight,
            lambda,
            row_share,
            column_share,
            prior_weight,
            orders,
            patience,
            most_rounds,
        } = chosen;
        Self {
            depth,
            learning_rate,
            min_child_weight,
            lambda,
            row_share,
            column_share,
            prior_weight,
            orders,
            patience,
            most_rounds,
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
        Self {
            part: part.name().to_owned(),
            rows: trials,
            conversions: hits,
            from: from.and_then(day),
            to: to.and_then(day),
        }
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
