//! What channels cost.

use super::{Input, asked::Asked};
use crate::{Context, ToolError};
use revarch_data::SpendAsk;
use revarch_domain::{
    attribution::channels::{Channels, OTHER},
    nearest::nearest,
    provenance::Provenance,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// What a channel cost.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelSpend {
    /// The channel as the touches name it.
    pub channel: String,
    /// The amount, in the currency of the values.
    pub amount: f64,
}

/// What channels cost, and where that is known from.
#[derive(Clone, Debug, Default)]
pub(super) struct Costs {
    pub(super) by_channel: Vec<Option<f64>>,
    pub(super) from: Option<(String, Provenance)>,
    /// What a reader has to know of it.
    pub(super) remarks: Vec<String>,
}

pub(super) async fn read(
    input: &Input,
    asked: &Asked,
    channels: &Channels,
    context: &Context,
) -> Result<Costs, ToolError> {
    let mut costs = Costs { by_channel: vec![None; channels.len()], ..Costs::default() };
    if !input.spend.is_empty() {
        if input.spend_table.is_some() {
            return Err(ToolError::input("both `spend` and `spend_table` are given").hint("give one of them"));
        }
        for ChannelSpend { channel, amount } in &input.spend {
            if !(amount.is_finite() && *amount >= 0.0) {
                let message = format!("cannot use the spend {amount} on `{channel}`");
                return Err(ToolError::input(message).hint("give an amount of 0 or more"));
            }
            costs.add(channels, channel, *amount);
        }
        costs.from = Some(("handed in with the call".to_owned(), Provenance::Attested));
        return Ok(costs);
    }
    if !input.paths.is_empty() && input.spend_table.is_none() {
        return Ok(costs);
    }
    let terms = asked.journeys.terms;
    let ask = SpendAsk { table: input.spend_table.clone(), since: terms.since, until: terms.until };
    if let Some(read) = context.tables.spend_by_channel(&ask, &context.run).await? {
        for (channel, amount) in &read.by_channel {
            costs.add(channels, channel, *amount);
        }
        let period = read.period.map_or_else(String::new, |(first, last)| format!(", {first} to {last}"));
        costs.from = Some((format!("{}{period}", read.by), Provenance::Measured));
        if terms.since.is_none() {
            costs.remarks.push(
                "spend is summed over all its rows; give `since` and `until` so that it covers the time of the conversions"
                    .to_owned(),
            );
        }
    }
    Ok(costs)
}

impl Costs {
    fn add(&mut self, channels: &Channels, channel: &str, amount: f64) {
        let number = channels.number(channel.trim());
        // What a group cost is only known if all of it is.
        let place = number.map(usize::from).filter(|place| channels.names()[*place] != OTHER);
        if let Some(place) = place {
            *self.by_channel[place].get_or_insert(0.0) += amount;
        } else if number.is_none() {
            let near = nearest(channel, channels.names().iter().map(String::as_str));
            let near = near.first().map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            let channel = crate::wire::one_line(channel, 60);
            self.remarks.push(format!("{amount} was spent on `{channel}`, which no touch names{near}"));
        }
    }
}
