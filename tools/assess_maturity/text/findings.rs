//! What follows from the scores: readings, contradictions, disagreements, gates and debts.

use super::{MOST_TOLD, list, number, span};
use crate::assess_maturity::output::{
    Disagreement, GateState, MissingGate, Output, ReadingState, Register, Voice,
};
use std::fmt::Write;

pub(super) fn tell(output: &Output, lines: &mut Vec<String>) {
    readings(output, lines);
    let built = output.built_ahead.iter().map(|built| format!("- {}", built.sentence));
    list("**Built ahead of its ground**", built, lines);
    let contradictions = output.contradictions.iter().map(|one| format!("- {}", one.sentence));
    list("**Claims the evidence does not bear out**", contradictions, lines);
    people(output, lines);
    gates(output, lines);
    if let Some(register) = &output.register {
        lines.extend([String::new(), debts(register)]);
    }
}

fn readings(output: &Output, lines: &mut Vec<String>) {
    let with = |state: ReadingState| output.readings.iter().filter(move |one| one.state == state);
    let holding: Vec<String> =
        with(ReadingState::Holds).map(|one| format!("- **{}:** {}", one.title, one.means)).collect();
    list("**Read together**", holding.into_iter(), lines);
    let open: Vec<&str> = with(ReadingState::Open).map(|one| one.title.as_str()).collect();
    if !open.is_empty() {
        lines.extend([String::new(), format!("Not decided yet: {}.", open.join("; "))]);
    }
}

fn people(output: &Output, lines: &mut Vec<String>) {
    if output.respondents < 2 && output.disagreements.is_empty() {
        return;
    }
    let heading = format!(
        "**{} people answered; they differ on {} questions**",
        output.respondents, output.disagreements_total
    );
    lines.extend([String::new(), heading]);
    let shown = output.disagreements.iter().take(MOST_TOLD);
    let left = output.disagreements_total.saturating_sub(shown.len());
    lines.extend(shown.map(disagreement));
    if left > 0 {
        lines.push(format!("- and {left} more; the detailed form lists all"));
    }
    if let Some(widest) = output.splits.first() {
        lines.push(format!(
            "Widest apart: {}, by {} levels on average over {} questions.",
            widest.dimension,
            number(widest.mean_gap),
            widest.compared
        ));
    }
}

fn disagreement(one: &Disagreement) -> String {
    let voice = |Voice { name, level }: &Voice| format!("{name} {level}");
    let mut said: Vec<String> = one.said.iter().take(MOST_TOLD).map(voice).collect();
    if let Some(left) = one.said.len().checked_sub(MOST_TOLD).filter(|left| *left > 0) {
        said.push(format!("and {left} more"));
    }
    let [low, high] = one.levels;
    let settle = if one.measured { "" } else { "To settle: " };
    format!("- `{}`: levels {low} to {high} ({}). {settle}{}", one.question, said.join(", "), one.settle)
}

fn gates(output: &Output, lines: &mut Vec<String>) {
    if let Some(first) = output.missing_gates.first() {
        let heading = format!("**Missing for Stage {}** (binding first)", first.stage);
        list(&heading, output.missing_gates.iter().map(gate), lines);
    }
    if let Some(binding) = output.binding_dimension.as_ref().filter(|_| output.stage.is_none()) {
        let title = output.dimensions.iter().find(|one| one.id == *binding).map_or(binding, |one| &one.title);
        let steps = output.lifts.iter().map(|step| format!("- {step}"));
        list(&format!("**Held back most by {title}**"), steps, lines);
    }
    if let Some(entry) = &output.entry_phase {
        let phases = if entry.lowest == entry.highest {
            format!("Phase {}", entry.lowest)
        } else {
            format!("Phase {} or up to {}", entry.lowest, entry.highest)
        };
        let names = entry.names.join(" to ");
        lines.extend([String::new(), format!("**Roadmap entry:** {phases}, {names}. {}", entry.reason)]);
    }
}

fn gate(gate: &MissingGate) -> String {
    let why = match gate.state {
        GateState::Fails => "too low",
        GateState::Capped => "claimed, not measured",
        GateState::Open => "not known",
    };
    let target = gate.question.as_deref().unwrap_or(&gate.dimension);
    let step = gate.steps.first().map(|step| format!(" -> {step}")).unwrap_or_default();
    format!("- {target}: {} of {} ({why}){step}", span(gate.score), number(gate.at_least))
}

fn debts(register: &Register) -> String {
    let mut told = format!(
        "**Register of debts:** {} open, {} overdue; at least {} hours a month, at least {} hours to remove",
        register.open,
        register.overdue,
        number(register.interest_hours_at_least),
        number(register.principal_hours_at_least)
    );
    let unpriced = register.interest_unknown.max(register.principal_unknown);
    if unpriced > 0 {
        let _ = write!(told, " ({unpriced} not fully estimated, so not free)");
    }
    if let Some(first) = register.soonest_repaid.first() {
        let _ =
            write!(told, ". `{}` repays its removal soonest, in {} months", first.debt, number(first.months));
    }
    told + "."
}
