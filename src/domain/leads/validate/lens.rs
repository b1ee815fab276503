//! The thresholds that a score is held against. They are data, fixed before any score is seen; a team may copy
//! and change them, and [`Lens::parse`] refuses what could not be applied.

use crate::{provenance::Provenance, readiness::Threshold};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The lens that ships with revarch.
const SHIPPED: &str = include_str!("../lens.json");

/// What a score is held against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lens {
    /// The lens's name, in `snake_case`.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// The version, which changes whenever a verdict could.
    pub version: String,
    /// The numbers.
    pub thresholds: Thresholds,
}

/// The numbers that a score is held against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Area under the ROC curve of a score that predicts.
    pub auc: Threshold,
    /// Converted leads that a verdict needs.
    pub fewest_conversions: Threshold,
    /// Leads that did not convert that a verdict needs.
    pub fewest_others: Threshold,
    /// Leads of each outcome that a period needs.
    pub fewest_per_period: Threshold,
    /// Periods that the leads are divided into, by time.
    pub periods: Threshold,
    /// AUC of the score's presence at which the outcome wrote it.
    pub leaking_fill_auc: Threshold,
    /// AUC above which the score must have seen the outcome.
    pub leaking_value_auc: Threshold,
    /// Share of scores stamped after the outcome that is forgiven.
    pub late_share: Threshold,
    /// Share of false alarms of the drift test.
    pub drift_chance: Threshold,
    /// Population stability index of a shift that matters, where chance does not explain it.
    pub drift_material: Threshold,
    /// Rank correlation with activity from which the score may be a count of activity.
    pub activity_correlation: Threshold,
}

/// Why a lens cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LensError {
    /// The text is not a lens in JSON.
    #[error("cannot read the lens at `{path}`")]
    Json {
        /// The field, as in `thresholds.auc.value`.
        path: String,
        /// What is wrong there.
        source: serde_json::Error,
    },
    /// A number lies where it cannot be used.
    #[error("`thresholds.{name}.value` is {value}, which is not {expected}")]
    Number {
        /// The threshold.
        name: &'static str,
        /// The number.
        value: f64,
        /// What it must be.
        expected: &'static str,
    },
    /// A text that must say something says nothing.
    #[error("`{path}` is empty")]
    Empty {
        /// The field.
        path: String,
    },
    /// A number has a ground that a lens cannot give.
    #[error("`thresholds.{name}.provenance` must be published, authored or attested")]
    Ground {
        /// The threshold.
        name: &'static str,
    },
}

impl Lens {
    /// Reads a lens and checks that it can be applied.
    pub fn parse(text: &str) -> Result<Self, LensError> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let lens: Self = serde_path_to_error::deserialize(&mut reader).map_err(|error| LensError::Json {
            path: error.path().to_string(),
            source: error.into_inner(),
        })?;
        reader.end().map_err(|source| LensError::Json { path: "the end".to_owned(), source })?;
        lens.check()?;
        Ok(lens)
    }

    /// The lens that ships with revarch.
    pub fn shipped() -> Result<Self, LensError> {
        Self::parse(SHIPPED)
    }

    fn check(&self) -> Result<(), LensError> {
        for (name, text) in [("id", &self.id), ("title", &self.title), ("version", &self.version)] {
            if text.trim().is_empty() {
                return Err(LensError::Empty { path: name.to_owned() });
            }
        }
        for (name, threshold) in self.thresholds.named() {
            let value = threshold.value;
            let (holds, expected) = match name {
                "fewest_conversions" | "fewest_others" | "fewest_per_period" => {
                    (value >= 2.0 && value.is_finite(), "2 or more: one lead has no variance")
                }
                "periods" => ((2.0..=100.0).contains(&value), "from 2 to 100"),
                "auc" | "leaking_fill_auc" | "leaking_value_auc" => {
                    (value > 0.5 && value < 1.0, "above 0.5, which a coin reaches, and below 1")
                }
                "drift_material" => (value > 0.0 && value.is_finite(), "above 0"),
                _ => (value > 0.0 && value < 1.0, "above 0 and below 1"),
            };
            if !holds {
                return Err(LensError::Number { name, value, expected });
            }
            if threshold.source.trim().is_empty() {
                return Err(LensError::Empty { path: format!("thresholds.{name}.source") });
            }
            if !matches!(
                threshold.provenance,
                Provenance::Published | Provenance::Authored | Provenance::Attested
            ) {
                return Err(LensError::Ground { name });
            }
        }
        Ok(())
    }
}

impl Thresholds {
    /// Every threshold with its name.
    pub fn named(&self) -> [(&'static str, &Threshold); 11] {
        let Self {
            auc,
            fewest_conversions,
            fewest_others,
            fewest_per_period,
            periods,
            leaking_fill_auc,
            leaking_value_auc,
            late_share,
            drift_chance,
            drift_material,
            activity_correlation,
        } = self;
        [
            ("auc", auc),
            ("fewest_conversions", fewest_conversions),
            ("fewest_others", fewest_others),
            ("fewest_per_period", fewest_per_period),
            ("periods", periods),
            ("leaking_fill_auc", leaking_fill_auc),
            ("leaking_value_auc", leaking_value_auc),
            ("late_share", late_share),
            ("drift_chance", drift_chance),
            ("drift_material", drift_material),
            ("activity_correlation", activity_correlation),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_lens_can_be_applied() {
        let lens = Lens::shipped().unwrap();
        assert!(lens.thresholds.named().iter().all(|(_, threshold)| !threshold.source.is_empty()));
    }

    #[test]
    fn a_fault_is_named_with_its_path() {
        let faulty = |from: &str, to: &str| {
            let text = SHIPPED.replacen(from, to, 1);
            assert_ne!(text, SHIPPED);
            Lens::parse(&text).unwrap_err().to_string()
        };
        assert_eq!(faulty("0.6,", "\"0.6\","), "cannot read the lens at `thresholds.auc.value`");
        assert!(faulty("0.6,", "0.4,").starts_with("`thresholds.auc.value` is 0.4, which is not above 0.5"));
        assert_eq!(faulty("\"auc\"", "\"area\""), "cannot read the lens at `thresholds.area`");
        assert!(faulty("\"1\"", "\" \"").starts_with("`version` is empty"));
        assert!(faulty("authored", "measured").contains("`thresholds.auc.provenance`"));
    }
}
