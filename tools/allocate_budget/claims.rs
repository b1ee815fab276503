//! What sources have published, marked as their claims.

use crate::wire::Provenance;
use revarch_domain::budget::Claim;
use schemars::JsonSchema;
use serde::Serialize;

/// A number that a source has published. It is a claim, and nothing is computed as if it were true.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ClaimOut {
    /// Its key.
    pub id: String,
    /// What the source says.
    pub says: String,
    /// The lower end of the number.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// What the number counts.
    pub unit: String,
    /// Who published it, and where.
    pub source: String,
    /// Always `published`.
    pub provenance: Provenance,
    /// The contradictions of the source that touch it, by key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contradictions: Vec<String>,
}

impl ClaimOut {
    pub(crate) fn of(claim: &Claim) -> Self {
        let Claim { id, says, low, high, unit, source, contradictions } = claim.clone();
        Self { id, says, low, high, unit, source, provenance: Provenance::Published, contradictions }
    }
}
