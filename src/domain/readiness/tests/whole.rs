//! A whole company: all that is asked of it, and which work it allows.

use super::*;

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
