//! The answer as a person reads it.

use super::output::{Lead, Output, Rule, SplitMethod, Which};
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
        writeln!(
            text,
            "\nCut-off by {rule}: contact {} leads, from probability {:.3}; {:.1} conversions expected.",
            cut.contacts, cut.probability, cut.expected_conversions
        )?;
    }
    notes(text, "Dropped", &output.dropped, output.dropped_not_shown)?;
    notes(text, "Kept, look twice", &output.flagged, 0)?;
    if let Some(scored) = &output.scored {
        let which = match scored.which {
            Which::Unlabelled => "leads without an outcome",
            Which::Test => "test leads (none is without an outcome)",
        };
        writeln!(text, "\nBest of {} {which}:", scored.leads)?;
    }
    output.top_leads.iter().take(LISTED).try_for_each(|lead| writeln!(text, "{}", line(lead)))?;
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
    format!("- {} {:.3} {} ({})", lead.grade, lead.probability, lead.id, reasons.join(", "))
}
