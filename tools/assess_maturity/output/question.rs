//! One question, and what is known about it.

use super::number::{anchors, ends, rounded};
use crate::wire::{self, Interval, Measure, Provenance};
use revarch_domain::maturity;
use schemars::JsonSchema;
use serde::Serialize;

/// The longest note that is given back, in characters.
const LONGEST_NOTE: usize = 300;

/// One question and what is known about it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Question {
    /// The dimension.
    pub dimension: String,
    /// The question's id.
    pub id: String,
    /// Its text.
    pub text: String,
    /// The bounds that count.
    pub score: Interval,
    /// The ground they stand on.
    pub provenance: Provenance,
    /// The level claimed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed: Option<u8>,
    /// The lowest and the highest level the measurement supports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supported: Option<[u8; 2]>,
    /// The measurement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
    /// What the person pointed to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What one would see at each level, while the question is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchors: Option<Vec<Anchor>>,
}

/// What one would see at a level.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Anchor {
    /// The level.
    pub level: u8,
    /// What one would see.
    pub seen: String,
}

impl Question {
    pub(super) fn of(dimension: &str, question: maturity::QuestionScore) -> Self {
        let maturity::QuestionScore {
            id,
            text,
            anchors: by_level,
            claimed,
            note,
            measure,
            supported,
            score,
            provenance,
        } = question;
        let provenance = Provenance::of(provenance);
        Self {
            dimension: dimension.to_owned(),
            id,
            text,
            score: rounded(score),
            claimed,
            supported: supported.map(ends),
            measure: measure.map(Measure::of),
            note: note.map(|note| wire::one_line(&note, LONGEST_NOTE)),
            anchors: (provenance == Provenance::Unknown).then(|| anchors(by_level)),
            provenance,
        }
    }
}
