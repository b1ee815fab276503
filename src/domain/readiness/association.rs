//! Question two: does every contact belong to an account that exists?

use super::{
    Check, Facts, Part, aggregates,
    facts::{Aggregate, Link, Restorable},
    lens::Thresholds,
    partial, percent,
};
use crate::{
    entity::Entity,
    finding::{Finding, Severity, Subject},
    measure::{Measure, MeasureId},
    proportion::Proportion,
    provenance::Provenance,
    recognition::Role,
    value::{empty_in_sql, quoted_in_sql, text_in_sql},
    verdict::Verdict,
};

pub(super) fn check(facts: &Facts, thresholds: &Thresholds) -> Part {
    let mut part = Part::default();
    for link in &facts.links {
        let from_person = link.from == Entity::Contact && link.to == Entity::Account;
        if from_person {
            part.checks.push(person_to_account(facts, link, thresholds));
            part.measures.extend(Measure::of(MeasureId::ContactAccountLinkShare, link.joined()));
        }
        part.findings.extend(broken(facts, link, from_person));
        // A person at the account may be among the rows that were not read.
        if partial::is_whole(facts, &link.table) {
            part.findings.extend(childless(link, from_person));
        }
    }
    if part.checks.is_empty() {
        without_a_link(facts, thresholds, &mut part);
    }
    if part.checks.iter().all(|check| check.verdict == Verdict::Unknown) {
        part.next_evidence = Some(next_evidence(facts));
    }
    part
}

fn person_to_account(facts: &Facts, link: &Link, thresholds: &Thresholds) -> Check {
    let joined = link.joined();
    let id = format!("link.{}.{}", link.table, link.column);
    let what = format!("rows of {} whose {} joins {}", link.table, link.column, link.target);
    let mut check = Check::open(id, Entity::Contact, what, &thresholds.linked)
        .by_share(joined, Provenance::Measured)
        .counted_in([link.table.as_str(), &link.target])
        .about(Role::Key(Entity::Account));
    if link.elsewhere > 0 {
        check.add_note(&format!(
            "{} more rows hold a key that may be of a record in a table that is not here; they count neither way",
            link.elsewhere
        ));
    }
    // A key that joins nothing may join a record that was not read; only rows without any key surely fail.
    let with_key = Proportion::new(link.rows.saturating_sub(link.missing), link.rows);
    if check.verdict == Verdict::NotReady
        && !partial::is_whole(facts, &link.target)
        && with_key.judge(thresholds.linked.value) != Verdict::NotReady
    {
        check.verdict = Verdict::Inconclusive;
    }
    check
}

/// Where no key of contacts was followed, a count of contacts with a key answers; without one the check is open.
fn without_a_link(facts: &Facts, thresholds: &Thresholds, part: &mut Part) {
    let role = Role::Key(Entity::Account);
    let contacts = facts.tables.iter().find(|table| table.entity() == Some(Entity::Contact));
    let name = contacts.map_or("contact", |table| table.profile.name.as_str());
    let open = |what| {
        Check::open(format!("link.{name}.{role}"), Entity::Contact, what, &thresholds.linked).about(role)
    };
    match aggregates::of(facts, Entity::Contact, role) {
        Some(count) => counted(open(format!("contacts with a value in {}", count.field)), count, part),
        None if contacts.is_some() => {
            part.checks.push(open(format!("no key of {name} joins a table of accounts")).counted_in([name]));
        }
        None => {}
    }
}

fn counted(open: Check, count: &Aggregate, part: &mut Part) {
    let mut check = open.by_share(count.filled, Provenance::Attested);
    check.add_note("whether each key is that of an account that exists was not looked up");
    let measure = Measure::of(MeasureId::ContactAccountLinkShare, count.filled);
    part.measures.extend(measure.map(|measure| measure.on(Provenance::Attested)));
    if check.verdict == Verdict::NotReady {
        let missing = count.filled.trials - count.filled.hits;
        part.findings.push(Finding {
            id: check.id.clone(),
            severity: Severity::Blocker,
            subject: Subject {
                entity: Some(Entity::Contact),
                table: None,
                column: Some(count.field.clone()),
            },
            what_found: format!(
                "{missing} of {} contacts have no `{}`, as counted elsewhere",
                count.filled.trials, count.field
            ),
            why_it_blocks: "an agent cannot tell which account these contacts belong to".into(),
            fix: vec![
                format!(
                    "set `{}` by the domain of the e-mail address, after a look at a sample",
                    count.field
                ),
                "make the association required where records are created".into(),
            ],
            affected_rows: Some(missing),
            scanned_rows: Some(count.filled.trials),
            evidence_query: None,
            owner_role: "revenue operations".into(),
            retest: "count again and hand the count in".into(),
            provenance: Provenance::Attested,
        });
    }
    part.checks.push(check);
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
fn broken(facts: &Facts, link: &Link, from_person: bool) -> Option<Finding> {
    // An event of an unknown visitor and a call outside any deal have no key for good reason; question three
    // counts the events.
    let optional =
        matches!(link.from, Entity::Event | Entity::Activity | Entity::History) && link.to != Entity::User;
    let missing = if optional { 0 } else { link.missing };
    // Where only a part of the target was read, a key that joins nothing there is no fault yet.
    let whole = partial::is_whole(facts, &link.target);
    let link = &Link { dangling: if whole { link.dangling } else { 0 }, ..link.clone() };
    let affected = missing + link.dangling;
    if affected == 0 {
        return None;
    }
    let Link { table, column, target, target_key, rows, dangling, .. } = link;
    let share = affected as f64 / *rows as f64;
    let mut fix = link.restorable.map(ways_back).unwrap_or_default();
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
            "{affected} of {rows} rows of {table} ({}) have no working `{column}`: {}{dangling} hold a key that is not in {target}{}",
            percent(share),
            if optional {
                format!("{} more have none, as they may; ", link.missing)
            } else {
                format!("{missing} have none and ")
            },
            link.restorable.map(restorable).unwrap_or_default(),
        ),
        why_it_blocks: format!(
            "an agent cannot tell which {} these rows belong to, so it works without that context or on the wrong record",
            link.to.name()
        ),
        fix,
        affected_rows: Some(affected),
        scanned_rows: Some(*rows),
        // Several keys in a cell are no join in plain SQL.
        evidence_query: (!link.many).then(|| evidence(link, optional, target_key)),
        owner_role: "revenue operations".into(),
        retest: "run check_data_readiness on a new export of both tables".into(),
        provenance: Provenance::Measured,
    })
}

/// What could be done about the rows, in numbers.
fn restorable(rows: Restorable) -> String {
    let Restorable { by_domain, by_name, by_likeness, free_mail } = rows;
    let told = [
        (by_domain, "the e-mail domain is exactly one account's"),
        (by_name, "the company they name is exactly one account's"),
        (by_likeness.unwrap_or(0), "the domain or company is one letter from one account's"),
        (free_mail, "the address is at a mail provider and names no employer"),
    ]
    .into_iter()
    .filter(|(rows, _)| *rows > 0)
    .fold(String::new(), |told, (rows, what)| told + &format!("; for {rows} of them {what}"));
    match by_likeness {
        Some(_) => told,
        None => told + "; whose domain or company is merely alike was not looked for among so many accounts",
    }
}

/// The steps that give rows their key back, the surest first.
fn ways_back(rows: Restorable) -> Vec<String> {
    [
        (rows.by_domain, "link the rows whose e-mail domain is one account's, after a look at a sample"),
        (rows.by_name, "link the rows that name one account's company, after a look at a sample"),
        (
            rows.by_likeness.unwrap_or(0),
            "have a person confirm the rows whose domain or company is one letter off",
        ),
        (
            rows.free_mail,
            "ask the persons with an address at a mail provider where they work, or enrich them",
        ),
    ]
    .into_iter()
    .filter(|(rows, _)| *rows > 0)
    .map(|(_, step)| step.to_owned())
    .collect()
}

/// The rows without a working key, as a query of its own.
fn evidence(link: &Link, optional: bool, target_key: &str) -> String {
    let (table, target) = (quoted_in_sql(&link.table), quoted_in_sql(&link.target));
    let (key, own) = (text_in_sql(&link.column), text_in_sql(target_key));
    let empty = empty_in_sql(&link.column);
    let known = format!("SELECT trim({own}) FROM {target} WHERE NOT {}", empty_in_sql(target_key));
    let others = link.others.iter().map(|(table, own)| {
        let (from, key) = (quoted_in_sql(table), text_in_sql(own));
        format!(" UNION ALL SELECT trim({key}) FROM {from} WHERE NOT {}", empty_in_sql(own))
    });
    let known = known + &others.collect::<String>();
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
        evidence_query: Some(unreferenced(link)),
        owner_role: "revenue operations".into(),
        retest: "run check_data_readiness on a new export of both tables".into(),
        provenance: Provenance::Measured,
    })
}

/// The records that no key points at, as a query of its own.
fn unreferenced(link: &Link) -> String {
    let (table, target) = (quoted_in_sql(&link.table), quoted_in_sql(&link.target));
    let (key, own) = (text_in_sql(&link.column), text_in_sql(&link.target_key));
    let used = format!("SELECT trim({key}) FROM {table} WHERE NOT {}", empty_in_sql(&link.column));
    format!(
        "SELECT count(DISTINCT trim({own})) AS records FROM {target} WHERE NOT {} AND trim({own}) NOT IN ({used})",
        empty_in_sql(&link.target_key)
    )
}

#[cfg(test)]
mod tests {
    use super::{super::tests::link_to_accounts, *};
    use crate::{
        profile::TableProfile,
        readiness::{
            Lens,
            facts::{Scanned, TableFacts},
        },
    };

    fn check(facts: &Facts) -> Part {
        super::check(facts, &Lens::shipped().unwrap().thresholds)
    }

    fn link(missing: u64, dangling: u64) -> Facts {
        let link = Link { missing, dangling, ..link_to_accounts() };
        Facts { links: vec![link], ..Facts::default() }
    }

    #[test]
    fn a_key_that_joins_nothing_is_no_association() {
        let check = |missing, dangling| check(&link(missing, dangling));
        assert_eq!(check(0, 0).checks[0].verdict, Verdict::Ready);
        assert_eq!(check(50, 0).checks[0].verdict, Verdict::Inconclusive);
        assert_eq!(check(0, 200).checks[0].verdict, Verdict::NotReady);
        assert_eq!(check(100, 100).findings[0].affected_rows, Some(200));
    }

    #[test]
    fn contacts_without_an_account_block_from_more_than_a_twentieth_on() {
        let severity = |missing| check(&link(missing, 0)).findings[0].severity;
        assert_eq!((severity(50), severity(51)), (Severity::Major, Severity::Blocker));
    }

    #[test]
    fn an_event_of_an_unknown_visitor_lacks_nothing() {
        let from = |from, missing, dangling| {
            let mut facts = link(missing, dangling);
            facts.links[0].from = from;
            check(&facts).findings.first().map(|finding| finding.affected_rows)
        };
        assert_eq!(from(Entity::Event, 300, 0), None);
        assert_eq!(from(Entity::Event, 300, 20), Some(Some(20)));
        assert_eq!(from(Entity::Deal, 300, 20), Some(Some(320)));
    }

    #[test]
    fn a_key_of_a_record_that_may_be_elsewhere_counts_neither_way() {
        let mut facts = link(100, 0);
        facts.links[0].elsewhere = 850;
        let part = check(&facts);
        assert_eq!(part.checks[0].verdict, Verdict::NotReady, "50 of the 150 that can be told have one");
        assert!(part.checks[0].note.as_ref().unwrap().contains("850 more rows"));
        assert_eq!(part.findings[0].affected_rows, Some(100));
    }

    #[test]
    fn without_contacts_the_answer_is_unknown_and_says_what_to_give() {
        let part = check(&Facts::default());
        assert!(part.checks.is_empty());
        assert!(part.next_evidence.unwrap().contains("contacts"));
    }

    #[test]
    fn every_way_back_is_told_with_its_rows() {
        let mut facts = link(300, 0);
        facts.links[0].restorable =
            Some(Restorable { by_domain: 100, by_name: 20, by_likeness: Some(3), free_mail: 50 });
        let finding = &check(&facts).findings[0];
        for told in ["for 100 of them the e-mail domain", "for 20 of them", "for 3 of them", "for 50 of them"]
        {
            assert!(finding.what_found.contains(told), "{}", finding.what_found);
        }
        assert_eq!(finding.fix.len(), 6);
        assert!(!check(&link(300, 0)).findings[0].what_found.contains("for 0"));
        facts.links[0].restorable = Some(Restorable { by_domain: 100, ..Restorable::default() });
        assert!(check(&facts).findings[0].what_found.contains("not looked for among so many accounts"));
    }

    #[test]
    fn a_key_that_points_outside_what_was_read_is_no_fault_yet() {
        let accounts = TableFacts {
            profile: TableProfile { name: "accounts".into(), rows: 100, columns: Vec::new() },
            scanned: Scanned { rows_in_all: Some(5000), ..Scanned::default() },
            ..TableFacts::default()
        };
        let with = |missing, dangling| Facts { tables: vec![accounts.clone()], ..link(missing, dangling) };
        let part = check(&with(0, 900));
        assert_eq!((part.checks[0].verdict, part.findings.len()), (Verdict::Inconclusive, 0));
        let part = check(&with(300, 600));
        assert_eq!((part.checks[0].verdict, part.findings[0].affected_rows), (Verdict::NotReady, Some(300)));
    }

    #[test]
    fn a_count_made_elsewhere_answers_where_there_is_no_table() {
        let with = |hits| Facts {
            aggregates: vec![Aggregate {
                entity: Entity::Contact,
                field: "AccountId".into(),
                role: None,
                filled: Proportion::new(hits, 1000),
            }],
            ..Facts::default()
        };
        let part = check(&with(990));
        assert_eq!(
            (part.checks[0].verdict, part.checks[0].provenance),
            (Verdict::Ready, Provenance::Attested)
        );
        assert_eq!(part.measures[0].provenance, Provenance::Attested);
        let part = check(&with(700));
        assert_eq!((part.checks[0].verdict, part.findings[0].affected_rows), (Verdict::NotReady, Some(300)));
    }
}
