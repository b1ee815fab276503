//! Whether the score rewards how much a lead does rather than what it intends.
//!
//! A score may follow activity closely and still predict, since interested people do more. What tells the two
//! apart is whether it ranks leads of equal activity better than chance.

use super::{lens::Thresholds, rows::Judged};
use crate::{
    leads::auc::{auc, delong},
    proportion::Interval,
};
use std::collections::BTreeMap;

/// The normal quantile of a two-sided 95% interval.
const Z_95: f64 = 1.959_963_984_540_054;
/// Strata of like activity, at most. Small whole counts are strata of their own.
const STRATA: usize = 10;

/// The score against a count of activities.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// Leads with a score, an outcome and a count.
    pub rows: u64,
    /// The rank correlation of score and count (Spearman, ties averaged).
    pub correlation: f64,
    /// The AUC of the count alone.
    pub volume_auc: Option<f64>,
    /// The AUC of the score among leads of like activity.
    pub stratified_auc: Option<f64>,
    /// Its 95% interval.
    pub stratified_interval: Option<Interval>,
    /// What it comes to.
    pub rewards: Rewards,
}

/// What a score rewards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rewards {
    /// It tells leads of like activity apart.
    Intent,
    /// It follows activity and does not tell leads of like activity apart.
    Activity,
    /// Neither: it does not follow activity, and does not tell leads of like activity apart.
    Neither,
    /// There are too few leads to say.
    Unknown,
}

pub(super) fn judge(rows: &[Judged], activity: &[Option<f64>], thresholds: &Thresholds) -> Option<Activity> {
    let known: Vec<(Judged, f64)> = rows.iter().filter_map(|row| Some((*row, activity[row.row]?))).collect();
    let scores: Vec<f64> = known.iter().map(|(row, _)| row.score).collect();
    let volumes: Vec<f64> = known.iter().map(|(_, volume)| *volume).collect();
    let outcomes: Vec<bool> = known.iter().map(|(row, _)| row.converted).collect();
    let correlation = correlation(&ranks(&scores), &ranks(&volumes))?;
    let stratified = stratified(&known);
    let interval = stratified.map(|(value, variance)| {
        let half = Z_95 * variance.sqrt();
        Interval { low: (value - half).max(0.0), high: (value + half).min(1.0) }
    });
    let rewards = match interval {
        None => Rewards::Unknown,
        Some(interval) if interval.low > 0.5 => Rewards::Intent,
        Some(_) if correlation >= thresholds.activity_correlation.value => Rewards::Activity,
        Some(_) => Rewards::Neither,
    };
    Some(Activity {
        rows: known.len() as u64,
        correlation,
        volume_auc: auc(&volumes, &outcomes),
        stratified_auc: stratified.map(|(value, _)| value),
        stratified_interval: interval,
        rewards,
    })
}

/// The AUC over pairs of leads of one stratum, and its variance: strata share no lead, so theirs add up.
fn stratified(known: &[(Judged, f64)]) -> Option<(f64, f64)> {
    let mut volumes: Vec<f64> = known.iter().map(|(_, volume)| *volume).collect();
    volumes.sort_by(f64::total_cmp);
    let mut edges: Vec<f64> =
        (1..STRATA).filter_map(|part| volumes.get(volumes.len() * part / STRATA).copied()).collect();
    edges.dedup_by(|a, b| a <= b);
    let mut strata: BTreeMap<usize, Vec<(f64, u64, u64)>> = BTreeMap::new();
    for (row, volume) in known {
        let stratum = edges.partition_point(|edge| edge <= volume);
        let counted = (row.score, u64::from(row.converted), u64::from(!row.converted));
        strata.entry(stratum).or_default().push(counted);
    }
    let (mut pairs, mut sum, mut variance) = (0.0, 0.0, 0.0);
    for counts in strata.values() {
        let total = |of: fn(&(f64, u64, u64)) -> u64| counts.iter().map(of).sum::<u64>() as f64;
        let weight = total(|count| count.1) * total(|count| count.2);
        if let Some((value, of_stratum)) = delong(counts) {
            pairs += weight;
            sum += weight * value;
            variance += weight * weight * of_stratum;
        }
    }
    (pairs > 0.0 && variance > 0.0).then(|| (sum / pairs, variance / (pairs * pairs)))
}

/// Ranks from one, ties averaged.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let ties = order[start..].iter().take_while(|row| values[**row] <= values[order[start]]).count();
        for row in &order[start..start + ties] {
            ranks[*row] = start as f64 + f64::midpoint(ties as f64, 1.0);
        }
        start += ties;
    }
    ranks
}

/// Pearson's correlation; nothing where either side is constant.
fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut both, mut of_a, mut of_b) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        both += (a - mean_a) * (b - mean_b);
        of_a += (a - mean_a).powi(2);
        of_b += (b - mean_b).powi(2);
    }
    (of_a > 0.0 && of_b > 0.0).then(|| both / (of_a * of_b).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_stratum_has_delongs_area_and_variance() {
        let counts: Vec<(f64, u64, u64)> =
            (0..60_u64).map(|row| ((row * 7 % 11) as f64, row % 3 / 2, 1 - row % 3 / 2)).collect();
        let known: Vec<(Judged, f64)> = counts
            .iter()
            .enumerate()
            .map(|(row, (score, converted, _))| {
                (Judged { row, score: *score, converted: *converted > 0 }, 4.0)
            })
            .collect();
        let (value, variance) = stratified(&known).unwrap();
        let (area, of_area) = delong(&counts).unwrap();
        assert!((value - area).abs() < 1e-12 && (variance - of_area).abs() < 1e-12, "{variance} {of_area}");
    }
}
