//! The result in a few lines that a person would read.

use revarch_domain::{
    readiness::{NextQuery, Readiness},
    verdict::Verdict,
};
use std::fmt::Write;

pub(crate) fn text(readiness: &Readiness, next: &[NextQuery]) -> String {
    let mut text = format!("**Data readiness: {}**\n\n", readiness.verdict.words());
    if let Some(binding) = &readiness.binding {
        let _ = writeln!(text, "Binding constraint: {}.\n", binding.reason);
    }
    for question in &readiness.questions {
        let failed = question.checks.iter().filter(|check| check.verdict == Verdict::NotReady).count();
        let _ = writeln!(
            text,
            "- {} **{}** ({} checks, {failed} failed)",
            question.id.asks(),
            question.verdict.words(),
            question.checks.len()
        );
    }
    let _ = writeln!(text, "\nWorkflows, as far as the data goes:");
    for workflow in &readiness.workflows {
        let why =
            workflow.binding.as_ref().map_or_else(String::new, |binding| format!(": {}", binding.reason));
        let _ = writeln!(text, "- {} **{}**{why}", workflow.title, workflow.verdict.words());
    }
    let _ = writeln!(text, "\n{} findings; the gravest:", readiness.findings.len());
    for finding in readiness.findings.iter().take(5) {
        let _ = writeln!(text, "- {}", finding.what_found);
    }
    let scanned = &readiness.scanned;
    let _ = writeln!(text, "\nScanned: {} rows of {} tables.", scanned.rows, scanned.tables);
    for part in scanned.left_out.iter().take(5) {
        let _ = writeln!(text, "- not read: {part}");
    }
    if let Some(query) = next.first() {
        let _ = writeln!(text, "\nThe next query worth running ({}): `{}`", query.system.name(), query.query);
    }
    text
}
