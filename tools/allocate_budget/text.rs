//! The plan as a person reads it.

use super::{
    money::told,
    shown::{Facts, remarks, verdict},
};
use crate::wire::one_line;
use revarch_domain::budget::{Allocation, Check, Followable, Move, Share};
use std::fmt::Write as _;

/// Categories and moves told.
const TOLD: usize = 15;

pub(super) fn tell(plan: &Allocation, checks: &[Check], facts: &Facts) -> String {
    let mut text = match verdict(plan) {
        "met" => "**The limits can be met.**".to_owned(),
        "one_plan_only" => "**The limits can be met by one plan only.**".to_owned(),
        _ => "**The limits cannot be met together.** The plan below is the nearest.".to_owned(),
    };
    text.push_str("\n\n");
    tell_table(plan, facts, &mut text);
    tell_relaxation(plan, &mut text);
    if let Some(table) = &plan.table {
        let sums = table.sums;
        let follows = match table.followable {
            Followable::Yes => "can be followed",
            Followable::OneWay => "can be followed in one way only",
            Followable::No => "cannot be followed as printed",
        };
        let model = table.model.name();
        let _ = writeln!(
            text,
            "\nThe published {model} ranges {follows}: minimums add up to {:.0}%, maximums to {:.0}% ({}).",
            sums.low,
            sums.high,
            table.contradictions.join(", ")
        );
    }
    if let Some(expected) = plan.expected_return {
        let _ = writeln!(text, "\nBy the returns you expect, a unit of this budget returns {expected:.3}.");
    }
    let known: Vec<&Check> = checks.iter().filter(|check| check.standing.is_some()).collect();
    if !known.is_empty() {
        text.push_str("\nBeside published claims:\n");
    }
    for check in known {
        if let (Some(percent), Some(standing)) = (check.percent, check.standing) {
            let _ = writeln!(text, "- {percent:.1}%, {}: {}", standing.name(), check.claim.says);
        }
    }
    if let Some(share) = facts.share_of_revenue {
        let _ = writeln!(text, "- {share:.2}% of revenue; no published number is held against it");
    }
    let remarks = remarks(plan, facts);
    if !remarks.is_empty() {
        text.push('\n');
    }
    for remark in remarks.iter().take(TOLD) {
        let _ = writeln!(text, "- {remark}");
    }
    text
}

fn tell_table(plan: &Allocation, facts: &Facts, text: &mut String) {
    text.push_str(
        "| category | share | amount | limits | could be | held near |\n|---|--:|--:|---|---|---|\n",
    );
    for share in plan.shares.iter().take(TOLD) {
        let amount = share.amount.map_or_else(
            || "-".to_owned(),
            |smallest| told(smallest as f64 / facts.currency.units(), &facts.currency),
        );
        let from = share.reference.from.name().replace('_', " ");
        let _ = writeln!(
            text,
            "| {} | {:.2}% | {amount} | {} | {} | {:.1}% ({from}) |",
            one_line(&share.name, 60),
            share.percent,
            limits(share),
            between(share.could_be.low, share.could_be.high),
            share.reference.percent,
        );
    }
    if plan.shares.len() > TOLD {
        let _ = writeln!(text, "\nand {} more categories", plan.shares.len() - TOLD);
    }
}

fn limits(share: &Share) -> String {
    let at = |limit: Option<revarch_domain::budget::Limit>| limit.map(|limit| format!("{:.1}", limit.at));
    match (share.is_fixed, at(share.least), at(share.most)) {
        (true, ..) => "fixed".to_owned(),
        (false, None, None) => "none".to_owned(),
        (false, Some(least), None) => format!("from {least}%"),
        (false, None, Some(most)) => format!("to {most}%"),
        (false, Some(least), Some(most)) => format!("{least} to {most}%"),
    }
}

fn between(low: f64, high: f64) -> String {
    if high - low < 0.005 { "only this".to_owned() } else { format!("{low:.1} to {high:.1}%") }
}

fn tell_relaxation(plan: &Allocation, text: &mut String) {
    let Some(relaxation) = &plan.relaxation else { return };
    let _ = writeln!(
        text,
        "\nThe limits have to move by {:.2}% of the budget together; no plan does with less. Here these move:",
        relaxation.points
    );
    for moved in relaxation.moves.iter().take(TOLD) {
        let _ = writeln!(text, "- {}", movement(moved));
    }
    if !relaxation.alone.is_empty() {
        let few: Vec<String> = relaxation.alone.iter().take(4).map(movement).collect();
        let more = relaxation.alone.len().saturating_sub(few.len());
        let more = if more > 0 { format!(" ({more} more in the result)") } else { String::new() };
        let _ = writeln!(text, "\nAny one of these would do alone: {}{more}.", few.join("; "));
    }
}

fn movement(moved: &Move) -> String {
    let Move { categories, end, from, to, whose: _ } = moved;
    let names: Vec<String> = categories.iter().map(|name| one_line(name, 60)).collect();
    format!("{} of {} from {from:.2} to {to:.2}%", end.name(), names.join(" + "))
}
