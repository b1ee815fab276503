//! The stages that remain possible, and the gates that hold the lowest of them down.

use super::{
    lens::{Gate, Lens, Question},
    sheet::{Sheet, Standing},
};
use crate::proportion::Interval;

/// The most steps named for one gate; more would bury the first.
const MOST_STEPS: usize = 3;

/// A stage's number and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageName {
    /// The number, from 1.
    pub number: u8,
    /// The name.
    pub name: String,
}

/// The stages that the evidence leaves possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageRange {
    /// The stage if every unknown turned out at its worst.
    pub lowest: StageName,
    /// The stage if every unknown turned out at its best.
    pub highest: StageName,
    /// The names of all from the lowest to the highest.
    pub names: Vec<String>,
}

/// Why a gate is not passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GateState {
    /// Even with every unknown at its best the score is too low.
    Fails,
    /// What was claimed would be enough, and it is capped because nothing in the dimension was measured.
    Capped,
    /// What is unknown decides.
    Open,
}

/// A gate of the next stage that is not passed for certain.
#[derive(Clone, Debug, PartialEq)]
pub struct MissingGate {
    /// The stage that asks.
    pub stage: u8,
    /// The dimension.
    pub dimension: String,
    /// The question, where the gate is on one alone.
    pub question: Option<String>,
    /// The least score.
    pub at_least: f64,
    /// The bounds of the score.
    pub score: Interval,
    /// Why it is not passed.
    pub state: GateState,
    /// What would change it, the nearest step first.
    pub steps: Vec<String>,
}

/// One end of an interval.
pub(super) type End = fn(Interval) -> f64;

/// The highest stage, as a place in the lens, whose gates and those before it all pass at one end.
pub(super) fn reached(lens: &Lens, sheet: &Sheet, end: End) -> usize {
    let holds = |gate: &Gate| end(sheet.target(lens, gate)) >= gate.at_least;
    let passed = lens.stages.iter().take_while(|stage| stage.gates.iter().all(holds)).count();
    passed.saturating_sub(1)
}

/// How many stages lie between the worst and the best case.
pub(super) fn width(lens: &Lens, sheet: &Sheet) -> usize {
    reached(lens, sheet, |ends| ends.high) - reached(lens, sheet, |ends| ends.low)
}

/// The stages that remain possible, or nothing where the lens has none.
pub(super) fn range(lens: &Lens, sheet: &Sheet) -> Option<StageRange> {
    let (low, high) = (reached(lens, sheet, |ends| ends.low), reached(lens, sheet, |ends| ends.high));
    let name = |place: usize| {
        let stage = lens.stages.get(place)?;
        Some(StageName { number: stage.number, name: stage.name.clone() })
    };
    let names = lens.stages.get(low..=high)?.iter().map(|stage| stage.name.clone()).collect();
    Some(StageRange { lowest: name(low)?, highest: name(high)?, names })
}

/// The gates of the stage after the lowest possible one that are not passed at the lower bounds. The first is
/// the binding one: a gate that fails for certain before one that is capped or open, then the widest gap,
/// then the lens's order.
pub(super) fn missing(lens: &Lens, sheet: &Sheet) -> Vec<MissingGate> {
    let Some(next) = lens.stages.get(reached(lens, sheet, |ends| ends.low) + 1) else { return Vec::new() };
    let mut missing: Vec<MissingGate> = next
        .gates
        .iter()
        .filter_map(|gate| {
            let score = sheet.target(lens, gate);
            (score.low < gate.at_least).then(|| {
                let state = state(lens, sheet, gate, score);
                MissingGate {
                    stage: next.number,
                    dimension: gate.dimension.clone(),
                    question: gate.question.clone(),
                    at_least: gate.at_least,
                    score,
                    state,
                    steps: steps(lens, sheet, gate, state),
                }
            })
        })
        .collect();
    let gap = |gate: &MissingGate| gate.at_least - gate.score.low;
    missing.sort_by(|a, b| a.state.cmp(&b.state).then(gap(b).total_cmp(&gap(a))));
    missing
}

/// What would bring a dimension to its next level, the nearest step first.
pub(super) fn lifts(lens: &Lens, sheet: &Sheet, dimension: usize) -> Vec<String> {
    let at_least = sheet.dimension(dimension).high.floor() + 1.0;
    let gate = Gate { dimension: lens.dimensions[dimension].id.clone(), question: None, at_least };
    let state = state(lens, sheet, &gate, sheet.dimension(dimension));
    steps(lens, sheet, &gate, state)
}

fn state(lens: &Lens, sheet: &Sheet, gate: &Gate, score: Interval) -> GateState {
    if score.high >= gate.at_least {
        return GateState::Open;
    }
    let without_cap = match lens.places(gate) {
        Some((dimension, None)) => sheet.uncapped(dimension).high,
        Some((dimension, Some(question))) => match sheet.standing(dimension, question) {
            standing @ Standing::Attested(_) => f64::from(standing.uncapped().high),
            Standing::Measured(_) | Standing::Unknown { .. } => score.high,
        },
        None => score.high,
    };
    if without_cap >= gate.at_least { GateState::Capped } else { GateState::Fails }
}

fn steps(lens: &Lens, sheet: &Sheet, gate: &Gate, state: GateState) -> Vec<String> {
    let Some((place, only)) = lens.places(gate) else { return Vec::new() };
    let dimension = &lens.dimensions[place];
    let mut weakest: Vec<(usize, &Question)> = dimension
        .questions
        .iter()
        .enumerate()
        .filter(|(inner, _)| only.is_none_or(|only| only == *inner))
        .collect();
    weakest.sort_by(|a, b| {
        let high = |inner: usize| sheet.question(place, inner).high;
        high(a.0).total_cmp(&high(b.0))
    });
    let steps: Vec<String> = match state {
        GateState::Fails => {
            // Where better answers alone would meet the cap, a measurement stands first.
            let capped = sheet.cap_binds(place, gate.at_least);
            let first =
                dimension.questions.iter().filter_map(|one| measure(sheet, one)).take(usize::from(capped));
            let raised = weakest
                .iter()
                .filter(|(inner, _)| sheet.standing(place, *inner).is_known())
                .filter_map(|(inner, question)| raise(question, sheet.question(place, *inner)));
            first.chain(raised).collect()
        }
        GateState::Capped => {
            let noted = weakest.iter().filter(|(inner, _)| sheet.wants_note(place, *inner));
            let noted = noted.map(|(_, question)| note(question));
            dimension.questions.iter().filter_map(|one| measure(sheet, one)).chain(noted).collect()
        }
        GateState::Open => weakest
            .iter()
            .filter(|(inner, _)| {
                let ends = sheet.question(place, *inner);
                ends.low < ends.high
            })
            .map(|(inner, question)| settle(sheet, question, sheet.standing(place, *inner)))
            .collect(),
    };
    steps.into_iter().take(MOST_STEPS).collect()
}

fn raise(question: &Question, score: Interval) -> Option<String> {
    let (next, anchor) = question.anchors.iter().find(|(level, _)| f64::from(**level) > score.high)?;
    Some(format!("raise `{}` from level {} to {next}: {anchor}", question.id, score.high))
}

fn measure(sheet: &Sheet, question: &Question) -> Option<String> {
    let (measure, tool) = sheet.measurable(question)?;
    Some(format!("measure `{}` with {tool} ({})", question.id, measure.name()))
}

fn note(question: &Question) -> String {
    format!("name in a note to `{}` the document or report that shows the level", question.id)
}

fn settle(sheet: &Sheet, question: &Question, standing: Standing) -> String {
    match (standing, question.evidence) {
        (Standing::Measured(_), Some(rule)) => format!(
            "measure {} of `{}` over more rows: its interval spans several levels",
            rule.measure.name(),
            question.id
        ),
        _ => {
            measure(sheet, question).unwrap_or_else(|| format!("answer `{}`: {}", question.id, question.text))
        }
    }
}
