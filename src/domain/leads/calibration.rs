//! Log-odds turned into probabilities that can be taken at their word.
//!
//! # Design
//! Two numbers (Platt's) need few rows and keep leads apart; rising steps follow any shape but need many rows
//! and tie leads together. The steps are taken only where there are [`ENOUGH_FOR_STEPS`] conversions and they
//! do better on rows they were not fitted on, beyond the 95% interval of the difference. Both never fall, so
//! calibration cannot turn the ranking round. Leads are ranked by the log-odds before calibration, which have
//! fewer ties.

use super::{isotonic::Isotonic, logistic, platt::Platt};
use serde::{Deserialize, Serialize};

/// Conversions among the calibration rows below which steps are not tried. Niculescu-Mizil and Caruana (2005)
/// find that they need about a thousand rows to do better than Platt's numbers; it is asked of the rarer outcome
/// here, since that is what a rate is counted from.
pub const ENOUGH_FOR_STEPS: usize = 1000;
/// The normal quantile of a two-sided 95% interval.
const Z_95: f64 = 1.959_963_984_540_054;

/// How raw log-odds become probabilities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Calibration {
    /// By a slope and an offset.
    Platt(Platt),
    /// By rising steps.
    Isotonic(Isotonic),
}

impl Calibration {
    /// Fits on rows that the model was not trained on, by the rule above. Rows come in the order of time.
    pub(crate) fn fit(raw: &[f64], labels: &[bool]) -> Self {
        let positives = labels.iter().filter(|label| **label).count();
        let enough = positives.min(labels.len() - positives) >= ENOUGH_FOR_STEPS;
        if enough && steps_do_better(raw, labels) {
            Self::Isotonic(Isotonic::fit(raw, labels))
        } else {
            Self::Platt(Platt::fit(raw, labels))
        }
    }

    /// The probability for raw log-odds.
    pub fn apply(&self, raw: f64) -> f64 {
        match self {
            Self::Platt(platt) => platt.apply(raw),
            Self::Isotonic(isotonic) => isotonic.apply(raw),
        }
    }

    /// The method's name as it stands in results.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Platt(_) => "platt",
            Self::Isotonic(_) => "isotonic",
        }
    }

    /// Whether a stored calibration can be used.
    pub(crate) fn is_whole(&self) -> bool {
        match self {
            Self::Platt(Platt { slope, offset }) => *slope >= 0.0 && slope.is_finite() && offset.is_finite(),
            Self::Isotonic(isotonic) => isotonic.is_whole(),
        }
    }
}

/// Each method is fitted on every other row and judged on the rest, both ways round.
fn steps_do_better(raw: &[f64], labels: &[bool]) -> bool {
    let mut gains = Vec::with_capacity(labels.len());
    for fold in 0..2 {
        let half = |wanted: usize| -> (Vec<f64>, Vec<bool>) {
            (0..labels.len()).filter(|row| row % 2 == wanted).map(|row| (raw[row], labels[row])).unzip()
        };
        let (fit, fit_labels) = half(fold);
        let (judge, judge_labels) = half(1 - fold);
        let (platt, steps) = (Platt::fit(&fit, &fit_labels), Isotonic::fit(&fit, &fit_labels));
        for (raw, label) in judge.iter().zip(judge_labels) {
            gains.push(loss(platt.apply(*raw), label) - loss(steps.apply(*raw), label));
        }
    }
    let n = gains.len() as f64;
    let mean = gains.iter().sum::<f64>() / n;
    let variance = gains.iter().map(|gain| (gain - mean).powi(2)).sum::<f64>() / (n - 1.0);
    mean > Z_95 * (variance / n).sqrt()
}

/// The log loss of a probability.
pub(crate) fn loss(probability: f64, label: bool) -> f64 {
    let log_odds = (probability / (1.0 - probability)).ln();
    logistic::log_loss(log_odds, f64::from(u8::from(label)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leads::{logistic::probability, random::Random};
    use proptest::prelude::*;

    fn rows(count: usize, bend: impl Fn(f64) -> f64) -> (Vec<f64>, Vec<bool>) {
        let mut random = Random::new(9);
        let raw: Vec<f64> = (0..count).map(|_| 6.0 * random.unit() - 3.0).collect();
        let labels = raw.iter().map(|raw| random.unit() < bend(*raw)).collect();
        (raw, labels)
    }

    #[test]
    fn steps_are_taken_only_for_many_rows_of_another_shape() {
        let step = |raw: f64| if raw > 1.0 { 0.6 } else { 0.2 };
        let name = |(raw, labels): (Vec<f64>, Vec<bool>)| Calibration::fit(&raw, &labels).name();
        assert_eq!(name(rows(9000, step)), "isotonic");
        assert_eq!(name(rows(900, step)), "platt");
        let nearly_all = |raw: f64| if raw > 1.0 { 0.995 } else { 0.9 };
        assert_eq!(
            name(rows(9000, nearly_all)),
            "platt",
            "it is the rarer outcome that there are too few of"
        );
        assert_eq!(name(rows(9000, |raw| probability(0.7 * raw - 0.2))), "platt");
    }

    proptest! {
        #[test]
        fn probabilities_never_fall(
            rows in prop::collection::vec((-5.0_f64..5.0, any::<bool>()), 2..80),
            asked in prop::collection::vec(-9.0_f64..9.0, 2..40),
        ) {
            let (raw, labels): (Vec<f64>, Vec<bool>) = rows.into_iter().unzip();
            let methods =
                [Calibration::Isotonic(Isotonic::fit(&raw, &labels)), Calibration::Platt(Platt::fit(&raw, &labels))];
            let mut asked = asked;
            asked.extend(&raw);
            asked.sort_by(f64::total_cmp);
            for method in methods {
                prop_assert!(method.is_whole());
                let given: Vec<f64> = asked.iter().map(|raw| method.apply(*raw)).collect();
                prop_assert!(given.windows(2).all(|pair| pair[0] <= pair[1]), "{given:?}");
                prop_assert!(given.iter().all(|value| (0.0..=1.0).contains(value)));
            }
        }
    }
}
