//! Question two: does every contact belong to an account that exists?

use super::{Check, Facts, Part, Thresholds, facts::Link, percent};
use crate::{
    entity::Entity,
    finding::{Finding, Severity, Subject},
    measure::{Measure, MeasureId},
    provenance::Provenance,
    value::{empty_in_sql, quoted_in_sql},
};

pub(super) fn check(facts: &Facts, thresholds: &Thresholds) -> Part {
    let mut part = Part::default();
    for link in &facts.links {
        let from_person = link.from == Entity::Contact && link.to == Entity::Account;
        if from_person {
            let joined = link.joined();
            part.checks.push(Check {
                id: format!("link.{}.{}", link.table, link.column),
                entity: Some(Entity::Contact),
                what: format!("rows of {} whose {} joins {}", link.table, link.column, link.target),
                value: joined.rate(),
                interval: joined.wilson(),
                counts: Some((joined.hits, joined.trials)),
                threshold: thresholds.linked,
                lower_is_better: false,
                floor: 0.0,
                verdict: joined.judge(thresholds.linked.value),
            });
            part.measures.extend(Measure::of(MeasureId::ContactAccountLinkShare, joined));
        }
        part.findings.extend(broken(link, from_person));
        part.findings.extend(childless(link, from_person));
    }
    if part.checks.is_empty() {
        part.next_evidence = Some(next_evidence(facts));
    }
    part
}

fn next_evidence(facts: &Facts) -> String {
    let has = |entity| facts.tables.iter().any(|table| table.entity() == Some(entity));
    match (has(Entity::Contact), has(Entity::Account)) {
        (true, true) => {
            "export the contacts with the key of their account, or map that column as account_key".into()
        }
        (true, false) => "give the table of accounts that the contacts belong to".into(),
        (false, _) => "give a table of contacts with the key of their account".into(),
    }
}

/// Keys that are missing or join nothing.
fn broken(link: &Link, from_person: bool) -> Option<Finding> {
    // An event of an unknown visitor and a call outside any deal have no key for good reason; question three
    // counts the events.
    let optional =
        matches!(link.from, Entity::Event | Entity::Activity | Entity::History) && link.to != Entity::User;
    let missing = if optional { 0 } else { link.missing };
    let affected = missing + link.dangling;
    if affected == 0 {
        return None;
    }
    let Link { table, column, target, target_key, rows, dangling, .. } = link;
    let restorable = match link.restorable_by_domain {
        Some(found) if found > 0 => {
            format!("; for {found} of them the e-mail domain is exactly one account's")
        }
        _ => String::new(),
    };
    let share = affected as f64 / *rows as f64;
    let mut fix = Vec::new();
    if link.restorable_by_domain.is_some_and(|found| found > 0) {
        fix.push("link the rows whose e-mail domain is one account's, after a look at a sample".to_owned());
    }
    let present = rows - link.missing;
    if *dangling > 0 && *dangling == present {
        fix.push(format!(
            "export {table} and {target} in full and compare how their keys are written: not one key matches"
        ));
    } else if *dangling > missing {
        fix.push(format!("find out whether the missing {target} were deleted or left out of the export, and restore or relink"));
    } else if missing > 0 {
        fix.push(format!("set `{column}` on the rows of {table} that have none"));
    }
    fix.push("make the association required where records are created".into());
    Some(Finding {
        id: format!("link.{table}.{column}"),
        severity: if from_person && share > 0.05 { Severity::Blocker } else { Severity::Major },
        subject: Subject {
            entity: Some(link.from),
            table: Some(table.clone()),
            column: Some(column.clone()),
        },
        what_found: format!(
            "{affected} of {rows} rows of {table} ({}) have no working `{column}`: {}{dangling} hold a key that is not in {target}{restorable}",
            percent(share),
            if optional {
                format!("{} more have none, as they may; ", link.missing)
            } else {
                format!("{missing} have none and ")
            },
        ),
        why_it_blocks: format!(
            "an agent cannot tell which {} these rows belong to, so it works without that context or on the wrong record",
            link.to.name()
        ),
        fix,
        affected_rows: Some(affected),
        scanned_rows: Some(*rows),
        evidence_query: Some(evidence(link, optional, target_key)),
        owner_role: "revenue operations".into(),
        retest: "run check_data_readiness on a new export of both tables".into(),
        provenance: Provenance::Measured,
    })
}

/// The rows without a working key, as a query of its own.
fn evidence(link: &Link, optional: bool, target_key: &str) -> String {
    let (table, target) = (quoted_in_sql(&link.table), quoted_in_sql(&link.target));
    let (key, own) = (quoted_in_sql(&link.column), quoted_in_sql(target_key));
    let empty = empty_in_sql(&link.column);
    let known = format!("SELECT trim({own}) FROM {target} WHERE NOT {}", empty_in_sql(target_key));
    let unknown = format!("(NOT {empty} AND trim({key}) NOT IN ({known}))");
    if optional {
        format!("SELECT count(*) FROM {table} WHERE {unknown}")
    } else {
        format!("SELECT count(*) FROM {table} WHERE {empty} OR {unknown}")
    }
}

/// Accounts nobody is known at.
fn childless(link: &Link, from_person: bool) -> Option<Finding> {
    if !from_person || link.unreferenced == 0 {
        return None;
    }
    Some(Finding {
        id: format!("childless.{}.{}", link.target, link.table),
        severity: Severity::Minor,
        subject: Subject { entity: Some(link.to), table: Some(link.target.clone()), column: None },
        what_found: format!(
            "{} of {} records of {} have no contact",
            link.unreferenced, link.targets, link.target
        ),
        why_it_blocks: "an agent asked to work such an account has nobody to reach".into(),
        fix: vec!["find contacts for the accounts worth working, and archive the rest".into()],
        affected_rows: Some(link.unreferenced),
        scanned_rows: Some(link.targets),
        evidence_query: None,
        owner_role: "revenue operations".into(),
        retest: "run check_data_readiness on a new export of both tables".into(),
        provenance: Provenance::Measured,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Verdict;

    fn link(missing: u64, dangling: u64) -> Facts {
        let link = Link {
            table: "contacts".into(),
            column: "account_id".into(),
            from: Entity::Contact,
            to: Entity::Account,
            target: "accounts".into(),
            target_key: "account_id".into(),
            rows: 1000,
            missing,
            dangling,
            targets: 100,
            unreferenced: 0,
            restorable_by_domain: None,
        };
        Facts { links: vec![link], ..Facts::default() }
    }

    #[test]
    fn a_key_that_joins_nothing_is_no_association() {
        let check = |missing, dangling| super::check(&link(missing, dangling), &Thresholds::default());
        assert_eq!(check(0, 0).checks[0].verdict, Verdict::Ready);
        assert_eq!(check(50, 0).checks[0].verdict, Verdict::Inconclusive);
        assert_eq!(check(0, 200).checks[0].verdict, Verdict::NotReady);
        assert_eq!(check(100, 100).findings[0].affected_rows, Some(200));
    }

    #[test]
    fn without_contacts_the_answer_is_unknown_and_says_what_to_give() {
        let part = super::check(&Facts::default(), &Thresholds::default());
        assert!(part.checks.is_empty());
        assert!(part.next_evidence.unwrap().contains("contacts"));
    }
}
