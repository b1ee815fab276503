//! What becomes of the stack, as a person reads it.

use super::{
    output::Counts,
    shown::{Facts, counts, remarks, told},
};
use crate::allocate_budget;
use revarch_domain::stack::{Decision, Outcome, Presence, Rationalization, Sameness, SizeStanding};
use std::fmt::Write as _;

/// Tools told of each kind.
const TOLD: usize = 5;

pub(super) fn tell(result: &Rationalization, facts: &Facts) -> String {
    let Counts { tools, retire, merge, measure, keep } = counts(result);
    let mut text =
        format!("**{tools} tools: retire {retire}, merge {merge}, measure {measure}, keep {keep}**\n\n");
    tell_savings(result, facts, &mut text);
    let of = |outcome| move |decision: &&Decision| decision.outcome == outcome;
    tell_tools("Retire", result, of(Outcome::Retire), facts, &mut text);
    tell_tools("Merge", result, of(Outcome::Merge), facts, &mut text);
    tell_tools("Measure first", result, of(Outcome::Measure), facts, &mut text);
    tell_tools("Keep for now, little used", result, |decision| decision.is_little_used, facts, &mut text);
    tell_overlaps(result, facts, &mut text);
    tell_fit(result, facts, &mut text);
    let told = match result.size.0 {
        SizeStanding::Below => "fewer than the published 15 to 25 core tools",
        SizeStanding::Within => "within the published 15 to 25 core tools",
        SizeStanding::BetweenRules => {
            "above the published 15 to 25 core tools and below 50; nothing is published for that"
        }
        SizeStanding::Sprawl => "50 or more, which the source calls costly and yet better performing (c09)",
        SizeStanding::Unknown => "not the whole stack, so not held against the published 15 to 25",
    };
    let _ = writeln!(text, "\nSize: {} tools now, {} then; {told}.", result.tools.0, result.tools.1);
    for remark in remarks(facts) {
        let _ = writeln!(text, "- {remark}");
    }
    text
}

fn tell_savings(result: &Rationalization, facts: &Facts, text: &mut String) {
    let savings = &result.savings;
    let amount = |amount: f64| allocate_budget::told(amount, &facts.currency);
    if savings.priced == 0 {
        text.push_str("Savings: unknown, since no cost is given.\n");
        return;
    }
    let _ = writeln!(
        text,
        "Savings a year: {} (certain) to {} (every retirement and merge), of {} known cost of {} tools.",
        amount(savings.low),
        amount(savings.high),
        amount(savings.known_cost),
        savings.priced
    );
    if !savings.unpriced.is_empty() {
        let _ = writeln!(text, "Not in it, for want of a cost: {}.", few(&facts.names(&savings.unpriced)));
    }
}

fn tell_tools(
    heading: &str,
    result: &Rationalization,
    is_told: impl Fn(&&Decision) -> bool,
    facts: &Facts,
    text: &mut String,
) {
    let decisions: Vec<&Decision> = result.decisions.iter().filter(is_told).collect();
    if decisions.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{heading}:");
    for decision in decisions.iter().take(TOLD) {
        let name = facts.name(&decision.key);
        let into =
            decision.into.as_ref().map(|into| format!(" into {}", facts.name(into))).unwrap_or_default();
        let certain = if decision.is_certain { " (certain)" } else { "" };
        let _ = write!(text, "- **{name}**{into}{certain}: {}.", decision.reasons.join("; "));
        if !decision.measure.is_empty() {
            let _ = write!(text, " Measure {}.", decision.measure.join(" and "));
        }
        if !decision.conditions.is_empty() {
            let _ = write!(text, " First: {}.", decision.conditions.join("; "));
        }
        if let Some(when) = decision.when {
            let _ = write!(text, " When: {}.", told(when));
        }
        text.push('\n');
    }
    if decisions.len() > TOLD {
        let _ = writeln!(text, "- and {} more", decisions.len() - TOLD);
    }
}

fn tell_overlaps(result: &Rationalization, facts: &Facts, text: &mut String) {
    let open: Vec<_> = result.overlaps.iter().filter(|overlap| overlap.sameness == Sameness::Open).collect();
    if open.is_empty() {
        return;
    }
    text.push_str("\nOne category, perhaps one job (say by `job`):\n");
    for overlap in open.iter().take(TOLD) {
        let _ = writeln!(text, "- {}: {}", overlap.category, few(&facts.names(&overlap.tools)));
    }
    if open.len() > TOLD {
        let _ = writeln!(text, "- and {} more categories", open.len() - TOLD);
    }
}

fn tell_fit(result: &Rationalization, facts: &Facts, text: &mut String) {
    text.push_str("\nFoundation: ");
    let parts = result.fit.foundation.iter().map(|(one, held)| {
        let by = if held.tools.is_empty() {
            String::new()
        } else {
            format!(" ({})", few(&facts.names(&held.tools)))
        };
        format!("{} {}{by}", one.part.name, held.presence.name())
    });
    text.push_str(&parts.collect::<Vec<_>>().join("; "));
    text.push_str(".\n");
    for addition in &result.additions {
        let _ = writeln!(
            text,
            "- add {}? First: {}.",
            addition.foundation.part.name,
            addition.conditions.join("; ")
        );
    }
    let best = result.fit.combinations.iter().map(|(one, parts)| {
        let covered = parts.iter().filter(|held| held.presence == Presence::Covered).count();
        format!("{} {covered} of {}", one.name, parts.len())
    });
    let _ = writeln!(
        text,
        "\nPublished combinations covered: {}. Their claimed returns are not evidence (c01, c11).",
        best.collect::<Vec<_>>().join(", ")
    );
}

/// The first of some names.
fn few(names: &[String]) -> String {
    const FEW: usize = 5;
    let more = names.len().saturating_sub(FEW);
    let first = names.iter().take(FEW).map(String::as_str).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{first} and {more} more") } else { first }
}
