//! Where journeys and spend come from.

use crate::wire::Provenance;
use revarch_data::{JourneysTold, LeftOut};
use schemars::JsonSchema;
use serde::Serialize;

/// The tables and columns behind journeys.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Source {
    /// Whose journeys: `person` or `account`.
    pub level: String,
    /// The table of touches.
    pub touches: String,
    /// Its columns with channel and time.
    pub touch_columns: Vec<String>,
    /// How it names whose touches they are.
    pub touches_by: String,
    /// The table of conversions.
    pub conversions: String,
    /// Its columns with time and value.
    pub conversion_columns: Vec<String>,
    /// How it names whose conversions they are.
    pub conversions_by: String,
    /// Where it is known from when leads were made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leads: Option<String>,
    /// All touches.
    pub touches_read: u64,
    /// Rows that no journey holds, by the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

/// Where the spend comes from.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SpendFrom {
    /// The table, or the call.
    pub from: String,
    /// Measured in a table, or attested by the caller.
    pub provenance: Provenance,
    /// What to know of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

pub(super) fn source(told: JourneysTold, left: LeftOut) -> Source {
    let JourneysTold {
        touches,
        channel,
        touch_time,
        touches_by,
        conversions,
        conversion_time,
        value,
        conversions_by,
        leads,
        level,
    } = told;
    let LeftOut {
        touches: touches_read,
        touches_without_key,
        touches_undated,
        touches_future,
        touches_without_channel,
        conversions_undated,
        conversions_future,
        several_people,
    } = left;
    let reasons = [
        (touches_without_key, "touches name nobody, or nobody known"),
        (touches_undated, "touches have no time"),
        (touches_future, "touches lie after the end"),
        (touches_without_channel, "touches have no channel and count as `(unknown)`"),
        (conversions_undated, "conversions have no time"),
        (conversions_future, "conversions lie after the end"),
        (several_people, "conversions have several people and count with the first; ask for level `account`"),
    ];
    Source {
        level: level.name().to_owned(),
        touches,
        touch_columns: vec![channel, touch_time],
        touches_by,
        conversions,
        conversion_columns: std::iter::once(conversion_time).chain(value).collect(),
        conversions_by,
        leads,
        touches_read,
        left_out: reasons
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect(),
    }
}
