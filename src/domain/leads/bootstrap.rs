//! The interval of an AUC by resampling rows.

use super::{
    auc::{self, AucEstimate, auc},
    random::Random,
};
use crate::proportion::Interval;

/// Resamples drawn: the ends of a 95% interval then rest on a dozen resamples each.
pub const RESAMPLES: usize = 500;

/// The AUC and its 95% percentile interval, converted and other leads resampled apart so that every resample
/// has both. The rows are ranked once; a resample then only counts, so its cost grows with the rows alone.
pub(crate) fn auc_with_interval(scores: &[f64], labels: &[bool], seed: u64) -> Option<AucEstimate> {
    let value = auc(scores, labels)?;
    let mut ranks = Ranks::of(scores, labels);
    // In the order of ranks, so that the order of rows changes nothing.
    ranks.of.iter_mut().for_each(|ranks| ranks.sort_unstable());
    let mut random = Random::new(seed);
    let mut areas: Vec<f64> = (0..RESAMPLES)
        .filter_map(|_| {
            let mut counts = ranks.none();
            ranks.draw(&mut random, |class, row| count(&mut counts, class, ranks.of[class][row]));
            area_of(counts)
        })
        .collect();
    let [negatives, positives] = ranks.of.map(|rows| rows.len() as u64);
    Some(AucEstimate { value, interval: around(value, &mut areas), positives, negatives })
}

/// How much better one score ranks than another on the same rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The AUC of the first less that of the second.
    pub value: f64,
    /// Its 95% interval, from resamples that both scores share.
    pub interval: Interval,
}

impl Difference {
    /// Whether the first score ranks better beyond the interval.
    pub fn is_better(&self) -> bool {
        self.interval.low > 0.0
    }
}

/// Compares two scores of the same rows: every resample is ranked by both, so that what the rows have in common
/// cancels out.
pub fn auc_difference(first: &[f64], second: &[f64], labels: &[bool], seed: u64) -> Option<Difference> {
    let value = auc(first, labels)? - auc(second, labels)?;
    // In the order of scores, so that the order of rows changes nothing.
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by(|&a, &b| first[a].total_cmp(&first[b]).then(second[a].total_cmp(&second[b])));
    let sorted = |scores: &[f64]| -> Vec<f64> { order.iter().map(|row| scores[*row]).collect() };
    let labels: Vec<bool> = order.iter().map(|row| labels[*row]).collect();
    let (one, other) = (Ranks::of(&sorted(first), &labels), Ranks::of(&sorted(second), &labels));
    let mut random = Random::new(seed);
    let mut differences: Vec<f64> = (0..RESAMPLES)
        .filter_map(|_| {
            let (mut of_one, mut of_other) = (one.none(), other.none());
            one.draw(&mut random, |class, row| {
                count(&mut of_one, class, one.of[class][row]);
                count(&mut of_other, class, other.of[class][row]);
            });
            Some(area_of(of_one)? - area_of(of_other)?)
        })
        .collect();
    Some(Difference { value, interval: around(value, &mut differences) })
}

/// The 95% percentile interval of resampled values, widened to hold the value itself.
fn around(value: f64, drawn: &mut [f64]) -> Interval {
    drawn.sort_by(f64::total_cmp);
    Interval { low: quantile(drawn, 0.025).min(value), high: quantile(drawn, 0.975).max(value) }
}

/// The ranks of rows that did not convert and of rows that did; equal scores share a rank.
struct Ranks {
    of: [Vec<usize>; 2],
    distinct: usize,
}

impl Ranks {
    fn of(scores: &[f64], labels: &[bool]) -> Self {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
        let mut rank_of = vec![0; scores.len()];
        let mut rank = 0;
        for (at, &row) in order.iter().enumerate() {
            if at > 0 && scores[row] > scores[order[at - 1]] {
                rank += 1;
            }
            rank_of[row] = rank;
        }
        let mut of = [Vec::new(), Vec::new()];
        // In the order of rows, so that two scores of the same rows draw the same rows.
        for (rank, label) in rank_of.into_iter().zip(labels) {
            of[usize::from(*label)].push(rank);
        }
        Self { of, distinct: rank + 1 }
    }

    fn none(&self) -> Vec<(u32, u32)> {
        vec![(0, 0); self.distinct]
    }

    fn draw(&self, random: &mut Random, mut take: impl FnMut(usize, usize)) {
        for (class, rows) in self.of.iter().enumerate() {
            for _ in 0..rows.len() {
                take(class, random.below(rows.len()));
            }
        }
    }
}

fn count(counts: &mut [(u32, u32)], class: usize, rank: usize) {
    let (positives, negatives) = &mut counts[rank];
    *if class == 1 { positives } else { negatives } += 1;
}

fn area_of(counts: Vec<(u32, u32)>) -> Option<f64> {
    auc::area_of(
        counts.into_iter().map(|(positives, negatives)| (u64::from(positives), u64::from(negatives))),
    )
}

/// The quantile of sorted values, between neighbours in proportion.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * sorted.len().saturating_sub(1) as f64;
    let below = (0..sorted.len()).rev().find(|at| *at as f64 <= place).unwrap_or(0);
    match (sorted.get(below), sorted.get(below + 1)) {
        (Some(low), Some(high)) => low + (high - low) * (place - below as f64),
        (Some(only), None) => *only,
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leads::auc::auc_from_counts;

    #[test]
    fn agrees_with_the_closed_form() {
        let mut random = Random::new(3);
        let labels: Vec<bool> = (0..2000).map(|row| row % 5 == 0).collect();
        let scores: Vec<f64> =
            labels.iter().map(|label| random.unit() + if *label { 0.3 } else { 0.0 }).collect();
        let drawn = auc_with_interval(&scores, &labels, 1).unwrap();
        let counts: Vec<_> =
            scores.iter().zip(&labels).map(|(s, l)| (*s, u64::from(*l), u64::from(!*l))).collect();
        let closed = auc_from_counts(&counts).unwrap();
        assert_eq!((drawn.value, drawn.positives, drawn.negatives), (closed.value, 400, 1600));
        assert!((drawn.interval.low - closed.interval.low).abs() < 0.006, "{drawn:?} {closed:?}");
        assert!((drawn.interval.high - closed.interval.high).abs() < 0.006, "{drawn:?} {closed:?}");
        assert_eq!(auc_with_interval(&scores, &labels, 1), Some(drawn));
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        let quantiles = [quantile(&[1.0, 2.0, 3.0], 0.5), quantile(&[1.0, 2.0], 0.25), quantile(&[4.0], 0.9)];
        assert!(quantiles.iter().zip([2.0, 1.25, 4.0]).all(|(ours, exact)| (ours - exact).abs() < 1e-15));
    }
}
