//! The model card: everything it takes to train the same model again, or to doubt it.

use super::{
    boosted::{HESSBOOST, Hyperparameters},
    contest::Contest,
    model::ModelColumn,
    quality::{Honesty, Ranking},
    reason::{Dropped, Flag},
    split::{Method, Part},
    stored,
    table::{Table, Values},
};
use crate::proportion::{Interval, Proportion};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// How a model came about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// SHA-256 of the facts: names, kinds, cells, labels, times, weights and ids. With distinct ids the order of
    /// the rows does not change it.
    pub fingerprint: String,
    /// The seed.
    pub seed: u64,
    /// The programs that made the model.
    pub versions: Versions,
    /// Rows, labelled and not.
    pub rows: usize,
    /// How the labelled rows were divided.
    pub method: Method,
    /// The parts, earliest first.
    pub parts: Vec<PartFacts>,
    /// Labelled rows without a time, which no part used.
    pub undated: usize,
    /// Labelled rows left out because their lead stands in an earlier part.
    pub repeated: usize,
    /// Labelled rows that count for nothing by their weight.
    pub weightless: usize,
    /// Columns weighed.
    pub columns: Vec<ModelColumn>,
    /// Columns left out.
    pub dropped: Vec<Dropped>,
    /// Columns that deserve a second look.
    pub flagged: Vec<Flag>,
    /// Which model was kept, and why.
    pub contest: Contest,
    /// How the trees were grown.
    pub hyperparameters: Hyperparameters,
    /// The penalty of the logistic regression.
    pub penalty: f64,
    /// Penalties tried, each with its mean log loss on the calibration rows.
    pub tried: Vec<(f64, f64)>,
    /// Newton steps of the chosen fit.
    pub steps: u32,
    /// Whether the chosen fit reached its optimum.
    pub converged: bool,
    /// How log-odds become probabilities: `platt` or `isotonic`. The numbers are the model's.
    pub calibration: String,
    /// How the kept model did on the test rows.
    pub metrics: Metrics,
}

/// The programs that made a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    /// This one.
    pub revarch: String,
    /// The one that grows trees.
    pub hessboost: String,
}

impl Versions {
    /// Those built in.
    pub(crate) fn built_in() -> Self {
        Self { revarch: env!("CARGO_PKG_VERSION").to_owned(), hessboost: HESSBOOST.to_owned() }
    }
}

/// How a model did on rows it had never seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// The area under the ROC curve.
    pub auc: f64,
    /// Its 95% bootstrap interval.
    #[serde(with = "stored::interval")]
    pub auc_interval: Interval,
    /// Mean log loss, and that of giving every lead the rate known before.
    pub log_loss: f64,
    /// See `log_loss`.
    pub baseline_log_loss: f64,
    /// Mean squared error of the probability.
    pub brier: f64,
    /// Mean distance between predicted and observed rates.
    pub calibration_error: f64,
}

impl Metrics {
    pub(crate) fn of(ranking: &Ranking, honesty: &Honesty) -> Self {
        Self {
            auc: ranking.auc.value,
            auc_interval: ranking.auc.interval,
            log_loss: honesty.log_loss,
            baseline_log_loss: honesty.baseline_log_loss,
            brier: honesty.brier,
            calibration_error: honesty.calibration_error,
        }
    }
}

/// One part of the split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartFacts {
    /// The part.
    pub part: Part,
    /// Conversions among its rows.
    #[serde(with = "stored::proportion")]
    pub conversions: Proportion,
    /// Its earliest time, in microseconds since 1970.
    pub from: Option<i64>,
    /// Its latest time.
    pub to: Option<i64>,
}

pub(crate) fn part_facts(table: &Table, part: Part, rows: &[usize]) -> PartFacts {
    let hits = rows.iter().filter(|row| table.label[**row] == Some(true)).count();
    let times = || rows.iter().filter_map(|row| table.time.as_ref()?[*row]);
    let conversions = Proportion::new(hits as u64, rows.len() as u64);
    PartFacts { part, conversions, from: times().min(), to: times().max() }
}

/// SHA-256 of a table's facts.
pub fn fingerprint(table: &Table) -> String {
    let mut hash = Sha256::new();
    let order = table.canonical_order();
    let mut text = |value: &str| {
        hash.update((value.len() as u64).to_le_bytes());
        hash.update(value);
    };
    for column in &table.columns {
        text(&column.name);
        text(column.kind.name());
        if let Values::Category { levels, .. } = &column.values {
            for level in levels {
                text(level);
            }
        }
    }
    for row in &order {
        text(&table.ids[*row]);
    }
    for row in order {
        hash.update([match table.label[row] {
            None => 0,
            Some(false) => 1,
            Some(true) => 2,
        }]);
        hash.update(bytes(table.time.as_ref().and_then(|times| times[row]).map(i64::to_le_bytes)));
        hash.update(bytes(table.weight.as_ref().map(|weights| weights[row].to_le_bytes())));
        for column in &table.columns {
            hash.update(bytes(match &column.values {
                Values::Number(values) => values[row].map(f64::to_le_bytes),
                Values::Category { codes, .. } => codes[row].map(|code| u64::from(code).to_le_bytes()),
            }));
        }
    }
    hash.finalize().iter().fold(String::from("sha256:"), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A cell's bytes, led by whether there is one.
fn bytes(cell: Option<[u8; 8]>) -> [u8; 9] {
    let mut bytes = [0; 9];
    if let Some(cell) = cell {
        bytes[0] = 1;
        bytes[1..].copy_from_slice(&cell);
    }
    bytes
}
