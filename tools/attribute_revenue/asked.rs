//! The arguments, checked.

use super::Input;
use crate::{Context, ToolError};
use revarch_data::{Columns, JourneyAsk, JourneyTerms};
use revarch_domain::{
    attribution::{
        channels,
        model::{MOST_ORDER, Model},
    },
    leads::history::Conversion,
    nearest::nearest,
    value::{MICROS_PER_DAY, moment},
};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Columns of the table of touches.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TouchColumns {
    /// Whose the touch is; then name the other table's too.
    pub key: Option<String>,
    /// When it was.
    pub time: Option<String>,
    /// The channel.
    pub channel: Option<String>,
}

/// Columns of the table of conversions.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ConversionColumns {
    /// Whose the conversion is; then name the other table's too.
    pub key: Option<String>,
    /// When it was.
    pub time: Option<String>,
    /// What it is worth.
    pub value: Option<String>,
    /// The column that tells which rows count, with `converted_values`.
    pub converted: Option<String>,
    /// Its values that count, such as `["Closed Won"]`.
    pub converted_values: Vec<String>,
}

/// Which deals are conversions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Deals {
    /// Those won, when they were closed.
    #[default]
    Won,
    /// All, when they were opened.
    Opened,
}

/// Whose journeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// A person's.
    Person,
    /// An account's.
    Account,
}

/// What a unit of a currency is worth.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// The currency as the data has it, such as EUR.
    pub currency: String,
    /// Its worth in the currency you want; 1 for that one.
    pub rate: f64,
}

/// The arguments as they are used.
pub(super) struct Asked {
    pub(super) journeys: JourneyAsk,
    pub(super) models: Vec<Model>,
    pub(super) markov_order: u8,
    pub(super) resamples: u32,
}

pub(super) fn read(input: &Input, context: &Context) -> Result<Asked, ToolError> {
    let within = |name: &str, value: Option<u32>, default: u32, least: u32, most: u32| {
        let value = value.unwrap_or(default);
        if (least..=most).contains(&value) {
            return Ok(value);
        }
        Err(ToolError::input(format!("cannot use {name} {value}"))
            .hint(format!("give a number from {least} to {most}")))
    };
    let half_life_days = input.half_life_days.unwrap_or(7.0);
    if !(half_life_days.is_finite() && half_life_days > 0.0) {
        return Err(
            ToolError::input(format!("cannot use half_life_days {half_life_days}")).hint("give days above 0")
        );
    }
    let (since, until) =
        (day("since", input.since.as_deref(), false)?, day("until", input.until.as_deref(), true)?);
    if let (Some(first), Some(last)) = (since, until)
        && first > last
    {
        return Err(ToolError::input("`since` is after `until`").hint("exchange the two"));
    }
    if since.is_some_and(|since| since > context.now.as_microsecond()) {
        return Err(ToolError::input("`since` lies in the future").hint("give an earlier day"));
    }
    let markov_order =
        within("markov_order", input.markov_order.map(u32::from), 1, 1, u32::from(MOST_ORDER))?;
    let most_channels = within("most_channels", input.most_channels, 100, 2, 500)?;
    Ok(Asked {
        models: models(&input.models)?,
        markov_order: u8::try_from(markov_order).unwrap_or(1),
        resamples: within("resamples", input.resamples, 200, 0, 1_000)?,
        journeys: JourneyAsk {
            touches: input.touches.clone(),
            touch_columns: touch_columns(&input.touch_columns),
            conversions: input.conversions.clone(),
            conversion_columns: conversion_columns(&input.conversion_columns)?,
            conversion: match input.deals {
                Deals::Won => Conversion::Won,
                Deals::Opened => Conversion::Deal,
            },
            level: input.level.map(|level| match level {
                Level::Person => revarch_data::Level::Person,
                Level::Account => revarch_data::Level::Account,
            }),
            terms: JourneyTerms {
                window_days: within("window_days", input.window_days, 90, 1, 3_650)?,
                half_life_days,
                reset: input.reset.unwrap_or(true),
                once: input.first_conversion_only,
                collapse: input.collapse_repeats,
                since,
                until,
            },
            most_channels: usize::try_from(most_channels).unwrap_or(channels::MOST),
            rates: rates(&input.rates)?,
            scenarios: input.sensitivity.unwrap_or(true),
            seed: context.seed,
        },
    })
}

fn models(names: &[String]) -> Result<Vec<Model>, ToolError> {
    if names.is_empty() {
        return Ok(Model::ALL.to_vec());
    }
    let mut models = Vec::new();
    for name in names {
        let model = name.parse::<Model>().map_err(|reason| {
            let known = Model::ALL.map(Model::name);
            let error = ToolError::input(reason);
            let error = match nearest(name, known).first() {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error,
            };
            error.hint(format!("models are {}", known.join(", ")))
        })?;
        if !models.contains(&model) {
            models.push(model);
        }
    }
    Ok(models)
}

fn day(name: &str, text: Option<&str>, end: bool) -> Result<Option<i64>, ToolError> {
    let Some(text) = text else { return Ok(None) };
    let read = moment(text.trim()).and_then(|moment| Some((moment.micros?, moment.has_time)));
    let (micros, has_time) = read.ok_or_else(|| {
        ToolError::input(format!("cannot read `{name}`: `{}` is no day", crate::wire::one_line(text, 40)))
            .hint("write it as 2026-01-31")
    })?;
    Ok(Some(if end && !has_time { micros + MICROS_PER_DAY - 1 } else { micros }))
}

fn touch_columns(columns: &TouchColumns) -> Columns {
    let TouchColumns { key, time, channel } = columns.clone();
    Columns { key, time, channel, ..Columns::default() }
}

fn conversion_columns(columns: &ConversionColumns) -> Result<Columns, ToolError> {
    let ConversionColumns { key, time, value, converted, converted_values } = columns.clone();
    let converted = match (converted, converted_values.is_empty()) {
        (Some(column), false) => Some((column, converted_values)),
        (None, true) => None,
        _ => {
            return Err(ToolError::input("`converted` and `converted_values` go together")
                .hint("give the column and its values that count, such as \"stage\" and [\"Closed Won\"]"));
        }
    };
    Ok(Columns { key, time, value, converted, ..Columns::default() })
}

fn rates(rates: &[Rate]) -> Result<BTreeMap<String, f64>, ToolError> {
    let mut known = BTreeMap::new();
    for Rate { currency, rate } in rates {
        if !(rate.is_finite() && *rate > 0.0) {
            return Err(ToolError::input(format!("cannot use the rate {rate} of `{currency}`"))
                .hint("give a number above 0"));
        }
        known.insert(currency.trim().to_uppercase(), *rate);
    }
    Ok(known)
}
