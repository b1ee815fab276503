//! What a reader has to know before relying on the credit.

use super::{
    channels::{Channels, Grouped, OTHER},
    collect::{Counts, LONG},
    enough,
};

/// Something that limits what the credit says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// A stable name.
    pub id: &'static str,
    /// What it is and what follows from it.
    pub text: String,
}

impl Warning {
    pub(crate) fn new(id: &'static str, text: impl Into<String>) -> Self {
        Self { id, text: text.into() }
    }
}

/// Above this share of journeys without a conversion that may still find one, rates read too low.
const MANY_OPEN: f64 = 0.2;
/// Above this share of conversions without a touch, credit speaks of a minority.
const MANY_UNTOUCHED: f64 = 0.5;

pub(crate) fn warnings(
    counts: &Counts,
    channels: &Channels,
    present: usize,
    needs_nulls: bool,
) -> Vec<Warning> {
    let mut warnings = of_evidence(counts, present, needs_nulls);
    warnings.extend(of_channels(channels));
    warnings.extend(of_values(counts));
    warnings.extend(of_journeys(counts));
    warnings
}

fn of_evidence(counts: &Counts, present: usize, needs_nulls: bool) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let (touched, untouched) = (counts.touched.conversions, counts.untouched().conversions);
    if touched < enough::CONVERSIONS {
        let text = format!(
            "INSUFFICIENT: touches precede {touched} conversions, and at least {} are needed to compare channels; load a \
             longer period, or count deals opened instead of deals won",
            enough::CONVERSIONS
        );
        warnings.push(Warning::new("few_conversions", text));
    }
    if present == 1 {
        let text = "one channel alone is touched: it gets all credit, and nothing is compared";
        warnings.push(Warning::new("one_channel", text));
    }
    if needs_nulls && counts.nulls == 0 {
        let text = "there is no journey without a conversion, so removal effects only tell how many journeys pass through \
                    a channel, and rates are all 1; add the people who were touched and did not convert";
        warnings.push(Warning::new("no_null_paths", text));
    }
    if counts.open as f64 > MANY_OPEN * counts.nulls as f64 {
        let text = format!(
            "{} of {} journeys without a conversion are younger than the window and may still convert: conversion rates, \
             and models that use them, read low for channels used lately",
            counts.open, counts.nulls
        );
        warnings.push(Warning::new("open_journeys", text));
    }
    let all = untouched + touched;
    if untouched as f64 > MANY_UNTOUCHED * all as f64 {
        let text = format!(
            "{untouched} of {all} conversions have no touch before them: the credit speaks of the rest alone"
        );
        warnings.push(Warning::new("mostly_untouched", text));
    }
    warnings
}

fn of_channels(channels: &Channels) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if let Some(Grouped { channels, touches }) = channels.grouped {
        let text = format!("the {channels} rarest channels ({touches} touches) are taken as one, `{OTHER}`");
        warnings.push(Warning::new("grouped_channels", text));
    }
    for names in channels.alike().into_iter().take(3) {
        let text = format!("`{}` look like one channel and are counted apart", names.join("`, `"));
        warnings.push(Warning::new("channel_spellings", text));
    }
    warnings
}

fn of_values(counts: &Counts) -> Vec<Warning> {
    let told = [
        (
            "values_missing",
            counts.unvalued,
            "have no recorded value: they count as conversions, and their value is unknown, not nought",
        ),
        (
            "negative_values",
            counts.negative.conversions,
            "are worth less than nothing, as refunds are; they lessen the credit of their channels",
        ),
        ("zero_values", counts.zero, "are worth exactly 0: they count as conversions alone"),
    ];
    let told = told.into_iter().filter(|(_, count, _)| *count > 0);
    told.map(|(id, count, what)| Warning::new(id, format!("{count} conversions {what}"))).collect()
}

fn of_journeys(counts: &Counts) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if counts.long > 0 {
        let text = format!(
            "{} journeys have more than {LONG} touches, the longest {}: a machine, or a key that many share",
            counts.long, counts.longest
        );
        warnings.push(Warning::new("long_journeys", text));
    }
    if counts.ties > 0 {
        let text = format!(
            "{} touches have the very time of another by another channel; they are put in the order of the channels' names",
            counts.ties
        );
        warnings.push(Warning::new("ties_in_time", text));
    }
    warnings
}
