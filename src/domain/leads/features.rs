//! Columns turned into the numbers that a linear model weighs.
//!
//! Numbers are measured from the training mean in training standard deviations, and held within the range
//! seen in training, so that no lead is scored by extrapolation. An empty cell counts as the mean, with a
//! mark of its own where training rows had enough of them. Each common level of a category has a mark;
//! rare ones share one, and so do empty cells.

use super::{
    matrix::Rows,
    table::{Table, Values},
};

/// Training rows that a mark needs before it gets a weight of its own.
pub const FEWEST_ROWS_PER_MARK: usize = 20;
/// Levels of one category that get marks of their own, the commonest first.
pub const MOST_LEVELS: usize = 40;

/// How one column becomes features.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Encoding {
    /// The column's place in the table.
    pub(crate) column: usize,
    /// The column's first feature.
    pub(crate) first: usize,
    shape: Shape,
}

#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Number { mean: f64, deviation: f64, low: f64, high: f64, marks_empty: bool },
    Category { feature_of_level: Vec<Option<usize>>, rare: Option<usize>, empty: Option<usize>, width: usize },
}

/// How a table becomes features.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Encoder {
    pub(crate) encodings: Vec<Encoding>,
    /// Features, the intercept included.
    pub(crate) width: usize,
}

impl Encoder {
    /// Learns means, ranges and levels from the training rows. Returns the columns that say nothing beside it.
    pub(crate) fn learn(table: &Table, columns: &[usize], train: &[usize]) -> (Self, Vec<usize>) {
        let mut encoder = Self { encodings: Vec::new(), width: 1 };
        let mut constant = Vec::new();
        for &column in columns {
            let shape = match &table.columns[column].values {
                Values::Number(values) => number(values, train),
                Values::Category { codes, levels } => category(codes, levels.len(), train),
            };
            match shape {
                Some(shape) => {
                    let encoding = Encoding { column, first: encoder.width, shape };
                    encoder.width += encoding.width();
                    encoder.encodings.push(encoding);
                }
                None => constant.push(column),
            }
        }
        (encoder, constant)
    }

    /// The features of the given rows.
    pub(crate) fn rows(&self, table: &Table, rows: &[usize]) -> Rows {
        let mut encoded = Rows::default();
        for &row in rows {
            encoded.push(self.encodings.iter().filter_map(|encoding| encoding.features(table, row)));
        }
        encoded
    }
}

impl Encoding {
    fn width(&self) -> usize {
        match &self.shape {
            Shape::Number { marks_empty, .. } => 1 + usize::from(*marks_empty),
            Shape::Category { width, .. } => *width,
        }
    }

    /// The features of one row that are not zero, in rising order.
    pub(crate) fn features(&self, table: &Table, row: usize) -> Option<(usize, f64)> {
        match (&self.shape, &table.columns[self.column].values) {
            (Shape::Number { mean, deviation, low, high, marks_empty }, Values::Number(values)) => {
                match values[row] {
                    Some(value) => Some((self.first, (value.clamp(*low, *high) - mean) / deviation)),
                    None => marks_empty.then_some((self.first + 1, 1.0)),
                }
            }
            (Shape::Category { feature_of_level, rare, empty, .. }, Values::Category { codes, .. }) => {
                let feature = match codes[row].and_then(|code| usize::try_from(code).ok()) {
                    Some(level) => feature_of_level.get(level).copied().flatten().or(*rare),
                    None => *empty,
                };
                feature.map(|feature| (self.first + feature, 1.0))
            }
            _ => None,
        }
    }
}

fn number(values: &[Option<f64>], train: &[usize]) -> Option<Shape> {
    let filled: Vec<f64> = train.iter().filter_map(|row| values[*row]).collect();
    let empty = train.len() - filled.len();
    let marks_empty = empty >= FEWEST_ROWS_PER_MARK && filled.len() >= FEWEST_ROWS_PER_MARK;
    let n = filled.len() as f64;
    let mean = filled.iter().sum::<f64>() / n;
    let low = filled.iter().copied().fold(f64::INFINITY, f64::min);
    let high = filled.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if filled.is_empty() || low >= high && !marks_empty {
        return None;
    }
    let variance = filled.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n;
    // One value and some empty cells: only the mark of emptiness tells rows apart.
    let deviation = if variance > 0.0 { variance.sqrt() } else { 1.0 };
    (mean.is_finite() && deviation.is_finite()).then_some(Shape::Number {
        mean,
        deviation,
        low,
        high,
        marks_empty,
    })
}

fn category(codes: &[Option<u32>], levels: usize, train: &[usize]) -> Option<Shape> {
    let mut counts = vec![0_usize; levels];
    let mut empty_rows = 0;
    for row in train {
        match codes[*row].and_then(|code| usize::try_from(code).ok()) {
            Some(level) => counts[level] += 1,
            None => empty_rows += 1,
        }
    }
    let mut common: Vec<usize> = (0..levels).filter(|level| counts[*level] >= FEWEST_ROWS_PER_MARK).collect();
    common.sort_by_key(|level| (std::cmp::Reverse(counts[*level]), *level));
    common.truncate(MOST_LEVELS);
    let mut feature_of_level = vec![None; levels];
    for (feature, level) in common.iter().enumerate() {
        feature_of_level[*level] = Some(feature);
    }
    let rare_rows = train.len() - empty_rows - common.iter().map(|level| counts[*level]).sum::<usize>();
    let mut width = common.len();
    let mut mark = |rows: usize| {
        (rows >= FEWEST_ROWS_PER_MARK).then(|| {
            width += 1;
            width - 1
        })
    };
    let rare = mark(rare_rows);
    let empty = mark(empty_rows);
    (width > 1).then_some(Shape::Category { feature_of_level, rare, empty, width })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leads::table::{Column, Kind};

    fn table(values: Values, rows: usize) -> Table {
        let column = Column { name: "column".into(), kind: Kind::Number, values };
        Table {
            columns: vec![column],
            label: vec![Some(true); rows],
            time: None,
            ids: vec![String::new(); rows],
        }
    }

    fn features(values: Values, rows: usize) -> (usize, Vec<Option<(usize, f64)>>) {
        let table = table(values, rows);
        let (encoder, constant) = Encoder::learn(&table, &[0], &(0..rows).collect::<Vec<_>>());
        assert_eq!(constant.len() + encoder.encodings.len(), 1);
        let of = |row| encoder.encodings.first().and_then(|encoding| encoding.features(&table, row));
        (encoder.width, (0..rows).map(of).collect())
    }

    #[test]
    fn numbers_are_standardised_and_empty_cells_marked() {
        let values = (0..60).map(|row| (row >= 20).then(|| f64::from(row % 2))).collect();
        let (width, features) = features(Values::Number(values), 60);
        assert_eq!(width, 3);
        assert_eq!(
            (features[0], features[20], features[21]),
            (Some((2, 1.0)), Some((1, -1.0)), Some((1, 1.0)))
        );
    }

    #[test]
    fn rare_levels_share_a_mark() {
        let codes = (0..60_u32).map(|row| Some(if row < 30 { 0 } else { row })).collect();
        let levels = (0..60).map(|level| level.to_string()).collect();
        let (width, features) = features(Values::Category { codes, levels }, 60);
        assert_eq!(width, 3);
        assert_eq!(
            (features[0], features[30], features[59]),
            (Some((1, 1.0)), Some((2, 1.0)), Some((2, 1.0)))
        );
    }

    #[test]
    fn a_column_without_differences_says_nothing() {
        assert_eq!(features(Values::Number(vec![Some(3.0); 60]), 60).0, 1);
        assert_eq!(
            features(Values::Category { codes: vec![Some(0); 60], levels: vec!["a".into()] }, 60).0,
            1
        );
    }

    #[test]
    fn values_beyond_training_count_as_its_ends() {
        let mut values: Vec<Option<f64>> = (0..60).map(|row| Some(f64::from(row % 2))).collect();
        values.push(Some(1e9));
        let table = table(Values::Number(values), 61);
        let (encoder, _) = Encoder::learn(&table, &[0], &(0..60).collect::<Vec<_>>());
        assert_eq!(encoder.encodings[0].features(&table, 60), Some((1, 1.0)));
    }
}
