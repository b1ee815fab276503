//! Scores in batches: a stream of leads passes through in memory that does not grow with it.

use super::{
    batch::{BatchError, Cells, EMPTY},
    forest::{BLOCK, Block},
    model::{Model, Ranker, Score},
    shapley,
    table::Kind,
    words::Side,
};
use std::sync::OnceLock;

/// Scores the batches of one stream.
#[derive(Debug)]
pub struct Scorer<'a> {
    model: &'a Model,
    base: f64,
    sides: Vec<Side>,
    tables: OnceLock<shapley::Sides>,
}

/// The scores of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// The log-odds of each row before calibration, by which leads are ranked.
    pub log_odds: Vec<f64>,
    /// The calibrated probability of each row.
    pub probability: Vec<f64>,
    /// Cells of each of the model's columns whose level was not seen in training. They count as a rare level.
    pub unseen: Vec<u64>,
}

/// What each side adds to the scores of a batch. With the base they add up to the log-odds before calibration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subtotals {
    /// What tells who the lead is.
    pub fit: Vec<f64>,
    /// What tells what the lead did.
    pub engagement: Vec<f64>,
    /// The rest.
    pub other: Vec<f64>,
}

impl<'a> Scorer<'a> {
    pub(crate) fn new(model: &'a Model) -> Self {
        let sides = model.columns().iter().map(|column| column.side).collect();
        Self { model, base: model.base(), sides, tables: OnceLock::new() }
    }

    /// The scores of a batch, which holds the model's columns in their order.
    pub fn score(&self, batch: &[Cells<'_>]) -> Result<Scores, BatchError> {
        self.check(batch)?;
        let log_odds = self.model.ranker.log_odds(batch);
        let probability = log_odds.iter().map(|odds| self.model.calibration.apply(*odds)).collect();
        let unseen = batch.iter().enumerate().map(|(column, cells)| self.unseen(column, *cells)).collect();
        Ok(Scores { log_odds, probability, unseen })
    }

    /// What fit, engagement and the rest add to the scores of a batch.
    pub fn subtotals(&self, batch: &[Cells<'_>]) -> Result<Subtotals, BatchError> {
        self.check(batch)?;
        let rows = batch.first().map_or(0, Cells::len);
        let mut found = Subtotals::default();
        match &self.model.ranker {
            Ranker::Logistic(linear) => {
                found =
                    Subtotals { fit: vec![0.0; rows], engagement: vec![0.0; rows], other: vec![0.0; rows] };
                for (column, (cells, side)) in batch.iter().zip(&self.sides).enumerate() {
                    let into = match side {
                        Side::Fit => &mut found.fit,
                        Side::Engagement => &mut found.engagement,
                        Side::Other => &mut found.other,
                    };
                    linear.contribution(column, *cells, into);
                }
            }
            Ranker::Boosted(boosted) => {
                let tables = self.tables.get_or_init(|| shapley::Sides::new(&boosted.forest, &self.sides));
                let mut block = Block::new(boosted.width());
                for start in (0..rows).step_by(BLOCK) {
                    let filled = boosted.fill(&mut block, batch, start);
                    let odds = boosted.forest.log_odds(&block);
                    let sides = tables.of(&boosted.forest, &block);
                    for ([fit, engagement], odds) in sides.into_iter().zip(odds).take(filled) {
                        found.fit.push(fit);
                        found.engagement.push(engagement);
                        found.other.push(odds - self.base - fit - engagement);
                    }
                }
            }
        }
        Ok(found)
    }

    /// One row's score and what each column adds to it.
    pub fn reasons(&self, batch: &[Cells<'_>], row: usize) -> Result<Score, BatchError> {
        self.check(batch)?;
        let one: Vec<Cells<'_>> = batch.iter().map(|cells| cells.part(row..row + 1)).collect();
        let mut contributions = vec![0.0; one.len()];
        match &self.model.ranker {
            Ranker::Logistic(linear) => {
                for (column, cells) in one.iter().enumerate() {
                    linear.contribution(column, *cells, &mut contributions[column..=column]);
                }
            }
            Ranker::Boosted(boosted) => {
                let mut block = Block::new(boosted.width());
                boosted.fill(&mut block, &one, 0);
                shapley::contributions(&boosted.forest, &block, 0, &mut contributions);
            }
        }
        // One row is asked for, so there is one.
        let log_odds = self.model.ranker.log_odds(&one).first().copied().unwrap_or(self.base);
        Ok(Score {
            probability: self.model.calibration.apply(log_odds),
            log_odds,
            base: self.base,
            contributions,
        })
    }

    fn unseen(&self, column: usize, cells: Cells<'_>) -> u64 {
        let Cells::Codes(codes) = cells else { return 0 };
        let known = self.model.levels(column).len();
        let is_known = |code: u32| usize::try_from(code).is_ok_and(|code| code < known);
        codes.iter().filter(|code| **code != EMPTY && !is_known(**code)).count() as u64
    }

    fn check(&self, batch: &[Cells<'_>]) -> Result<(), BatchError> {
        let columns = self.model.columns();
        if batch.len() != columns.len() {
            return Err(BatchError::Columns { expected: columns.len(), found: batch.len() });
        }
        for (column, cells) in columns.iter().zip(batch) {
            if cells.len() != batch[0].len() {
                return Err(BatchError::Uneven(column.name.clone()));
            }
            let found = match (column.kind, cells) {
                (Kind::Category, Cells::Numbers(_)) => Kind::Number,
                (Kind::Number | Kind::Boolean | Kind::Date, Cells::Codes(_)) => Kind::Category,
                _ => continue,
            };
            return Err(BatchError::ChangedKind {
                column: column.name.clone(),
                trained: column.kind.name(),
                found: found.name(),
            });
        }
        Ok(())
    }
}
