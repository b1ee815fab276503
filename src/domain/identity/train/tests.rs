use super::*;
use crate::identity::{blocking::Part, kind::Kind};

const RECORDS: f64 = 3_000.0;
const PAIRS: f64 = RECORDS * (RECORDS - 1.0) / 2.0;
const NAMES: f64 = 30.0;

fn comparisons() -> Vec<Comparison> {
    let kinds = [Kind::GivenName, Kind::FamilyName, Kind::Email, Kind::Phone];
    kinds.map(|kind| Comparison { name: kind.to_string(), kind }).into()
}

/// Thirty first and thirty last names, addresses made of them, and telephone numbers.
fn chances() -> Vec<Vec<f64>> {
    let name = vec![1.0 - 1.0 / NAMES - 0.031, 0.02, 0.01, 0.001, 1.0 / NAMES];
    let namesakes = 1.0 / NAMES / NAMES;
    let email = vec![0.99 - namesakes, 0.0095, 0.0005, namesakes, 3e-5];
    vec![name.clone(), name, email, vec![0.9989, 0.0005, 0.0005, 1e-4]]
}

fn pattern(levels: [u8; 4], rules: &[usize]) -> Pattern {
    let pattern = levels.iter().enumerate().fold(Pattern::default(), |all, (at, level)| all.with(at, *level));
    rules.iter().fold(pattern, |all, rule| all.under(*rule))
}

fn rules() -> Vec<Rule> {
    let rule = |parts: &[(usize, Part)]| Rule { parts: parts.to_vec() };
    vec![rule(&[(2, Part::Whole)]), rule(&[(3, Part::End(7))]), rule(&[(0, Part::Whole), (1, Part::Whole)])]
}

/// Doubles: 200 in all, of which most kept their address, and half their number.
fn doubles() -> Vec<(Pattern, f64)> {
    vec![
        (pattern([5, 5, 5, 4], &[0, 1, 2]), 90.0),
        (pattern([5, 5, 5, 0], &[0, 2]), 60.0),
        (pattern([3, 5, 5, 1], &[0]), 30.0),
        (pattern([5, 5, 1, 4], &[1, 2]), 20.0),
    ]
}

fn trained(patterns: Vec<(Pattern, f64)>) -> Trained {
    let (comparisons, rules) = (comparisons(), rules());
    train(&Sample { comparisons: &comparisons, chances: chances(), rules: &rules, patterns, pairs: PAIRS })
}

#[test]
fn many_namesakes_do_not_pass_for_matches() {
    let mut patterns = doubles();
    // As many as chance brings: of the same names, and so of the same name before the sign.
    let namesakes = PAIRS / NAMES / NAMES;
    patterns.push((pattern([5, 5, 4, 1], &[2]), namesakes * 0.3));
    patterns.push((pattern([5, 5, 4, 0], &[2]), namesakes * 0.7));
    let Trained { model, found } = trained(patterns);
    assert!(model.weighed.iter().all(|one| one.is_trained));
    assert!((150.0..300.0).contains(&found.expected), "{found:?}");
    let weight = |levels| model.level_weight(pattern(levels, &[]));
    assert!(weight([5, 5, 4, 0]) < 0.0, "{}", weight([5, 5, 4, 0]));
    for double in [[5, 5, 5, 0], [3, 5, 5, 1], [5, 5, 1, 4]] {
        assert!(weight(double) > 4.0, "{double:?} {}", weight(double));
    }
}

#[test]
fn without_matches_nothing_is_learnt() {
    let namesakes = (pattern([5, 5, 1, 1], &[2]), PAIRS / NAMES / NAMES);
    let switchboard = (pattern([1, 1, 1, 4], &[1]), 400.0);
    let Trained { model, found } = trained(vec![namesakes, switchboard]);
    assert!(model.weighed.iter().all(|one| !one.is_trained));
    assert!(found.expected < 20.0, "{found:?}");
}

#[test]
fn a_comparison_that_no_block_leaves_open_is_not_trained() {
    let patterns = vec![(pattern([5, 5, 5, 0], &[0]), 80.0), (pattern([3, 5, 5, 0], &[0]), 20.0)];
    let model = trained(patterns).model;
    let is_trained: Vec<bool> = model.weighed.iter().map(|one| one.is_trained).collect();
    assert_eq!(is_trained[..3], [true, true, false]);
    let close = model.weighed[0].m[2];
    assert!((close - 0.2).abs() < 0.02, "{close}");
}
