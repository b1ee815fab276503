//! Which rows train, which calibrate and which test.

use super::{random::Random, table::Table};

/// Share of rows that train the model.
const TRAIN_SHARE: f64 = 0.6;
/// Share of rows that train or calibrate it; the rest test it.
const TRAIN_AND_CALIBRATE_SHARE: f64 = 0.8;

/// The three parts of a split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Divides the labelled rows by time, or by chance where there is no time to go by.
pub(crate) fn divide(table: &Table, seed: u64) -> Split {
    let labelled: Vec<usize> =
        table.canonical_order().into_iter().filter(|row| table.label[*row].is_some()).collect();
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(times: Option<Vec<Option<i64>>>, rows: usize) -> Table {
        Table {
            columns: vec![],
            label: (0..rows).map(|row| (row != 3).then_some(row % 2 == 0)).collect(),
            time: times,
            ids: (0..rows).map(|row| format!("{row:04}")).collect(),
        }
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
