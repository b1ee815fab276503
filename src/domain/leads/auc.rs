//! How well a score ranks converted leads above the others: the area under the ROC curve.
//!
//! # Design
//! The area is counted in whole numbers (wins and half-wins among all pairs), so row order and monotone
//! changes of the score cannot alter a single bit of it. The interval uses `DeLong`'s variance on the
//! log-odds scale, which keeps it inside (0, 1). A score that separates the classes perfectly, or a class
//! with one row, has no such variance; there the interval is Newcombe's fifth method (2006), which solves
//! for the areas whose own Hanley-McNeil variance would still allow what was seen.

use crate::proportion::Interval;

/// The normal quantile of a two-sided 95% interval.
const Z_95: f64 = 1.959_963_984_540_054;
/// Halvings of a bracket of width one: enough to reach the resolution of f64.
const HALVINGS: usize = 60;

/// An area under the ROC curve and how sure we may be of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AucEstimate {
    /// The chance that a converted lead scores above one that did not convert, ties counted half.
    pub value: f64,
    /// Its 95% interval.
    pub interval: Interval,
    /// Converted leads.
    pub positives: u64,
    /// Leads that did not convert.
    pub negatives: u64,
}

impl AucEstimate {
    /// Whether the interval holds 0.5, so that the score may rank no better than chance.
    pub fn may_be_chance(&self) -> bool {
        self.interval.low <= 0.5 && self.interval.high >= 0.5
    }
}

/// Rows of one score.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tie {
    score: f64,
    positives: u64,
    negatives: u64,
}

/// The area under the ROC curve, ties counted half. Nothing without both classes, or when a score is not a
/// number.
pub fn auc(scores: &[f64], labels: &[bool]) -> Option<f64> {
    let counts: Vec<(f64, u64, u64)> = scores
        .iter()
        .zip(labels)
        .map(|(&score, &label)| (score, u64::from(label), u64::from(!label)))
        .collect();
    area(&ties(&counts)?)
}

/// The area and its 95% interval from counts per score: `(score, positives, negatives)`, in any order and
/// with repeated scores allowed. Nothing without both classes, or when a score is not a number.
pub fn auc_from_counts(counts: &[(f64, u64, u64)]) -> Option<AucEstimate> {
    let ties = ties(counts)?;
    let value = area(&ties)?;
    let positives: u64 = ties.iter().map(|tie| tie.positives).sum();
    let negatives: u64 = ties.iter().map(|tie| tie.negatives).sum();
    let interval = match delong_variance(&ties, value, positives, negatives) {
        Some(variance) if variance > 0.0 && value > 0.0 && value < 1.0 => on_log_odds(value, variance.sqrt()),
        _ => newcombe(value, positives as f64, negatives as f64),
    };
    Some(AucEstimate { value, interval, positives, negatives })
}

/// The area and `DeLong`'s variance of it, from counts per score. Nothing with fewer than two of an outcome, or
/// when a score is not a number.
pub(crate) fn delong(counts: &[(f64, u64, u64)]) -> Option<(f64, f64)> {
    let ties = ties(counts)?;
    let value = area(&ties)?;
    let positives = ties.iter().map(|tie| tie.positives).sum();
    let negatives = ties.iter().map(|tie| tie.negatives).sum();
    Some((value, delong_variance(&ties, value, positives, negatives)?))
}

/// Equal scores merged, in rising order.
fn ties(counts: &[(f64, u64, u64)]) -> Option<Vec<Tie>> {
    if counts.iter().any(|(score, _, _)| score.is_nan()) {
        return None;
    }
    // Adding zero turns -0.0 into 0.0, which are the same score.
    let mut sorted: Vec<Tie> = counts
        .iter()
        .map(|&(score, positives, negatives)| Tie { score: score + 0.0, positives, negatives })
        .collect();
    sorted.sort_by(|a, b| a.score.total_cmp(&b.score));
    let mut merged: Vec<Tie> = Vec::new();
    for tie in sorted {
        match merged.last_mut() {
            Some(last) if last.score.total_cmp(&tie.score).is_eq() => {
                last.positives += tie.positives;
                last.negatives += tie.negatives;
            }
            _ => merged.push(tie),
        }
    }
    Some(merged)
}

fn area(ties: &[Tie]) -> Option<f64> {
    area_of(ties.iter().map(|tie| (tie.positives, tie.negatives)))
}

/// The area from the classes' counts at each score, in rising order of score.
pub(crate) fn area_of(rising: impl IntoIterator<Item = (u64, u64)>) -> Option<f64> {
    let (mut half_wins, mut positives, mut below) = (0_u128, 0_u64, 0_u64);
    for (here, against) in rising {
        half_wins += u128::from(here) * (2 * u128::from(below) + u128::from(against));
        positives += here;
        below += against;
    }
    let half_pairs = 2 * u128::from(positives) * u128::from(below);
    (half_pairs > 0).then(|| half_wins as f64 / half_pairs as f64)
}

/// `DeLong`'s variance: how much each row's share of won pairs varies within its class.
fn delong_variance(ties: &[Tie], value: f64, positives: u64, negatives: u64) -> Option<f64> {
    if positives < 2 || negatives < 2 {
        return None;
    }
    let (m, n) = (positives as f64, negatives as f64);
    let (mut negatives_below, mut positives_below) = (0.0, 0.0);
    let (mut of_positives, mut of_negatives) = (0.0, 0.0);
    for tie in ties {
        let (here, against) = (tie.positives as f64, tie.negatives as f64);
        let won = (negatives_below + against / 2.0) / n;
        let lost_to = (m - positives_below - here / 2.0) / m;
        of_positives += here * (won - value).powi(2);
        of_negatives += against * (lost_to - value).powi(2);
        negatives_below += against;
        positives_below += here;
    }
    Some(of_positives / (m - 1.0) / m + of_negatives / (n - 1.0) / n)
}

fn on_log_odds(value: f64, error: f64) -> Interval {
    let centre = (value / (1.0 - value)).ln();
    let half = Z_95 * error / (value * (1.0 - value));
    let back = |log_odds: f64| 1.0 / (1.0 + (-log_odds).exp());
    Interval { low: back(centre - half).min(value), high: back(centre + half).max(value) }
}

fn newcombe(value: f64, m: f64, n: f64) -> Interval {
    let error = |area: f64| {
        let pairs_alike = f64::midpoint(m, n) - 1.0;
        let spread = 1.0 + pairs_alike * ((1.0 - area) / (2.0 - area) + area / (1.0 + area));
        (area * (1.0 - area) / (m * n) * spread).max(0.0).sqrt()
    };
    let edge = |mut outside: f64| {
        let mut inside = value;
        // At the value itself the distance is nil; a hair away from an end the variance allows it.
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(inside, outside);
            if (middle - value).abs() <= Z_95 * error(middle) { inside = middle } else { outside = middle }
        }
        inside
    };
    Interval { low: edge(0.0), high: edge(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_pairs_and_halves_ties() {
        assert_eq!(auc(&[1.0, 2.0, 3.0, 4.0], &[false, false, true, true]), Some(1.0));
        assert_eq!(auc(&[1.0, 1.0], &[false, true]), Some(0.5));
        assert_eq!(auc(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true]), Some(0.75));
        assert_eq!(auc(&[-0.0, 0.0], &[false, true]), Some(0.5));
    }

    #[test]
    fn one_class_or_no_number_has_no_area() {
        assert_eq!(auc(&[1.0, 2.0], &[true, true]), None);
        assert_eq!(auc(&[], &[]), None);
        assert_eq!(auc(&[f64::NAN, 2.0], &[true, false]), None);
        assert_eq!(auc_from_counts(&[(1.0, 0, 9)]), None);
    }

    #[test]
    fn perfect_separation_is_not_certainty() {
        let few = auc_from_counts(&[(0.0, 0, 5), (1.0, 5, 0)]).unwrap();
        let many = auc_from_counts(&[(0.0, 0, 500), (1.0, 500, 0)]).unwrap();
        assert!(few.interval.low < 0.8 && few.interval.high > 0.999_999, "{few:?}");
        assert!(many.interval.low > 0.98 && many.interval.low < 1.0, "{many:?}");
        let one = auc_from_counts(&[(0.0, 0, 5), (1.0, 1, 0)]).unwrap();
        assert!(one.interval.low < 0.5, "{one:?}");
    }

    #[test]
    fn delongs_variance_is_that_of_both_classes_with_ties_halved() {
        // By hand: the positives win 1/4, 3/4 and 1 of the pairs, the negatives lose to 5/6 and 1/2 of them.
        let counts = [(1.0, 1, 1), (2.0, 1, 1), (3.0, 1, 0)];
        let (area, variance) = delong(&counts).unwrap();
        let spread = |shares: &[f64]| {
            let n = shares.len() as f64;
            shares.iter().map(|share| (share - area).powi(2)).sum::<f64>() / (n - 1.0) / n
        };
        assert!((area - 2.0 / 3.0).abs() < 1e-15);
        let expected = spread(&[0.25, 0.75, 1.0]) + spread(&[5.0 / 6.0, 0.5]);
        assert!((variance - expected).abs() < 1e-15, "{variance} {expected}");
    }

    fn rows() -> impl Strategy<Value = Vec<(f64, bool)>> {
        prop::collection::vec((-20_i32..20, any::<bool>()), 2..200)
            .prop_map(|rows| rows.into_iter().map(|(score, label)| (f64::from(score), label)).collect())
    }

    fn of(rows: &[(f64, bool)], change: impl Fn(f64) -> f64) -> Option<f64> {
        let (scores, labels): (Vec<f64>, Vec<bool>) = rows.iter().map(|(s, l)| (change(*s), *l)).unzip();
        auc(&scores, &labels)
    }

    proptest! {
        #[test]
        fn ranks_are_all_that_counts(mut rows in rows(), turn in 0_usize..200) {
            let Some(area) = of(&rows, |score| score) else { return Ok(()) };
            prop_assert!((0.0..=1.0).contains(&area));
            prop_assert_eq!(of(&rows, |score| (score / 10.0).exp()), Some(area));
            prop_assert_eq!(of(&rows, |score| score.powi(3) - 7.0), Some(area));
            let flipped = of(&rows, |score| -score).unwrap();
            prop_assert!((flipped - (1.0 - area)).abs() < 1e-15);
            let by = turn % rows.len();
            rows.rotate_left(by);
            prop_assert_eq!(of(&rows, |score| score), Some(area));
        }

        #[test]
        fn the_interval_holds_the_area_and_shrinks_with_rows(rows in rows()) {
            let counts: Vec<_> = rows.iter().map(|(s, l)| (*s, u64::from(*l), u64::from(!*l))).collect();
            let Some(small) = auc_from_counts(&counts) else { return Ok(()) };
            prop_assert!(0.0 <= small.interval.low && small.interval.low <= small.value);
            prop_assert!(small.value <= small.interval.high && small.interval.high <= 1.0);
            prop_assume!(small.positives > 1 && small.negatives > 1);
            let tenfold: Vec<_> = counts.iter().map(|(s, p, n)| (*s, p * 10, n * 10)).collect();
            let large = auc_from_counts(&tenfold).unwrap();
            prop_assert!(large.interval.high - large.interval.low < small.interval.high - small.interval.low);
        }
    }
}
