//! The interval of an AUC by resampling rows.

use super::{
    auc::{AucEstimate, area_of, auc},
    random::Random,
};
use crate::proportion::Interval;

/// Resamples drawn: the ends of a 95% interval then rest on a dozen resamples each.
pub const RESAMPLES: usize = 500;

/// The AUC and its 95% percentile interval, converted and other leads resampled apart so that every resample
/// has both. The rows are ranked once; a resample then only counts, so its cost grows with the rows alone.
pub(crate) fn auc_with_interval(scores: &[f64], labels: &[bool], seed: u64) -> Option<AucEstimate> {
    let value = auc(scores, labels)?;
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let mut ranks = [Vec::new(), Vec::new()];
    let mut rank = 0;
    for (at, &row) in order.iter().enumerate() {
        if at > 0 && scores[row] > scores[order[at - 1]] {
            rank += 1;
        }
        ranks[usize::from(labels[row])].push(rank);
    }
    let mut random = Random::new(seed);
    let mut areas: Vec<f64> =
        (0..RESAMPLES).filter_map(|_| resampled(&ranks, rank + 1, &mut random)).collect();
    areas.sort_by(f64::total_cmp);
    let [negatives, positives] = ranks.map(|rows| rows.len() as u64);
    let interval =
        Interval { low: quantile(&areas, 0.025).min(value), high: quantile(&areas, 0.975).max(value) };
    Some(AucEstimate { value, interval, positives, negatives })
}

fn resampled(ranks: &[Vec<usize>; 2], distinct: usize, random: &mut Random) -> Option<f64> {
    let mut counts = vec![(0_u64, 0_u64); distinct];
    for _ in 0..ranks[0].len() {
        counts[ranks[0][random.below(ranks[0].len())]].1 += 1;
    }
    for _ in 0..ranks[1].len() {
        counts[ranks[1][random.below(ranks[1].len())]].0 += 1;
    }
    area_of(counts)
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
