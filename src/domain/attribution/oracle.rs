//! Agreement with dense algebra and plain enumeration, on the fixture that `tests/oracle/attribution.py` writes, and
//! with an independent implementation on its own test data.

use super::{
    answer::{Ask, Attribution},
    attribute::attribute,
    channels::Channels,
    collect::{Collected, Collector},
    model::Model,
    money,
    tests::{made, terms},
};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Oracle {
    channels: Vec<String>,
    paths: Vec<OfPath>,
    removal: BTreeMap<u8, BTreeMap<String, f64>>,
    shapley: BTreeMap<String, f64>,
    shapley_rate: BTreeMap<String, f64>,
    positions: BTreeMap<String, BTreeMap<String, f64>>,
}

#[derive(Deserialize)]
struct OfPath {
    path: Vec<String>,
    conversions: u64,
    nulls: u64,
    value: f64,
}

fn collect(paths: &[OfPath]) -> (Channels, Collected) {
    let names = paths.iter().flat_map(|one| one.path.iter().map(|name| (name.as_str(), 1)));
    let channels = Channels::of(names, 100);
    let mut collector = Collector::new(terms());
    for OfPath { path, conversions, nulls, value } in paths {
        let path: Vec<u16> = path.iter().map(|name| channels.number(name).unwrap()).collect();
        made(&mut collector, &path, *conversions, money::of_amount(*value), *nulls);
    }
    (channels, collector.finish())
}

fn oracle() -> (Oracle, Channels, Collected) {
    let oracle: Oracle = serde_json::from_str(include_str!("fixtures/oracle.json")).unwrap();
    let (channels, collected) = collect(&oracle.paths);
    assert_eq!(channels.names(), oracle.channels);
    (oracle, channels, collected)
}

fn answer(channels: &Channels, collected: &Collected, models: &[Model], markov_order: u8) -> Attribution {
    let ask = Ask { models: models.to_vec(), markov_order, ..Ask::default() };
    attribute(channels, collected, &[], &ask)
}

#[track_caller]
fn near(ours: f64, exact: f64, off: f64, what: &str) {
    assert!((ours - exact).abs() <= off, "{what}: {ours}, not {exact}");
}

#[test]
fn removal_effects_are_those_of_a_dense_solve() {
    let (oracle, channels, collected) = oracle();
    for (order, expected) in &oracle.removal {
        let answer = answer(&channels, &collected, &[Model::Markov], *order);
        let told = answer.models[0].markov.as_ref().unwrap();
        for (name, effect) in channels.names().iter().zip(&told.removal) {
            near(*effect, expected[name], 1e-9, &format!("order {order}, {name}"));
        }
    }
}

#[test]
fn shapley_values_are_those_of_every_order() {
    let (oracle, channels, collected) = oracle();
    let answer = answer(&channels, &collected, &[Model::Shapley, Model::ShapleyRate], 1);
    let worth: f64 = oracle.shapley.values().sum();
    let rate: f64 = oracle.shapley_rate.values().sum();
    for (at, name) in channels.names().iter().enumerate() {
        near(answer.models[0].shares[at], oracle.shapley[name] / worth, 1e-9, name);
        near(answer.models[1].shares[at], oracle.shapley_rate[name] / rate, 1e-9, name);
    }
}

#[test]
fn simple_rules_are_as_written_down_elsewhere() {
    let (oracle, channels, collected) = oracle();
    for (model, expected) in &oracle.positions {
        let answer = answer(&channels, &collected, &[model.parse().unwrap()], 1);
        for (name, cents) in channels.names().iter().zip(&answer.models[0].cents) {
            // Half a cent of rounding, and another where a remainder went elsewhere.
            near(money::amount(*cents), expected[name], 0.01 + 1e-9, &format!("{model}, {name}"));
        }
    }
}

#[derive(Deserialize)]
struct Fractribution {
    paths: Vec<OfPath>,
    credit: Vec<Expected>,
}

#[derive(Deserialize)]
struct Expected {
    model: String,
    channel: String,
    conversions: f64,
    value: f64,
}

#[test]
fn leaving_one_out_gives_what_fractribution_gives() {
    let fixture: Fractribution = serde_json::from_str(include_str!("fixtures/fractribution.json")).unwrap();
    let (channels, collected) = collect(&fixture.paths);
    let answer = answer(&channels, &collected, &[Model::LeaveOneOut, Model::Last], 1);
    for Expected { model, channel, conversions, value } in &fixture.credit {
        let credit = answer.models.iter().find(|credit| credit.model.name() == model).unwrap();
        let at = usize::from(channels.number(channel).unwrap());
        near(credit.conversions[at], *conversions, 1e-8, &format!("{model}, {channel}"));
        near(money::amount(credit.cents[at]), *value, 0.005, &format!("{model}, {channel}"));
    }
    assert_eq!(answer.models[0].cents.iter().sum::<i64>(), 50_092);
}
