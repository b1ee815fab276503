//! From facts to a model that has been tested on later leads.

use super::{
    batch::{self, Cells, Gathered},
    boosted::{self, Boosted, Hyperparameters, Sample},
    calibration::Calibration,
    card::{Card, Metrics, Versions, fingerprint, part_facts},
    contest::Contest,
    features::{Encoder, Shape},
    grade::{Band, bands},
    leaks,
    linear::Linear,
    logistic::{self, Fit, log_loss},
    model::{Learner, Model, ModelColumn, Ranker},
    quality::{Honesty, Ranking, judge_probabilities, rank},
    reading::Reading,
    reason::{Dropped, Flag, Reason},
    split::{Part, Split, divide, last_part},
    sufficiency::{Insufficient, shortage},
    table::Table,
    words::Side,
};
use std::ops::Range;

/// Penalties tried, strongest first: each fit starts from the last one's weights.
const PENALTIES: [f64; 6] = [1000.0, 100.0, 30.0, 10.0, 1.0, 0.1];
/// Leads of each outcome at the end of training time that it takes to say when to stop boosting. Authored: below
/// it the log loss there is mostly noise.
const FEWEST_TO_STOP_BY: usize = 10;

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
    /// The probability and outcome of each test lead, in the order of `test`.
    pub tested: Vec<(f64, bool)>,
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
    dropped.extend(leaks.dropped);
    let fair = Fair::learn(table, &split, &mut dropped);
    if fair.columns.is_empty() {
        return Training::Insufficient(Insufficient::Columns, dropped);
    }
    let mut flagged = leaks.flagged;
    flagged.retain(|flag| dropped.iter().all(|drop| drop.column != flag.column));
    let Some((trained, card)) = tested(table, &split, fair, seed) else {
        return Training::Insufficient(Insufficient::Columns, dropped);
    };
    Training::Trained(Box::new(Trained { card: Card { dropped, flagged, ..card }, ..trained }))
}

/// The columns that may be weighed, with the levels and the spread of their training rows.
struct Fair {
    columns: Vec<ModelColumn>,
    places: Vec<usize>,
    levels: Vec<Vec<String>>,
    encoder: Encoder,
}

impl Fair {
    /// Takes what no leak rules out and what tells rows apart; adds the rest to the dropped columns.
    fn learn(table: &Table, split: &Split, dropped: &mut Vec<Dropped>) -> Self {
        let (mut columns, mut places, mut all_levels, mut shapes) = (vec![], vec![], vec![], vec![]);
        let mut constant = Vec::new();
        for (place, column) in table.columns.iter().enumerate() {
            if dropped.iter().any(|drop| drop.column == column.name) {
                continue;
            }
            let levels = batch::levels_of(table, place, &split.train);
            let cells = batch::gather(table, place, &levels, &split.train);
            match Shape::learn(cells.cells(), levels.len()) {
                None => constant.push(Dropped { column: column.name.clone(), reason: Reason::Constant }),
                Some(shape) => {
                    let side = Side::of(&column.name);
                    columns.push(ModelColumn { name: column.name.clone(), kind: column.kind, side });
                    places.push(place);
                    all_levels.push(levels);
                    shapes.push(shape);
                }
            }
        }
        dropped.extend(constant);
        Self { columns, places, levels: all_levels, encoder: Encoder::new(shapes) }
    }

    fn gather(&self, table: &Table, rows: &[usize]) -> Vec<Gathered> {
        let columns = self.places.iter().zip(&self.levels);
        columns.map(|(place, levels)| batch::gather(table, *place, levels, rows)).collect()
    }
}

/// One part of the split, as the learners want it.
struct Known {
    gathered: Vec<Gathered>,
    labels: Vec<bool>,
    weights: Option<Vec<f64>>,
}

impl Known {
    fn of(table: &Table, fair: &Fair, rows: &[usize]) -> Self {
        let weights = table.weight.as_ref().map(|weights| rows.iter().map(|row| weights[*row]).collect());
        Self { gathered: fair.gather(table, rows), labels: outcomes(table, rows), weights }
    }

    fn cells(&self) -> Vec<Cells<'_>> {
        self.gathered.iter().map(Gathered::cells).collect()
    }
}

/// Trains both models, keeps one, calibrates and tests it.
fn tested(table: &Table, split: &Split, fair: Fair, seed: u64) -> Option<(Trained, Card)> {
    let train = Known::of(table, &fair, &split.train);
    let held = Known::of(table, &fair, &split.calibrate);
    let chosen = choose(&fair.encoder, &train, &held);
    let linear = Linear::new(&fair.encoder, &chosen.fit.weights, &train.cells());
    let grown = boost(&train, &fair.levels, last_part(table, split), seed);
    let (contest, ranker) = keep(linear, grown, &held, seed)?;
    let raw = ranker.log_odds(&held.cells());
    let calibration = Calibration::fit(&raw, &held.labels);
    let Fair { columns, levels, .. } = fair;
    let model = Model { columns, levels, ranker, calibration };

    let odds = model.log_odds(table, &split.test).ok()?;
    let labels = outcomes(table, &split.test);
    let ranking = rank(&odds, &labels, seed)?;
    let chances: Vec<f64> = odds.into_iter().map(|odds| model.calibration.apply(odds)).collect();
    let honesty = judge_probabilities(&chances, &labels, base_rate(table, split));
    let mut held_out: Vec<f64> = raw.into_iter().map(|odds| model.calibration.apply(odds)).collect();
    held_out.extend(&chances);
    let tested: Vec<(f64, bool)> = chances.into_iter().zip(labels).collect();
    let card = Card {
        fingerprint: fingerprint(table),
        seed,
        versions: Versions::built_in(),
        rows: table.rows(),
        method: split.method,
        parts: Part::ALL.into_iter().map(|part| part_facts(table, part, split.part(part))).collect(),
        undated: split.undated,
        repeated: split.repeated,
        weightless: (0..table.rows())
            .filter(|row| table.label[*row].is_some() && !table.counts(*row))
            .count(),
        columns: model.columns.clone(),
        dropped: Vec::new(),
        flagged: Vec::<Flag>::new(),
        contest,
        hyperparameters: Hyperparameters::CHOSEN,
        penalty: chosen.penalty,
        tried: chosen.tried,
        steps: chosen.fit.steps,
        converged: chosen.fit.converged,
        calibration: model.calibration.name().to_owned(),
        metrics: Metrics::of(&ranking, &honesty),
    };
    let bands = bands(held_out, &tested);
    let test = split.test.clone();
    Some((Trained { model, card: card.clone(), test, ranking, honesty, bands, tested }, card))
}

/// Grows trees on the earlier training rows and stops by the later ones.
fn boost(train: &Known, levels: &[Vec<String>], from: usize, seed: u64) -> Result<Boosted, String> {
    let stop = &train.labels[from..];
    let fewest = [true, false].map(|outcome| stop.iter().filter(|label| **label == outcome).count());
    if fewest.iter().any(|count| *count < FEWEST_TO_STOP_BY) {
        return Err("too few outcomes at the end of training time to say when to stop".to_owned());
    }
    let part = |rows: Range<usize>| -> Vec<Cells<'_>> {
        train.gathered.iter().map(|column| column.cells().part(rows.clone())).collect()
    };
    let (grow_cells, stop_cells) = (part(0..from), part(from..train.labels.len()));
    let weights = train.weights.as_deref();
    let grow = Sample {
        columns: &grow_cells,
        labels: &train.labels[..from],
        weights: weights.map(|weights| &weights[..from]),
    };
    let watch =
        Sample { columns: &stop_cells, labels: stop, weights: weights.map(|weights| &weights[from..]) };
    boosted::fit(&grow, &watch, levels, seed, None).map_err(|error| error.to_string())
}

/// Keeps the simpler model unless the other ranks the held-out leads better beyond doubt.
fn keep(
    linear: Linear,
    grown: Result<Boosted, String>,
    held: &Known,
    seed: u64,
) -> Option<(Contest, Ranker)> {
    let boosted = match grown {
        Ok(boosted) => boosted,
        Err(reason) => return Some((Contest::not_boosted(reason), Ranker::Logistic(linear))),
    };
    let cells = held.cells();
    let (simple, other) = (linear.log_odds(&cells), boosted.log_odds(&cells));
    let contest = Contest::judge(&simple, &other, &held.labels, boosted.forest.trees.len(), seed)?;
    let ranker = match contest.kept {
        Learner::Logistic => Ranker::Logistic(linear),
        Learner::Boosted => Ranker::Boosted(boosted),
    };
    Some((contest, ranker))
}

/// The fit whose penalty did best on the calibration rows.
struct Chosen {
    fit: Fit,
    penalty: f64,
    tried: Vec<(f64, f64)>,
}

fn choose(encoder: &Encoder, train: &Known, held: &Known) -> Chosen {
    let rows = encoder.rows(&train.cells());
    let target = |label: &bool| f64::from(u8::from(*label));
    let targets: Vec<f64> = train.labels.iter().map(target).collect();
    let held_out = encoder.rows(&held.cells());
    let mut tried = Vec::new();
    let mut start: Option<Vec<f64>> = None;
    let mut best: Option<(f64, f64, Fit)> = None;
    for penalty in PENALTIES {
        let counts = train.weights.as_deref();
        let fit = logistic::fit(&rows, &targets, counts, encoder.width, penalty, start.as_deref());
        let loss = |(row, label): (usize, &bool)| log_loss(held_out.dot(row, &fit.weights), target(label));
        let mean = held.labels.iter().enumerate().map(loss).sum::<f64>() / held.labels.len() as f64;
        tried.push((penalty, mean));
        start = Some(fit.weights.clone());
        if best.as_ref().is_none_or(|(least, ..)| mean < *least) {
            best = Some((mean, penalty, fit));
        }
    }
    let nothing = || (0.0, 0.0, Fit { weights: vec![0.0; encoder.width], steps: 0, converged: false });
    let (_, penalty, fit) = best.unwrap_or_else(nothing);
    Chosen { fit, penalty, tried }
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
