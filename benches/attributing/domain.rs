//! Times the models on merged paths: `PATHS=paths.csv cargo bench -p revarch-domain --bench attribution`.
//!
//! The file is that of `benches/attributing/journeys.py`. Reading it counts, as it does for its peer.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench reads a file and the clock, prints, and may stop at the first fault"
)]

use revarch_domain::attribution::{
    answer::Ask,
    attribute::attribute,
    channels::Channels,
    collect::{Collected, Collector},
    journey::Terms,
    model::Model,
    money,
    paths::Marks,
};
use std::time::Instant;

fn main() {
    let Ok(file) = std::env::var("PATHS") else { return println!("PATHS names no file of paths") };
    let text = std::fs::read_to_string(file).unwrap();
    let start = Instant::now();
    let (channels, collected) = read(&text);
    println!("read and merged: {} paths, {:.2} s", collected.paths.len(), start.elapsed().as_secs_f64());
    let heuristics = [Model::First, Model::Last, Model::Linear];
    time("first, last, linear", &channels, &collected, &heuristics, 1, 0);
    for order in 1..=3 {
        time(&format!("Markov, order {order}"), &channels, &collected, &[Model::Markov], order, 0);
    }
    time("all models", &channels, &collected, &Model::ALL, 1, 0);
    time("all models, 200 resamples", &channels, &collected, &Model::ALL, 1, 200);
}

fn time(what: &str, channels: &Channels, collected: &Collected, models: &[Model], order: u8, resamples: u32) {
    let ask = Ask { models: models.to_vec(), markov_order: order, resamples, seed: 1, ..Ask::default() };
    let start = Instant::now();
    let answer = attribute(channels, collected, &[], &ask);
    let took = start.elapsed().as_secs_f64();
    let markov = answer.models.iter().find_map(|credit| credit.markov.as_ref());
    let chain = markov
        .map_or_else(String::new, |chain| format!(", {} states, bound {:.1e}", chain.states, chain.bound));
    let drawn = answer.models.iter().map(|credit| credit.resamples).min().unwrap_or(0);
    println!("{what}: {took:.2} s{chain}, {drawn} resamples at least");
    for credit in answer.models.iter().take(1) {
        let shares: Vec<String> = credit.conversions.iter().map(|one| format!("{one:.6}")).collect();
        println!("  {} conversions: {}", credit.model, shares.join(" "));
    }
}

fn read(text: &str) -> (Channels, Collected) {
    let lines = || text.lines().skip(1).map(|line| line.split(';').collect::<Vec<_>>());
    let count = |cell: &str| cell.parse::<u64>().unwrap();
    let touches = lines().flat_map(|cells| cells[0].split(" > ").map(|name| (name, 1)).collect::<Vec<_>>());
    let channels = Channels::of(touches, 100);
    let mut collector = Collector::new(Terms {
        window: 1,
        reset: true,
        once: false,
        collapse: false,
        half_life: 1.0,
        since: None,
        open_from: i64::MAX,
    });
    let mut path = Vec::new();
    for cells in lines() {
        path.clear();
        path.extend(cells[0].split(" > ").filter_map(|name| channels.number(name)));
        collector.add_made(&path, Marks::default(), count(cells[1]), money::cents(cells[2]), count(cells[3]));
    }
    (channels, collector.finish())
}
