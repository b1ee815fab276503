//! A lens: the questions that are asked, the anchors that answers are held to, and the gates between stages.
//!
//! A lens is data, so that a team may copy one and change it; [`Lens::parse`] refuses one that could not be
//! scored, and names every line that stands in the way.

use super::{flaw::LensError, lens_check, lens_shape, lens_text, register::Register};
use crate::{measure::MeasureId, nearest::nearest, provenance::Provenance};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The lens used unless another is named.
pub const DEFAULT: &str = "six_dimensions";

/// The lenses that ship with revarch, by name.
const SHIPPED: [(&str, &str); 7] = [
    (DEFAULT, include_str!("lenses/six_dimensions.json")),
    ("rm6", include_str!("lenses/rm6.json")),
    ("roi_engine", include_str!("lenses/roi_engine.json")),
    ("revenue_architecture", include_str!("lenses/revenue_architecture.json")),
    ("marketing_governance", include_str!("lenses/marketing_governance.json")),
    ("data_governance", include_str!("lenses/data_governance.json")),
    ("agentic_architecture", include_str!("lenses/agentic_architecture.json")),
];

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
    /// What holds several dimensions together, such as domains or layers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// What is scored, in the order in which it is shown.
    pub dimensions: Vec<Dimension>,
    /// The stages, from the first to the last. A lens without stages gives the profile and its readings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
    /// Where the roadmap is entered, from the first phase to the last; only a lens with stages has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entry_phases: Vec<EntryRule>,
    /// What the scores mean when they are read together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
    /// A register of debts that answers some of the questions by counting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register: Option<Register>,
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
    /// The facts that parts of the lens refer to, each with its own ground.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
}

/// One fact on which a part of a lens stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The fact's name, unique in the lens.
    pub id: String,
    /// What it says, in the lens author's words.
    pub states: String,
    /// Whose it is: `published` or `authored`.
    #[schemars(with = "String")]
    pub provenance: Provenance,
    /// The publication, or the reason where it is the author's own.
    pub source: String,
}

/// The numbers that scoring depends on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// The highest level an answer counts for in a dimension of which nothing has been measured.
    pub attested_cap: u8,
    /// The highest level an answer with a note counts for in such a dimension, because a note names something
    /// that another person can look at; the attested cap unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documented_cap: Option<u8>,
    /// The share of questions that must be known before a stage is named.
    pub minimum_coverage: f64,
    /// The points by which a dimension must surpass one that it rests on to count as built ahead of it.
    #[serde(default = "one_level")]
    pub ahead_by: f64,
}

const fn one_level() -> f64 {
    1.0
}

const fn authored() -> Provenance {
    Provenance::Authored
}

/// What holds several dimensions together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The group's name, in `snake_case`.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// Whose grouping it is: `published` or `authored`.
    #[serde(default = "authored")]
    #[schemars(with = "String")]
    pub provenance: Provenance,
    /// The facts it stands on, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
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
    /// The group it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The dimensions that must stand before this one can carry weight.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rests_on: Vec<String>,
    /// Who named the dimension: `published` or `authored`.
    #[serde(default = "authored")]
    #[schemars(with = "String")]
    pub provenance: Provenance,
    /// The facts it stands on, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
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
    /// The facts that the question asks after, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
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
    /// Who named the stage: `published` or `authored`.
    #[serde(default = "authored")]
    #[schemars(with = "String")]
    pub provenance: Provenance,
    /// The facts it stands on, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
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
    /// The facts it stands on, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
}

/// What several scores mean when they are read together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The reading's name, in `snake_case`.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// What it means for the organisation when it holds.
    pub means: String,
    /// What must hold, all of it.
    pub when: Vec<Condition>,
    /// Whose reading it is; authored where any part of it is.
    #[serde(default = "authored")]
    #[schemars(with = "String")]
    pub provenance: Provenance,
    /// The facts it stands on, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
}

/// Something that must hold of one score. Exactly one of the three comparisons is given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The group, dimension or question.
    pub of: String,
    /// The least score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// The score it must stay below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
    /// The score it must surpass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exceeds: Option<Exceeds>,
}

/// Another score that must be surpassed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exceeds {
    /// The other group, dimension or question.
    pub of: String,
    /// The least difference in points.
    pub by: f64,
}

/// A part of a lens that has a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A group, by place.
    Group(usize),
    /// A dimension, by place.
    Dimension(usize),
    /// A question, by the places of its dimension and of itself.
    Question(usize, usize),
}

impl Lens {
    /// The lens written in `text`, or every reason why it cannot be used, each with line and field.
    pub fn parse(text: &str) -> Result<Self, LensError> {
        let (value, text) = lens_text::read(text)?;
        let lens = lens_shape::read(value, &text)?;
        lens_check::check(&lens, &text)?;
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

    /// Every question with its dimension's id, for a caller that offers names.
    pub fn question_ids(&self) -> impl Iterator<Item = (&str, &str)> {
        self.questions()
            .map(|(dimension, _, question)| (self.dimensions[dimension].id.as_str(), question.id.as_str()))
    }

    /// Whether a measurement would answer any of the questions.
    pub fn asks(&self, measure: MeasureId) -> bool {
        self.questions().any(|(_, _, question)| question.evidence.is_some_and(|rule| rule.measure == measure))
    }

    /// The questions that somebody who wrote `asked` may have meant: those of the dimension or group of that
    /// name, or of the nearest one, or the questions whose names resemble it.
    pub fn offers(&self, asked: &str) -> Vec<&str> {
        let group = |dimension: &Dimension| dimension.group.as_deref() == Some(asked);
        let inside = |named: &dyn Fn(&Dimension) -> bool| -> Vec<&str> {
            let dimensions = self.dimensions.iter().filter(|dimension| named(dimension));
            dimensions.flat_map(|dimension| &dimension.questions).map(|one| one.id.as_str()).collect()
        };
        let exact = inside(&|dimension| dimension.id == asked || group(dimension));
        if !exact.is_empty() {
            return exact;
        }
        let alike = nearest(asked, self.question_ids().map(|(_, question)| question));
        if !alike.is_empty() {
            return alike;
        }
        let names = nearest(asked, self.dimensions.iter().map(|dimension| dimension.id.as_str()));
        inside(&|dimension| names.first() == Some(&dimension.id.as_str()))
    }

    /// The part of the lens that has a score and goes by that name.
    pub(super) fn target(&self, name: &str) -> Option<Target> {
        let group = || self.groups.iter().position(|group| group.id == name).map(Target::Group);
        let dimension =
            || self.dimensions.iter().position(|dimension| dimension.id == name).map(Target::Dimension);
        let question = || {
            let found = self.questions().find(|(_, _, question)| question.id == name);
            found.map(|(dimension, place, _)| Target::Question(dimension, place))
        };
        group().or_else(dimension).or_else(question)
    }

    /// The caps that hold for what is only said: without a note, and with one.
    pub(super) fn caps(&self) -> (u8, u8) {
        let plain = self.parameters.attested_cap;
        (plain, self.parameters.documented_cap.unwrap_or(plain).max(plain))
    }

    /// The highest score that a question of the dimension can ever reach: a cap can be lifted only where
    /// something in the dimension can be measured.
    pub(super) fn reachable(&self, dimension: usize) -> u8 {
        let measurable = self.dimensions[dimension].questions.iter().any(|one| one.evidence.is_some());
        if measurable { HIGHEST_LEVEL } else { self.caps().1 }
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
