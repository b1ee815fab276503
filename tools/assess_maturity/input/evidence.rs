//! Measurements that were taken elsewhere.

use crate::ToolError;
use revarch_domain::{
    measure::{Measure, MeasureId},
    nearest::nearest,
    proportion::Interval,
    provenance::Provenance,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// One measurement.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The measure's name, such as `contact_account_link_share`.
    pub measure: String,
    /// Its value: shares from 0 to 1, ages in days, lags in hours.
    pub value: f64,
    /// The lower end of its interval.
    pub low: Option<f64>,
    /// The upper end of its interval.
    pub high: Option<f64>,
    /// `measured` (default) where a tool counted it; `attested` where somebody said so, which counts as a statement.
    pub provenance: Option<Ground>,
}

/// What a measurement rests on.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// A tool counted it.
    Measured,
    /// Somebody said so.
    Attested,
}

/// The measurements as the domain takes them.
pub(in crate::assess_maturity) fn measures(evidence: &[Evidence]) -> Result<Vec<Measure>, ToolError> {
    evidence.iter().map(measure).collect()
}

fn measure(evidence: &Evidence) -> Result<Measure, ToolError> {
    let Evidence { measure, value, low, high, provenance } = evidence;
    let Some(id) = MeasureId::ALL.into_iter().find(|id| id.name() == measure) else {
        let known = MeasureId::ALL.map(MeasureId::name);
        let failure = ToolError::input(format!("no measure `{measure}`"));
        let failure = match nearest(measure, known).first() {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure,
        };
        return Err(failure.hint(format!("measures are: {}", known.join(", "))));
    };
    let interval = (low.is_some() || high.is_some())
        .then(|| Interval { low: low.unwrap_or(*value), high: high.unwrap_or(*value) });
    let provenance = match provenance.unwrap_or(Ground::Measured) {
        Ground::Measured => Provenance::Measured,
        Ground::Attested => Provenance::Attested,
    };
    Ok(Measure { id, value: *value, interval, provenance })
}
