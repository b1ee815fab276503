//! Agreement with scikit-learn on the fixture that `tests/oracle/logistic.py` writes.

use super::{
    auc::{auc, auc_from_counts},
    logistic::{fit, probability},
    matrix::Rows,
    platt,
    quality::judge_probabilities,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixture {
    rows: Vec<Vec<f64>>,
    converted: Vec<bool>,
    fits: Vec<Expected>,
    log_odds: Vec<f64>,
    auc: f64,
    auc_of_rounded: f64,
    delong_of_rounded: f64,
    log_loss: f64,
    brier: f64,
    platt_of_half: Platt,
}

#[derive(Deserialize)]
struct Expected {
    penalty: f64,
    weights: Vec<f64>,
}

#[derive(Deserialize)]
struct Platt {
    slope: f64,
    offset: f64,
}

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("fixtures/logistic.json")).unwrap()
}

fn near(ours: f64, theirs: f64, within: f64) {
    assert!((ours - theirs).abs() <= within, "{ours} against {theirs}");
}

#[test]
fn weights_agree_with_scikit_learn() {
    let fixture = fixture();
    let mut rows = Rows::default();
    for row in &fixture.rows {
        rows.push(
            row.iter().enumerate().filter(|(_, value)| **value != 0.0).map(|(at, value)| (at + 1, *value)),
        );
    }
    let targets: Vec<f64> = fixture.converted.iter().map(|label| f64::from(u8::from(*label))).collect();
    let mut start = None;
    for Expected { penalty, weights } in fixture.fits {
        let cold = fit(&rows, &targets, None, weights.len(), penalty, None);
        let warm = fit(&rows, &targets, None, weights.len(), penalty, start.as_deref());
        assert!(cold.converged && warm.converged, "penalty {penalty}");
        for ((cold, warm), theirs) in cold.weights.iter().zip(&warm.weights).zip(&weights) {
            near(*cold, *theirs, 1e-6);
            near(*warm, *theirs, 1e-6);
        }
        start = Some(warm.weights);
    }
}

#[test]
fn areas_and_their_variance_agree() {
    let fixture = fixture();
    near(auc(&fixture.log_odds, &fixture.converted).unwrap(), fixture.auc, 1e-12);
    let rounded = |odds: &f64| odds.round_ties_even();
    let counts: Vec<(f64, u64, u64)> = fixture
        .log_odds
        .iter()
        .zip(&fixture.converted)
        .map(|(odds, label)| (rounded(odds), u64::from(*label), u64::from(!*label)))
        .collect();
    let estimate = auc_from_counts(&counts).unwrap();
    near(estimate.value, fixture.auc_of_rounded, 1e-12);
    // The interval is the value on the log-odds scale, 1.96 standard errors either way.
    let log_odds = |area: f64| (area / (1.0 - area)).ln();
    let error = fixture.delong_of_rounded.sqrt() / (estimate.value * (1.0 - estimate.value));
    near(log_odds(estimate.interval.high) - log_odds(estimate.value), 1.959_963_984_540_054 * error, 1e-9);
    near(log_odds(estimate.value) - log_odds(estimate.interval.low), 1.959_963_984_540_054 * error, 1e-9);
}

#[test]
fn losses_and_calibration_agree() {
    let fixture = fixture();
    let chances: Vec<f64> = fixture.log_odds.iter().map(|odds| probability(*odds)).collect();
    let honesty = judge_probabilities(&chances, &fixture.converted, 0.3);
    near(honesty.log_loss, fixture.log_loss, 1e-12);
    near(honesty.brier, fixture.brier, 1e-12);
    let half: Vec<f64> = fixture.log_odds.iter().map(|odds| odds / 2.0).collect();
    let platt::Platt { slope, offset } = platt::Platt::fit(&half, &fixture.converted);
    // Theirs stops at a tolerance of its optimiser.
    near(slope, fixture.platt_of_half.slope, 2e-4);
    near(offset, fixture.platt_of_half.offset, 2e-4);
}
