//! The answer as a person reads it.

use super::output::Output;
use crate::score_leads::of_history;
use std::fmt::Write;

pub(super) fn of(output: &Output) -> String {
    let source = &output.source;
    let mut text = format!(
        "## `{}.{}` against `{}`: {}\n\n",
        source.table,
        source.score,
        source.label,
        output.verdict.name()
    );
    // Writing to a string cannot fail.
    let _ = write(&mut text, output);
    text
}

fn write(text: &mut String, output: &Output) -> std::fmt::Result {
    output.reasons.iter().try_for_each(|reason| writeln!(text, "- {reason}"))?;
    writeln!(
        text,
        "\n{} of {} leads with an outcome have a score; {} leads have no outcome yet.",
        output.scored, output.labelled, output.unlabelled
    )?;
    if let Some(history) = &output.source.history {
        writeln!(text, "{}", of_history(history))?;
    }
    for lift in &output.lift {
        writeln!(
            text,
            "- best {:.0}%: lift {:.2}, {:.0}% of conversions",
            lift.share * 100.0,
            lift.lift,
            lift.capture * 100.0
        )?;
    }
    if !output.bands.is_empty() {
        text.push_str("\n| mean score | leads | converted | 95% interval |\n|---|---|---|---|\n");
    }
    for band in &output.bands {
        writeln!(
            text,
            "| {:.2} | {} | {:.1}% | {:.1}% to {:.1}% |",
            band.predicted,
            band.rows,
            band.observed * 100.0,
            band.interval.low * 100.0,
            band.interval.high * 100.0
        )?;
    }
    if let Some(drift) = &output.drift {
        writeln!(
            text,
            "\nDrift: {} (PSI {:.3}; chance explains up to {:.3} with this many leads).",
            drift.shift, drift.psi, drift.cut_off
        )?;
    }
    if let Some(activity) = &output.activity {
        writeln!(
            text,
            "Rewards: {} (rank correlation {:.2} with {}).",
            activity.rewards,
            activity.correlation,
            output.source.activity.join(" + ")
        )?;
    }
    match (&output.our_model, &output.no_model) {
        (Some(ours), _) => {
            writeln!(
                text,
                "\nOur model on leads it has never seen: {}. {}",
                ours.verdict.name(),
                ours.reason
            )?;
            if let Some(both) = &ours.comparison {
                writeln!(
                    text,
                    "On the same {} leads: AUC {:.3} ours, {:.3} the score; difference {:+.3} (95% interval {:+.3} to {:+.3}).",
                    both.rows,
                    both.our_auc,
                    both.score_auc,
                    both.difference,
                    both.interval.low,
                    both.interval.high
                )?;
            }
        }
        (None, Some(reason)) => writeln!(text, "\nNo model of our own to compare with: {reason}.")?,
        (None, None) => {}
    }
    writeln!(text, "\nNext: {}.", output.next)
}
