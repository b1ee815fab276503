//! Which rows train, which calibrate and which test.

use super::{random::Random, table::Table};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Share of rows that train the model.
const TRAIN_SHARE: f64 = 0.6;
/// Share of rows that train or calibrate it; the rest test it.
const TRAIN_AND_CALIBRATE_SHARE: f64 = 0.8;

/// Share of the training rows that trees grow on; the rest says when to stop.
const GROW_SHARE: f64 = 0.85;

/// The three parts of a split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Rows from which the weights come.
    Train,
    /// Rows from which the penalty and the calibration come.
    Calibrate,
    /// Rows that the model has never seen.
    Test,
}

impl Part {
    /// Every part, earliest first.
    pub const ALL: [Self; 3] = [Self::Train, Self::Calibrate, Self::Test];

    /// The part's name as it stands in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Calibrate => "calibrate",
            Self::Test => "test",
        }
    }
}

/// How the rows were divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The earliest rows train, the latest test.
    ByTime,
    /// By chance, because there is no time column.
    NoTimeColumn,
    /// By chance, because the times are too few to part the rows.
    TooFewTimes,
}

/// The labelled rows, divided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// How.
    pub method: Method,
    /// Rows from which the weights come.
    pub train: Vec<usize>,
    /// Rows from which the penalty and the calibration come.
    pub calibrate: Vec<usize>,
    /// Rows that the model has never seen.
    pub test: Vec<usize>,
    /// Labelled rows without a time, which no part may use.
    pub undated: usize,
    /// Labelled rows whose lead stands in an earlier part already, which the later part may not use.
    pub repeated: usize,
}

impl Split {
    /// The rows of a part.
    pub fn part(&self, part: Part) -> &[usize] {
        match part {
            Part::Train => &self.train,
            Part::Calibrate => &self.calibrate,
            Part::Test => &self.test,
        }
    }
}

/// Divides the labelled rows by time, or by chance where there is no time to go by. A lead that stands in an
/// earlier part is left out of the later ones, which would else be tested on what the model has seen.
pub(crate) fn divide(table: &Table, seed: u64) -> Split {
    let mut split = by_rows(table, seed);
    let mut taken: BTreeMap<usize, Part> = BTreeMap::new();
    for part in Part::ALL {
        let rows = match part {
            Part::Train => &mut split.train,
            Part::Calibrate => &mut split.calibrate,
            Part::Test => &mut split.test,
        };
        let before = rows.len();
        rows.retain(|row| *taken.entry(table.lead[*row]).or_insert(part) == part);
        split.repeated += before - rows.len();
    }
    split
}

fn by_rows(table: &Table, seed: u64) -> Split {
    let labelled: Vec<usize> = table.canonical_order().into_iter().filter(|row| table.counts(*row)).collect();
    let Some(times) = &table.time else { return by_chance(labelled, Method::NoTimeColumn, seed) };
    let dated: Vec<(i64, usize)> = labelled.iter().filter_map(|row| Some((times[*row]?, *row))).collect();
    let bounds = boundary(&dated, TRAIN_SHARE).zip(boundary(&dated, TRAIN_AND_CALIBRATE_SHARE));
    match bounds {
        Some((first, second)) if first < second => {
            let rows: Vec<usize> = dated.iter().map(|(_, row)| *row).collect();
            Split { undated: labelled.len() - rows.len(), ..cut(&rows, first, second, Method::ByTime) }
        }
        _ => by_chance(labelled, Method::TooFewTimes, seed),
    }
}

/// Where the last part of training time begins, on which the rounds of boosting are counted: at a change of time
/// where the split goes by time.
pub(crate) fn last_part(table: &Table, split: &Split) -> usize {
    let rows = &split.train;
    let dated = || -> Option<Vec<(i64, usize)>> {
        let times = table.time.as_ref().filter(|_| split.method == Method::ByTime)?;
        rows.iter().map(|row| Some((times[*row]?, *row))).collect()
    };
    let by_time = dated().and_then(|dated| boundary(&dated, GROW_SHARE));
    by_time.unwrap_or(rows.len() * 17 / 20)
}

/// The change of time nearest to the wanted share, so that rows of one time stay on one side.
fn boundary(dated: &[(i64, usize)], share: f64) -> Option<usize> {
    let wanted = share * dated.len() as f64;
    (1..dated.len())
        .filter(|at| dated[*at].0 > dated[at - 1].0)
        .min_by(|a, b| (*a as f64 - wanted).abs().total_cmp(&(*b as f64 - wanted).abs()))
}

fn by_chance(mut rows: Vec<usize>, method: Method, seed: u64) -> Split {
    Random::new(seed).shuffle(&mut rows);
    let at = |tenths: usize| rows.len() * tenths / 10;
    cut(&rows, at(6), at(8), method)
}

fn cut(rows: &[usize], first: usize, second: usize, method: Method) -> Split {
    Split {
        method,
        train: rows[..first].to_vec(),
        calibrate: rows[first..second].to_vec(),
        test: rows[second..].to_vec(),
        undated: 0,
        repeated: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(times: Option<Vec<Option<i64>>>, rows: usize) -> Table {
        let label = (0..rows).map(|row| (row != 3).then_some(row % 2 == 0)).collect();
        let ids = (0..rows).map(|row| format!("{row:04}")).collect();
        Table { time: times, ids, ..Table::of_labels(label) }
    }

    #[test]
    fn earlier_rows_train_and_ties_stay_together() {
        let times: Vec<Option<i64>> = (0..100).map(|row| (row != 7).then_some(i64::from(row / 9))).collect();
        let table = table(Some(times.clone()), 100);
        let split = divide(&table, 1);
        assert_eq!((split.method, split.undated), (Method::ByTime, 1));
        assert_eq!(split.train.len() + split.calibrate.len() + split.test.len(), 98);
        let latest = |rows: &[usize]| rows.iter().map(|row| times[*row].unwrap()).max().unwrap();
        let earliest = |rows: &[usize]| rows.iter().map(|row| times[*row].unwrap()).min().unwrap();
        assert!(latest(&split.train) < earliest(&split.calibrate));
        assert!(latest(&split.calibrate) < earliest(&split.test));
        assert!((52..=66).contains(&split.train.len()), "{}", split.train.len());
    }

    #[test]
    fn a_lead_stays_on_one_side_and_a_row_that_counts_for_nothing_on_none() {
        let mut table = table(Some((0..100).map(Some).collect()), 100);
        table.lead[90] = 10;
        table.lead[91] = 92;
        table.weight = Some((0..100).map(|row| if row == 20 { 0.0 } else { 1.0 }).collect());
        let split = divide(&table, 1);
        assert_eq!(split.repeated, 1);
        assert!(split.train.contains(&10) && !split.test.contains(&90) && split.test.contains(&91));
        assert!(Part::ALL.iter().all(|part| !split.part(*part).contains(&20)));
    }

    #[test]
    fn without_times_chance_decides_and_says_so() {
        let split = divide(&table(None, 101), 1);
        assert_eq!(split.method, Method::NoTimeColumn);
        assert_eq!((split.train.len(), split.calibrate.len(), split.test.len()), (60, 20, 20));
        assert_eq!(split, divide(&table(None, 101), 1));
        assert_ne!(split, divide(&table(None, 101), 2));
        let one_day = divide(&table(Some(vec![Some(5); 101]), 101), 1);
        assert_eq!(one_day.method, Method::TooFewTimes);
        assert_eq!(one_day.train, split.train);
    }
}
