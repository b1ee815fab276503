//! The assessment as a page that a person reads.

use super::output::{Anchor, Dimension, GateState, MissingGate, Output};
use crate::wire::{Interval, Provenance};
use std::fmt::Write;

/// The most gates and contradictions told; the structured result holds them all.
const MOST_TOLD: usize = 6;

/// The result in Markdown.
pub(crate) fn tell(output: &Output) -> String {
    let mut lines = vec![headline(output), String::new()];
    let known = output.coverage.measured + output.coverage.attested;
    lines.push(format!(
        "Known: {known} of {} questions ({} measured, {} stated).",
        output.coverage.questions, output.coverage.measured, output.coverage.attested
    ));
    if let Some(insufficient) = &output.insufficient {
        lines.push(format!(
            "A stage is named from {} of the questions on; {} more are needed. Cheapest next: {}.",
            percent(output.coverage.minimum),
            insufficient.questions_short,
            insufficient.cheapest_next.trim_end_matches(['.', '?'])
        ));
    }
    if known == 0 {
        interview(output, &mut lines);
    } else {
        scores(output, &mut lines);
        contradictions(output, &mut lines);
        gates(output, &mut lines);
        next(output, &mut lines);
    }
    if let Some(caution) = output.source_cautions.first() {
        lines.extend([String::new(), format!("Note: {caution}")]);
    }
    lines.join("\n")
}

fn headline(output: &Output) -> String {
    match &output.stage {
        None => "# Maturity: INSUFFICIENT evidence for a stage".to_owned(),
        Some(stage) if stage.lowest == stage.highest => {
            format!("# Maturity: Stage {}, {}", stage.lowest, stage.names.join(" to "))
        }
        Some(stage) => {
            format!("# Maturity: Stage {} to {} ({})", stage.lowest, stage.highest, stage.names.join(", "))
        }
    }
}

fn scores(output: &Output, lines: &mut Vec<String>) {
    lines.extend([
        String::new(),
        "| dimension | score | claimed | ground |".to_owned(),
        "|---|---|---|---|".to_owned(),
    ]);
    lines.extend(output.dimensions.iter().map(row));
    let mut profile = format!("Profile (weighted mean, weights authored): {}", span(output.profile.all));
    if let Some(known) = output.profile.known {
        let _ = write!(profile, "; over what is known {}", span(known));
    }
    lines.extend([String::new(), profile + "."]);
    if output.dimensions.iter().any(|dimension| dimension.capped) {
        lines.push(format!(
            "Capped dimensions count for {} at most until something in them is measured.",
            output.attested_cap
        ));
    }
}

fn row(dimension: &Dimension) -> String {
    let claimed = dimension.claimed.map_or_else(|| "-".to_owned(), number);
    let cap = if dimension.capped { ", capped" } else { "" };
    let Dimension { title, score, measured, attested, unknown, .. } = dimension;
    format!(
        "| {title} | {} | {claimed} | {}{cap}: {measured} measured, {attested} stated, {unknown} unknown |",
        span(*score),
        ground(dimension.provenance)
    )
}

const fn ground(provenance: Provenance) -> &'static str {
    match provenance {
        Provenance::Measured => "measured",
        Provenance::Attested => "attested",
        Provenance::Published => "published",
        Provenance::Authored => "authored",
        Provenance::Unknown => "unknown",
    }
}

fn contradictions(output: &Output, lines: &mut Vec<String>) {
    if output.contradictions.is_empty() {
        return;
    }
    lines.extend([String::new(), "**Claims the evidence does not bear out**".to_owned()]);
    lines.extend(output.contradictions.iter().take(MOST_TOLD).map(|one| format!("- {}", one.sentence)));
    left_out(output.contradictions.len(), lines);
}

fn gates(output: &Output, lines: &mut Vec<String>) {
    if let Some(first) = output.missing_gates.first() {
        lines.extend([String::new(), format!("**Missing for Stage {}** (binding first)", first.stage)]);
        lines.extend(output.missing_gates.iter().take(MOST_TOLD).map(gate));
        left_out(output.missing_gates.len(), lines);
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

fn next(output: &Output, lines: &mut Vec<String>) {
    lines.push(String::new());
    if let Some(run) = &output.next_measurement {
        lines.push(format!("**Measure next:** {} ({})", run.tool, run.measures.join(", ")));
    }
    if let Some(question) = output.next_questions.first() {
        lines.push(format!("**Ask next:** `{}`: {}", question.question, question.text));
    }
}

fn interview(output: &Output, lines: &mut Vec<String>) {
    lines.extend([String::new(), "## Questions to ask first".to_owned()]);
    for question in &output.next_questions {
        lines.extend([String::new(), format!("**{}** (`{}`)", question.text, question.question)]);
        lines.extend(question.anchors.iter().map(|Anchor { level, seen }| format!("- {level}: {seen}")));
    }
    if let Some(run) = &output.next_measurement {
        lines
            .extend([String::new(), format!("{} answers {} more from data.", run.tool, run.questions.len())]);
    }
}

fn left_out(count: usize, lines: &mut Vec<String>) {
    if count > MOST_TOLD {
        lines.push(format!("- and {} more in the structured result", count - MOST_TOLD));
    }
}

fn span(ends: Interval) -> String {
    let (low, high) = (number(ends.low), number(ends.high));
    if low == high { low } else { format!("{low} to {high}") }
}

fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}
