//! The rules as data, and what they must be so that they can be applied.

use super::rule::{Condition, Rule};
use crate::{leads::words::Side, provenance::Provenance};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The lens that ships with revarch.
const SHIPPED: &str = include_str!("../points.json");
/// The highest score.
const MOST: f64 = 100.0;

/// Rules that give points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PointsLens {
    /// The lens's name, in `snake_case`.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// The version, which changes whenever a score could.
    pub version: String,
    /// Whose the rules are: `authored` by us, or `attested` where a team wrote them.
    #[schemars(with = "String")]
    pub provenance: Provenance,
    /// What a reader of a score should know of it.
    pub caution: String,
    /// What each side can give; together 100.
    pub most_points: MostPoints,
    /// The least score of the grades above D.
    pub grades: Grades,
    /// The fields that rules look at, and the names that columns may have for them.
    pub fields: Vec<Field>,
    /// The rules.
    pub rules: Vec<Rule>,
}

/// What each side can give.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MostPoints {
    /// For who the lead is.
    pub fit: f64,
    /// For what the lead did.
    pub engagement: f64,
}

/// The least score of the grades above D.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grades {
    /// The best.
    pub a: f64,
    /// The next.
    pub b: f64,
    /// The next but one.
    pub c: f64,
}

/// A field and the names that columns may have for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The field's name in the rules.
    pub id: String,
    /// Names of columns, the likeliest first, in words; case and marks do not matter.
    pub names: Vec<String>,
}

/// Why a lens cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PointsLensError {
    /// The text is not a lens in JSON.
    #[error("cannot read the lens at `{path}`")]
    Json {
        /// The field, as in `rules[2].when`.
        path: String,
        /// What is wrong there.
        source: serde_json::Error,
    },
    /// A part cannot be applied.
    #[error("`{path}` {reason}")]
    Part {
        /// The field.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl PointsLens {
    /// Reads a lens and checks that it can be applied.
    pub fn parse(text: &str) -> Result<Self, PointsLensError> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let lens: Self = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            PointsLensError::Json { path: error.path().to_string(), source: error.into_inner() }
        })?;
        reader.end().map_err(|source| PointsLensError::Json { path: "the end".to_owned(), source })?;
        lens.check()?;
        Ok(lens)
    }

    /// The lens that ships with revarch.
    pub fn shipped() -> Result<Self, PointsLensError> {
        Self::parse(SHIPPED)
    }

    fn check(&self) -> Result<(), PointsLensError> {
        let refuse = |path: String, reason: &str| PointsLensError::Part { path, reason: reason.to_owned() };
        let texts = [
            ("id", &self.id),
            ("title", &self.title),
            ("version", &self.version),
            ("caution", &self.caution),
        ];
        for (path, text) in texts {
            filled(path.to_owned(), text)?;
        }
        if !matches!(self.provenance, Provenance::Authored | Provenance::Attested) {
            return Err(refuse(
                "provenance".into(),
                "must be authored or attested: points are no measurement",
            ));
        }
        let MostPoints { fit, engagement } = self.most_points;
        if !(fit >= 0.0 && engagement >= 0.0 && (fit + engagement - MOST).abs() < 1e-9) {
            return Err(refuse("most_points".into(), "must not go below 0 and must add up to 100"));
        }
        let Grades { a, b, c } = self.grades;
        if !(MOST >= a && a > b && b > c && c > 0.0) {
            return Err(refuse("grades".into(), "must fall from a to c, between 100 and 0"));
        }
        let mut fields = BTreeSet::new();
        for (at, field) in self.fields.iter().enumerate() {
            filled(format!("fields[{at}].id"), &field.id)?;
            if field.names.is_empty() {
                return Err(refuse(format!("fields[{at}].names"), "is empty"));
            }
            if !fields.insert(field.id.as_str()) {
                return Err(refuse(format!("fields[{at}].id"), "stands twice"));
            }
        }
        let mut ids = BTreeSet::new();
        if self.rules.is_empty() {
            return Err(refuse("rules".into(), "is empty"));
        }
        for (at, rule) in self.rules.iter().enumerate() {
            for (name, text) in [("id", &rule.id), ("says", &rule.says), ("source", &rule.source)] {
                filled(format!("rules[{at}].{name}"), text)?;
            }
            if !ids.insert(rule.id.as_str()) {
                return Err(refuse(format!("rules[{at}].id"), "stands twice"));
            }
            if !fields.contains(rule.field.as_str()) {
                return Err(refuse(format!("rules[{at}].field"), "is no field of the lens"));
            }
            if rule.side == Side::Other {
                return Err(refuse(format!("rules[{at}].side"), "must be fit or engagement"));
            }
            if rule.points.abs() < f64::EPSILON || !rule.points.is_finite() {
                return Err(refuse(format!("rules[{at}].points"), "must be a number other than 0"));
            }
            let usable = match &rule.when {
                Condition::AnyWord(texts) | Condition::NotAnyEnding(texts) => {
                    !texts.is_empty() && texts.iter().all(|text| !text.trim().is_empty())
                }
                Condition::WithinDays(days) => *days >= 0.0,
                Condition::AtLeast(number) | Condition::AtMost(number) => number.is_finite(),
                Condition::Is(_) | Condition::Filled(_) => true,
            };
            if !usable {
                return Err(refuse(format!("rules[{at}].when"), "could never hold"));
            }
        }
        Ok(())
    }
}

fn filled(path: String, text: &str) -> Result<(), PointsLensError> {
    if text.trim().is_empty() {
        return Err(PointsLensError::Part { path, reason: "is empty".to_owned() });
    }
    Ok(())
}
