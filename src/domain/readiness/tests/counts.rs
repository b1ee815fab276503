//! Counts made elsewhere, and the queries that ask for them.

use super::*;

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
