//! Does a lead score predict? Any score will do, from any CRM: it is held against outcomes that it should have
//! foreseen, by thresholds that were fixed before.

mod activity;
mod bands;
pub mod columns;
mod decay;
mod drift;
mod leak;
pub mod lens;
mod rows;
mod verdict;

pub use activity::{Activity, Rewards};
pub use bands::Monotonicity;
pub use decay::{Decay, Period};
pub use drift::{BINS, Drift, Shift, drift};
pub use leak::{Leak, LeakTest};
pub use rows::{Subject, SubjectError};
pub use verdict::Verdict;
pub(crate) use verdict::by_interval;

use super::{
    auc::{AucEstimate, auc, auc_from_counts},
    bootstrap::{Difference, auc_difference},
    quality::{Bin, Lift, lifts, reliability},
};
use crate::proportion::Proportion;
use lens::Lens;
use rows::{Judged, apart};

/// What was found of a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Validation {
    /// Whether it predicts.
    pub verdict: Verdict,
    /// Why, in full sentences.
    pub reasons: Vec<String>,
    /// Leads with an outcome that have a score.
    pub scored: Proportion,
    /// Leads without an outcome, which say nothing yet.
    pub unlabelled: u64,
    /// How well it ranks, with `DeLong`'s interval; nothing without both outcomes.
    pub auc: Option<AucEstimate>,
    /// Lift and capture at 10, 20 and 30% of the leads, best first.
    pub lift: Vec<Lift>,
    /// Tenths of the leads by score, lowest first: the mean score and the share that converted.
    pub deciles: Vec<Bin>,
    /// The mean distance of score and share over the tenths, where every score lies between 0 and 1 and so can be
    /// read as a probability.
    pub calibration_error: Option<f64>,
    /// Whether higher tenths convert more.
    pub monotonicity: Monotonicity,
    /// How it ranks over time; nothing without times.
    pub decay: Option<Decay>,
    /// Whether later scores are spread as earlier ones; nothing without times.
    pub drift: Option<Drift>,
    /// Whether the outcome wrote it.
    pub leak: LeakTest,
    /// How it does against our model; nothing without that model's scores.
    pub comparison: Option<Comparison>,
    /// Whether it rewards activity rather than intent; nothing without a count of activity.
    pub activity: Option<Activity>,
    /// The cheapest evidence or act that would change the answer.
    pub next: String,
}

/// A score and our model on the same leads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Leads that have both.
    pub rows: u64,
    /// The AUC of the score.
    pub score: f64,
    /// The AUC of our model.
    pub ours: f64,
    /// Ours less the score's, with its paired interval.
    pub difference: Difference,
}

/// Holds a score against outcomes. The order of rows changes nothing.
pub fn validate(subject: &Subject<'_>, lens: &Lens, seed: u64) -> Result<Validation, SubjectError> {
    subject.check()?;
    let thresholds = &lens.thresholds;
    let rows = subject.judged();
    let (scores, outcomes) = apart(&rows);
    let counts: Vec<(f64, u64, u64)> = scores
        .iter()
        .zip(&outcomes)
        .map(|(score, converted)| (*score, u64::from(*converted), u64::from(!*converted)))
        .collect();
    let estimate = auc_from_counts(&counts);
    let deciles = reliability(&scores, &outcomes);
    let labelled = subject.outcomes.iter().flatten().count() as u64;
    let found = Validation {
        verdict: Verdict::Insufficient,
        reasons: Vec::new(),
        scored: Proportion::new(rows.len() as u64, labelled),
        unlabelled: subject.outcomes.len() as u64 - labelled,
        auc: estimate,
        lift: if estimate.is_some() { lifts(&scores, &outcomes) } else { Vec::new() },
        calibration_error: calibration_error(&scores, &deciles),
        monotonicity: bands::judge(&deciles),
        deciles,
        decay: subject.times.map(|times| decay::judge(&rows, times, thresholds)),
        drift: subject.times.and_then(|times| drifted(subject, times, lens)),
        leak: leak::test(subject, estimate.map(|estimate| estimate.value), thresholds),
        comparison: subject.ours.and_then(|ours| compared(&rows, ours, seed)),
        activity: subject.activity.and_then(|activity| activity::judge(&rows, activity, thresholds)),
        next: String::new(),
    };
    Ok(verdict::judge(found, thresholds))
}

fn calibration_error(scores: &[f64], deciles: &[Bin]) -> Option<f64> {
    let probabilities = !scores.is_empty() && scores.iter().all(|score| (0.0..=1.0).contains(score));
    let error = |bin: &Bin| bin.rows as f64 * (bin.predicted - bin.observed).abs();
    probabilities.then(|| deciles.iter().map(error).sum::<f64>() / scores.len() as f64)
}

/// The later half of all scores, labelled or not, against the earlier one.
fn drifted(subject: &Subject<'_>, times: &[Option<i64>], lens: &Lens) -> Option<Drift> {
    let mut dated: Vec<(i64, f64)> =
        times.iter().zip(subject.scores).filter_map(|(time, score)| Some(((*time)?, (*score)?))).collect();
    dated.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let half = dated.get(dated.len() / 2)?.0;
    // Leads of one time stay on one side.
    let part = |later: bool| -> Vec<f64> {
        dated.iter().filter(|(time, _)| (*time >= half) == later).map(|(_, score)| *score).collect()
    };
    drift(&part(false), &part(true), &lens.thresholds)
}

fn compared(rows: &[Judged], ours: &[Option<f64>], seed: u64) -> Option<Comparison> {
    let both: Vec<(&Judged, f64)> = rows.iter().filter_map(|row| Some((row, ours[row.row]?))).collect();
    let (scores, outcomes) = apart(both.iter().map(|(row, _)| *row));
    let ours: Vec<f64> = both.iter().map(|(_, score)| *score).collect();
    Some(Comparison {
        rows: both.len() as u64,
        score: auc(&scores, &outcomes)?,
        ours: auc(&ours, &outcomes)?,
        difference: auc_difference(&ours, &scores, &outcomes, seed)?,
    })
}

#[cfg(test)]
mod tests;
