//! Agreement with scikit-learn and scipy on the fixture that `tests/oracle/scores.py` writes.

use super::{
    auc::auc,
    bootstrap::auc_difference,
    chi_square::exceeds,
    isotonic::Isotonic,
    logistic::probability,
    quality::{judge_probabilities, lifts},
    validate::{Subject, drift, lens::Lens, validate},
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixture {
    raw: Vec<f64>,
    other: Vec<f64>,
    converted: Vec<bool>,
    activity: Vec<f64>,
    auc: f64,
    auc_of_other: f64,
    delong_of_difference: f64,
    log_loss: f64,
    brier: f64,
    spearman: f64,
    asked: Vec<f64>,
    isotonic: Vec<f64>,
    distinct: Vec<f64>,
    distinct_converted: Vec<bool>,
    observed: Vec<f64>,
    predicted: Vec<f64>,
    calibration_error: f64,
    lift: Vec<Lift>,
    earlier: Vec<f64>,
    later: Vec<f64>,
    psi: f64,
    psi_cut_off: f64,
    psi_chance: f64,
    chi_square: Vec<(f64, u32, f64)>,
}

#[derive(Deserialize)]
struct Lift {
    share: f64,
    lift: f64,
    capture: f64,
}

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("fixtures/scores.json")).unwrap()
}

fn near(ours: f64, theirs: f64, within: f64) {
    assert!((ours - theirs).abs() <= within, "{ours} against {theirs}");
}

#[test]
fn areas_and_their_difference_agree() {
    let fixture = fixture();
    near(auc(&fixture.raw, &fixture.converted).unwrap(), fixture.auc, 1e-12);
    let difference = auc_difference(&fixture.raw, &fixture.other, &fixture.converted, 3).unwrap();
    near(difference.value, fixture.auc - fixture.auc_of_other, 1e-12);
    // The bootstrap and the closed form are two estimates of one width.
    let closed = 2.0 * 1.959_963_984_540_054 * fixture.delong_of_difference.sqrt();
    near((difference.interval.high - difference.interval.low) / closed, 1.0, 0.1);
}

#[test]
fn losses_bins_and_lift_agree() {
    let fixture = fixture();
    let chances: Vec<f64> = fixture.raw.iter().map(|raw| probability(*raw)).collect();
    let honesty = judge_probabilities(&chances, &fixture.converted, 0.3);
    near(honesty.log_loss, fixture.log_loss, 1e-12);
    near(honesty.brier, fixture.brier, 1e-12);
    let honesty = judge_probabilities(&fixture.distinct, &fixture.distinct_converted, 0.3);
    assert_eq!(honesty.reliability.len(), 10);
    for (bin, (observed, predicted)) in
        honesty.reliability.iter().zip(fixture.observed.iter().zip(&fixture.predicted))
    {
        near(bin.observed, *observed, 1e-12);
        near(bin.predicted, *predicted, 1e-12);
    }
    near(honesty.calibration_error, fixture.calibration_error, 1e-12);
    for (ours, theirs) in lifts(&fixture.distinct, &fixture.distinct_converted).iter().zip(&fixture.lift) {
        near(ours.share, theirs.share, 0.0);
        near(ours.lift, theirs.lift, 1e-12);
        near(ours.capture, theirs.capture, 1e-12);
    }
}

#[test]
fn rising_steps_agree() {
    let fixture = fixture();
    let steps = Isotonic::fit(&fixture.raw, &fixture.converted);
    for (asked, theirs) in fixture.asked.iter().zip(&fixture.isotonic) {
        near(steps.apply(*asked), *theirs, 1e-12);
    }
}

#[test]
fn drift_agrees() {
    let fixture = fixture();
    for (value, degrees, chance) in fixture.chi_square {
        near(exceeds(value, degrees), chance, 1e-12);
    }
    let found = drift(&fixture.earlier, &fixture.later, &Lens::shipped().unwrap().thresholds).unwrap();
    near(found.psi, fixture.psi, 1e-12);
    near(found.cut_off, fixture.psi_cut_off, 1e-9);
    near(found.chance, fixture.psi_chance, 1e-12);
}

#[test]
fn rank_correlation_agrees() {
    let fixture = fixture();
    let some = |values: &[f64]| -> Vec<Option<f64>> { values.iter().copied().map(Some).collect() };
    let (scores, activity) = (some(&fixture.raw), some(&fixture.activity));
    let outcomes: Vec<Option<bool>> = fixture.converted.iter().copied().map(Some).collect();
    let subject =
        Subject { scores: &scores, outcomes: &outcomes, activity: Some(&activity), ..Subject::default() };
    let found = validate(&subject, &Lens::shipped().unwrap(), 1).unwrap();
    near(found.activity.unwrap().correlation, fixture.spearman, 1e-12);
}
