//! Answers and measures that cannot be used, refused before anything is scored.

use super::{
    evidence,
    lens::{HIGHEST_LEVEL, LOWEST_LEVEL, Lens},
};
use crate::measure::Measure;
use std::collections::BTreeSet;

/// What a person said to one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The question.
    pub question: String,
    /// The level from 1 to 5, or nothing for "don't know".
    pub level: Option<u8>,
    /// What the person pointed to.
    pub note: Option<String>,
}

/// Why answers or measures cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AnswerError {
    /// The lens asks no such question.
    #[error("no question `{question}` in the lens `{lens}`")]
    UnknownQuestion {
        /// The name given.
        question: String,
        /// The lens.
        lens: String,
    },
    /// One question is answered twice.
    #[error("question `{question}` is answered twice")]
    AnsweredTwice {
        /// The question.
        question: String,
    },
    /// A level outside the scale.
    #[error("level {level} for `{question}` is not on the scale from 1 to 5")]
    Level {
        /// The question.
        question: String,
        /// The level given.
        level: u8,
    },
    /// One measure is given twice.
    #[error("measure `{measure}` is given twice")]
    MeasuredTwice {
        /// The measure.
        measure: &'static str,
    },
    /// A number the measure cannot take.
    #[error("{end} of `{measure}` is {number}, outside {range}")]
    Range {
        /// The measure.
        measure: &'static str,
        /// Which of its numbers.
        end: &'static str,
        /// The number.
        number: f64,
        /// What it can be.
        range: &'static str,
    },
    /// An interval that ends before it begins.
    #[error("the interval of `{measure}` runs from {low} down to {high}")]
    Reversed {
        /// The measure.
        measure: &'static str,
        /// The lower end as given.
        low: f64,
        /// The upper end as given.
        high: f64,
    },
}

pub(super) fn answers(lens: &Lens, answers: &[Answer]) -> Result<(), AnswerError> {
    let known: BTreeSet<&str> = lens.questions().map(|(_, _, question)| question.id.as_str()).collect();
    let mut seen = BTreeSet::new();
    for Answer { question, level, note: _ } in answers {
        if !known.contains(question.as_str()) {
            return Err(AnswerError::UnknownQuestion { question: question.clone(), lens: lens.id.clone() });
        }
        if !seen.insert(question.as_str()) {
            return Err(AnswerError::AnsweredTwice { question: question.clone() });
        }
        if let Some(level) = level.filter(|level| !(LOWEST_LEVEL..=HIGHEST_LEVEL).contains(level)) {
            return Err(AnswerError::Level { question: question.clone(), level });
        }
    }
    Ok(())
}

pub(super) fn measures(measures: &[Measure]) -> Result<(), AnswerError> {
    let mut seen = BTreeSet::new();
    for Measure { id, value, interval, provenance: _ } in measures {
        let measure = id.name();
        if !seen.insert(*id) {
            return Err(AnswerError::MeasuredTwice { measure });
        }
        let mut numbers = vec![("the value", *value)];
        if let Some(ends) = interval {
            numbers.extend([("the lower end", ends.low), ("the upper end", ends.high)]);
        }
        let range = evidence::range(*id);
        for (end, number) in numbers {
            if !(range.low..=range.high).contains(&number) {
                let range = if range.high > 1.0 { "0 and above" } else { "0 to 1" };
                return Err(AnswerError::Range { measure, end, number, range });
            }
        }
        if let Some(ends) = interval
            && ends.low > ends.high
        {
            return Err(AnswerError::Reversed { measure, low: ends.low, high: ends.high });
        }
    }
    Ok(())
}
