//! Claims that the evidence does not bear out.

use super::number::ends;
use crate::wire::Measure;
use revarch_domain::maturity;
use schemars::JsonSchema;
use serde::Serialize;

/// A claim and the evidence against it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Contradiction {
    /// The dimension.
    pub dimension: String,
    /// The question.
    pub question: String,
    /// The level claimed.
    pub claimed: u8,
    /// The lowest and the highest level the evidence supports.
    pub supported: [u8; 2],
    /// The measurement.
    pub measure: Measure,
    /// Which way they part.
    pub direction: Direction,
    /// Claim, number and gap in one sentence.
    pub sentence: String,
    /// The evidence that would bear the claim out.
    pub would_change: String,
}

/// Which way claim and evidence part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More was claimed than the evidence supports.
    Overclaimed,
    /// Less was claimed than the evidence supports.
    Underclaimed,
}

impl Contradiction {
    pub(super) fn of(contradiction: maturity::Contradiction) -> Self {
        let maturity::Contradiction {
            dimension,
            question,
            claimed,
            supported,
            measure,
            direction,
            sentence,
            would_change,
        } = contradiction;
        let direction = match direction {
            maturity::Direction::Overclaimed => Direction::Overclaimed,
            maturity::Direction::Underclaimed => Direction::Underclaimed,
        };
        let (supported, measure) = (ends(supported), Measure::of(measure));
        Self { dimension, question, claimed, supported, measure, direction, sentence, would_change }
    }
}
