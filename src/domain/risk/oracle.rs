//! Agreement with lifelines on the fixture that `tests/oracle/risk.py` writes.

use super::{Curve, Exit};
use serde::Deserialize;
use std::collections::BTreeMap;

const WITHIN: f64 = 1e-9;

#[derive(Deserialize)]
struct Fixture {
    smooth: Case,
    tied: Case,
}

#[derive(Deserialize)]
struct Case {
    stays: Vec<(f64, u8)>,
    survival: Survival,
    conditional: Vec<Point>,
    incidence: BTreeMap<String, Vec<Point>>,
}

#[derive(Deserialize)]
struct Survival {
    points: Vec<Point>,
    median: f64,
}

#[derive(Deserialize)]
struct Point {
    age: f64,
    more: Option<f64>,
    staying: Option<f64>,
    value: Option<f64>,
    variance: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
}

fn cases() -> [Case; 2] {
    let fixture: Fixture = serde_json::from_str(include_str!("fixtures/survival.json")).unwrap();
    [fixture.smooth, fixture.tied]
}

fn curve(case: &Case) -> Curve {
    let exit = |way: u8| Some(way).filter(|way| *way > 0).map(|way| Exit::ALL[usize::from(way) - 1]);
    Curve::of(case.stays.iter().map(|(days, way)| (*days, exit(*way))).collect())
}

fn near(ours: f64, theirs: Option<f64>) {
    let theirs = theirs.unwrap();
    assert!((ours - theirs).abs() <= WITHIN, "{ours} against {theirs}");
}

#[test]
fn kaplan_meier_and_its_interval_agree_with_lifelines() {
    for case in cases() {
        let curve = curve(&case);
        assert_eq!(curve.stays(), 160);
        for point in &case.survival.points {
            let ours = curve.staying(point.age).unwrap();
            near(ours.value, point.staying);
            near(ours.interval.low, point.low);
            near(ours.interval.high, point.high);
        }
        near(curve.quantile(0.5).unwrap(), Some(case.survival.median));
    }
}

#[test]
fn a_chance_from_an_age_agrees_with_late_entry_in_lifelines() {
    for case in cases() {
        let curve = curve(&case);
        for point in &case.conditional {
            let ours = curve.staying_on(point.age, point.more.unwrap()).unwrap();
            near(ours.value, point.staying);
            near(ours.interval.low, point.low);
            near(ours.interval.high, point.high);
        }
    }
}

#[test]
fn aalen_johansen_and_its_variance_agree_with_lifelines() {
    for case in cases() {
        let curve = curve(&case);
        for (exit, name) in Exit::ALL.into_iter().zip(["won", "lost", "moved"]) {
            for point in &case.incidence[name] {
                near(curve.incidence(exit, point.age).unwrap().value, point.value);
                if point.variance.is_some() {
                    near(curve.incidence_variance(exit, point.age), point.variance);
                }
            }
        }
    }
}
