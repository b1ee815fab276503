//! A trained model and the score it gives a lead, reason by reason.

use super::{
    calibration::Calibration,
    features::Encoder,
    logistic::probability,
    table::{Kind, Table},
    words::Side,
};

/// A column that the model weighs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelColumn {
    /// The column's name.
    pub name: String,
    /// What its cells are.
    pub kind: Kind,
    /// Whether it tells of fit or of engagement.
    pub side: Side,
}

/// A model. It scores rows of the table it was trained on, labelled or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub(crate) encoder: Encoder,
    pub(crate) columns: Vec<ModelColumn>,
    pub(crate) weights: Vec<f64>,
    /// The mean of each feature over the training rows: the average lead.
    pub(crate) means: Vec<f64>,
    pub(crate) calibration: Calibration,
}

/// A lead's score. The base and the contributions add up to the log-odds of the probability.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The calibrated probability of conversion.
    pub probability: f64,
    /// Its log-odds.
    pub log_odds: f64,
    /// The log-odds of the average lead.
    pub base: f64,
    /// What each of the model's columns adds, in the order of [`Model::columns`].
    pub contributions: Vec<f64>,
}

impl Model {
    /// The columns weighed.
    pub fn columns(&self) -> &[ModelColumn] {
        &self.columns
    }

    /// The place in the table of one of the model's columns.
    pub fn place(&self, column: usize) -> usize {
        self.encoder.encodings[column].column
    }

    /// The calibrated log-odds of each row.
    pub fn log_odds(&self, table: &Table, rows: &[usize]) -> Vec<f64> {
        let encoded = self.encoder.rows(table, rows);
        (0..encoded.len()).map(|row| self.calibration.apply(encoded.dot(row, &self.weights))).collect()
    }

    /// The calibrated probability of each row.
    pub fn probabilities(&self, table: &Table, rows: &[usize]) -> Vec<f64> {
        self.log_odds(table, rows).into_iter().map(probability).collect()
    }

    /// The log-odds of the average lead.
    pub fn base(&self) -> f64 {
        self.calibration.apply(self.weights.iter().zip(&self.means).map(|(weight, mean)| weight * mean).sum())
    }

    /// A row's score and its reasons.
    pub fn score(&self, table: &Table, row: usize) -> Score {
        let encodings = &self.encoder.encodings;
        let contributions: Vec<f64> = encodings
            .iter()
            .enumerate()
            .map(|(at, encoding)| {
                let end = encodings.get(at + 1).map_or(self.encoder.width, |next| next.first);
                let average: f64 =
                    (encoding.first..end).map(|feature| self.weights[feature] * self.means[feature]).sum();
                let own = encoding
                    .features(table, row)
                    .map_or(0.0, |(feature, value)| self.weights[feature] * value);
                self.calibration.slope * (own - average)
            })
            .collect();
        let base = self.base();
        let log_odds = base + contributions.iter().sum::<f64>();
        Score { probability: probability(log_odds), log_odds, base, contributions }
    }

    /// What the columns of one side add to a score.
    pub fn subtotal(&self, score: &Score, side: Side) -> f64 {
        let columns = self.columns.iter().zip(&score.contributions);
        columns.filter(|(column, _)| column.side == side).map(|(_, value)| value).sum()
    }
}
