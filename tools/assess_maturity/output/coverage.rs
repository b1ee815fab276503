//! How much of what the lens asks is known.

use super::number::thousandths;
use revarch_domain::maturity;
use schemars::JsonSchema;
use serde::Serialize;

/// How much of what the lens asks is known.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Coverage {
    /// Questions the lens asks.
    pub questions: usize,
    /// Questions answered by measurement.
    pub measured: usize,
    /// Questions answered by a statement alone.
    pub attested: usize,
    /// The share of questions known.
    pub known_share: f64,
    /// The share of questions measured.
    pub measured_share: f64,
    /// The least share known at which a stage is named, or a profile told.
    pub minimum: f64,
}

impl Coverage {
    pub(super) fn of(coverage: maturity::Coverage) -> Self {
        let maturity::Coverage { questions, measured, attested, known_share, measured_share, minimum } =
            coverage;
        Self {
            questions,
            measured,
            attested,
            known_share: thousandths(known_share),
            measured_share: thousandths(measured_share),
            minimum,
        }
    }
}
