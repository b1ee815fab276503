//! Columns turned into the numbers that a linear model weighs.
//!
//! Numbers are measured from the training mean in training standard deviations, and held within the range
//! seen in training, so that no lead is scored by extrapolation. An empty cell counts as the mean, with a
//! mark of its own where training rows had enough of them. Each common level of a category has a mark;
//! rare ones share one, and so do empty cells.

use super::{
    batch::{Cells, EMPTY},
    matrix::Rows,
};

/// Training rows that a mark needs before it gets a weight of its own.
pub const FEWEST_ROWS_PER_MARK: usize = 20;
/// Levels of one category that get marks of their own, the commonest first.
pub const MOST_LEVELS: usize = 40;

/// How one column becomes features.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Encoding {
    /// The column's first feature.
    pub(crate) first: usize,
    pub(crate) shape: Shape,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    Number { mean: f64, deviation: f64, low: f64, high: f64, marks_empty: bool },
    Category { feature_of_level: Vec<Option<usize>>, rare: Option<usize>, empty: Option<usize>, width: usize },
}

/// How the cells of a model's columns become features.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Encoder {
    pub(crate) encodings: Vec<Encoding>,
    /// Features, the intercept included.
    pub(crate) width: usize,
}

impl Shape {
    /// Learns mean, range and common levels from training cells. Nothing when all cells are alike.
    pub(crate) fn learn(cells: Cells<'_>, levels: usize) -> Option<Self> {
        match cells {
            Cells::Numbers(values) => number(values),
            Cells::Codes(codes) => category(codes, levels),
        }
    }

    fn width(&self) -> usize {
        match self {
            Self::Number { marks_empty, .. } => 1 + usize::from(*marks_empty),
            Self::Category { width, .. } => *width,
        }
    }
}

impl Encoder {
    /// Gives each column its place among the features.
    pub(crate) fn new(shapes: Vec<Shape>) -> Self {
        let mut encoder = Self { encodings: Vec::new(), width: 1 };
        for shape in shapes {
            let encoding = Encoding { first: encoder.width, shape };
            encoder.width += encoding.shape.width();
            encoder.encodings.push(encoding);
        }
        encoder
    }

    /// The features of every row, the columns in the encoder's order.
    pub(crate) fn rows(&self, columns: &[Cells<'_>]) -> Rows {
        let mut encoded = Rows::default();
        for row in 0..columns.first().map_or(0, Cells::len) {
            let cells = self.encodings.iter().zip(columns);
            encoded.push(cells.filter_map(|(encoding, cells)| encoding.feature(*cells, row)));
        }
        encoded
    }
}

impl Encoding {
    /// The feature of one row that is not zero.
    pub(crate) fn feature(&self, cells: Cells<'_>, row: usize) -> Option<(usize, f64)> {
        match (&self.shape, cells) {
            (Shape::Number { mean, deviation, low, high, marks_empty }, Cells::Numbers(values)) => {
                if values[row].is_nan() {
                    marks_empty.then_some((self.first + 1, 1.0))
                } else {
                    Some((self.first, (values[row].clamp(*low, *high) - mean) / deviation))
                }
            }
            (Shape::Category { feature_of_level, rare, empty, .. }, Cells::Codes(codes)) => {
                let level = usize::try_from(codes[row]).ok().and_then(|level| feature_of_level.get(level));
                let feature = if codes[row] == EMPTY { *empty } else { level.copied().flatten().or(*rare) };
                feature.map(|feature| (self.first + feature, 1.0))
            }
            _ => None,
        }
    }
}

fn number(values: &[f64]) -> Option<Shape> {
    let filled: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    let empty = values.len() - filled.len();
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

fn category(codes: &[u32], levels: usize) -> Option<Shape> {
    let mut counts = vec![0_usize; levels];
    let mut empty_rows = 0;
    for code in codes {
        match usize::try_from(*code).ok().and_then(|level| counts.get_mut(level)) {
            Some(count) => *count += 1,
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
    let rare_rows = codes.len() - empty_rows - common.iter().map(|level| counts[*level]).sum::<usize>();
    let mut width = common.len();
    let mut mark = |rows: usize| {
        (rows >= FEWEST_ROWS_PER_MARK).then(|| {
            width += 1;
            width - 1
        })
    };
    let rare = mark(rare_rows);
    let empty = mark(empty_rows);
    let differ = counts.iter().filter(|count| **count > 0).count() + usize::from(empty_rows > 0) > 1;
    if width == 1 {
        // One mark on nearly every row tells nothing apart that the intercept does not.
        return differ.then_some(Shape::Category {
            feature_of_level: vec![None; levels],
            rare: None,
            empty: None,
            width: 0,
        });
    }
    differ.then_some(Shape::Category { feature_of_level, rare, empty, width })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(cells: Cells<'_>, levels: usize) -> (usize, Vec<Option<(usize, f64)>>) {
        let encoder = Encoder::new(Shape::learn(cells, levels).into_iter().collect());
        let of = |row| encoder.encodings.first().and_then(|encoding| encoding.feature(cells, row));
        (encoder.width, (0..cells.len()).map(of).collect())
    }

    #[test]
    fn numbers_are_standardised_and_empty_cells_marked() {
        let values: Vec<f64> =
            (0..60).map(|row| if row < 20 { f64::NAN } else { f64::from(row % 2) }).collect();
        let (width, features) = features(Cells::Numbers(&values), 0);
        assert_eq!(width, 3);
        assert_eq!(
            (features[0], features[20], features[21]),
            (Some((2, 1.0)), Some((1, -1.0)), Some((1, 1.0)))
        );
    }

    #[test]
    fn rare_levels_share_a_mark() {
        let codes: Vec<u32> = (0..60).map(|row| if row < 40 { 0 } else { 1 + row % 4 }).collect();
        let (width, features) = features(Cells::Codes(&codes), 5);
        assert_eq!(width, 3);
        assert_eq!(
            (features[0], features[40], features[43]),
            (Some((1, 1.0)), Some((2, 1.0)), Some((2, 1.0)))
        );
    }

    #[test]
    fn a_mark_takes_rows_enough_and_a_category_has_no_more_than_it_may() {
        let some_empty = |empty: u32| -> Vec<f64> {
            (0..60).map(|row| if row < empty { f64::NAN } else { f64::from(row % 2) }).collect()
        };
        let width = |empty: u32| features(Cells::Numbers(&some_empty(empty)), 0).0;
        assert_eq!((width(19), width(20), width(40), width(41)), (2, 3, 3, 2));
        let codes: Vec<u32> = (0..1000).map(|row| row % 50).collect();
        assert_eq!(features(Cells::Codes(&codes), 50).0, 42, "the intercept, forty levels and the rest");
    }

    #[test]
    fn a_column_without_differences_says_nothing() {
        assert_eq!(Shape::learn(Cells::Numbers(&[3.0; 60]), 0), None);
        assert_eq!(Shape::learn(Cells::Codes(&[0; 60]), 1), None);
    }

    #[test]
    fn a_category_of_rare_levels_stays_without_a_feature() {
        let codes: Vec<u32> = (0..600).map(|row| row % 300).collect();
        assert_eq!(features(Cells::Codes(&codes), 300).0, 1);
        assert!(Shape::learn(Cells::Codes(&codes), 300).is_some());
    }

    #[test]
    fn values_beyond_training_count_as_its_ends() {
        let values: Vec<f64> = (0..60).map(|row| f64::from(row % 2)).collect();
        let encoder = Encoder::new(Shape::learn(Cells::Numbers(&values), 0).into_iter().collect());
        assert_eq!(encoder.encodings[0].feature(Cells::Numbers(&[1e9]), 0), Some((1, 1.0)));
    }
}
