//! What is not known is never a pass.

use super::*;
use proptest::prelude::*;

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
fn what_nobody_can_tell_does_not_count_among_the_fields_that_are_empty() {
    let deals = table("deals", 1000, vec![column("deal_id", Kind::Text, 1000, 1000)]);
    let readiness = judge(&Facts { tables: vec![contacts(550), deals], ..Facts::default() });
    let share = readiness.measures.iter().find(|measure| measure.id == MeasureId::FieldsFilledShare).unwrap();
    assert!((share.value - 6.0 / 7.0).abs() < 1e-12, "{share:?}");
}

#[test]
fn no_kind_of_record_passes_where_a_file_was_not_read() {
    let mut facts = sound();
    facts.unread.push(("more.csv".into(), "line 3".into()));
    let readiness = judge(&facts);
    assert!(!readiness.entities.is_empty());
    assert!(readiness.entities.iter().all(|entity| entity.verdict == Verdict::Unknown));
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
