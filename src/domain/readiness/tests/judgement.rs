//! What fails, how gravely, and what binds.

use super::*;

#[test]
fn an_empty_field_fails_its_question_and_is_counted() {
    let facts = Facts { tables: vec![contacts(550)], ..Facts::default() };
    let readiness = judge(&facts);
    assert_eq!(question(&readiness, QuestionId::Fields).verdict, Verdict::NotReady);
    let finding = readiness.findings.iter().find(|finding| finding.id == "fill.contacts.phone").unwrap();
    assert_eq!((finding.affected_rows, finding.scanned_rows), (Some(450), Some(1000)));
    let full = Facts { tables: vec![contacts(900)], ..Facts::default() };
    assert_eq!(question(&judge(&full), QuestionId::Fields).verdict, Verdict::Ready);
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
    let readiness = judge(&Facts { tables: vec![deals], ..Facts::default() });
    let checks = &question(&readiness, QuestionId::Fields).checks;
    let reason = checks.iter().find(|check| check.id == "fill.deals.close_reason").unwrap();
    assert_eq!((reason.verdict, reason.counts), (Verdict::Ready, Some((290, 300))));
    let missing = checks.iter().find(|check| check.id == "fill.deals.amount").unwrap();
    assert_eq!(missing.verdict, Verdict::Unknown, "a column that is not there is unknown, not empty");
}

#[test]
fn the_binding_constraint_is_the_widest_miss() {
    let link = Link {
        missing: 700,
        dangling: 100,
        targets: 10,
        unreferenced: 2,
        restorable: Some(Restorable { by_domain: 300, ..Restorable::default() }),
        ..link_to_accounts()
    };
    let facts = Facts { tables: vec![contacts(700)], links: vec![link], ..Facts::default() };
    let readiness = judge(&facts);
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
        let readiness = judge(&Facts { scores: vec![score], ..Facts::default() });
        question(&readiness, QuestionId::LeadScore).verdict
    };
    assert_eq!(with(400, 10), Verdict::Ready);
    assert_eq!(with(200, 200), Verdict::NotReady);
    assert_eq!(with(20, 10), Verdict::Unknown, "thirty conversions say nothing");
}

#[test]
fn a_lag_below_zero_is_a_clock_error_and_no_quick_pipeline() {
    let mut facts = sound();
    facts.streams[0].lags.as_mut().unwrap().minutes = vec![(-60, 1000)];
    let readiness = judge(&facts);
    let lag = any_check(&readiness, "events.lag.events").unwrap();
    assert_eq!((lag.verdict, lag.value), (Verdict::Unknown, None));
    assert!(
        readiness
            .findings
            .iter()
            .any(|finding| finding.id.starts_with("events.") && finding.severity == Severity::Major)
    );
}

#[test]
fn a_bound_holds_up_to_the_threshold_itself() {
    let aged = |micros: i64| {
        let mut facts = sound();
        facts.streams[0].newest = Some(facts.now - micros);
        any_check(&judge(&facts), "events.age.events").unwrap().verdict
    };
    let week = 7 * 86_400_000_000;
    assert_eq!((aged(week), aged(week + 1)), (Verdict::Ready, Verdict::NotReady));
}

#[test]
fn late_events_are_grave_only_where_more_than_a_twentieth_is_late() {
    let severity = |late: u64| {
        let mut facts = sound();
        facts.streams[0].lags.as_mut().unwrap().minutes = vec![(5, 1000 - late), (2880, late)];
        let found = judge(&facts).findings.into_iter().find(|finding| finding.id == "events.lag.events");
        found.map(|finding| finding.severity)
    };
    assert_eq!(
        [severity(0), severity(20), severity(100)],
        [None, Some(Severity::Minor), Some(Severity::Major)]
    );
}

#[test]
fn only_an_essential_field_that_is_mostly_empty_blocks() {
    let severity = |name: &str, kind: Kind, at: usize, filled: u64| {
        let mut facts = sound();
        facts.tables[1].profile.columns[at] = column(name, kind, 1000, filled);
        let id = ["fill.contacts.", name].concat();
        judge(&facts).findings.into_iter().find(|finding| finding.id == id).unwrap().severity
    };
    assert_eq!(severity("email", Kind::Email, 1, 499), Severity::Blocker);
    assert_eq!(severity("email", Kind::Email, 1, 500), Severity::Major);
    assert_eq!(severity("phone", Kind::Phone, 2, 100), Severity::Major, "work goes on without a phone");
}

#[test]
fn a_score_needs_leads_that_did_not_convert_too() {
    let score = facts::Score {
        table: "leads".into(),
        column: "score".into(),
        outcome: "converted".into(),
        counts: vec![(10.0, 10, 49), (90.0, 1000, 0)],
    };
    let readiness = judge(&Facts { scores: vec![score], ..Facts::default() });
    assert_eq!(any_check(&readiness, "score.leads.score").unwrap().verdict, Verdict::Unknown);
}

#[test]
fn what_blocks_binds_before_what_misses_by_more() {
    let binding = |emails: u64, phones: u64, titles: u64| {
        let mut facts = sound();
        let columns = &mut facts.tables[1].profile.columns;
        columns[1] = column("email", Kind::Email, 1000, emails);
        columns[2] = column("phone", Kind::Phone, 1000, phones);
        columns[3] = column("job_title", Kind::Text, 1000, titles);
        judge(&facts).binding.unwrap().check
    };
    assert_eq!(binding(450, 100, 900), "fill.contacts.email", "it blocks, though the phone misses by more");
    assert_eq!(binding(990, 600, 200), "fill.contacts.job_title", "of equals the widest miss binds");
}

#[test]
fn a_lead_with_the_key_of_a_contact_needs_no_address_of_its_own() {
    let readiness = judge(&sound());
    assert!(any_check(&readiness, "fill.leads.email").is_none());
    let mut facts = sound();
    facts.tables[2].profile.columns.remove(1);
    facts.tables[2].recognition = recognise(&facts.tables[2].profile, &Mapping::default());
    let readiness = judge(&facts);
    assert_eq!(any_check(&readiness, "fill.leads.email").unwrap().verdict, Verdict::Unknown);
    assert_eq!(any_check(&readiness, "fill.leads.consent").unwrap().verdict, Verdict::Unknown);
}
