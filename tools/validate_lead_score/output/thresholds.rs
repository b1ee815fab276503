//! The thresholds a score was held against.

use crate::wire::Provenance;
use revarch_domain::{leads::validate::lens, readiness};
use schemars::JsonSchema;
use serde::Serialize;

/// What a score is held against.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Lens {
    /// The lens.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its thresholds.
    pub thresholds: Vec<Threshold>,
}

impl Lens {
    pub(super) fn of(lens: lens::Lens, detailed: bool) -> Self {
        let lens::Lens { id, title: _, version, thresholds } = lens;
        let threshold = |(name, threshold): (&str, &readiness::Threshold)| {
            let readiness::Threshold { value, provenance, source } = threshold.clone();
            Threshold {
                name: name.to_owned(),
                value,
                provenance: Provenance::of(provenance),
                source: detailed.then_some(source),
            }
        };
        Self { id, version, thresholds: thresholds.named().into_iter().map(threshold).collect() }
    }
}

/// A threshold.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Threshold {
    /// What it is of.
    pub name: String,
    /// The number.
    pub value: f64,
    /// Whose it is.
    pub provenance: Provenance,
    /// Its source or reason (detailed).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}
