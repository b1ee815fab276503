//! A lens: the questions that are asked, the anchors that answers are held to, and the gates between stages.
//!
//! A lens is data, so that a team may copy one and change it; [`Lens::parse`] refuses one that could not be
//! scored.

use super::lens_check::{self, LensError};
use crate::{measure::MeasureId, provenance::Provenance};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The lens used unless another is named.
pub const DEFAULT: &str = "six_dimensions";

/// The lenses that ship with revarch, by name.
const SHIPPED: [(&str, &str); 1] = [(DEFAULT, include_str!("lenses/six_dimensions.json"))];

/// The lowest level of any question.
pub const LOWEST_LEVEL: u8 = 1;

/// The highest level of any question.
pub const HIGHEST_LEVEL: u8 = 5;

/// A way of looking at maturity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lens {
    /// The lens's name, in `snake_case`.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// The version, which changes whenever a score could.
    pub version: String,
    /// Which parts are published by a source and which are the lens author's own.
    pub provenance: Origin,
    /// The numbers that scoring depends on.
    pub parameters: Parameters,
    /// What is scored, in the order in which it is shown.
    pub dimensions: Vec<Dimension>,
    /// The stages, from the first to the last.
    pub stages: Vec<Stage>,
    /// Where the roadmap is entered, from the first phase to the last.
    pub entry_phases: Vec<EntryRule>,
}

/// Where a lens comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The published source.
    pub source: String,
    /// What the source states.
    pub published: Vec<String>,
    /// What the lens's author added.
    pub authored: Vec<String>,
    /// Gaps and contradictions in the source that a reader of a result should know.
    pub cautions: Vec<String>,
}

/// The numbers that scoring depends on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// The highest level an answer counts for in a dimension of which nothing has been measured.
    pub attested_cap: u8,
    /// The share of questions that must be known before a stage is named.
    pub minimum_coverage: f64,
}

/// One dimension of maturity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// The dimension's name, in `snake_case`.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// Its weight in the profile; the stage does not depend on it.
    pub weight: f64,
    /// What is asked.
    pub questions: Vec<Question>,
}

/// One question, with what one would see at each level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The question's name, unique in the lens.
    pub id: String,
    /// The question.
    pub text: String,
    /// What one would see at each level from 1 to 5.
    pub anchors: BTreeMap<u8, String>,
    /// How data can answer it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceRule>,
}

/// How a measurement becomes a level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRule {
    /// What is measured.
    #[schemars(with = "String")]
    pub measure: MeasureId,
    /// Whether more is better.
    pub higher_is_better: bool,
    /// What reaches levels 2, 3, 4 and 5.
    pub levels: [f64; 4],
}

/// A stage and what it asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// The stage's number, from 1.
    pub number: u8,
    /// Its name.
    pub name: String,
    /// What has to hold, beside everything that earlier stages ask.
    pub gates: Vec<Gate>,
}

/// The least score a dimension, or one question of it, must have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// The dimension.
    pub dimension: String,
    /// The question of that dimension, where the gate is on one question only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// The least score.
    pub at_least: f64,
}

/// A phase of the roadmap and who may begin with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EntryRule {
    /// The phase's number, from 1.
    pub number: u8,
    /// Its name.
    pub name: String,
    /// The stage that must have been reached.
    pub stage: u8,
    /// What else has to hold.
    pub requires: Vec<Gate>,
    /// Why this is where one begins, and which part of that is whose rule.
    pub reason: String,
    /// Whether the rule is published or authored; authored where any part of it is.
    #[schemars(with = "String")]
    pub provenance: Provenance,
}

impl Lens {
    /// The lens written in `text`, or why it cannot be used.
    pub fn parse(text: &str) -> Result<Self, LensError> {
        let lens: Self = serde_json::from_str(text)?;
        lens_check::check(&lens)?;
        Ok(lens)
    }

    /// The shipped lens of that name.
    pub fn shipped(name: &str) -> Result<Self, LensError> {
        match SHIPPED.iter().find(|(known, _)| *known == name) {
            Some((_, text)) => Self::parse(text),
            None => Err(LensError::UnknownLens { name: name.to_owned() }),
        }
    }

    /// The names of the shipped lenses.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// Every question with the places of its dimension and of itself.
    pub(super) fn questions(&self) -> impl Iterator<Item = (usize, usize, &Question)> {
        self.dimensions.iter().enumerate().flat_map(|(dimension, inner)| {
            inner.questions.iter().enumerate().map(move |(place, question)| (dimension, place, question))
        })
    }

    /// The places a gate refers to: the dimension and, where it names one, the question.
    pub(super) fn places(&self, gate: &Gate) -> Option<(usize, Option<usize>)> {
        let dimension = self.dimensions.iter().position(|dimension| dimension.id == gate.dimension)?;
        let Some(name) = &gate.question else { return Some((dimension, None)) };
        let question =
            self.dimensions[dimension].questions.iter().position(|question| question.id == *name)?;
        Some((dimension, Some(question)))
    }
}
