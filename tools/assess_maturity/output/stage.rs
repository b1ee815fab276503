//! The stages that remain possible, what is missing for the next, and where the roadmap is entered.

use super::number::rounded;
use crate::wire::{Interval, Provenance};
use revarch_domain::maturity;
use schemars::JsonSchema;
use serde::Serialize;

/// The stages that remain possible.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Stage {
    /// The stage if everything unknown turned out at its worst.
    pub lowest: u8,
    /// The stage if everything unknown turned out at its best.
    pub highest: u8,
    /// The names from the lowest to the highest.
    pub names: Vec<String>,
    /// The ground of the rule from scores to stages.
    pub provenance: Provenance,
}

/// Too little is known to name a stage, or to tell a profile by a lens without stages.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Insufficient {
    /// How many more questions must become known.
    pub questions_short: usize,
    /// The evidence that is cheapest to get.
    pub cheapest_next: String,
}

/// A gate of the next stage that is not passed for certain.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MissingGate {
    /// The stage that asks.
    pub stage: u8,
    /// The dimension.
    pub dimension: String,
    /// The question, where the gate is on one alone.
    #[serde(skip_serializing_if = "Option::is_none")]
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

/// Why a gate is not passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GateState {
    /// The score is too low even with every unknown at its best.
    Fails,
    /// The claims would be enough; they are capped because nothing in the dimension was measured.
    Capped,
    /// What is unknown decides.
    Open,
}

/// Where the roadmap is entered.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EntryPhase {
    /// The phase if everything unknown turned out at its worst.
    pub lowest: u8,
    /// The phase if everything unknown turned out at its best.
    pub highest: u8,
    /// The name of the lowest, and of the highest where it is another.
    pub names: Vec<String>,
    /// The rule that leads there, with whose rule it is.
    pub reason: String,
    /// The ground of that rule.
    pub provenance: Provenance,
}

impl Stage {
    pub(super) fn of(range: maturity::StageRange) -> Self {
        let maturity::StageRange { lowest, highest, names } = range;
        Self { lowest: lowest.number, highest: highest.number, names, provenance: Provenance::Authored }
    }
}

impl Insufficient {
    pub(super) fn of(insufficient: maturity::Insufficient) -> Self {
        let maturity::Insufficient { questions_short, cheapest } = insufficient;
        Self { questions_short, cheapest_next: cheapest }
    }
}

impl MissingGate {
    pub(super) fn of(gate: maturity::MissingGate) -> Self {
        let maturity::MissingGate { stage, dimension, question, at_least, score, state, steps } = gate;
        let state = match state {
            maturity::GateState::Fails => GateState::Fails,
            maturity::GateState::Capped => GateState::Capped,
            maturity::GateState::Open => GateState::Open,
        };
        Self { stage, dimension, question, at_least, score: rounded(score), state, steps }
    }
}

impl EntryPhase {
    pub(super) fn of(entry: maturity::EntryPhase) -> Self {
        let maturity::EntryPhase { lowest, highest, reason, provenance } = entry;
        let mut names = vec![lowest.name, highest.name];
        names.dedup();
        let provenance = Provenance::of(provenance);
        Self { lowest: lowest.number, highest: highest.number, names, reason, provenance }
    }
}
