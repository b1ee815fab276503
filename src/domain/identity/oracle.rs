//! Expectation maximisation and weights beside numpy: `tests/oracle/identity.py` wrote the fixture.

use super::{
    compare::Comparison,
    kind::Kind,
    model::{Model, Weighed, probability},
    pattern::Pattern,
    train::maximise,
};
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn lists(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

fn close(ours: &[f64], theirs: &[f64]) -> bool {
    ours.len() == theirs.len()
        && ours.iter().zip(theirs).all(|(a, b)| (a - b).abs() < 1e-9 * b.abs().max(1.0))
}

#[test]
fn numpy_agrees() {
    let fixture: Value = serde_json::from_str(include_str!("fixtures/numpy.json")).unwrap();
    let cases = fixture["cases"].as_array().unwrap();
    assert!(cases.len() >= 3);
    for case in cases {
        let pattern = |levels: &Value| {
            let levels =
                levels.as_array().unwrap().iter().map(|level| u8::try_from(level.as_u64().unwrap()).unwrap());
            levels.enumerate().fold(Pattern::default(), |pattern, (at, level)| pattern.with(at, level))
        };
        let patterns: Vec<(Pattern, f64)> = case["patterns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (pattern(&one["levels"]), one["count"].as_f64().unwrap()))
            .collect();
        let free: Vec<bool> =
            case["free"].as_array().unwrap().iter().map(|free| free.as_bool().unwrap()).collect();
        let u = lists(&case["u"]);
        let share = case["first_share"].as_f64().unwrap();
        let found = maximise(&patterns, &lists(&case["start"]), &u, &free, share);
        assert_eq!(found.steps as u64, case["steps"].as_u64().unwrap());
        assert!(close(&[found.share, found.matches], &numbers(&case["share_and_matches"])), "{found:?}");
        for (ours, theirs) in found.m.iter().zip(lists(&case["m"])) {
            assert!(close(ours, &theirs), "{ours:?} {theirs:?}");
        }
        let kinds = [Kind::Place, Kind::Company, Kind::Address, Kind::Code];
        let weighed = found.m.iter().zip(u).zip(kinds).map(|((m, u), kind)| Weighed {
            comparison: Comparison { name: kind.to_string(), kind },
            m: m.clone(),
            u,
            is_trained: true,
        });
        let model = Model { weighed: weighed.collect(), prior: case["prior"].as_f64().unwrap() };
        let shares = numbers(&case["shares"]);
        let weights: Vec<f64> =
            patterns.iter().map(|(pattern, _)| model.match_weight(*pattern, |at| shares[at])).collect();
        assert!(close(&weights, &numbers(&case["weights"])));
        let chances: Vec<f64> = weights.iter().copied().map(probability).collect();
        assert!(close(&chances, &numbers(&case["probabilities"])));
    }
}
