//! Where to stop contacting leads, and the grades on the way there.

use super::{rounded, rounded_interval};
use crate::wire::Interval;
use revarch_domain::{
    leads::{cutoff, grade},
    proportion::Proportion,
};
use schemars::JsonSchema;
use serde::Serialize;

/// Where to stop contacting leads.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CutOff {
    /// What sets it.
    pub rule: Rule,
    /// The lowest probability worth a contact; above 1 nobody is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// The lowest points worth a contact, where leads are scored by points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<f64>,
    /// Scored leads to contact.
    pub contacts: u64,
    /// Conversions expected among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_conversions: Option<f64>,
    /// Their expected value less the cost of the contacts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_net_value: Option<f64>,
    /// Test leads at or above the cut-off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tested_contacts: Option<u64>,
    /// Those of them that converted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tested_conversions: Option<u64>,
    /// The 95% interval of their rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tested_rate_interval: Option<Interval>,
}

impl CutOff {
    pub(crate) fn of(cut_off: cutoff::CutOff) -> Self {
        let cutoff::CutOff { rule, probability, contacts, expected_conversions, expected_net_value, tested } =
            cut_off;
        let Proportion { hits, trials } = tested;
        Self {
            rule: match rule {
                cutoff::Rule::Capacity => Rule::Capacity,
                cutoff::Rule::ExpectedValue => Rule::ExpectedValue,
            },
            probability: Some(rounded(probability)),
            points: None,
            contacts,
            expected_conversions: Some(rounded(expected_conversions)),
            expected_net_value: expected_net_value.map(rounded),
            // No test lead reaches it, or none is at hand: nothing is known of its rate.
            tested_contacts: (trials > 0).then_some(trials),
            tested_conversions: (trials > 0).then_some(hits),
            tested_rate_interval: tested.wilson().map(rounded_interval),
        }
    }
}

/// What sets a cut-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The team's capacity.
    Capacity,
    /// The probability below which a contact costs more than it brings.
    ExpectedValue,
}

/// A grade.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Grade {
    /// `A` (the best tenth), `B` (the next two tenths), `C` (the next three) or `D`.
    pub grade: String,
    /// The lowest probability in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_probability: Option<f64>,
    /// The lowest points in it, where leads are scored by points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_points: Option<f64>,
    /// Test leads in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tested: Option<u64>,
    /// Those of them that converted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversions: Option<u64>,
    /// Scored leads in it, where they were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scored: Option<u64>,
}

impl Grade {
    pub(crate) fn of(band: grade::Band) -> Self {
        let grade::Band { grade, from, tested: Proportion { hits, trials } } = band;
        Self {
            grade: grade.name().to_owned(),
            from_probability: Some(rounded(from)),
            from_points: None,
            tested: Some(trials),
            conversions: Some(hits),
            scored: None,
        }
    }
}
