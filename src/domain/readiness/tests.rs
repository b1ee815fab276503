use super::*;
use crate::{
    profile::{ColumnProfile, TableProfile},
    recognition::{Mapping, recognise},
    value::Kind,
};
use facts::{Applicable, Link, TableFacts};

fn column(name: &str, kind: Kind, rows: u64, filled: u64) -> ColumnProfile {
    let mut column = ColumnProfile {
        name: name.into(),
        rows,
        nulls: rows - filled,
        distinct: filled,
        distinct_exact: true,
        ..ColumnProfile::default()
    };
    column.kinds[kind.index()] = filled;
    column
}

fn table(name: &str, rows: u64, columns: Vec<ColumnProfile>) -> TableFacts {
    let profile = TableProfile { name: name.into(), rows, columns };
    TableFacts { recognition: recognise(&profile, &Mapping::default()), profile, ..TableFacts::default() }
}

fn contacts(phones: u64) -> TableFacts {
    table(
        "contacts",
        1000,
        vec![
            column("contact_id", Kind::Text, 1000, 1000),
            column("email", Kind::Email, 1000, 990),
            column("phone", Kind::Phone, 1000, phones),
            column("job_title", Kind::Text, 1000, 900),
            column("email_consent", Kind::Boolean, 1000, 950),
            column("owner_id", Kind::Text, 1000, 1000),
        ],
    )
}

fn question(readiness: &Readiness, id: QuestionId) -> &Question {
    readiness.questions.iter().find(|question| question.id == id).unwrap()
}

#[test]
fn nothing_known_is_nothing_passed() {
    let readiness = check(&Facts::default(), &Thresholds::default());
    assert_eq!(readiness.verdict, Verdict::Unknown);
    assert!(
        readiness
            .questions
            .iter()
            .all(|question| question.verdict == Verdict::Unknown && question.next_evidence.is_some())
    );
    assert!(readiness.binding.is_some());
    assert!(readiness.measures.is_empty());
}

#[test]
fn an_empty_field_fails_its_question_and_is_counted() {
    let facts = Facts { tables: vec![contacts(550)], ..Facts::default() };
    let readiness = check(&facts, &Thresholds::default());
    assert_eq!(question(&readiness, QuestionId::Fields).verdict, Verdict::NotReady);
    let finding = readiness.findings.iter().find(|finding| finding.id == "fill.contacts.phone").unwrap();
    assert_eq!((finding.affected_rows, finding.scanned_rows), (Some(450), Some(1000)));
    let full = Facts { tables: vec![contacts(900)], ..Facts::default() };
    assert_eq!(question(&check(&full, &Thresholds::default()), QuestionId::Fields).verdict, Verdict::Ready);
}

#[test]
fn a_field_is_asked_only_of_the_rows_it_applies_to() {
    let mut deals = table(
        "deals",
        1000,
        vec![column("deal_id", Kind::Text, 1000, 1000), column("close_reason", Kind::Text, 1000, 290)],
    );
    deals.applicable.push(Applicable {
        column: "close_reason".into(),
        condition: "closed deals".into(),
        condition_sql: "lower(\"stage\") LIKE 'closed%'".into(),
        filled: crate::proportion::Proportion::new(290, 300),
    });
    let readiness = check(&Facts { tables: vec![deals], ..Facts::default() }, &Thresholds::default());
    let checks = &question(&readiness, QuestionId::Fields).checks;
    let reason = checks.iter().find(|check| check.id == "fill.deals.close_reason").unwrap();
    assert_eq!((reason.verdict, reason.counts), (Verdict::Ready, Some((290, 300))));
    let missing = checks.iter().find(|check| check.id == "fill.deals.amount").unwrap();
    assert_eq!(missing.verdict, Verdict::Unknown, "a column that is not there is unknown, not empty");
}

#[test]
fn what_was_not_read_keeps_every_question_from_passing() {
    let facts = Facts {
        tables: vec![contacts(900)],
        unread: vec![("deals.csv".into(), "line 3".into())],
        ..Facts::default()
    };
    let readiness = check(&facts, &Thresholds::default());
    assert_eq!(question(&readiness, QuestionId::Fields).verdict, Verdict::Unknown);
    assert_eq!(readiness.findings[0].id, "unread.deals.csv");
}

#[test]
fn the_binding_constraint_is_the_widest_miss() {
    let link = Link {
        table: "contacts".into(),
        column: "account_id".into(),
        from: Entity::Contact,
        to: Entity::Account,
        target: "accounts".into(),
        target_key: "account_id".into(),
        rows: 1000,
        missing: 700,
        dangling: 100,
        targets: 10,
        unreferenced: 2,
        restorable_by_domain: Some(300),
    };
    let facts = Facts { tables: vec![contacts(700)], links: vec![link], ..Facts::default() };
    let readiness = check(&facts, &Thresholds::default());
    let binding = readiness.binding.unwrap();
    assert_eq!(
        (binding.question, binding.check.as_str()),
        (QuestionId::Association, "link.contacts.account_id")
    );
    assert!(binding.reason.contains("20.0% (200 of 1000)"), "{}", binding.reason);
}

#[test]
fn a_score_is_judged_by_its_interval() {
    let with = |good: u64, bad: u64| {
        // Two score values; `good` of the higher one converted.
        let score = facts::Score {
            table: "leads".into(),
            column: "score".into(),
            outcome: "converted".into(),
            counts: vec![(10.0, bad, 1000), (90.0, good, 1000)],
        };
        let readiness = check(&Facts { scores: vec![score], ..Facts::default() }, &Thresholds::default());
        question(&readiness, QuestionId::LeadScore).verdict
    };
    assert_eq!(with(400, 10), Verdict::Ready);
    assert_eq!(with(200, 200), Verdict::NotReady);
    assert_eq!(with(20, 10), Verdict::Unknown, "thirty conversions say nothing");
}
