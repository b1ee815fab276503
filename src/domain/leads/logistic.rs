//! Logistic regression with a ridge penalty, by Newton's method.
//!
//! # Design
//! A linear model is the first rung because each of its reasons is exact: a contribution is a weight times a
//! distance from the average lead. The penalty keeps the weights finite where the classes separate. What is
//! minimised is the sum of log losses plus half of `penalty` times the squared weights, the intercept left
//! free; this is scikit-learn's `LogisticRegression` with `C = 1 / penalty`, against which it is tested.

use super::matrix::{Rows, solve};

/// Newton steps after which the search is given up.
const MOST_STEPS: u32 = 100;
/// Halvings of a step that makes things worse.
const MOST_HALVINGS: u32 = 40;
/// A step that promises less than this much gain for each row is the last. Newton's error is squared with each
/// step, so what remains after it is below what f64 can hold.
const LEAST_GAIN_PER_ROW: f64 = 1e-11;

/// Weights found, and how the search went.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fit {
    pub(crate) weights: Vec<f64>,
    pub(crate) steps: u32,
    pub(crate) converged: bool,
}

/// Finds the weights of `width` columns (the intercept included) for targets in [0, 1]. `counts` says how many
/// times each row counts; once where there are none.
pub(crate) fn fit(
    rows: &Rows,
    targets: &[f64],
    counts: Option<&[f64]>,
    width: usize,
    penalty: f64,
    start: Option<&[f64]>,
) -> Fit {
    let mut weights = start.map_or_else(|| vec![0.0; width], <[f64]>::to_vec);
    let mut loss = objective(rows, targets, counts, penalty, &weights);
    for steps in 0..MOST_STEPS {
        let (gradient, curvature) = derivatives(rows, targets, counts, penalty, &weights);
        let Some(step) = solve(curvature, gradient.clone()) else {
            return Fit { weights, steps, converged: false };
        };
        let gain: f64 = gradient.iter().zip(&step).map(|(slope, step)| slope * step).sum();
        let moved = |length: f64| -> Vec<f64> {
            weights.iter().zip(&step).map(|(weight, step)| weight - length * step).collect()
        };
        if gain <= LEAST_GAIN_PER_ROW * rows.len() as f64 {
            return Fit { weights: moved(1.0), steps: steps + 1, converged: true };
        }
        let mut length = 1.0;
        let mut halvings = 0;
        loop {
            let next = moved(length);
            let there = objective(rows, targets, counts, penalty, &next);
            if there <= loss {
                (weights, loss) = (next, there);
                break;
            }
            halvings += 1;
            if halvings == MOST_HALVINGS {
                return Fit { weights, steps, converged: false };
            }
            length /= 2.0;
        }
    }
    Fit { weights, steps: MOST_STEPS, converged: false }
}

/// The probability that belongs to log-odds.
pub(crate) fn probability(log_odds: f64) -> f64 {
    if log_odds >= 0.0 {
        1.0 / (1.0 + (-log_odds).exp())
    } else {
        let odds = log_odds.exp();
        odds / (1.0 + odds)
    }
}

/// The log loss of log-odds against a target, without overflow.
pub(crate) fn log_loss(log_odds: f64, target: f64) -> f64 {
    log_odds.max(0.0) - target * log_odds + (-log_odds.abs()).exp().ln_1p()
}

fn objective(rows: &Rows, targets: &[f64], counts: Option<&[f64]>, penalty: f64, weights: &[f64]) -> f64 {
    let loss = |(row, target): (usize, &f64)| {
        counts.map_or(1.0, |counts| counts[row]) * log_loss(rows.dot(row, weights), *target)
    };
    let losses: f64 = targets.iter().enumerate().map(loss).sum();
    let squares: f64 = weights[1..].iter().map(|weight| weight * weight).sum();
    losses + penalty / 2.0 * squares
}

/// The gradient, and the lower triangle of the matrix of second derivatives.
fn derivatives(
    rows: &Rows,
    targets: &[f64],
    counts: Option<&[f64]>,
    penalty: f64,
    weights: &[f64],
) -> (Vec<f64>, Vec<f64>) {
    let width = weights.len();
    let mut gradient = vec![0.0; width];
    let mut curvature = vec![0.0; width * width];
    for (row, target) in targets.iter().enumerate() {
        let chance = probability(rows.dot(row, weights));
        let count = counts.map_or(1.0, |counts| counts[row]);
        let error = count * (chance - target);
        let weight = count * chance * (1.0 - chance);
        let (columns, values) = rows.row(row);
        for (at, (&column, &value)) in columns.iter().zip(values).enumerate() {
            gradient[column] += error * value;
            let weighted = weight * value;
            let line = &mut curvature[column * width..=column * width + column];
            for (&other, &beside) in columns[..=at].iter().zip(&values[..=at]) {
                line[other] += weighted * beside;
            }
        }
    }
    for column in 1..width {
        gradient[column] += penalty * weights[column];
        curvature[column * width + column] += penalty;
    }
    (gradient, curvature)
}
