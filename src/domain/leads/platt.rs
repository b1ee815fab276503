//! Log-odds straightened by a slope and an offset (Platt 1999).

use super::{
    logistic::{self, probability},
    matrix::Rows,
};
use serde::{Deserialize, Serialize};

/// A penalty too small to matter, which keeps the slope finite should the calibration rows separate.
const PENALTY: f64 = 1e-6;

/// Calibrated log-odds are `slope` times the raw ones plus `offset`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platt {
    /// What the raw log-odds are multiplied by. Below one, the raw model was too sure of itself.
    pub slope: f64,
    /// What is added.
    pub offset: f64,
}

impl Platt {
    /// Fits both on rows that the model was not trained on. Platt's softened targets keep a handful of
    /// rows from promising certainty. A slope below nought would turn the ranking round on the word of few
    /// rows, so it is held at nought: every lead then gets the average.
    pub(crate) fn fit(raw: &[f64], labels: &[bool]) -> Self {
        let positives = labels.iter().filter(|label| **label).count() as f64;
        let negatives = labels.len() as f64 - positives;
        let yes = (positives + 1.0) / (positives + 2.0);
        let no = 1.0 / (negatives + 2.0);
        let targets: Vec<f64> = labels.iter().map(|label| if *label { yes } else { no }).collect();
        let mut rows = Rows::default();
        for value in raw {
            rows.push([(1, *value)]);
        }
        let weights = logistic::fit(&rows, &targets, None, 2, PENALTY, None).weights;
        if weights[1] > 0.0 {
            Self { slope: weights[1], offset: weights[0] }
        } else {
            let mean = targets.iter().sum::<f64>() / targets.len().max(1) as f64;
            Self { slope: 0.0, offset: (mean / (1.0 - mean)).ln() }
        }
    }

    /// The probability for raw log-odds.
    pub fn apply(&self, raw: f64) -> f64 {
        probability(self.slope * raw + self.offset)
    }
}
