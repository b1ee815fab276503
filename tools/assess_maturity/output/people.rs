//! Where people differ, and what was said when they were asked.

use super::number::{ends, thousandths};
use crate::{confirm::Outcome, wire};
use revarch_domain::maturity;
use schemars::JsonSchema;
use serde::Serialize;

/// The longest note that is given back, in characters.
const LONGEST_NOTE: usize = 1_000;

/// A question that people answered differently.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Disagreement {
    /// The dimension.
    pub dimension: String,
    /// The question.
    pub question: String,
    /// The lowest and the highest level that was said.
    pub levels: [u8; 2],
    /// Who said what.
    pub said: Vec<Voice>,
    /// Whether the answers lie two levels or more apart, so that people cannot have looked at the same thing.
    pub far_apart: bool,
    /// Whether a measurement has decided it already.
    pub measured: bool,
    /// What would settle it.
    pub settle: String,
}

/// One person's level.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Voice {
    /// Who.
    pub name: String,
    /// The level.
    pub level: u8,
}

/// How far people are apart over a dimension.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Split {
    /// The dimension.
    pub dimension: String,
    /// Questions to which several people stated a level.
    pub compared: usize,
    /// Those of them that were answered differently.
    pub differ: usize,
    /// The levels between the lowest and the highest answer, on average over the questions compared.
    pub mean_gap: f64,
}

/// What came of asking the person.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Interview {
    /// How the asking went.
    pub outcome: InterviewOutcome,
    /// What was said. It was used for this call only: hand it back in `answers` of the next.
    pub answers: Vec<Said>,
}

/// How the asking went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InterviewOutcome {
    /// No question is open that somebody has not been asked.
    NothingToAsk,
    /// The person answered, perhaps with "I do not know".
    Answered,
    /// The person had had enough.
    Declined,
    /// This client cannot ask the person.
    Unavailable,
}

/// An answer in the form of `answers`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Said {
    /// The question's id.
    pub question: String,
    /// The level; absent when not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// Whether the level is not known.
    pub dont_know: bool,
    /// What the answer rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Disagreement {
    pub(super) fn of(disagreement: maturity::Disagreement) -> Self {
        let maturity::Disagreement { dimension, question, levels, said, far_apart, measured, settle } =
            disagreement;
        let said = said.into_iter().map(|(name, level)| Voice { name, level }).collect();
        Self { dimension, question, levels: ends(levels), said, far_apart, measured, settle }
    }
}

impl Split {
    pub(super) fn of(split: maturity::Split) -> Self {
        let maturity::Split { dimension, compared, differ, mean_gap } = split;
        Self { dimension, compared, differ, mean_gap: thousandths(mean_gap) }
    }
}

impl Interview {
    pub(super) fn of(outcome: Outcome, said: Vec<maturity::Answer>) -> Self {
        let outcome = match outcome {
            Outcome::NothingToAsk => InterviewOutcome::NothingToAsk,
            Outcome::Answered => InterviewOutcome::Answered,
            Outcome::Declined => InterviewOutcome::Declined,
            Outcome::Unavailable => InterviewOutcome::Unavailable,
        };
        Self { outcome, answers: said.into_iter().map(Said::of).collect() }
    }
}

impl Said {
    pub(super) fn of(answer: maturity::Answer) -> Self {
        let maturity::Answer { question, level, note } = answer;
        let note = note.map(|note| wire::one_line(&note, LONGEST_NOTE));
        Self { question, level, dont_know: level.is_none(), note }
    }
}
