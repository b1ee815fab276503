//! Which channels earn the revenue, and which moves are robust?

mod asked;
mod given;
mod output;
mod spend;
mod tables;
mod text;

#[cfg(test)]
mod tests;

pub use output::Output;

use crate::{Answer, Context, ErrorKind, Tool, ToolError, Toolset, page, wire::ResponseFormat};
use asked::{ConversionColumns, Deals, Level, Rate, TouchColumns};
use given::{GivenPath, Material};
use revarch_domain::attribution::{answer::Ask, attribute::attribute};
use schemars::JsonSchema;
use serde::Deserialize;
use spend::ChannelSpend;

/// The tool.
pub struct AttributeRevenue;

/// Arguments of `attribute_revenue`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Input {
    /// Ready-made journeys, equal ones counted, in place of tables. Include those that ended in nothing.
    pub paths: Vec<GivenPath>,
    /// The table of touches. Default: the one recognised.
    pub touches: Option<String>,
    /// Columns of the touches, where they are not recognised.
    pub touch_columns: TouchColumns,
    /// The table of conversions. Default: the deals.
    pub conversions: Option<String>,
    /// Columns of the conversions, where they are not recognised.
    pub conversion_columns: ConversionColumns,
    /// Which deals count: `won` (default; value is revenue) or `opened` (value is pipeline).
    pub deals: Deals,
    /// Whose journeys: `person` or `account` (the touches of all its people). Default person, where deals name one.
    pub level: Option<Level>,
    /// Days before a conversion within which touches count, 1 to 3650. Default 90.
    pub window_days: Option<u32>,
    /// Days after which credit by time decay is halved. Default 7; long B2B cycles often want 30.
    pub half_life_days: Option<f64>,
    /// Whether a conversion ends a journey, so that touches before it count for no later one. Default true.
    pub reset: Option<bool>,
    /// Count only the first conversion of each person or account. Default false.
    pub first_conversion_only: bool,
    /// Count touches of one channel in a row as one. Default false.
    pub collapse_repeats: bool,
    /// The first day of the conversions that count, such as 2026-01-01.
    pub since: Option<String>,
    /// The last day of everything that is read.
    pub until: Option<String>,
    /// Models: `first`, `last`, `last_non_direct`, `linear`, `time_decay`, `u_shaped`, `w_shaped`, `full_path`,
    /// `leave_one_out`, `markov`, `shapley`, `shapley_rate`. Default all. A move is robust only if every model here agrees.
    pub models: Vec<String>,
    /// Touches that the Markov chain remembers, 1 to 8. Default 1.
    pub markov_order: Option<u8>,
    /// What each channel cost over the same time. Default: the table of spend that is recognised.
    pub spend: Vec<ChannelSpend>,
    /// The table of spend, where it is not recognised.
    pub spend_table: Option<String>,
    /// What a unit of each currency is worth, where values are in several.
    pub rates: Vec<Rate>,
    /// Channels that mean nobody knows where the visitor came from. Default: `direct` and its usual spellings.
    pub direct: Vec<String>,
    /// Channels told apart, 2 to 500; rarer ones are grouped. Default 100.
    pub most_channels: Option<u32>,
    /// Resamples of the journeys for intervals, 0 to 1000. Default 200.
    pub resamples: Option<u32>,
    /// Whether other windows, half-lives and a loss of identity are tried. Default true.
    pub sensitivity: Option<bool>,
    /// `concise` (default): shares and values by model, the first moves; `detailed`: intervals, returns and all moves,
    /// in pages.
    pub response_format: ResponseFormat,
    /// Where to go on: the `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl Tool for AttributeRevenue {
    const NAME: &'static str = "attribute_revenue";
    const TITLE: &'static str = "Attribute revenue";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Revenue;
    const LONG: bool = true;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, context: &Context) -> Result<Answer<Output>, ToolError> {
        let from = page::position(input.cursor.as_deref())?;
        let detailed = input.response_format == ResponseFormat::Detailed;
        let asked = asked::read(&input, context)?;
        let material = if input.paths.is_empty() {
            tables::read(&input, &asked, context).await?
        } else {
            given::read(&input)?
        };
        given::has_conversions(&material)?;
        let costs = spend::read(&input, &asked, &material.channels, context).await?;
        let ask = Ask {
            models: asked.models,
            markov_order: asked.markov_order,
            resamples: asked.resamples,
            seed: context.seed,
            other_half_lives: asked.journeys.scenarios,
            direct: input.direct,
            spend: costs.by_channel.clone(),
        };
        context.run.progress(0, None, "crediting channels");
        let Material { channels, collected, scenarios, about } = material;
        // Hundreds of resamples take seconds, during which the server shall answer others.
        let work = move || {
            let answer = attribute(&channels, &collected, &scenarios, &ask);
            (channels, collected.paths.len(), answer)
        };
        let (channels, paths, answer) = tokio::task::spawn_blocking(work).await.map_err(|error| {
            ToolError::new(ErrorKind::Internal, format!("cannot credit the channels: {error}"))
        })?;
        let text = text::tell(&channels, &answer, &about, &costs);
        let told = output::Told { channels, paths, answer, about, costs };
        Ok(Answer { structured: output::wire(told, detailed, from)?, text })
    }
}
