//! Which of two models is kept: the simpler one, unless the other ranks better beyond doubt.

use super::{
    bootstrap::{Difference, auc_difference},
    model::Learner,
    stored,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How logistic regression and boosted trees fared on the same held-out leads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contest {
    /// The model kept.
    pub kept: Learner,
    /// Why.
    pub verdict: Verdict,
}

/// Why a model was kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Both were judged on the calibration leads, which neither had trained on.
    Judged {
        /// The AUC of logistic regression.
        logistic: f64,
        /// The AUC of boosted trees.
        boosted: f64,
        /// Boosted less logistic, with its paired 95% interval.
        #[serde(with = "stored::difference")]
        difference: Difference,
        /// Rounds of boosting.
        rounds: usize,
    },
    /// No trees were grown.
    NotBoosted {
        /// Why.
        reason: String,
    },
}

impl Contest {
    /// Judges both scores. The penalty of the logistic regression was chosen on the same leads, which leans a
    /// little towards it, as the rule does.
    pub(crate) fn judge(
        logistic: &[f64],
        boosted: &[f64],
        labels: &[bool],
        rounds: usize,
        seed: u64,
    ) -> Option<Self> {
        let difference = auc_difference(boosted, logistic, labels, seed)?;
        let kept = if difference.is_better() { Learner::Boosted } else { Learner::Logistic };
        let (logistic, boosted) = (super::auc::auc(logistic, labels)?, super::auc::auc(boosted, labels)?);
        Some(Self { kept, verdict: Verdict::Judged { logistic, boosted, difference, rounds } })
    }

    pub(crate) fn not_boosted(reason: String) -> Self {
        Self { kept: Learner::Logistic, verdict: Verdict::NotBoosted { reason } }
    }
}

impl fmt::Display for Contest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.verdict {
            Verdict::NotBoosted { reason } => write!(f, "logistic regression; no trees were grown: {reason}"),
            Verdict::Judged { logistic, boosted, difference, .. } => {
                let (name, why) = match self.kept {
                    Learner::Boosted => ("boosted trees", "they rank better beyond the interval"),
                    Learner::Logistic => (
                        "logistic regression",
                        "the simpler model, which boosted trees do not beat beyond the interval",
                    ),
                };
                write!(
                    f,
                    "{name}: {why} (held-out AUC {boosted:.4} boosted, {logistic:.4} logistic, difference {:+.4}, 95% interval {:+.4} to {:+.4})",
                    difference.value, difference.interval.low, difference.interval.high
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leads::random::Random;

    #[test]
    fn the_simpler_model_is_kept_unless_it_is_beaten_beyond_the_interval() {
        let mut random = Random::new(5);
        let labels: Vec<bool> = (0..200).map(|row| row % 2 == 0).collect();
        let logistic: Vec<f64> =
            labels.iter().map(|label| random.unit() + if *label { 0.3 } else { 0.0 }).collect();
        let judge = |boosted: &[f64]| {
            let contest = Contest::judge(&logistic, boosted, &labels, 3, 1).unwrap();
            let Verdict::Judged { difference, .. } = contest.verdict else { panic!("{contest:?}") };
            (contest.kept, difference.value > 0.0)
        };
        // One lead more in its place is better, and may be so by chance.
        let mut hardly = logistic.clone();
        let worst = (0..200).step_by(2).min_by(|a, b| logistic[*a].total_cmp(&logistic[*b])).unwrap();
        hardly[worst] = 2.0;
        assert_eq!(judge(&hardly), (Learner::Logistic, true));
        let perfect: Vec<f64> = labels.iter().map(|label| f64::from(u8::from(*label))).collect();
        assert_eq!(judge(&perfect), (Learner::Boosted, true));
    }
}
