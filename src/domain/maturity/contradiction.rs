//! Claims that the measured evidence does not bear out.

use super::{
    dimension::{DimensionScore, QuestionScore},
    evidence,
    lens::{EvidenceRule, Lens},
    sheet::Levels,
};
use crate::{measure::Measure, provenance::Provenance};

/// Which way claim and evidence part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More was claimed than the evidence supports.
    Overclaimed,
    /// Less was claimed than the evidence supports.
    Underclaimed,
}

/// A claim and the evidence against it.
#[derive(Clone, Debug, PartialEq)]
pub struct Contradiction {
    /// The dimension.
    pub dimension: String,
    /// The question.
    pub question: String,
    /// The level claimed.
    pub claimed: u8,
    /// The levels the evidence supports.
    pub supported: Levels,
    /// The measurement.
    pub measure: Measure,
    /// Which way they part.
    pub direction: Direction,
    /// Claim, number and gap in one sentence.
    pub sentence: String,
    /// The evidence that would bear the claim out.
    pub would_change: String,
}

pub(super) fn contradictions(lens: &Lens, dimensions: &[DimensionScore]) -> Vec<Contradiction> {
    let scored = dimensions.iter().flat_map(|dimension| {
        dimension.questions.iter().map(move |question| (dimension.id.as_str(), question))
    });
    lens.questions()
        .zip(scored)
        .filter_map(|((_, _, question), (dimension, score))| between(dimension, question.evidence?, score))
        .collect()
}

fn between(dimension: &str, rule: EvidenceRule, score: &QuestionScore) -> Option<Contradiction> {
    let (claimed, supported, measure) = (score.claimed?, score.supported?, score.measure?);
    let direction = if claimed > supported.high {
        Direction::Overclaimed
    } else if claimed < supported.low {
        Direction::Underclaimed
    } else {
        return None;
    };
    let name = rule.measure.name();
    let number = number(&measure);
    let ground = if measure.provenance == Provenance::Measured { "measured" } else { "handed-in" };
    let sentence = match (direction, rule.needed_for(claimed)) {
        (Direction::Overclaimed, Some(needed)) => format!(
            "`{}`: level {claimed} was claimed, which needs {name} {needed}; the {ground} {number} supports {}.",
            score.id,
            words(supported)
        ),
        _ => format!(
            "`{}`: level {claimed} was claimed, and the {ground} {name} of {number} supports {}.",
            score.id,
            words(supported)
        ),
    };
    let tool = evidence::tool_of(rule.measure);
    let would_change = match (direction, rule.needed_for(claimed)) {
        (Direction::Overclaimed, Some(needed)) => {
            format!("{name} {needed} over its whole interval, measured again with {tool}")
        }
        _ => format!("a second run of {tool} over the full data that puts {name} at level {claimed}"),
    };
    Some(Contradiction {
        dimension: dimension.to_owned(),
        question: score.id.clone(),
        claimed,
        supported,
        measure,
        direction,
        sentence,
        would_change,
    })
}

/// One level or a range of them, in words.
pub(super) fn words(levels: Levels) -> String {
    if levels.low == levels.high {
        format!("level {}", levels.low)
    } else {
        format!("levels {} to {}", levels.low, levels.high)
    }
}

fn number(measure: &Measure) -> String {
    match measure.interval {
        Some(ends) => format!("{} ({} to {})", short(measure.value), short(ends.low), short(ends.high)),
        None => short(measure.value),
    }
}

/// Three decimals at most, without trailing zeros.
fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
