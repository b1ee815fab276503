//! What was not read: a table of which a part is missing can fail a check, never pass one.
//!
//! The rows left out may be the ones that fail, so a pass is not proved. Where they could as well be the ones
//! that mend a failure (the newest event, the record a key points at), a failure is not proved either; the
//! rule concerned asks [`is_whole`] for itself.

use super::{
    Facts,
    check::Check,
    facts::{Scanned, TableFacts},
    percent,
};
use crate::{
    finding::{Finding, Severity, Subject},
    provenance::Provenance,
    verdict::Verdict,
};

/// Whether every row of a table was read. A table nobody speaks of has nothing left out.
pub(super) fn is_whole(facts: &Facts, name: &str) -> bool {
    facts.tables.iter().filter(|table| table.profile.name == name).all(is_read_whole)
}

pub(super) fn is_read_whole(table: &TableFacts) -> bool {
    table.scanned.is_whole(table.profile.rows)
}

/// Takes back every pass that rests on a table of which a part is missing.
pub(super) fn withhold(facts: &Facts, checks: &mut [Check]) {
    for check in checks {
        let parts: Vec<&str> =
            check.tables.iter().map(String::as_str).filter(|name| !is_whole(facts, name)).collect();
        if parts.is_empty() {
            continue;
        }
        let note =
            format!("only a part of {} was read, so this can fail and cannot pass", parts.join(" and "));
        if check.verdict == Verdict::Ready {
            check.verdict = Verdict::Inconclusive;
        }
        check.add_note(&note);
    }
}

/// What could not be read is a finding of its own, so that no verdict is taken for one on all the data.
pub(super) fn findings(facts: &Facts) -> Vec<Finding> {
    let unread = facts.unread.iter().map(|(table, reason)| Finding {
        id: format!("unread.{table}"),
        severity: Severity::Blocker,
        subject: Subject { entity: None, table: Some(table.clone()), column: None },
        what_found: format!("{table} could not be read: {reason}"),
        why_it_blocks: "nothing is known of these rows, and no question that concerns them can pass".into(),
        fix: vec!["mend or replace the file as the reason says".into()],
        affected_rows: None,
        scanned_rows: None,
        evidence_query: None,
        owner_role: "whoever made the export".into(),
        retest: "run describe_data: the file is no longer among the problems".into(),
        provenance: Provenance::Measured,
    });
    let partial = facts.tables.iter().filter(|table| !is_read_whole(table)).map(in_part);
    unread.chain(partial).collect()
}

fn in_part(table: &TableFacts) -> Finding {
    let name = &table.profile.name;
    let rows = table.profile.rows;
    let Scanned { left_out, rows_in_all, .. } = &table.scanned;
    let unseen = rows_in_all.map(|all| all.saturating_sub(rows)).filter(|unseen| *unseen > 0);
    Finding {
        id: format!("unread.{name}"),
        severity: Severity::Major,
        subject: Subject { entity: table.entity(), table: Some(name.clone()), column: None },
        what_found: format!("only {rows} rows of {name} were read: {}", told(&table.scanned, rows)),
        why_it_blocks:
            "the rows that were not seen may be the ones that fail, so no check of this table can pass".into(),
        fix: if left_out.is_empty() {
            vec![
                format!("give the whole of {name} as a file or a source"),
                "or hand in counts over all its records as aggregates".into(),
            ]
        } else {
            vec![format!("mend {name} where the reason says, or export it again")]
        },
        affected_rows: unseen,
        scanned_rows: Some(rows),
        evidence_query: None,
        owner_role: "whoever made the export".into(),
        retest: format!("run check_data_readiness with the whole of {name}"),
        provenance: if unseen.is_some() { Provenance::Attested } else { Provenance::Measured },
    }
}

/// What of a table was left out, in words.
pub(super) fn told(scanned: &Scanned, rows: u64) -> String {
    const SHOWN: usize = 3;
    let mut told: Vec<String> = scanned.left_out.iter().take(SHOWN).cloned().collect();
    if scanned.left_out.len() > SHOWN {
        told.push(format!("and {} more places", scanned.left_out.len() - SHOWN));
    }
    if let Some(all) = scanned.rows_in_all.filter(|all| *all > rows) {
        let share = percent(rows as f64 / all as f64);
        told.push(format!("{} of {all} rows were not handed in ({share} were)", all - rows));
    }
    told.join("; ")
}
