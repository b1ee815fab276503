//! A trained model and the score it gives a lead, reason by reason.

use super::{
    batch::{self, BatchError, Cells, Gathered},
    boosted::Boosted,
    calibration::Calibration,
    linear::Linear,
    scorer::Scorer,
    shapley,
    table::{Kind, Table},
    words::Side,
};
use crate::nearest::nearest;
use serde::{Deserialize, Serialize};

/// A column that the model weighs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelColumn {
    /// The column's name.
    pub name: String,
    /// What its cells are.
    pub kind: Kind,
    /// Whether it tells of fit or of engagement.
    pub side: Side,
}

/// How a model learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Learner {
    /// Logistic regression: every reason is a weight times a distance from the average lead.
    Logistic,
    /// Boosted trees: every reason is a Shapley value.
    Boosted,
}

impl Learner {
    /// The learner's name as it stands in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Logistic => "logistic",
            Self::Boosted => "boosted",
        }
    }
}

/// A model. It scores rows of any table that has its columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    pub(crate) columns: Vec<ModelColumn>,
    /// The levels of each column's training rows, in rising order; none for numbers.
    pub(crate) levels: Vec<Vec<String>>,
    pub(crate) ranker: Ranker,
    pub(crate) calibration: Calibration,
}

/// What turns cells into log-odds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ranker {
    Logistic(Linear),
    Boosted(Boosted),
}

impl Ranker {
    pub(crate) fn log_odds(&self, columns: &[Cells<'_>]) -> Vec<f64> {
        match self {
            Self::Logistic(linear) => linear.log_odds(columns),
            Self::Boosted(boosted) => boosted.log_odds(columns),
        }
    }
}

/// A lead's score. The base and the contributions add up to the log-odds before calibration.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The calibrated probability of conversion.
    pub probability: f64,
    /// The log-odds before calibration, by which leads are ranked.
    pub log_odds: f64,
    /// The log-odds, before calibration, that are expected of a training lead.
    pub base: f64,
    /// What each of the model's columns adds, in the order of [`Model::columns`].
    pub contributions: Vec<f64>,
}

impl Model {
    /// The columns weighed.
    pub fn columns(&self) -> &[ModelColumn] {
        &self.columns
    }

    /// The levels that one of the model's columns had in training, in rising order; none for numbers.
    pub fn levels(&self, column: usize) -> &[String] {
        &self.levels[column]
    }

    /// The code of a text in one of the model's columns, for [`Cells::Codes`].
    pub fn code(&self, column: usize, text: &str) -> u32 {
        batch::code_of(&self.levels[column], text)
    }

    /// How the model learned.
    pub const fn learner(&self) -> Learner {
        match self.ranker {
            Ranker::Logistic(_) => Learner::Logistic,
            Ranker::Boosted(_) => Learner::Boosted,
        }
    }

    /// How its log-odds become probabilities.
    pub const fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// What scores rows in batches. Made once for a stream; threads may share it.
    pub fn scorer(&self) -> Scorer<'_> {
        Scorer::new(self)
    }

    /// The places, in a table of the given columns, of the model's columns in their order. Refused where one is
    /// missing or now holds something else.
    pub fn places(&self, table: &[(&str, Kind)]) -> Result<Vec<usize>, BatchError> {
        let place = |column: &ModelColumn| {
            let Some(place) = table.iter().position(|(name, _)| *name == column.name) else {
                let near = nearest(&column.name, table.iter().map(|(name, _)| *name));
                return Err(BatchError::MissingColumn {
                    column: column.name.clone(),
                    near: near.into_iter().map(str::to_owned).collect(),
                });
            };
            if table[place].1 == column.kind {
                Ok(place)
            } else {
                Err(BatchError::ChangedKind {
                    column: column.name.clone(),
                    trained: column.kind.name(),
                    found: table[place].1.name(),
                })
            }
        };
        self.columns.iter().map(place).collect()
    }

    /// The log-odds of each row, before calibration.
    pub fn log_odds(&self, table: &Table, rows: &[usize]) -> Result<Vec<f64>, BatchError> {
        let gathered = self.gather(table, rows)?;
        let cells: Vec<Cells<'_>> = gathered.iter().map(Gathered::cells).collect();
        Ok(self.ranker.log_odds(&cells))
    }

    /// The calibrated probability of each row.
    pub fn probabilities(&self, table: &Table, rows: &[usize]) -> Result<Vec<f64>, BatchError> {
        Ok(self.log_odds(table, rows)?.into_iter().map(|odds| self.calibration.apply(odds)).collect())
    }

    /// A row's score and its reasons.
    pub fn score(&self, table: &Table, row: usize) -> Result<Score, BatchError> {
        let gathered = self.gather(table, &[row])?;
        let cells: Vec<Cells<'_>> = gathered.iter().map(Gathered::cells).collect();
        self.scorer().reasons(&cells, 0)
    }

    /// The log-odds, before calibration, that are expected of a training lead: what contributions start from.
    pub fn base(&self) -> f64 {
        match &self.ranker {
            Ranker::Logistic(linear) => linear.base(),
            Ranker::Boosted(boosted) => shapley::base(&boosted.forest),
        }
    }

    /// What the columns of one side add to a score.
    pub fn subtotal(&self, score: &Score, side: Side) -> f64 {
        let columns = self.columns.iter().zip(&score.contributions);
        columns.filter(|(column, _)| column.side == side).map(|(_, value)| value).sum()
    }

    /// Whether all parts of a stored model fit together.
    pub(crate) fn is_whole(&self) -> bool {
        let width = self.columns.len();
        let rising = |levels: &Vec<String>| levels.windows(2).all(|pair| pair[0] < pair[1]);
        let ranker = match &self.ranker {
            Ranker::Logistic(linear) => linear.width() == width && linear.is_whole(&self.levels),
            Ranker::Boosted(boosted) => boosted.width() == width && boosted.is_whole(&self.levels),
        };
        width > 0
            && self.levels.len() == width
            && self.levels.iter().all(rising)
            && ranker
            && self.calibration.is_whole()
    }

    fn gather(&self, table: &Table, rows: &[usize]) -> Result<Vec<Gathered>, BatchError> {
        let names: Vec<(&str, Kind)> =
            table.columns.iter().map(|column| (column.name.as_str(), column.kind)).collect();
        let places = self.places(&names)?;
        Ok(places
            .iter()
            .zip(&self.levels)
            .map(|(at, levels)| batch::gather(table, *at, levels, rows))
            .collect())
    }
}
