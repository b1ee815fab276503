//! A fitted logistic regression as a model keeps it: one term for each column, read off in one look.

use super::{
    batch::{Cells, EMPTY},
    features::{Encoder, Encoding, Shape},
};
use serde::{Deserialize, Serialize};

/// The log-odds of a lead are the intercept and one term for each column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Linear {
    intercept: f64,
    terms: Vec<Term>,
    /// The mean of each term over the training rows: the average lead.
    averages: Vec<f64>,
}

/// What a cell adds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Term {
    /// A weight on the distance from the mean, in deviations, within the range of training.
    Number { mean: f64, deviation: f64, low: f64, high: f64, weight: f64, empty: f64 },
    /// A weight for each level.
    Category { levels: Vec<f64>, unseen: f64, empty: f64 },
}

impl Linear {
    /// Joins fitted weights with what they weigh.
    pub(crate) fn new(encoder: &Encoder, weights: &[f64], train: &[Cells<'_>]) -> Self {
        let terms: Vec<Term> =
            encoder.encodings.iter().map(|encoding| Term::new(encoding, weights)).collect();
        let mean = |(term, cells): (&Term, &Cells<'_>)| {
            (0..cells.len()).map(|row| term.of(*cells, row)).sum::<f64>() / cells.len().max(1) as f64
        };
        let averages = terms.iter().zip(train).map(mean).collect();
        Self { intercept: weights[0], terms, averages }
    }

    /// The log-odds of the average training lead.
    pub(crate) fn base(&self) -> f64 {
        self.intercept + self.averages.iter().sum::<f64>()
    }

    /// Columns weighed.
    pub(crate) fn width(&self) -> usize {
        self.terms.len()
    }

    /// Whether every column has a term and an average, and each category a weight for each level.
    pub(crate) fn is_whole(&self, levels: &[Vec<String>]) -> bool {
        self.averages.len() == self.terms.len()
            && self.terms.iter().zip(levels).all(|(term, levels)| match term {
                Term::Number { deviation, low, high, .. } => *deviation > 0.0 && low <= high,
                Term::Category { levels: weights, .. } => weights.len() == levels.len(),
            })
    }

    /// The log-odds of every row.
    pub(crate) fn log_odds(&self, columns: &[Cells<'_>]) -> Vec<f64> {
        let mut odds = vec![self.intercept; columns.first().map_or(0, Cells::len)];
        for (term, cells) in self.terms.iter().zip(columns) {
            term.add(*cells, 0.0, &mut odds);
        }
        odds
    }

    /// What one column adds to every row beyond what it adds to the average lead.
    pub(crate) fn contribution(&self, column: usize, cells: Cells<'_>, into: &mut [f64]) {
        self.terms[column].add(cells, self.averages[column], into);
    }
}

impl Term {
    fn new(encoding: &Encoding, weights: &[f64]) -> Self {
        let first = encoding.first;
        match &encoding.shape {
            Shape::Number { mean, deviation, low, high, marks_empty } => Self::Number {
                mean: *mean,
                deviation: *deviation,
                low: *low,
                high: *high,
                weight: weights[first],
                empty: if *marks_empty { weights[first + 1] } else { 0.0 },
            },
            Shape::Category { feature_of_level, rare, empty, .. } => {
                let weight = |feature: Option<usize>| feature.map_or(0.0, |feature| weights[first + feature]);
                Self::Category {
                    levels: feature_of_level.iter().map(|feature| weight(feature.or(*rare))).collect(),
                    unseen: weight(*rare),
                    empty: weight(*empty),
                }
            }
        }
    }

    fn of(&self, cells: Cells<'_>, row: usize) -> f64 {
        match (self, cells) {
            (Self::Number { mean, deviation, low, high, weight, empty }, Cells::Numbers(values)) => {
                let value = values[row];
                if value.is_nan() { *empty } else { weight * (value.clamp(*low, *high) - mean) / deviation }
            }
            (Self::Category { levels, unseen, empty }, Cells::Codes(codes)) => {
                let level = usize::try_from(codes[row]).ok().and_then(|level| levels.get(level));
                if codes[row] == EMPTY { *empty } else { level.copied().unwrap_or(*unseen) }
            }
            _ => 0.0,
        }
    }

    fn add(&self, cells: Cells<'_>, less: f64, into: &mut [f64]) {
        for (row, sum) in into.iter_mut().enumerate() {
            *sum += self.of(cells, row) - less;
        }
    }
}
