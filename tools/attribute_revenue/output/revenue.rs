//! The conversions and their value, with and without a touch.

use revarch_domain::{
    attribution::{
        collect::{Counts, Sum},
        money,
    },
    measure::{Measure, MeasureId},
    proportion::Proportion,
};
use schemars::JsonSchema;
use serde::Serialize;

/// Conversions and their value.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Revenue {
    /// What the value is: `revenue`, `pipeline`, `value of conversions` or `as given`.
    pub value_is: String,
    /// All conversions.
    pub conversions: u64,
    /// Their value, in the data's own currency or the one of `rates`.
    pub value: f64,
    /// Conversions that a touch preceded.
    pub touched_conversions: u64,
    /// Their value: what the models divide, to the last cent.
    pub touched_value: f64,
    /// Share of the value that no touch preceded; of the conversions where there is no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub untouched_share: Option<f64>,
    /// Why conversions have no touch.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub untouched: Vec<UntouchedOut>,
    /// Conversions left out since only the first of each counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub later_conversions: Option<u64>,
    /// Currencies of the values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub currencies: Vec<String>,
}

/// Conversions without a touch, for one reason.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UntouchedOut {
    /// `no_key`, `never_touched`, `touched_only_after`, `touched_outside_the_window` or
    /// `touched_before_an_earlier_conversion`.
    pub reason: String,
    /// Conversions.
    pub conversions: u64,
    /// Their value.
    pub value: f64,
}

/// The share of conversions that a touch preceded.
pub(super) fn touched(counts: &Counts) -> Option<Measure> {
    let touched = counts.touched.conversions;
    let all = touched + counts.untouched().conversions;
    Measure::of(MeasureId::TouchedConversionShare, Proportion::new(touched, all))
}

pub(super) fn revenue(counts: &Counts, value_is: &str, currencies: Vec<String>, valued: bool) -> Revenue {
    let (touched, untouched) = (counts.touched, counts.untouched());
    let share = |part: f64, all: f64| (all > 0.0).then(|| part / all);
    let conversions = touched.conversions + untouched.conversions;
    let cents = touched.cents.saturating_add(untouched.cents);
    Revenue {
        value_is: value_is.to_owned(),
        conversions,
        value: money::amount(cents),
        touched_conversions: touched.conversions,
        touched_value: money::amount(touched.cents),
        untouched_share: if valued && untouched.cents >= 0 {
            share(untouched.cents as f64, cents as f64)
        } else {
            share(untouched.conversions as f64, conversions as f64)
        },
        untouched: counts
            .untouched
            .iter()
            .map(|(reason, Sum { conversions, cents })| UntouchedOut {
                reason: reason.name().to_owned(),
                conversions: *conversions,
                value: money::amount(*cents),
            })
            .collect(),
        later_conversions: Some(counts.repeated.conversions).filter(|later| *later > 0),
        currencies,
    }
}
