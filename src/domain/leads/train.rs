//! From facts to a model that has been tested on later leads.

use super::{
    calibration::Calibration,
    card::{Card, fingerprint, part_facts},
    features::Encoder,
    grade::{Band, bands},
    leaks,
    logistic::{self, Fit, log_loss, probability},
    model::{Model, ModelColumn},
    quality::{Honesty, Ranking, judge_probabilities, rank},
    reading::Reading,
    reason::{Dropped, Reason},
    split::{Part, Split, divide},
    sufficiency::{Insufficient, shortage},
    table::Table,
    words::Side,
};

/// Penalties tried, strongest first: each fit starts from the last one's weights.
const PENALTIES: [f64; 6] = [1000.0, 100.0, 30.0, 10.0, 1.0, 0.1];

/// What training came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Training {
    /// There is too little to learn from. The dropped columns stand beside it, since they may be why.
    Insufficient(Insufficient, Vec<Dropped>),
    /// A model, good or not.
    Trained(Box<Trained>),
}

/// A model and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Trained {
    /// The model.
    pub model: Model,
    /// How it came about.
    pub card: Card,
    /// The test rows.
    pub test: Vec<usize>,
    /// How well it ranks them.
    pub ranking: Ranking,
    /// How far its probabilities for them can be taken at their word.
    pub honesty: Honesty,
    /// The grades.
    pub bands: Vec<Band>,
}

impl Trained {
    /// Whether the model ranks later leads better than chance, interval included.
    pub fn has_signal(&self) -> bool {
        self.ranking.auc.interval.low > 0.5
    }

    /// Whether test leads convert at less than half the rate of training leads: the latest may not have had the
    /// time to convert, and then count as failures.
    pub fn test_may_be_unripe(&self) -> bool {
        let rate = |part: Part| {
            let facts = self.card.parts.iter().find(|facts| facts.part == part);
            facts.and_then(|facts| facts.conversions.rate())
        };
        rate(Part::Test).zip(rate(Part::Train)).is_some_and(|(test, train)| test < train / 2.0)
    }

    /// The probability and outcome of each test lead.
    pub fn tested(&self, table: &Table) -> Vec<(f64, bool)> {
        let chances = self.model.probabilities(table, &self.test);
        chances.into_iter().zip(outcomes(table, &self.test)).collect()
    }
}

/// Trains a model on the labelled rows, calibrates it, and tests it on rows it has not seen.
///
/// The same facts and seed give the same model bit for bit. So do the same facts with their rows in another
/// order, as long as ids are distinct; another order of columns may change the last digits.
pub fn train(reading: &Reading, seed: u64) -> Training {
    let table = &reading.table;
    let mut dropped = reading.dropped.clone();
    let split = divide(table, seed);
    if let Some(insufficient) = shortage(table, &split) {
        return Training::Insufficient(insufficient, dropped);
    }
    let leaks = leaks::find(table, &split.train);
    let fair: Vec<usize> = (0..table.columns.len())
        .filter(|column| leaks.dropped.iter().all(|drop| drop.column != table.columns[*column].name))
        .collect();
    dropped.extend(leaks.dropped);
    let (encoder, constant) = Encoder::learn(table, &fair, &split.train);
    dropped.extend(
        constant
            .iter()
            .map(|column| Dropped { column: table.columns[*column].name.clone(), reason: Reason::Constant }),
    );
    if encoder.encodings.is_empty() {
        return Training::Insufficient(Insufficient::Columns, dropped);
    }
    let flagged =
        leaks.flagged.into_iter().filter(|flag| dropped.iter().all(|drop| drop.column != flag.column));
    let flagged = flagged.collect();
    let chosen = choose(table, &encoder, &split);
    let model = model(table, encoder, &split, chosen.fit.weights, chosen.calibration);
    let odds = model.log_odds(table, &split.test);
    let labels = outcomes(table, &split.test);
    let Some(ranking) = rank(&odds, &labels, seed) else {
        return Training::Insufficient(Insufficient::Columns, dropped);
    };
    let honesty = judge_probabilities(&odds, &labels, base_rate(table, &split));
    let tested: Vec<(f64, bool)> = odds.into_iter().map(probability).zip(labels).collect();
    let mut held_out: Vec<f64> = model.probabilities(table, &split.calibrate);
    held_out.extend(tested.iter().map(|(chance, _)| chance));
    let card = Card {
        fingerprint: fingerprint(table),
        seed,
        rows: table.rows(),
        method: split.method,
        parts: Part::ALL.into_iter().map(|part| part_facts(table, part, split.part(part))).collect(),
        undated: split.undated,
        columns: model.columns.clone(),
        dropped,
        flagged,
        penalty: chosen.penalty,
        tried: chosen.tried,
        steps: chosen.fit.steps,
        converged: chosen.fit.converged,
        calibration: chosen.calibration,
    };
    Training::Trained(Box::new(Trained {
        model,
        card,
        test: split.test,
        ranking,
        honesty,
        bands: bands(held_out, &tested),
    }))
}

/// The fit whose penalty did best on the calibration rows.
struct Chosen {
    fit: Fit,
    penalty: f64,
    tried: Vec<(f64, f64)>,
    calibration: Calibration,
}

fn choose(table: &Table, encoder: &Encoder, split: &Split) -> Chosen {
    let rows = encoder.rows(table, &split.train);
    let targets: Vec<f64> =
        outcomes(table, &split.train).into_iter().map(|label| f64::from(u8::from(label))).collect();
    let held_out = encoder.rows(table, &split.calibrate);
    let labels = outcomes(table, &split.calibrate);
    let mut tried = Vec::new();
    let mut start: Option<Vec<f64>> = None;
    let mut best: Option<(f64, f64, Fit, Vec<f64>)> = None;
    for penalty in PENALTIES {
        let fit = logistic::fit(&rows, &targets, encoder.width, penalty, start.as_deref());
        let raw: Vec<f64> = (0..held_out.len()).map(|row| held_out.dot(row, &fit.weights)).collect();
        let losses =
            raw.iter().zip(&labels).map(|(odds, label)| log_loss(*odds, f64::from(u8::from(*label))));
        let loss = losses.sum::<f64>() / labels.len() as f64;
        tried.push((penalty, loss));
        start = Some(fit.weights.clone());
        if best.as_ref().is_none_or(|(least, ..)| loss < *least) {
            best = Some((loss, penalty, fit, raw));
        }
    }
    let nothing = || {
        (
            0.0,
            0.0,
            Fit { weights: vec![0.0; encoder.width], steps: 0, converged: false },
            vec![0.0; labels.len()],
        )
    };
    let (_, penalty, fit, raw) = best.unwrap_or_else(nothing);
    Chosen { calibration: Calibration::fit(&raw, &labels), fit, penalty, tried }
}

fn model(
    table: &Table,
    encoder: Encoder,
    split: &Split,
    weights: Vec<f64>,
    calibration: Calibration,
) -> Model {
    let rows = encoder.rows(table, &split.train);
    let mut means = vec![0.0; encoder.width];
    for row in 0..rows.len() {
        let (columns, values) = rows.row(row);
        for (column, value) in columns.iter().zip(values) {
            means[*column] += value;
        }
    }
    for mean in &mut means {
        *mean /= rows.len() as f64;
    }
    let columns = encoder.encodings.iter().map(|encoding| {
        let column = &table.columns[encoding.column];
        ModelColumn { name: column.name.clone(), kind: column.kind, side: Side::of(&column.name) }
    });
    Model { columns: columns.collect(), encoder, weights, means, calibration }
}

/// The rate of conversion that was known before the test rows were seen.
fn base_rate(table: &Table, split: &Split) -> f64 {
    let known = split.train.len() + split.calibrate.len();
    let converted =
        split.train.iter().chain(&split.calibrate).filter(|row| table.label[**row] == Some(true)).count();
    converted as f64 / known as f64
}

fn outcomes(table: &Table, rows: &[usize]) -> Vec<bool> {
    rows.iter().map(|row| table.label[*row] == Some(true)).collect()
}
