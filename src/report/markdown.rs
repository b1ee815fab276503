//! The review as Markdown: verdict first, then evidence, then what to do.

use crate::changes;
use jiff::Timestamp;
use revarch_domain::{
    finding::Severity,
    review::{Changes, Review},
    verdict::Verdict,
};
use std::fmt::Write;

/// An interval wider than this leaves the value open.
const OPEN: f64 = 0.25;

/// What stands above the review.
#[derive(Clone, Debug)]
pub struct Heading<'a> {
    /// The review's id.
    pub id: &'a str,
    /// When it was made.
    pub made_at: Timestamp,
    /// What was reviewed.
    pub subject: &'a str,
}

/// Writes the review. What changed since the last one stands in it where there was one.
pub fn markdown(heading: &Heading<'_>, review: &Review, changes: Option<&Changes>) -> String {
    let mut page = String::new();
    let Heading { id, made_at, subject } = heading;
    let _ = writeln!(page, "# Architecture review of {}\n", text(subject));
    let _ = writeln!(page, "{}, review `{id}`\n", made_at.strftime("%Y-%m-%d %H:%M:%S UTC"));
    let _ = writeln!(page, "**Ready for agents: {}.**\n", review.verdict.words());
    if let Some(binding) = &review.binding {
        let _ = writeln!(page, "Binding constraint ({}): {}.\n", binding.area.name(), text(&binding.reason));
        let _ = writeln!(page, "Next step: {}.\n", text(&binding.next_step));
    }
    areas(&mut page, review);
    claims(&mut page, review);
    steps(&mut page, review);
    findings(&mut page, review);
    measures(&mut page, review);
    if let Some(changes) = changes {
        page.push_str(&changes::since(changes));
    }
    let _ = writeln!(
        page,
        "## How to read this\n\nMeasured numbers were computed from the data that was read; a share is judged with its 95% \
         Wilson interval. Unknown is neither a pass nor a zero. Thresholds the guide does not give are revarch's own. \
         What the catalog says of a platform is published by the source named in the audit."
    );
    page
}

fn areas(page: &mut String, review: &Review) {
    page.push_str("## Areas\n\n| area | verdict | result |\n|---|---|---|\n");
    for part in &review.parts {
        let verdict = part.verdict.map_or("does not decide", Verdict::words);
        let missing = part.missing.as_ref().map(|missing| format!(": {missing}")).unwrap_or_default();
        let _ = writeln!(
            page,
            "| {} | {verdict} | {}{} |",
            part.area.name(),
            text(&part.headline),
            text(&missing)
        );
    }
    page.push('\n');
    for line in review.parts.iter().flat_map(|part| &part.details) {
        let _ = writeln!(page, "- {}", text(line));
    }
    page.push('\n');
}

fn claims(page: &mut String, review: &Review) {
    page.push_str("## Claims against evidence\n\n");
    if review.claims.is_empty() {
        page.push_str("No claim was contradicted by a measurement.\n\n");
        return;
    }
    for claim in &review.claims {
        let _ = writeln!(page, "- {}. To bear it out: {}.", text(&claim.sentence), text(&claim.would_change));
    }
    page.push('\n');
}

fn steps(page: &mut String, review: &Review) {
    page.push_str("## What to do next\n\n");
    if review.steps.is_empty() {
        page.push_str("Nothing that was measured needs mending.\n\n");
        return;
    }
    for (at, step) in review.steps.iter().enumerate() {
        let _ = writeln!(
            page,
            "{}. **{}** ({}). {}. Retest: {}.",
            at + 1,
            sentence(&step.action),
            text(&step.owner_role),
            sentence(&step.because),
            text(&step.retest)
        );
    }
    page.push('\n');
}

fn findings(page: &mut String, review: &Review) {
    let _ = writeln!(page, "## Findings ({})\n", review.findings.len());
    for (title, severity) in
        [("Blockers", Severity::Blocker), ("Major", Severity::Major), ("Minor", Severity::Minor)]
    {
        let of: Vec<_> = review.findings.iter().filter(|(_, finding)| finding.severity == severity).collect();
        if of.is_empty() {
            continue;
        }
        let _ = writeln!(page, "### {title}\n");
        for (_, finding) in of {
            let _ = writeln!(
                page,
                "- {}. {}. (`{}`)",
                sentence(&finding.what_found),
                sentence(&finding.why_it_blocks),
                finding.id
            );
        }
        page.push('\n');
    }
}

fn measures(page: &mut String, review: &Review) {
    page.push_str("## Measures\n\n| measure | value | 95% interval or bounds |\n|---|---|---|\n");
    for measure in &review.measures {
        let interval = measure.interval.map_or_else(
            || "all there are, no sample".to_owned(),
            |interval| format!("{:.3} to {:.3}", interval.low, interval.high),
        );
        // A value with so wide an interval says little; the interval alone stands.
        let open = measure.interval.is_some_and(|interval| interval.high - interval.low > OPEN);
        let value = if open { "open".to_owned() } else { format!("{:.3}", measure.value) };
        let _ = writeln!(page, "| {} | {value} | {interval} |", measure.id.name());
    }
    page.push('\n');
}

/// A sentence as it may stand in Markdown, begun with a capital unless it begins with a name in code.
pub(crate) fn sentence(raw: &str) -> String {
    let safe = text(raw);
    let mut letters = safe.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Text of others as it may stand in Markdown: on one line, with nothing that would become markup.
fn text(raw: &str) -> String {
    let mut safe = String::with_capacity(raw.len());
    for letter in raw.trim_end_matches('.').chars() {
        match letter {
            '\n' | '\r' | '\t' => safe.push(' '),
            '<' => safe.push_str("&lt;"),
            '\\' | '|' | '[' | ']' | '*' => {
                safe.push('\\');
                safe.push(letter);
            }
            _ => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use revarch_domain::review::{Inputs, MadeWith, review};

    #[test]
    fn an_empty_review_says_what_is_missing() {
        let missing = || "name a folder | with <b>tables</b>".to_owned();
        let inputs = Inputs {
            readiness: Err(missing()),
            leads: Err(missing()),
            coverage: Err(missing()),
            maturity: Err(missing()),
            made_with: MadeWith::default(),
        };
        let heading = Heading { id: "r1", made_at: Timestamp::UNIX_EPOCH, subject: "Acme" };
        let page = markdown(&heading, &review(inputs), None);
        assert!(page.contains("**Ready for agents: unknown.**"), "{page}");
        assert!(page.contains("name a folder \\| with &lt;b>tables"), "{page}");
        assert!(page.contains("Nothing that was measured needs mending."));
    }
}
