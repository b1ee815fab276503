//! How good a score is on rows it has never seen. The same measures serve a model of our own and a score
//! that a CRM computed.

use super::{auc::AucEstimate, bootstrap::auc_with_interval, calibration::loss};
use crate::proportion::{Interval, Proportion};

/// Bins of the reliability table.
const BINS: usize = 10;
/// Shares of the leads, best first, at which lift and capture are told.
pub const LIFT_SHARES: [f64; 3] = [0.1, 0.2, 0.3];

/// How well a score ranks. Any score will do: only its order counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// The area under the ROC curve with its bootstrap interval.
    pub auc: AucEstimate,
    /// Lift at each of [`LIFT_SHARES`].
    pub lift: Vec<Lift>,
}

/// What contacting the best share of leads yields.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lift {
    /// The share of leads contacted, best first.
    pub share: f64,
    /// Leads contacted.
    pub contacts: u64,
    /// Conversions among them. Leads tied at the edge count in part, so this need not be whole.
    pub conversions: f64,
    /// Their rate of conversion over that of all leads.
    pub lift: f64,
    /// The share of all conversions that they hold.
    pub capture: f64,
    /// Contacts for each conversion; nothing where none converted.
    pub contacts_per_conversion: Option<f64>,
}

/// How far probabilities can be taken at their word.
#[derive(Clone, Debug, PartialEq)]
pub struct Honesty {
    /// Mean log loss; lower is better.
    pub log_loss: f64,
    /// The log loss of giving every lead the base rate.
    pub baseline_log_loss: f64,
    /// Mean squared error of the probability; lower is better.
    pub brier: f64,
    /// The Brier score of giving every lead the base rate.
    pub baseline_brier: f64,
    /// Predicted against observed, in bins of equal counts.
    pub reliability: Vec<Bin>,
    /// The mean distance between predicted and observed over the bins, weighted by rows.
    pub calibration_error: f64,
}

/// Leads of like probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Leads.
    pub rows: u64,
    /// Those that converted.
    pub conversions: u64,
    /// The mean probability they were given.
    pub predicted: f64,
    /// The share that converted.
    pub observed: f64,
    /// Its 95% Wilson interval.
    pub interval: Interval,
}

/// Judges the order of a score. Nothing without both outcomes, or when a score is not a number.
pub fn rank(scores: &[f64], labels: &[bool], seed: u64) -> Option<Ranking> {
    let auc = auc_with_interval(scores, labels, seed)?;
    Some(Ranking { auc, lift: lifts(scores, labels) })
}

/// Lift at each of [`LIFT_SHARES`].
pub(crate) fn lifts(scores: &[f64], labels: &[bool]) -> Vec<Lift> {
    let order = rising(scores);
    LIFT_SHARES.iter().filter_map(|share| lift(scores, labels, &order, *share)).collect()
}

/// Judges probabilities. `base_rate` is the rate known before these rows were seen.
pub fn judge_probabilities(probabilities: &[f64], labels: &[bool], base_rate: f64) -> Honesty {
    let n = labels.len().max(1) as f64;
    let square = |chance: f64, label: bool| (chance - f64::from(u8::from(label))).powi(2);
    let mean = |of: &dyn Fn(f64, bool) -> f64| {
        probabilities.iter().zip(labels).map(|(chance, label)| of(*chance, *label)).sum::<f64>() / n
    };
    let reliability = reliability(probabilities, labels);
    Honesty {
        log_loss: mean(&loss),
        baseline_log_loss: mean(&|_, label| loss(base_rate, label)),
        brier: mean(&square),
        baseline_brier: mean(&|_, label| square(base_rate, label)),
        calibration_error: reliability
            .iter()
            .map(|bin| bin.rows as f64 / n * (bin.predicted - bin.observed).abs())
            .sum(),
        reliability,
    }
}

fn rising(scores: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    order
}

fn lift(scores: &[f64], labels: &[bool], rising: &[usize], share: f64) -> Option<Lift> {
    let contacts = (1..=rising.len()).find(|count| *count as f64 >= share * rising.len() as f64)?;
    let edge = scores[rising[rising.len() - contacts]];
    let (mut above, mut above_converted, mut tied, mut tied_converted) = (0_usize, 0_usize, 0_usize, 0_usize);
    for (score, label) in scores.iter().zip(labels) {
        if *score > edge {
            above += 1;
            above_converted += usize::from(*label);
        } else if *score >= edge {
            tied += 1;
            tied_converted += usize::from(*label);
        }
    }
    let in_part = (contacts - above) as f64 / tied as f64;
    let conversions = above_converted as f64 + in_part * tied_converted as f64;
    let all = labels.iter().filter(|label| **label).count() as f64;
    Some(Lift {
        share,
        contacts: contacts as u64,
        conversions,
        lift: conversions / contacts as f64 / (all / labels.len() as f64),
        capture: conversions / all,
        contacts_per_conversion: (conversions > 0.0).then(|| contacts as f64 / conversions),
    })
}

/// Bins of near-equal counts; leads of one score stay in one bin.
pub(crate) fn reliability(probabilities: &[f64], labels: &[bool]) -> Vec<Bin> {
    let order = rising(probabilities);
    let mut bins = Vec::new();
    let mut start = 0;
    for bin in 1..=BINS {
        let mut end = order.len() * bin / BINS;
        while end > 0 && end < order.len() && probabilities[order[end]] <= probabilities[order[end - 1]] {
            end += 1;
        }
        if end <= start {
            continue;
        }
        let rows = &order[start..end];
        start = end;
        let conversions = rows.iter().filter(|row| labels[**row]).count() as u64;
        let observed = Proportion::new(conversions, rows.len() as u64);
        if let Some((rate, interval)) = observed.rate().zip(observed.wilson()) {
            let predicted = rows.iter().map(|row| probabilities[*row]).sum::<f64>() / rows.len() as f64;
            bins.push(Bin { rows: rows.len() as u64, conversions, predicted, observed: rate, interval });
        }
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lift_counts_ties_in_part() {
        let scores = [5.0, 4.0, 4.0, 4.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
        let labels = [true, true, false, false, false, false, false, false, false, true];
        let lifts = rank(&scores, &labels, 1).unwrap().lift;
        assert_eq!((lifts[0].contacts, lifts[0].conversions), (1, 1.0));
        assert!((lifts[1].conversions - 4.0 / 3.0).abs() < 1e-12);
        assert!((lifts[1].lift - (4.0 / 6.0) / 0.3).abs() < 1e-12);
        assert!((lifts[2].capture - (5.0 / 3.0) / 3.0).abs() < 1e-12);
        assert!((lifts[2].contacts_per_conversion.unwrap() - 1.8).abs() < 1e-12);
    }

    #[test]
    fn no_conversions_at_the_top_has_no_cost_per_conversion() {
        let scores: Vec<f64> = (0..10).map(f64::from).collect();
        let labels: Vec<bool> = (0..10).map(|row| row == 0).collect();
        let lift = rank(&scores, &labels, 1).unwrap().lift[0];
        assert_eq!((lift.conversions, lift.contacts_per_conversion), (0.0, None));
    }

    #[test]
    fn bins_hold_every_row_once_and_keep_ties_together() {
        let chances: Vec<f64> = (0..95).map(|row| f64::from(row / 7 + 1) / 20.0).collect();
        let labels: Vec<bool> = (0..95).map(|row| row % 3 == 0).collect();
        let honesty = judge_probabilities(&chances, &labels, 0.33);
        assert_eq!(honesty.reliability.iter().map(|bin| bin.rows).sum::<u64>(), 95);
        assert_eq!(honesty.reliability.iter().map(|bin| bin.conversions).sum::<u64>(), 32);
        assert!(honesty.reliability.windows(2).all(|pair| pair[0].predicted < pair[1].predicted));
    }

    #[test]
    fn a_constant_is_honest_and_worth_nothing() {
        let labels: Vec<bool> = (0..100).map(|row| row % 4 == 0).collect();
        let base = 0.25;
        let honesty = judge_probabilities(&[base; 100], &labels, 0.25);
        assert_eq!(honesty.reliability.len(), 1);
        assert!(honesty.calibration_error < 1e-12);
        assert!((honesty.log_loss - honesty.baseline_log_loss).abs() < 1e-12);
        assert!((honesty.brier - 0.1875).abs() < 1e-12);
        assert!((rank(&[base; 100], &labels, 1).unwrap().auc.value - 0.5).abs() < 1e-15);
    }
}
