//! What several scores mean together, and what was built ahead of its ground.

use super::number::rounded;
use crate::wire::{Interval, Provenance};
use revarch_domain::maturity;
use schemars::JsonSchema;
use serde::Serialize;

/// What the lens reads from several scores.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Reading {
    /// The reading's id.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// Whether it holds.
    pub state: ReadingState,
    /// What it means where it holds.
    pub means: String,
    /// Each condition with the bounds it was held against.
    pub because: Vec<String>,
    /// The ground of the reading.
    pub provenance: Provenance,
}

/// Whether a reading holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadingState {
    /// However the unknown turns out.
    Holds,
    /// What is unknown decides.
    Open,
    /// Not, however the unknown turns out.
    DoesNotHold,
}

/// A dimension that stands well above one it rests on.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BuiltAhead {
    /// The dimension that stands higher.
    pub dimension: String,
    /// The dimension it rests on.
    pub rests_on: String,
    /// Its bounds.
    pub score: Interval,
    /// The bounds of the one it rests on.
    pub ground: Interval,
    /// The two and the gap in one sentence.
    pub sentence: String,
}

impl Reading {
    pub(super) fn of(reading: maturity::ReadingResult) -> Self {
        let maturity::ReadingResult { id, title, means, state, because, provenance } = reading;
        let state = match state {
            maturity::ReadingState::Holds => ReadingState::Holds,
            maturity::ReadingState::Open => ReadingState::Open,
            maturity::ReadingState::DoesNotHold => ReadingState::DoesNotHold,
        };
        Self { id, title, state, means, because, provenance: Provenance::of(provenance) }
    }
}

impl BuiltAhead {
    pub(super) fn of(built: maturity::BuiltAhead) -> Self {
        let maturity::BuiltAhead { dimension, rests_on, score, ground, sentence } = built;
        Self { dimension, rests_on, score: rounded(score), ground: rounded(ground), sentence }
    }
}
