//! The channels with what each model gives them.

use super::{rounded, rounded_interval};
use crate::{
    attribute_revenue::spend::Costs,
    wire::{Interval, one_line},
};
use revarch_domain::attribution::{answer::ModelCredit, channels::Channels, money};
use schemars::JsonSchema;
use serde::Serialize;

/// A channel.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChannelOut {
    /// The channel.
    pub channel: String,
    /// Its touches; of handed-in paths the journeys they stand for.
    pub touches: u64,
    /// Journeys that it is part of and that converted.
    pub converted_journeys: u64,
    /// Journeys that it is part of.
    pub journeys: u64,
    /// Its least and greatest share over models and scenarios.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_range: Option<Interval>,
    /// What it cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spend: Option<f64>,
    /// Value credited for each unit of spend (ROAS): least and greatest over the models.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_on_spend: Option<Interval>,
    /// Spend for each unit of value credited, as cost per pipeline dollar with `deals: opened`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_per_value: Option<Interval>,
    /// The share of conversions lost without it, by the Markov chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removal_effect: Option<f64>,
    /// What each model gives it.
    pub credit: Vec<CreditOut>,
}

/// What a model gives a channel.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CreditOut {
    /// The model.
    pub model: String,
    /// Its share.
    pub share: f64,
    /// The value, to the cent.
    pub value: f64,
    /// Lower end of the share's 95% interval (detailed).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Upper end of it (detailed).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// Conversions (detailed).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversions: Option<f64>,
    /// Value for each unit of spend (detailed).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_on_spend: Option<f64>,
}

pub(super) fn channels_out(
    channels: &Channels,
    models: &[ModelCredit],
    reach: &[(u64, u64)],
    range: &[revarch_domain::proportion::Interval],
    costs: &Costs,
    detailed: bool,
) -> Vec<ChannelOut> {
    let mut order: Vec<usize> = (0..channels.len()).collect();
    let share = |channel: usize| models.first().map_or(0.0, |credit| credit.shares[channel]);
    order.sort_by(|a, b| share(*b).total_cmp(&share(*a)).then(a.cmp(b)));
    let of_channel = |channel: usize| {
        let spend = costs.by_channel[channel];
        let paid = spend.filter(|spend| *spend > 0.0);
        let returns = |credit: &ModelCredit| Some(money::amount(credit.cents[channel]) / paid?);
        let least_and_most = |of: &dyn Fn(&ModelCredit) -> Option<f64>| {
            let values: Vec<f64> = models.iter().map(of).collect::<Option<Vec<f64>>>()?;
            let low = values.iter().copied().min_by(f64::total_cmp)?;
            Some(Interval { low: rounded(low), high: rounded(values.into_iter().max_by(f64::total_cmp)?) })
        };
        let cost = |credit: &ModelCredit| {
            let cents = credit.cents[channel];
            (cents > 0).then(|| Some(paid? / money::amount(cents))).flatten()
        };
        let (converted_journeys, journeys) = reach[channel];
        let markov = models.iter().find_map(|credit| credit.markov.as_ref());
        ChannelOut {
            channel: one_line(&channels.names()[channel], 80),
            touches: channels.touches()[channel],
            converted_journeys,
            journeys,
            share_range: range.get(channel).map(|range| Interval::of(*range)).map(rounded_interval),
            spend,
            return_on_spend: least_and_most(&returns),
            cost_per_value: least_and_most(&cost),
            removal_effect: markov.map(|markov| rounded(markov.removal[channel])),
            credit: models
                .iter()
                .map(|credit| {
                    let interval = credit.intervals.get(channel).filter(|_| detailed);
                    CreditOut {
                        model: credit.model.name().to_owned(),
                        share: rounded(credit.shares[channel]),
                        value: money::amount(credit.cents[channel]),
                        low: interval.map(|interval| rounded(interval.low)),
                        high: interval.map(|interval| rounded(interval.high)),
                        conversions: detailed.then(|| credit.conversions[channel]),
                        return_on_spend: returns(credit).filter(|_| detailed),
                    }
                })
                .collect(),
        }
    };
    order.into_iter().map(of_channel).collect()
}
