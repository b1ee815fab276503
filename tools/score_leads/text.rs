//! The answer as a person reads it.

use super::output::{HistoryTold, Lead, Output, Rule, SplitMethod, Which};
use std::fmt::Write;

/// Leads, dropped and flagged columns that the text lists.
const LISTED: usize = 10;

pub(super) fn of(output: &Output) -> String {
    let mut text = format!("## Lead score on `{}`\n\n{}.\n", output.source.table, output.summary);
    // Writing to a string cannot fail.
    let _ = write(&mut text, output);
    text
}

fn write(text: &mut String, output: &Output) -> std::fmt::Result {
    if let Some(caution) = &output.caution {
        writeln!(text, "{caution}")?;
    }
    if let Some(history) = &output.source.history {
        writeln!(text, "{}", of_history(history))?;
    }
    for short in &output.shortages {
        let which = if short.converted { "converted" } else { "not converted" };
        writeln!(text, "- {}: {} leads {which}, and it takes {}", short.part, short.found, short.needed)?;
    }
    if let Some(card) = &output.model_card {
        let how = match card.split {
            SplitMethod::ByTime => "split by time",
            SplitMethod::RandomWithoutTimeColumn => "split at random, for want of a time column",
            SplitMethod::RandomForTooFewTimes => "split at random, for want of distinct times",
        };
        let parts: Vec<String> = card
            .parts
            .iter()
            .map(|part| format!("{} {}/{}", part.part, part.conversions, part.rows))
            .collect();
        writeln!(text, "Conversions/leads: {} ({how}).", parts.join(", "))?;
        writeln!(text, "Model: {}.", card.contest)?;
    }
    if let Some(metrics) = &output.metrics {
        writeln!(
            text,
            "Log loss {:.4} against {:.4} for the average; calibration error {:.3}.",
            metrics.log_loss, metrics.baseline_log_loss, metrics.calibration_error
        )?;
        for lift in &metrics.lift {
            writeln!(
                text,
                "- best {:.0}%: lift {:.2}, {:.0}% of conversions",
                lift.share * 100.0,
                lift.lift,
                lift.capture * 100.0
            )?;
        }
    }
    if let Some(cut) = &output.cut_off {
        let rule = match cut.rule {
            Rule::Capacity => "capacity",
            Rule::ExpectedValue => "expected value",
        };
        let from = match (cut.probability, cut.points) {
            (Some(probability), _) => format!("from probability {probability:.3}"),
            (None, Some(points)) => format!("from {points:.0} points"),
            (None, None) => "from none".to_owned(),
        };
        let expected = cut.expected_conversions.map(|count| format!("; {count:.1} conversions expected"));
        writeln!(
            text,
            "\nCut-off by {rule}: contact {} leads, {from}{}.",
            cut.contacts,
            expected.unwrap_or_default()
        )?;
    }
    notes(text, "Dropped", &output.dropped, output.dropped_not_shown)?;
    notes(text, "Kept, look twice", &output.flagged, 0)?;
    if let Some(scored) = &output.scored {
        let which = match scored.which {
            Which::Unlabelled => "leads without an outcome",
            Which::Test => "test leads (none is without an outcome)",
            Which::All => "leads",
        };
        writeln!(text, "\nBest of {} {which}:", scored.leads)?;
    }
    output.top_leads.iter().take(LISTED).try_for_each(|lead| writeln!(text, "{}", line(lead)))?;
    for unseen in output.unseen.iter().take(LISTED) {
        writeln!(text, "- `{}`: {} leads have a value that training never saw", unseen.column, unseen.cells)?;
    }
    if let Some(written) = &output.written {
        writeln!(text, "\nWrote {} leads to {}.", written.leads, written.file)?;
    }
    if let Some(id) = &output.model_id {
        writeln!(text, "\nModel `{id}`: score other leads with it by `model`.")?;
    }
    if !output.next_steps.is_empty() {
        text.push_str("\nNext:\n");
    }
    output.next_steps.iter().try_for_each(|step| writeln!(text, "- {step}"))
}

fn notes(
    text: &mut String,
    title: &str,
    notes: &[super::output::ColumnNote],
    not_shown: usize,
) -> std::fmt::Result {
    if notes.is_empty() {
        return Ok(());
    }
    writeln!(text, "\n{title}:")?;
    notes.iter().take(LISTED).try_for_each(|note| writeln!(text, "- `{}`: {}", note.column, note.reason))?;
    match notes.len().saturating_sub(LISTED) + not_shown {
        0 => Ok(()),
        more => writeln!(text, "- and {more} more"),
    }
}

fn line(lead: &Lead) -> String {
    let reasons: Vec<String> =
        lead.reasons.iter().map(|reason| format!("{} {:+.2}", reason.column, reason.adds)).collect();
    let score = match (lead.probability, lead.points) {
        (Some(probability), _) => format!("{probability:.3}"),
        (None, Some(points)) => format!("{points:.0} points"),
        (None, None) => String::new(),
    };
    format!("- {} {score} {} ({})", lead.grade, lead.id, reasons.join(", "))
}

/// How the outcome was read out of the deals, in a sentence or two.
pub(crate) fn of_history(history: &HistoryTold) -> String {
    let chosen = if history.window_chosen { ", chosen from the data" } else { "" };
    let mut left_out = Vec::new();
    for (count, why) in [
        (history.too_young_converted, "too young to train on and converted already"),
        (history.converted_before_decision, "converted before the decision"),
        (history.not_due, "the decision not due yet"),
        (history.unjoined, "without the key of their deals"),
        (history.undated, "without a creation time"),
    ] {
        if count > 0 {
            left_out.push(format!("{count} {why}"));
        }
    }
    let left_out = if left_out.is_empty() { "none".to_owned() } else { left_out.join(", ") };
    format!(
        "A lead converts when a deal of `{}` follows within {} days{chosen}; decided {} days after creation. {} did, {} did not, {} are too young to know. Left out: {left_out}.",
        history.deals,
        history.within_days,
        history.decide_after_days,
        history.converted,
        history.unconverted,
        history.too_young
    )
}
