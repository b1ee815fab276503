use super::*;
use crate::{
    finding::Severity,
    measure::MeasureId,
    profile::{ColumnProfile, TableProfile},
    proportion::Proportion,
    provenance::Provenance,
    recognition::{Mapping, recognise},
    value::Kind,
};
use facts::{Applicable, Link, Restorable, TableFacts};
use proptest::prelude::*;

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

/// The keys of a thousand contacts, all of which join one of a hundred accounts.
pub(super) fn link_to_accounts() -> Link {
    Link {
        table: "contacts".into(),
        column: "account_id".into(),
        from: Entity::Contact,
        to: Entity::Account,
        target: "accounts".into(),
        target_key: "account_id".into(),
        many: false,
        any_case: false,
        others: Vec::new(),
        rows: 1000,
        missing: 0,
        dangling: 0,
        elsewhere: 0,
        targets: 100,
        unreferenced: 0,
        restorable: None,
    }
}

fn judge(facts: &Facts) -> Readiness {
    check(facts, &Lens::shipped().unwrap())
}

fn question(readiness: &Readiness, id: QuestionId) -> &Question {
    readiness.questions.iter().find(|question| question.id == id).unwrap()
}

#[test]
fn nothing_known_is_nothing_passed() {
    let readiness = judge(&Facts::default());
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
fn what_was_not_read_keeps_every_question_from_passing() {
    let facts = Facts {
        tables: vec![contacts(900)],
        unread: vec![("deals.csv".into(), "line 3".into())],
        ..Facts::default()
    };
    let readiness = judge(&facts);
    assert_eq!(question(&readiness, QuestionId::Fields).verdict, Verdict::Unknown);
    assert_eq!(readiness.findings[0].id, "unread.deals.csv");
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

/// A company without a fault: every check passes.
fn sound() -> Facts {
    let text = |name: &str| column(name, Kind::Text, 1000, 1000);
    let moments = |name: &str| {
        let mut column = column(name, Kind::Timestamp, 1000, 1000);
        column.date_formats[crate::value::DateFormat::YearFirst.index()] = 1000;
        column
    };
    let accounts = table(
        "accounts",
        1000,
        vec![
            text("account_id"),
            text("name"),
            column("domain", Kind::Domain, 1000, 1000),
            text("industry"),
            text("owner_id"),
        ],
    );
    let leads = table(
        "leads",
        1000,
        vec![text("lead_id"), text("contact_id"), moments("created_at"), text("lead_source")],
    );
    let deals = table(
        "deals",
        1000,
        vec![
            text("deal_id"),
            text("stage"),
            column("amount", Kind::Decimal, 1000, 1000),
            moments("created_at"),
            moments("close_date"),
            text("owner_id"),
            text("next_step"),
            text("close_reason"),
        ],
    );
    let activities =
        table("activities", 1000, vec![text("activity_id"), moments("occurred_at"), text("activity_type")]);
    let events = table("events", 1000, vec![text("event_id"), moments("occurred_at"), text("event_type")]);
    let now = 1_700_000_000_000_000;
    Facts {
        now,
        tables: vec![accounts, contacts(950), leads, deals, activities, events],
        links: vec![Link { targets: 1000, ..link_to_accounts() }],
        streams: vec![facts::Stream {
            table: "events".into(),
            time_column: "occurred_at".into(),
            rows: 1000,
            timed: 1000,
            future: 0,
            ancient: 0,
            types: Some(facts::EventTypes {
                column: "event_type".into(),
                seen: vec![("form_filled".into(), 700), ("page_view".into(), 300)],
                untyped: 0,
            }),
            newest: Some(now),
            known_person: Some(Proportion::new(950, 1000)),
            lags: Some(facts::Lags { column: "loaded_at".into(), minutes: vec![(5, 900), (120, 100)] }),
            days: Vec::new(),
        }],
        scores: vec![facts::Score {
            table: "leads".into(),
            column: "score".into(),
            outcome: "converted".into(),
            counts: vec![(10.0, 10, 400), (90.0, 400, 100)],
        }],
        ..Facts::default()
    }
}

fn count(entity: Entity, field: &str, hits: u64, trials: u64) -> facts::Aggregate {
    facts::Aggregate { entity, field: field.into(), role: None, filled: Proportion::new(hits, trials) }
}

fn workflow<'a>(readiness: &'a Readiness, id: &str) -> &'a WorkflowReadiness {
    readiness.workflows.iter().find(|workflow| workflow.id == id).unwrap()
}

fn any_check<'a>(readiness: &'a Readiness, id: &str) -> Option<&'a Check> {
    readiness.questions.iter().flat_map(|question| &question.checks).find(|check| check.id == id)
}

#[test]
fn a_sound_company_is_ready_in_every_way_and_has_no_finding() {
    let readiness = judge(&sound());
    let open: Vec<&str> = readiness
        .questions
        .iter()
        .flat_map(|question| &question.checks)
        .filter(|check| check.verdict != Verdict::Ready)
        .map(|check| check.id.as_str())
        .collect();
    assert!(open.is_empty(), "{open:?}");
    assert_eq!((readiness.verdict, readiness.binding.as_ref()), (Verdict::Ready, None));
    assert!(readiness.findings.is_empty(), "{:?}", readiness.findings);
    assert!(readiness.workflows.iter().all(|workflow| workflow.verdict == Verdict::Ready));
    assert!(readiness.entities.iter().all(|entity| entity.verdict == Verdict::Ready));
    assert!(readiness.wanted.is_empty(), "{:?}", readiness.wanted);
    assert_eq!(readiness.flows[0].lag_p50_hours, Some(5.0 / 60.0));
    assert_eq!(readiness.flows[0].lag_p95_hours, Some(2.0));
    assert_eq!(readiness.scanned.no_earlier_shape.len(), 6);
    let score = any_check(&readiness, "score.leads.score").unwrap();
    assert!(score.note.as_ref().unwrap().contains("times as often"), "{score:?}");
}

#[test]
fn a_table_read_in_part_can_fail_and_cannot_pass() {
    let part = |left_out: Vec<String>, rows_in_all, phones| {
        let mut facts = sound();
        facts.tables[1] = contacts(phones);
        facts.tables[1].scanned = facts::Scanned { left_out, rows_in_all, ..facts::Scanned::default() };
        judge(&facts)
    };
    for readiness in [part(vec!["line 7".into()], None, 950), part(Vec::new(), Some(1001), 950)] {
        assert_eq!(readiness.verdict, Verdict::Inconclusive);
        let phone = any_check(&readiness, "fill.contacts.phone").unwrap();
        assert_eq!(phone.verdict, Verdict::Inconclusive);
        assert!(phone.note.as_ref().unwrap().contains("only a part of contacts"));
        assert_eq!(any_check(&readiness, "link.contacts.account_id").unwrap().verdict, Verdict::Inconclusive);
        assert_eq!(any_check(&readiness, "fill.deals.stage").unwrap().verdict, Verdict::Ready);
        assert!(readiness.findings.iter().any(|finding| finding.id == "unread.contacts"));
        assert!(readiness.binding.unwrap().check == "unread.contacts");
        assert_eq!(readiness.scanned.left_out.len(), 1);
        assert!(!readiness.checked.contains("fill.contacts.phone"));
        assert!(!readiness.checked.contains("unread.contacts"));
        assert!(readiness.checked.contains("fill.deals.stage"));
    }
    let failed = part(vec!["line 7".into()], None, 500);
    assert_eq!(any_check(&failed, "fill.contacts.phone").unwrap().verdict, Verdict::NotReady);
    assert_eq!(
        part(Vec::new(), Some(1000), 950).verdict,
        Verdict::Ready,
        "all rows there are were handed in"
    );
}

#[test]
fn what_was_not_read_may_hold_the_newest_event_and_the_missing_person() {
    let mut facts = sound();
    facts.streams[0].newest = Some(0);
    facts.streams[0].known_person = Some(Proportion::new(100, 1000));
    let whole = judge(&facts);
    for id in ["events.age.events", "events.person.events"] {
        assert_eq!(any_check(&whole, id).unwrap().verdict, Verdict::NotReady);
        assert!(whole.findings.iter().any(|finding| finding.id == id));
    }
    for at in [1, 5] {
        facts.tables[at].scanned.rows_in_all = Some(5000);
    }
    let part = judge(&facts);
    for id in ["events.age.events", "events.person.events"] {
        assert_eq!(any_check(&part, id).unwrap().verdict, Verdict::Inconclusive);
        assert!(part.findings.iter().all(|finding| finding.id != id));
    }
}

#[test]
fn counts_made_elsewhere_answer_for_fields_that_are_not_here() {
    let alone = |counts: Vec<facts::Aggregate>| judge(&Facts { aggregates: counts, ..Facts::default() });
    let readiness = alone(vec![count(Entity::Contact, "Email", 9800, 10_000)]);
    let email = any_check(&readiness, "fill.contact.email").unwrap();
    assert_eq!((email.verdict, email.provenance), (Verdict::Ready, Provenance::Attested));
    let phone = any_check(&readiness, "fill.contact.phone").unwrap();
    assert_eq!((phone.verdict, phone.provenance), (Verdict::Unknown, Provenance::Unknown));
    assert_eq!(question(&readiness, QuestionId::Fields).verdict, Verdict::Unknown, "one count is not all");
    assert!(any_check(&readiness, "fill.contact.id").is_none(), "a system knows its own ids");

    let poor = alone(vec![count(Entity::Contact, "Email", 4000, 10_000)]);
    let finding = poor.findings.iter().find(|finding| finding.id == "fill.contact.email").unwrap();
    assert_eq!((finding.severity, finding.provenance), (Severity::Blocker, Provenance::Attested));
    assert_eq!((finding.affected_rows, finding.scanned_rows), (Some(6000), Some(10_000)));

    for (field, hits, said) in [
        ("Email", 11, "impossible"),
        ("Shoe_Size__c", 5, "say what the field is for"),
        ("createdate", 5, "say what"),
    ] {
        let readiness = alone(vec![count(Entity::Contact, field, hits, 10)]);
        assert!(readiness.scanned.left_out[0].contains(said), "{:?}", readiness.scanned.left_out);
        assert_eq!(readiness.verdict, Verdict::Unknown);
    }
}

#[test]
fn a_count_stands_in_for_a_missing_column_or_for_rows_not_handed_in_and_for_nothing_else() {
    let with = |facts: &mut Facts, hits| {
        facts.aggregates = vec![count(Entity::Contact, "phone", hits, 50_000)];
        let readiness = judge(facts);
        let check = readiness
            .questions
            .iter()
            .flat_map(|question| &question.checks)
            .find(|check| check.id.starts_with("fill.contacts.phone"))
            .unwrap();
        (check.verdict, check.provenance)
    };
    let mut whole = sound();
    assert_eq!(with(&mut whole, 10), (Verdict::Ready, Provenance::Measured), "measured is firmer than said");
    let mut missing = sound();
    missing.tables[1].recognition.columns.remove("phone");
    assert_eq!(with(&mut missing, 49_000), (Verdict::Ready, Provenance::Attested));
    assert_eq!(with(&mut missing, 10), (Verdict::NotReady, Provenance::Attested));
    let mut part = sound();
    part.tables[1].scanned.rows_in_all = Some(50_000);
    assert_eq!(with(&mut part, 49_000), (Verdict::Ready, Provenance::Attested));
}

#[test]
fn a_workflow_is_blocked_open_or_ready_by_the_checks_it_rests_on() {
    let nothing = judge(&Facts::default());
    for workflow in &nothing.workflows {
        assert_eq!(workflow.verdict, Verdict::Unknown, "{}", workflow.id);
        assert_eq!((workflow.checks.len(), workflow.open.len()), (0, workflow.needs.len()));
        assert!(workflow.binding.as_ref().unwrap().reason.starts_with("there is no data on"));
    }

    let mut facts = sound();
    facts.tables[3].profile.columns[6] = column("next_step", Kind::Text, 1000, 300);
    let readiness = judge(&facts);
    let risk = workflow(&readiness, "risk_monitoring");
    assert_eq!(
        (risk.verdict, risk.blocked_by.as_slice()),
        (Verdict::NotReady, &["fill.deals.next_step".to_owned()][..])
    );
    assert_eq!(risk.binding.as_ref().unwrap().check, "fill.deals.next_step");
    assert_eq!(workflow(&readiness, "account_expansion").verdict, Verdict::Ready, "it asks for no next step");

    let mut facts = sound();
    facts.streams[0].known_person = None;
    let readiness = judge(&facts);
    let expansion = workflow(&readiness, "account_expansion");
    assert_eq!(
        (expansion.verdict, expansion.open.as_slice()),
        (Verdict::Unknown, &["events.person.events".to_owned()][..])
    );
    assert_eq!(workflow(&readiness, "risk_monitoring").verdict, Verdict::Ready);

    let mut facts = sound();
    facts.unread.push(("more.csv".into(), "line 3".into()));
    assert!(judge(&facts).workflows.iter().all(|workflow| workflow.verdict == Verdict::Unknown));
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

#[test]
fn without_data_the_first_queries_ask_for_what_work_stops_without() {
    let readiness = judge(&Facts::default());
    let queries = next_queries(&Facts::default(), &readiness, &[System::Salesforce]);
    assert_eq!(queries.len(), 12);
    assert_eq!(queries[0].query, "SELECT COUNT() FROM Contact WHERE Email != null");
    assert_eq!(queries[0].total_query.as_deref(), Some("SELECT COUNT() FROM Contact"));
    assert_eq!(queries[0].settles, "fill.contact.email");
    let asked: Vec<Entity> = queries.iter().map(|query| query.hand_back.entity).collect();
    for entity in [Entity::Contact, Entity::Account, Entity::Deal, Entity::Activity] {
        assert!(asked.contains(&entity), "{asked:?}");
    }
    let essential = queries.iter().take_while(|query| query.reason.contains("work stops")).count();
    assert_eq!(essential, 4, "e-mail, stage, time and the key of the account come first");
    assert!(next_queries(&Facts::default(), &readiness, &[]).is_empty());

    let queries = next_queries(&Facts::default(), &readiness, &[System::HubSpot]);
    let body: serde_json::Value = serde_json::from_str(&queries[0].query).unwrap();
    assert_eq!(
        body,
        serde_json::json!({
            "filterGroups": [{ "filters": [{ "propertyName": "email", "operator": "HAS_PROPERTY" }] }],
            "limit": 1
        })
    );
    assert_eq!(queries[0].object.as_deref(), Some("contacts"));
    let warehouse = next_queries(&Facts::default(), &readiness, &[System::Warehouse]);
    assert!(warehouse[0].query.ends_with("FROM \"contacts\""), "{}", warehouse[0].query);
}

#[test]
fn an_answer_handed_back_settles_the_check_its_query_named() {
    let mut facts = Facts::default();
    for _ in 0..40 {
        let readiness = judge(&facts);
        let queries = next_queries(&facts, &readiness, &[System::Salesforce, System::HubSpot]);
        let Some(NextQuery { settles, hand_back: HandBack { entity, field, role }, .. }) = queries.first()
        else {
            break;
        };
        facts.aggregates.push(facts::Aggregate {
            entity: *entity,
            field: field.clone(),
            role: Some(*role),
            filled: Proportion::new(990, 1000),
        });
        let after = judge(&facts);
        let check = any_check(&after, settles).unwrap_or_else(|| panic!("{settles} is not settled"));
        assert_eq!((check.verdict, check.provenance), (Verdict::Ready, Provenance::Attested));
    }
    let readiness = judge(&facts);
    assert_eq!(question(&readiness, QuestionId::Fields).verdict, Verdict::Ready);
    assert_eq!(question(&readiness, QuestionId::Association).verdict, Verdict::Ready);
    assert_eq!(readiness.verdict, Verdict::Unknown, "no count answers for events and scores");
}

#[test]
fn what_is_known_least_surely_is_asked_last_and_widest_first() {
    let mut facts = sound();
    facts.tables[1].profile.columns[2] = column("phone", Kind::Phone, 1000, 800);
    facts.tables[1].profile.columns[3] = column("job_title", Kind::Text, 10, 8);
    facts.tables[0].recognition.columns.remove("industry");
    let readiness = judge(&facts);
    let order: Vec<&str> = readiness.wanted.iter().map(|wanted| wanted.settles.as_str()).collect();
    assert_eq!(order, ["fill.accounts.industry", "fill.contacts.job_title", "fill.contacts.phone"]);
    let queries = next_queries(&facts, &readiness, &[System::Warehouse]);
    assert_eq!(queries.len(), 1, "the same rows are not counted twice: {queries:?}");
}

#[test]
fn every_finding_was_looked_for() {
    let mut facts = sound();
    facts.tables[1].profile.columns[2].padded = 3;
    facts.tables[1].profile.columns[2].controls = 3;
    facts.tables[1].profile.columns[2].instructions = 3;
    facts.tables[1].profile.columns[2].top = vec![("x".into(), 500)];
    facts.tables[3].profile.columns[3].date_formats[1] = 100;
    facts.tables[3].profile.columns[3].implausible_moments = 1;
    facts.streams[0].ancient = 4;
    facts.streams[0].future = 4;
    facts.links[0].missing = 400;
    let mut before: Vec<facts::Shape> = facts.tables.iter().map(facts::Shape::of).collect();
    before[1].rows = 9000;
    before[0].columns[0].value_type = "integer".into();
    before[0].columns.pop();
    facts.earlier = before;
    let readiness = judge(&facts);
    let ids: Vec<&str> = readiness.findings.iter().map(|finding| finding.id.as_str()).collect();
    for expected in [
        "padded.contacts.phone",
        "control.contacts.phone",
        "instruction.contacts.phone",
        "shared.contacts.phone",
        "dates.deals.created_at",
        "implausible.deals.created_at",
        "events.ancient.events",
        "events.future.events",
        "link.contacts.account_id",
        "drift.rows.contacts",
        "drift.type.accounts.account_id",
        "drift.new.accounts",
    ] {
        assert!(ids.contains(&expected), "{expected} not in {ids:?}");
    }
    for id in ids {
        assert!(readiness.checked.contains(id), "{id} was found and not looked for");
    }
}

/// What may be unknown of a sound company: each number takes something away.
fn with_unknowns(taken: &[usize]) -> Facts {
    let mut facts = sound();
    for unknown in taken {
        match unknown {
            0 => facts.unread.push(("other.csv".into(), "line 3".into())),
            1 => facts.streams[0].known_person = None,
            2 => facts.streams[0].lags = None,
            3 => facts.streams[0].types = None,
            4 => facts.scores.clear(),
            5 => facts.links.clear(),
            at if at % 2 == 0 => {
                let table = (at / 2) % facts.tables.len();
                facts.tables[table].scanned.left_out.push("line 9".into());
            }
            at => {
                let table = (at / 2) % facts.tables.len();
                let columns = &mut facts.tables[table].recognition.columns;
                let name = columns.keys().nth(at % columns.len().max(1)).cloned();
                if let Some(name) = name {
                    columns.remove(&name);
                }
            }
        }
    }
    facts
}

/// Everything a reader may take for a pass.
fn passes(readiness: &Readiness) -> std::collections::BTreeSet<String> {
    let whole = [("all".to_owned(), readiness.verdict)];
    let questions = readiness.questions.iter().map(|part| (format!("q {}", part.id.name()), part.verdict));
    let entities = readiness.entities.iter().map(|part| (format!("e {}", part.entity.name()), part.verdict));
    let workflows = readiness.workflows.iter().map(|part| (format!("w {}", part.id), part.verdict));
    let checks = readiness.questions.iter().flat_map(|question| &question.checks);
    let checks = checks.map(|check| (format!("c {}", check.id), check.verdict));
    whole
        .into_iter()
        .chain(questions)
        .chain(entities)
        .chain(workflows)
        .chain(checks)
        .filter(|(_, verdict)| *verdict == Verdict::Ready)
        .map(|(name, _)| name)
        .collect()
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
fn a_silence_in_a_table_read_in_part_is_no_gap() {
    let mut facts = sound();
    facts.streams[0].days = (0..42).filter(|day| !(21..25).contains(day)).map(|day| (day, 30)).collect();
    let is_told =
        |facts: &Facts| judge(facts).findings.iter().any(|finding| finding.id == "events.gap.events");
    assert!(is_told(&facts));
    facts.tables[5].scanned.rows_in_all = Some(5000);
    assert!(!is_told(&facts), "the missing days may be among the rows that were not read");
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
fn what_nobody_can_tell_does_not_count_among_the_fields_that_are_empty() {
    let deals = table("deals", 1000, vec![column("deal_id", Kind::Text, 1000, 1000)]);
    let readiness = judge(&Facts { tables: vec![contacts(550), deals], ..Facts::default() });
    let share = readiness.measures.iter().find(|measure| measure.id == MeasureId::FieldsFilledShare).unwrap();
    assert!((share.value - 6.0 / 7.0).abs() < 1e-12, "{share:?}");
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
fn no_kind_of_record_passes_where_a_file_was_not_read() {
    let mut facts = sound();
    facts.unread.push(("more.csv".into(), "line 3".into()));
    let readiness = judge(&facts);
    assert!(!readiness.entities.is_empty());
    assert!(readiness.entities.iter().all(|entity| entity.verdict == Verdict::Unknown));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn one_unknown_more_never_makes_a_pass(
        taken in proptest::collection::vec(0_usize..40, 0..6),
        more in 0_usize..40,
    ) {
        let before = passes(&judge(&with_unknowns(&taken)));
        let mut all = taken;
        all.push(more);
        let after = passes(&judge(&with_unknowns(&all)));
        prop_assert!(after.is_subset(&before), "new passes: {:?}", after.difference(&before).collect::<Vec<_>>());
    }

    #[test]
    fn no_check_of_a_table_read_in_part_passes(
        filled in 0_u64..=1000,
        missing in 0_u64..=1000,
        at in 0_usize..6,
        rows_in_all in prop_oneof![Just(None), (1001_u64..5000).prop_map(Some)],
    ) {
        let mut facts = sound();
        facts.tables[1] = contacts(filled);
        facts.links[0].missing = missing;
        let name = facts.tables[at].profile.name.clone();
        facts.tables[at].scanned.rows_in_all = rows_in_all;
        if rows_in_all.is_none() {
            facts.tables[at].scanned.left_out.push("line 2".into());
        }
        let readiness = judge(&facts);
        for check in readiness.questions.iter().flat_map(|question| &question.checks) {
            prop_assert!(!check.tables.contains(&name) || check.verdict != Verdict::Ready, "{}", check.id);
        }
        prop_assert!(readiness.verdict != Verdict::Ready);
        let entity = facts.tables[at].entity();
        let of = readiness.entities.iter().find(|part| Some(part.entity) == entity).unwrap();
        prop_assert!(of.verdict != Verdict::Ready);
        let told = ["unread.", &name].concat();
        prop_assert!(readiness.findings.iter().any(|finding| finding.id == told));
    }
}
