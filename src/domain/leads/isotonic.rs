//! Log-odds straightened by the best rising steps: pooled adjacent violators (Ayer et al. 1955).

use serde::{Deserialize, Serialize};

/// Probabilities at rising log-odds, joined by straight lines and level beyond the ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Isotonic {
    /// Raw log-odds, rising.
    pub at: Vec<f64>,
    /// The probability at each, never falling.
    pub probability: Vec<f64>,
}

/// Neighbouring scores that share a rate.
struct Pool {
    low: f64,
    high: f64,
    converted: f64,
    rows: f64,
}

impl Isotonic {
    /// Fits rates on rows that the model was not trained on.
    ///
    /// Few rows at an end may all have one outcome, yet a probability of nought or one would be a certainty that
    /// no number of rows supports, so none goes beyond what the rule of succession gives for all rows.
    pub(crate) fn fit(raw: &[f64], labels: &[bool]) -> Self {
        let n = labels.len() as f64;
        let (floor, ceiling) = (1.0 / (n + 2.0), (n + 1.0) / (n + 2.0));
        let mut fitted = Self { at: Vec::new(), probability: Vec::new() };
        for Pool { low, high, converted, rows } in pools(raw, labels) {
            let rate = (converted / rows).clamp(floor, ceiling);
            fitted.at.push(low);
            fitted.probability.push(rate);
            if high > low {
                fitted.at.push(high);
                fitted.probability.push(rate);
            }
        }
        fitted
    }

    /// The probability for raw log-odds.
    pub fn apply(&self, raw: f64) -> f64 {
        let above = self.at.partition_point(|at| *at <= raw);
        match (above.checked_sub(1), self.at.get(above)) {
            (None, _) => self.probability.first().copied().unwrap_or(f64::NAN),
            (Some(below), None) => self.probability[below],
            (Some(below), Some(high)) => {
                let (low, from, to) = (self.at[below], self.probability[below], self.probability[above]);
                // Rounding must not lift a point above the next one.
                (from + (to - from) * ((raw - low) / (high - low))).min(to)
            }
        }
    }

    /// Whether scores rise, rates never fall, and all are usable.
    pub(crate) fn is_whole(&self) -> bool {
        !self.at.is_empty()
            && self.at.len() == self.probability.len()
            && self.at.iter().all(|at| at.is_finite())
            && self.at.windows(2).all(|pair| pair[0] < pair[1])
            && self.probability.windows(2).all(|pair| pair[0] <= pair[1])
            && self.probability.iter().all(|value| *value > 0.0 && *value < 1.0)
    }
}

fn pools(raw: &[f64], labels: &[bool]) -> Vec<Pool> {
    let mut rows: Vec<(f64, bool)> = raw.iter().copied().zip(labels.iter().copied()).collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut singles: Vec<Pool> = Vec::new();
    for (score, label) in rows {
        let converted = f64::from(u8::from(label));
        match singles.last_mut() {
            Some(last) if last.high >= score => {
                last.converted += converted;
                last.rows += 1.0;
            }
            _ => singles.push(Pool { low: score, high: score, converted, rows: 1.0 }),
        }
    }
    let mut pools: Vec<Pool> = Vec::new();
    for single in singles {
        pools.push(single);
        while let [.., before, last] = pools.as_mut_slice()
            && before.converted * last.rows >= last.converted * before.rows
        {
            before.high = last.high;
            before.converted += last.converted;
            before.rows += last.rows;
            pools.pop();
        }
    }
    pools
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falling_rates_are_pooled_and_lines_join_the_rest() {
        let raw = [1.0, 2.0, 3.0, 4.0, 5.0, 5.0];
        let fitted = Isotonic::fit(&raw, &[false, true, false, true, true, true]);
        assert_eq!(fitted.at, [1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(fitted.probability, [0.125, 0.5, 0.5, 0.875, 0.875]);
        assert!(fitted.is_whole());
        assert!((fitted.apply(1.5) - 0.3125).abs() < 1e-15);
        assert!((fitted.apply(-9.0) - 0.125).abs() < 1e-15 && (fitted.apply(9.0) - 0.875).abs() < 1e-15);
    }
}
