//! The assessment as a page that a person reads.

mod findings;
mod next;
mod scores;

use super::output::{Output, Status};
use crate::wire::Interval;

/// The most entries told of each list; the structured result holds the rest.
const MOST_TOLD: usize = 5;

/// The result in Markdown.
pub(super) fn tell(output: &Output) -> String {
    let mut lines = vec![headline(output), String::new()];
    let known = output.coverage.measured + output.coverage.attested;
    lines.push(format!(
        "Known: {known} of {} questions ({} measured, {} stated).",
        output.coverage.questions, output.coverage.measured, output.coverage.attested
    ));
    sources(output, &mut lines);
    insufficient(output, &mut lines);
    if known > 0 {
        scores::tell(output, &mut lines);
        findings::tell(output, &mut lines);
    }
    next::tell(output, known == 0, &mut lines);
    if let Some(caution) = output.source_cautions.first() {
        lines.extend([String::new(), format!("Note: {caution}")]);
    }
    lines.join("\n")
}

fn headline(output: &Output) -> String {
    let title = &output.lens_title;
    match (&output.stage, output.status) {
        (Some(stage), _) if stage.lowest == stage.highest => {
            format!("# {title}: Stage {}, {}", stage.lowest, stage.names.join(" to "))
        }
        (Some(stage), _) => {
            format!("# {title}: Stage {} to {} ({})", stage.lowest, stage.highest, stage.names.join(", "))
        }
        (None, Status::Assessed) => format!("# {title}: {} of 5", span(output.profile.all)),
        (None, Status::Insufficient) => format!("# {title}: INSUFFICIENT evidence"),
    }
}

fn sources(output: &Output, lines: &mut Vec<String>) {
    if !output.evidence_from.is_empty() {
        let told: Vec<String> = output
            .evidence_from
            .iter()
            .map(|source| format!("{}, {} ({} measures)", source.tool, source.from, source.measures.len()))
            .collect();
        lines.push(format!("Evidence: {}.", told.join("; ")));
    }
    lines.extend(output.remarks.iter().map(|remark| format!("Note: {remark}.")));
}

fn insufficient(output: &Output, lines: &mut Vec<String>) {
    if let Some(insufficient) = &output.insufficient {
        lines.push(format!(
            "A result is given from {} of the questions on; {} more are needed. Cheapest next: {}.",
            percent(output.coverage.minimum),
            insufficient.questions_short,
            insufficient.cheapest_next.trim_end_matches(['.', '?'])
        ));
    }
}

/// A heading and the first entries of a list, and how many are left out.
fn list(heading: &str, entries: impl ExactSizeIterator<Item = String>, lines: &mut Vec<String>) {
    let left = entries.len().saturating_sub(MOST_TOLD);
    if entries.len() > 0 {
        lines.extend([String::new(), heading.to_owned()]);
        lines.extend(entries.take(MOST_TOLD));
    }
    if left > 0 {
        lines.push(format!("- and {left} more in the structured result"));
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
