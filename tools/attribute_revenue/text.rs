//! The credit as a person reads it.

use super::{given::About, output::CAUTION, spend::Costs};
use crate::wire::one_line;
use revarch_domain::attribution::{
    answer::{Attribution, ModelCredit},
    channels::Channels,
    model::Model,
    money,
};
use std::fmt::Write as _;

/// Channels, moves and warnings told.
const CHANNELS: usize = 15;
const MOVES: usize = 6;
const WARNINGS: usize = 8;
/// The models of the table, of those that were asked for: one of each kind.
const SHOWN: [Model; 6] =
    [Model::First, Model::Last, Model::Linear, Model::TimeDecay, Model::Markov, Model::Shapley];

pub(super) fn tell(channels: &Channels, answer: &Attribution, about: &About, costs: &Costs) -> String {
    let mut text = String::new();
    let name = |channel: usize| one_line(&channels.names()[channel], 40).replace('|', "/");
    head(answer, about, &mut text);
    table(answer, costs, &name, &mut text);
    moves(answer, &name, &mut text);
    if !answer.left_out.is_empty() {
        let left_out: Vec<String> =
            answer.left_out.iter().map(|(model, why)| format!("{model} ({why})")).collect();
        let _ = writeln!(text, "\nLeft out: {}.", left_out.join("; "));
    }
    let remarks = answer.warnings.iter().map(|warning| warning.text.as_str());
    for remark in remarks.chain(costs.remarks.iter().map(String::as_str)).take(WARNINGS) {
        let _ = writeln!(text, "- {}", one_line(remark, 300));
    }
    let _ = writeln!(text, "\n{CAUTION}");
    text
}

fn head(answer: &Attribution, about: &About, text: &mut String) {
    let counts = &answer.counts;
    let (touched, untouched) = (counts.touched, counts.untouched());
    let _ = writeln!(
        text,
        "**{} conversions worth {:.2} ({}); touches precede {} of them, worth {:.2}**\n",
        touched.conversions + untouched.conversions,
        money::amount(touched.cents.saturating_add(untouched.cents)),
        about.value_is,
        touched.conversions,
        money::amount(touched.cents),
    );
    if untouched.conversions > 0 {
        let reasons: Vec<String> = counts
            .untouched
            .iter()
            .map(|(reason, sum)| format!("{} {}", sum.conversions, reason.name().replace('_', " ")))
            .collect();
        let _ = writeln!(
            text,
            "No touch stands behind {:.2} of it: {}.",
            money::amount(untouched.cents),
            reasons.join(", ")
        );
    }
    if let Some((told, _)) = &about.tables {
        let _ = writeln!(
            text,
            "Journeys of each {}: `{}.{}` by {}; `{}.{}` by {}.",
            told.level.name(),
            told.touches,
            told.channel,
            told.touches_by,
            told.conversions,
            told.value.as_deref().unwrap_or(&told.conversion_time),
            told.conversions_by
        );
    }
}

fn table(answer: &Attribution, costs: &Costs, name: &impl Fn(usize) -> String, text: &mut String) {
    let mut shown: Vec<&ModelCredit> =
        answer.models.iter().filter(|credit| SHOWN.contains(&credit.model)).collect();
    if shown.is_empty() {
        shown = answer.models.iter().take(SHOWN.len()).collect();
    }
    let Some(first) = shown.first() else { return };
    let paid = costs.by_channel.iter().flatten().any(|spend| *spend > 0.0);
    let names: Vec<&str> = shown.iter().map(|credit| credit.model.name()).collect();
    let _ = writeln!(
        text,
        "\n| channel | {} | all models and scenarios |{}\n|---|{}---|{}",
        names.join(" | "),
        if paid { " return on spend |" } else { "" },
        "---|".repeat(shown.len()),
        if paid { "---|" } else { "" }
    );
    let mut order: Vec<usize> = (0..first.shares.len()).collect();
    order.sort_by(|a, b| first.shares[*b].total_cmp(&first.shares[*a]).then(a.cmp(b)));
    for channel in order.iter().copied().take(CHANNELS) {
        let share = |credit: &&ModelCredit| format!("{:.1}%", 100.0 * credit.shares[channel]);
        let shares: Vec<String> = shown.iter().map(share).collect();
        let range = answer.range.get(channel);
        let range = range
            .map_or_else(String::new, |range| format!("{:.1}-{:.1}%", 100.0 * range.low, 100.0 * range.high));
        let _ = write!(text, "| {} | {} | {range} |", name(channel), shares.join(" | "));
        if paid {
            let returns = costs.by_channel[channel].filter(|spend| *spend > 0.0).map(|spend| {
                let returns = answer.models.iter().map(|credit| money::amount(credit.cents[channel]) / spend);
                (returns.clone().fold(f64::INFINITY, f64::min), returns.fold(f64::NEG_INFINITY, f64::max))
            });
            let _ = match returns {
                Some((least, most)) => write!(text, " {least:.2}-{most:.2} |"),
                None => write!(text, " unknown |"),
            };
        }
        text.push('\n');
    }
    if order.len() > CHANNELS {
        let _ = writeln!(text, "\nand {} more channels", order.len() - CHANNELS);
    }
}

fn moves(answer: &Attribution, name: &impl Fn(usize) -> String, text: &mut String) {
    let robust: Vec<_> = answer.moves.iter().filter(|one| one.robust).collect();
    let (earns, what) = if answer.by_spend {
        ("returns more on its spend than", "moves")
    } else {
        ("earns more than", "orders")
    };
    let _ = writeln!(
        text,
        "\n{} of {} {what} of two channels are robust: every model and scenario and 97.5% of the resamples agree.",
        robust.len(),
        answer.moves.len()
    );
    for one in robust.iter().take(MOVES) {
        let (to, from) = (name(usize::from(one.to)), name(usize::from(one.from)));
        let ratio = one.least_ratio.map_or_else(String::new, |ratio| format!(", at least {ratio:.2} times"));
        let _ = writeln!(text, "- {to} {earns} {from}{ratio}");
    }
    if let Some(one) = answer.moves.iter().find(|one| !one.robust) {
        let (to, from) = (name(usize::from(one.to)), name(usize::from(one.from)));
        let why = match (one.against.first(), answer.sufficient) {
            (_, false) => "there are too few conversions".to_owned(),
            (Some(against), true) => format!("{against} does not agree"),
            (None, true) => match one.resamples_agree {
                Some(share) => format!("only {:.1}% of the resamples agree in one model", 100.0 * share),
                None => "no resamples were drawn".to_owned(),
            },
        };
        let _ = writeln!(text, "- not robust, for one: {to} over {from}; {why}");
    }
    if !answer.by_spend {
        let _ = writeln!(text, "Give `spend` for each channel to compare what a unit of budget returns.");
    }
}
