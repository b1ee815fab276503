//! The answer as a person reads it.

use super::{
    output::{DealOut, Output},
    stage_output::{CheckedOut, StageOut},
};
use std::fmt::Write as _;

/// Deals and stages told.
const TOLD: usize = 12;

pub(super) fn of(output: &Output) -> String {
    let mut text = format!("## Pipeline risk\n\n{}.\n", output.summary);
    if let Some(amount) = output.open_amount {
        let lost = output.expected_loss.map(|lost| {
            format!(
                "; of the {} deals with a chance of loss, {lost:.0} is expected to be lost within {:.0} days",
                output.deals_with_chance, output.horizon_days
            )
        });
        let _ = writeln!(text, "Open amount {amount:.0}{}.", lost.unwrap_or_default());
    }
    let reasons: Vec<String> =
        output.reasons.iter().map(|one| format!("{} {}", one.reason, one.deals)).collect();
    if !reasons.is_empty() {
        let _ = writeln!(text, "Reasons: {}.", reasons.join(", "));
    }
    for shared in &output.shared_reasons {
        let _ = writeln!(
            text,
            "Nearly all open deals are {} ({}): this tells of the data or the process, not of one deal.",
            shared.reason, shared.deals
        );
    }
    stages(&mut text, &output.stages);
    for stage in output.inventory.iter().take(TOLD) {
        let name = stage.stage.as_deref().unwrap_or("(no stage)");
        let amount = stage.amount.map_or_else(String::new, |amount| format!(", {amount:.0}"));
        let _ = writeln!(text, "- {name}: {} deals{amount}", stage.deals);
    }
    if let Some(backtest) = &output.backtest {
        let _ = writeln!(text, "\nBacktest on {} earlier dates:", backtest.dates.len());
        let _ = writeln!(text, "- loss: {}", checked(&backtest.loss));
        let _ = writeln!(text, "- leaving the stage: {}", checked(&backtest.leaving));
    }
    if !output.deals.is_empty() {
        let _ = writeln!(text, "\nLook first at:");
    }
    for one in output.deals.iter().take(TOLD) {
        let _ = writeln!(text, "- {}", deal(one));
    }
    if !output.not_looked_for.is_empty() {
        let missing: Vec<String> =
            output.not_looked_for.iter().map(|one| format!("{} needs {}", one.reason, one.missing)).collect();
        let _ = writeln!(text, "\nNot looked for: {}.", missing.join("; "));
    }
    for note in output.notes.iter().take(8) {
        let _ = writeln!(text, "- {note}");
    }
    text
}

fn stages(text: &mut String, stages: &[StageOut]) {
    if stages.is_empty() {
        return;
    }
    text.push_str(
        "\n| stage | open | stays | median days | loss | stalls after |\n|---|---|---|---|---|---|\n",
    );
    for stage in stages.iter().take(TOLD) {
        let days = |days: Option<f64>| days.map_or_else(|| "-".to_owned(), |days| format!("{days:.0}"));
        let loss = stage.loss.map_or_else(|| "-".to_owned(), |loss| format!("{:.0}%", 100.0 * loss.value));
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {loss} | {} |",
            stage.stage,
            stage.open,
            stage.stays,
            days(stage.median_days),
            days(stage.stalls_after_days)
        );
    }
}

fn checked(checked: &CheckedOut) -> String {
    let ranks = match checked.ranking.as_str() {
        "ranks" => "the chances rank deals better than a coin",
        "may_be_chance" => "the ranking may be chance",
        "misleads" => "the ranking is worse than a coin",
        _ => "too little happened to tell",
    };
    let concordance = checked.concordance.map_or_else(String::new, |found| {
        format!(" (concordance {:.2}, {:.2} to {:.2})", found.value, found.low, found.high)
    });
    let rates = checked.mean_chance.zip(checked.observed).map_or_else(String::new, |(mean, seen)| {
        format!(
            "; foretold {:.0}%, happened {:.0}% of {}",
            100.0 * mean,
            100.0 * seen.value,
            checked.foretold
        )
    });
    let off = if checked.calibrated == Some(false) { ", which is more than chance explains" } else { "" };
    format!("{ranks}{concordance}{rates}{off}")
}

fn deal(deal: &DealOut) -> String {
    let mut told = format!("**{}**", deal.id);
    if let Some(stage) = &deal.stage {
        let _ = write!(told, " {stage}");
    }
    if let Some(amount) = deal.amount {
        let _ = write!(told, ", {amount:.0}");
    }
    if let Some(loss) = deal.loss {
        let _ = write!(
            told,
            ", loss {:.0}% ({:.0} to {:.0})",
            100.0 * loss.value,
            100.0 * loss.low,
            100.0 * loss.high
        );
    }
    let facts: Vec<&str> = deal.reasons.iter().map(|reason| reason.fact.as_str()).collect();
    if facts.is_empty() { told } else { format!("{told}: {}", facts.join("; ")) }
}
