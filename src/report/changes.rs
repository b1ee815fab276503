//! What changed since an earlier review, as Markdown: first what is real, then what only looks like a change.

use crate::markdown::sentence;
use revarch_domain::review::{BasisChange, Changes, NumberChange, Standing, Taken};
use std::fmt::Write;

/// Names of findings that are written out.
const NAMED: usize = 15;

/// The section of a report, or a page of its own.
pub fn since(changes: &Changes) -> String {
    let Changes { verdict, basis, evidence, findings: _, measures, dimensions } = changes;
    let mut page = String::from("## Since the last review\n\n");
    if let Some(verdict) = verdict {
        let _ =
            write!(page, "- The verdict was: {}; it is: {}.", verdict.before.words(), verdict.now.words());
        let only = if verdict.may_come_from.is_empty() {
            ""
        } else {
            " What stands below as another ruler or other evidence may be the cause."
        };
        let _ = writeln!(page, "{only}");
    }
    for (what, is) in [
        ("Gone", (|standing: &Standing| *standing == Standing::Gone) as fn(&Standing) -> bool),
        ("New", |standing: &Standing| *standing == Standing::New),
        ("Better", |standing: &Standing| *standing == Standing::Better),
        ("Worse", |standing: &Standing| *standing == Standing::Worse),
    ] {
        let ids: Vec<_> = changes.findings_that(is).map(|finding| format!("`{}`", finding.id)).collect();
        listed(&mut page, what, &ids);
    }
    let measures = measures.iter().map(|measure| ("`", measure));
    for (what, number) in measures.chain(dimensions.iter().map(|dimension| ("Maturity of `", dimension))) {
        if matches!(number.standing, Standing::Better | Standing::Worse) {
            let (name, standing) = (&number.name, number.standing.name());
            let _ = writeln!(page, "- {what}{name}` is {standing}: {}.", values(number));
        }
    }
    if changes.is_quiet() {
        page.push_str("- Nothing that was measured alike both times has changed.\n");
    }
    let open: Vec<_> = changes
        .findings_that(|standing| matches!(standing, Standing::NotComparable(_)))
        .map(|finding| format!("`{}`", finding.id))
        .collect();
    if !(basis.is_empty() && evidence.is_empty() && open.is_empty()) {
        page.push_str("\n### Not a change of the company, as far as is known\n\n");
        for told in basis.iter().map(BasisChange::sentence).chain(evidence.iter().cloned()) {
            let _ = writeln!(page, "- {}.", sentence(&told));
        }
        listed(&mut page, "Findings that cannot be compared", &open);
    }
    page.push('\n');
    page
}

fn listed(page: &mut String, what: &str, ids: &[String]) {
    if ids.is_empty() {
        return;
    }
    let more = ids.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let shown = ids.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let _ = writeln!(page, "- {what}: {shown}{more}.");
}

fn values(number: &NumberChange) -> String {
    let value = |taken: Option<Taken>| {
        taken.map_or_else(|| "unknown".to_owned(), |taken| format!("{:.3}", taken.value))
    };
    format!("{} before, {} now", value(number.before), value(number.now))
}

#[cfg(test)]
mod tests {
    use super::since;
    use revarch_domain::{
        review::{BasisChange, Changes, FindingChange, Standing, VerdictChange},
        verdict::Verdict,
    };

    #[test]
    fn what_is_real_stands_apart_from_what_is_not() {
        let found =
            |id: &str, standing| FindingChange { id: id.to_owned(), standing, before: None, now: None };
        let changes = Changes {
            verdict: Some(VerdictChange {
                before: Verdict::NotReady,
                now: Verdict::Ready,
                may_come_from: vec!["another lens".to_owned()],
            }),
            basis: vec![BasisChange {
                area: "data".to_owned(),
                what: "readiness lens".to_owned(),
                before: "1".to_owned(),
                now: "2".to_owned(),
            }],
            findings: vec![
                found("gone.one", Standing::Gone),
                found("other.one", Standing::NotComparable("another lens".to_owned())),
            ],
            ..Changes::default()
        };
        let page = since(&changes);
        let (real, rest) = page.split_once("### Not a change").unwrap();
        assert!(real.contains("was: not ready; it is: ready. What stands below"), "{page}");
        assert!(real.contains("Gone: `gone.one`") && !real.contains("other.one"), "{page}");
        assert!(rest.contains("readiness lens of the area data is another: 1 before, 2 now"), "{page}");
        assert!(rest.contains("cannot be compared: `other.one`"), "{page}");
    }

    #[test]
    fn nothing_is_told_as_nothing() {
        let page = since(&Changes::default());
        assert!(page.contains("Nothing that was measured alike") && !page.contains("###"), "{page}");
    }
}
