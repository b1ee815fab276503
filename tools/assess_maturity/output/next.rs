//! What to ask or measure next.

use super::{
    number::{anchors, thousandths},
    question::Anchor,
};
use revarch_domain::maturity;
use schemars::JsonSchema;
use serde::Serialize;

/// A question worth asking.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NextQuestion {
    /// The dimension.
    pub dimension: String,
    /// The id to answer with.
    pub question: String,
    /// The question to put.
    pub text: String,
    /// What one would see at each level.
    pub anchors: Vec<Anchor>,
    /// The tool that could answer it from data instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measurable_by: Option<String>,
    /// Whether somebody has already said that they do not know.
    pub declined: bool,
    /// Stages by which the answer would shrink the range, on average over the five levels.
    pub narrows_stages: f64,
    /// Points by which it would close the bounds of the profile.
    pub narrows_profile: f64,
}

/// A measurement worth taking.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NextMeasurement {
    /// The tool to call; its `measures` are the evidence to hand in.
    pub tool: String,
    /// The measures that are still missing.
    pub measures: Vec<String>,
    /// The questions they answer.
    pub questions: Vec<String>,
    /// How many of those questions rest on a statement that would be tested.
    pub claims_tested: usize,
    /// The dimensions whose cap would be lifted.
    pub lifts_cap_on: Vec<String>,
    /// Stages by which it would shrink the range, on average over the five levels; below 0 where lifting a cap
    /// opens a higher stage.
    pub narrows_stages: f64,
    /// Points by which it would close the bounds of the profile.
    pub narrows_profile: f64,
}

impl NextQuestion {
    pub(super) fn of(next: maturity::NextQuestion) -> Self {
        let maturity::NextQuestion {
            dimension,
            question,
            text,
            anchors: by_level,
            measurable_by,
            declined,
            gain: maturity::Gain { stages, points },
        } = next;
        Self {
            dimension,
            question,
            text,
            anchors: anchors(by_level),
            measurable_by: measurable_by.map(str::to_owned),
            declined,
            narrows_stages: thousandths(stages),
            narrows_profile: thousandths(points),
        }
    }
}

impl NextMeasurement {
    pub(super) fn of(next: maturity::NextMeasurement) -> Self {
        let maturity::NextMeasurement {
            tool,
            measures,
            questions,
            claims_tested,
            lifts_cap_on,
            gain: maturity::Gain { stages, points },
        } = next;
        Self {
            tool: tool.to_owned(),
            measures: measures.into_iter().map(str::to_owned).collect(),
            questions,
            claims_tested,
            lifts_cap_on,
            narrows_stages: thousandths(stages),
            narrows_profile: thousandths(points),
        }
    }
}
