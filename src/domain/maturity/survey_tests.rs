//! What holds for every lens: intervals, corrections, readings, several respondents, and the register.

use super::{
    Answer, AnswerError, Lens, ReadingState, Respondent, Survey, SurveyError, assess,
    lens::{HIGHEST_LEVEL, LOWEST_LEVEL},
    register::{Debt, DebtError, tally},
    survey,
};
use crate::{
    measure::{Measure, MeasureId},
    proportion::Interval,
    provenance::Provenance,
};
use jiff::civil::{Date, date};
use proptest::prelude::*;

fn answer(question: &str, level: u8) -> Answer {
    Answer { question: question.to_owned(), level: Some(level), note: None }
}

fn one(answers: Vec<Answer>) -> Vec<Respondent> {
    vec![Respondent { name: "head of marketing".to_owned(), answers }]
}

/// Every question of the lens at the level, with a note.
fn all_at(lens: &Lens, level: u8) -> Vec<Answer> {
    let note = || Some("shown".to_owned());
    let ids = lens.question_ids();
    ids.map(|(_, id)| Answer { question: id.to_owned(), level: Some(level), note: note() }).collect()
}

fn set(answers: &mut [Answer], prefix: &str, level: u8) {
    for answer in answers.iter_mut().filter(|answer| answer.question.starts_with(prefix)) {
        answer.level = Some(level);
    }
}

fn state(survey: &Survey, reading: &str) -> ReadingState {
    survey.readings.iter().find(|one| one.id == reading).unwrap_or_else(|| panic!("no {reading}")).state
}

fn width(ends: Interval) -> f64 {
    ends.high - ends.low
}

mod readings {
    use super::*;

    #[test]
    fn tell_structure_from_operations() {
        let lens = Lens::shipped("marketing_governance").unwrap();
        let cases = [(4, 4, "both"), (2, 4, "operations_only"), (4, 2, "structure_only"), (1, 2, "neither")];
        for (structure, operations, expected) in cases {
            let mut answers = all_at(&lens, structure);
            set(&mut answers, "revenue_process.", operations);
            set(&mut answers, "revenue_visibility.", operations);
            let survey = survey(&lens, &one(answers), &[]).unwrap();
            let held: Vec<&str> = survey.readings[..4]
                .iter()
                .filter(|reading| reading.state == ReadingState::Holds)
                .map(|reading| reading.id.as_str())
                .collect();
            assert_eq!(held, [expected]);
            let exactly = |level: u8| Interval { low: f64::from(level), high: f64::from(level) };
            let groups: Vec<Interval> = survey.groups.iter().map(|group| group.score).collect();
            assert_eq!(groups[..2], [exactly(structure), exactly(operations)]);
        }
    }

    #[test]
    fn stay_open_while_the_unknown_decides() {
        let lens = Lens::shipped("data_governance").unwrap();
        let nothing = survey(&lens, &[], &[]).unwrap();
        assert!(nothing.readings.iter().all(|reading| reading.state == ReadingState::Open));
        assert_eq!(nothing.assessment.stage, None);
        assert!(nothing.assessment.insufficient.is_some());
        let known = one(vec![answer("privacy_and_consent.consent_enforced", 2)]);
        let survey = survey(&lens, &known, &[]).unwrap();
        assert_eq!(state(&survey, "consent_gap"), ReadingState::Holds);
        assert_eq!(state(&survey, "recovery_met"), ReadingState::Open);
    }

    #[test]
    fn tell_the_demand_functions_that_were_neglected() {
        let lens = Lens::shipped("roi_engine").unwrap();
        let mut answers = all_at(&lens, 3);
        set(&mut answers, "demand_acceleration.", 1);
        set(&mut answers, "expansion_and_retention.", 2);
        let heavy = survey(&lens, &one(answers.clone()), &[]).unwrap();
        assert_eq!(state(&heavy, "front_heavy"), ReadingState::Holds);
        set(&mut answers, "expansion_and_retention.", 3);
        let even = survey(&lens, &one(answers), &[]).unwrap();
        assert_eq!(state(&even, "front_heavy"), ReadingState::DoesNotHold);
    }
}

#[test]
fn a_lens_without_stages_names_its_weakest_dimension() {
    let lens = Lens::shipped("rm6").unwrap();
    let mut answers = all_at(&lens, 4);
    set(&mut answers, "vendor_performance.", 2);
    let survey = survey(&lens, &one(answers), &[]).unwrap();
    assert_eq!(survey.assessment.stage, None);
    assert_eq!(survey.assessment.insufficient, None);
    assert_eq!(survey.assessment.entry, None);
    assert_eq!(survey.assessment.binding_dimension(), Some("vendor_performance"));
    assert_eq!(survey.assessment.missing_gates, []);
    let lifts = &survey.assessment.lifts;
    assert!(
        lifts[0].starts_with("raise `vendor_performance.") && lifts[0].contains("from level 2 to 3"),
        "{lifts:?}"
    );
}

#[test]
fn the_weakest_dimension_of_a_profile_may_wait_for_a_measurement() {
    let lens = Lens::shipped("rm6").unwrap();
    let assessment = assess(&lens, &all_at(&lens, 5), &[]).unwrap();
    assert_eq!(assessment.binding_dimension(), Some("technology_enabled_growth"));
    assert!(assessment.lifts[0].starts_with("measure `technology_enabled_growth."), "{:?}", assessment.lifts);
    let nothing = assess(&lens, &[], &[]).unwrap();
    assert_eq!(nothing.binding_dimension(), None);
    assert!(nothing.lifts.is_empty());
}

/// A count that somebody handed in is somebody's word, however exact it looks.
#[test]
fn a_number_that_was_handed_in_is_held_to_the_cap() {
    let lens = Lens::shipped("six_dimensions").unwrap();
    let link = "customer_data.contact_account_link";
    let score = |provenance: Provenance, said: &[Answer]| {
        let measure = Measure::exact(MeasureId::ContactAccountLinkShare, 0.99).on(provenance);
        let assessment = assess(&lens, said, &[measure]).unwrap();
        let question = assessment.dimensions[1].questions.iter().find(|one| one.id == link).unwrap().clone();
        (question, assessment.coverage)
    };
    let (measured, coverage) = score(Provenance::Measured, &[answer(link, 1)]);
    assert_eq!((measured.score.low, coverage.measured), (5.0, 1));
    let (attested, coverage) = score(Provenance::Attested, &[]);
    assert_eq!((attested.score.low, attested.score.high), (3.0, 3.0));
    assert_eq!((coverage.measured, coverage.attested, attested.provenance), (0, 1, Provenance::Attested));
    let (both, _) = score(Provenance::Attested, &[answer(link, 1)]);
    assert_eq!((both.score.low, both.score.high), (1.0, 3.0));
}

#[test]
fn what_is_built_ahead_of_its_ground_is_told() {
    let lens = Lens::shipped("agentic_architecture").unwrap();
    let mut answers = all_at(&lens, 4);
    set(&mut answers, "data_foundation.", 2);
    let found = survey(&lens, &one(answers), &[]).unwrap().built_ahead;
    let pairs: Vec<(&str, &str)> =
        found.iter().map(|one| (one.dimension.as_str(), one.rests_on.as_str())).collect();
    assert_eq!(pairs, [("workflow_design", "data_foundation"), ("intelligence_layer", "data_foundation")]);
    assert!(found[0].sentence.contains("the gap is at least 2.0"), "{}", found[0].sentence);
}

#[test]
fn revenue_architecture_is_by_design_only_if_every_component_is() {
    let lens = Lens::shipped("revenue_architecture").unwrap();
    let mut answers = all_at(&lens, 4);
    let name = |answers: &[Answer]| assess(&lens, answers, &[]).unwrap().stage.unwrap().names;
    assert_eq!(name(&answers), ["By design"]);
    set(&mut answers, "organisational_design.", 3);
    assert_eq!(name(&answers), ["Designed in part"]);
    set(&mut answers, "organisational_design.", 1);
    assert_eq!(name(&answers), ["By default"]);
}

#[test]
fn a_note_lifts_a_claim_to_the_documented_cap_and_no_further() {
    let lens = Lens::shipped("revenue_architecture").unwrap();
    let question = "go_to_market.motion";
    let score = |note: Option<&str>| {
        let said = Answer { note: note.map(str::to_owned), ..answer(question, 5) };
        let assessment = assess(&lens, &[said], &[]).unwrap();
        assessment.dimensions[0].questions[0].score
    };
    assert_eq!(score(None), Interval { low: 3.0, high: 3.0 });
    assert_eq!(score(Some(" ")), Interval { low: 3.0, high: 3.0 });
    assert_eq!(score(Some("plan of this year, page 3")), Interval { low: 4.0, high: 4.0 });

    let mut said = all_at(&lens, 5);
    for answer in &mut said {
        answer.note = None;
    }
    let gates = assess(&lens, &said, &[]).unwrap().missing_gates;
    let steps: Vec<&String> = gates.iter().flat_map(|gate| &gate.steps).collect();
    assert!(steps.iter().any(|step| step.starts_with("name in a note to `go_to_market.")), "{steps:?}");
}

mod respondents {
    use super::*;

    fn ask(said: &[(&str, &str, Option<u8>)]) -> Vec<Respondent> {
        let mut people: Vec<Respondent> = Vec::new();
        for (name, question, level) in said {
            let given = Answer { question: (*question).to_owned(), level: *level, note: None };
            match people.iter_mut().find(|one| one.name == *name) {
                Some(one) => one.answers.push(given),
                None => people.push(Respondent { name: (*name).to_owned(), answers: vec![given] }),
            }
        }
        people
    }

    #[test]
    fn who_differ_are_shown_and_open_the_interval() {
        let lens = Lens::shipped("six_dimensions").unwrap();
        let (content, link) = ("content.inventory", "customer_data.contact_account_link");
        let people = ask(&[
            ("sales", content, Some(1)),
            ("marketing", content, Some(3)),
            ("service", content, None),
            ("sales", link, Some(2)),
            ("marketing", link, Some(3)),
        ]);
        let survey = super::super::survey(&lens, &people, &[]).unwrap();
        assert_eq!(survey.respondents, 3);
        assert_eq!(survey.disagreements.len(), 2);
        let first = &survey.disagreements[0];
        assert_eq!(first.question, content);
        assert_eq!(first.said, [("marketing".to_owned(), 3), ("sales".to_owned(), 1)]);
        assert!(first.far_apart && first.settle.starts_with("look together for what level 3 describes"));
        let second = &survey.disagreements[1];
        assert!(!second.far_apart);
        assert_eq!(second.settle, "run check_data_readiness for contact_account_link_share");
        let mut scores = survey.assessment.dimensions.iter().flat_map(|one| &one.questions);
        let score = scores.find(|question| question.id == content).unwrap();
        assert_eq!(score.score, Interval { low: 1.0, high: 3.0 });
        assert_eq!(score.claimed, Some(3));

        let splits: Vec<(&str, usize, usize, f64)> = survey
            .splits
            .iter()
            .map(|one| (one.dimension.as_str(), one.compared, one.differ, one.mean_gap))
            .collect();
        assert_eq!(splits, [("content", 1, 1, 2.0), ("customer_data", 1, 1, 1.0)]);

        let tools = ["check_data_readiness"];
        let after = super::super::survey_after(&lens, &people, &[], &tools).unwrap();
        assert!(after.disagreements[1].settle.starts_with("look together"), "what was run is not run again");
        assert_eq!(after.assessment.next_measurement.unwrap().tool, "audit_mcp_coverage");
        assert!(after.assessment.next_questions.iter().all(|one| one.measurable_by != Some(tools[0])));

        let measured = [Measure::exact(MeasureId::ContactAccountLinkShare, 0.8)];
        let settled = super::super::survey(&lens, &people, &measured).unwrap();
        assert!(settled.disagreements.iter().any(|one| one.measured && one.question == link));
    }

    #[test]
    fn with_and_without_a_document_open_the_interval_alike() {
        let lens = Lens::shipped("six_dimensions").unwrap();
        let content = "content.inventory";
        let mut people = ask(&[("sales", content, Some(1)), ("marketing", content, Some(3))]);
        people[1].answers[0].note = Some("the list in the wiki".into());
        let survey = super::super::survey(&lens, &people, &[]).unwrap();
        let mut scores = survey.assessment.dimensions.iter().flat_map(|one| &one.questions);
        let score = scores.find(|question| question.id == content).unwrap().score;
        assert_eq!(score, Interval { low: 1.0, high: 3.0 });
    }

    #[test]
    fn are_refused_by_name() {
        let lens = Lens::shipped("rm6").unwrap();
        let check = |people: &[Respondent]| survey(&lens, people, &[]).unwrap_err();
        let twice = [
            Respondent { name: "cmo".to_owned(), ..Respondent::default() },
            Respondent { name: " cmo ".to_owned(), ..Respondent::default() },
        ];
        assert_eq!(check(&twice), SurveyError::RespondentTwice { name: "cmo".to_owned() });
        assert_eq!(check(&[Respondent::default()]), SurveyError::Nameless { place: 1 });
        let wrong = ask(&[("cmo", "vendor_performance", Some(3))]);
        let error = check(&wrong);
        assert!(
            matches!(&error, SurveyError::Answers { respondent, source: AnswerError::UnknownQuestion { .. } } if respondent == "cmo"),
            "{error:?}"
        );
        let contradictory = ask(&[
            ("cmo", "vendor_performance.contracts", Some(1)),
            ("cmo", "vendor_performance.contracts", Some(4)),
        ]);
        assert!(matches!(
            check(&contradictory),
            SurveyError::Answers { source: AnswerError::AnsweredTwice { .. }, .. }
        ));
        let outside = ask(&[("cmo", "vendor_performance.contracts", Some(9))]);
        assert!(matches!(check(&outside), SurveyError::Answers { source: AnswerError::Level { .. }, .. }));
        let impossible = [Measure::exact(MeasureId::NativeMcpShare, 40.0)];
        assert!(matches!(survey(&lens, &[], &impossible), Err(SurveyError::Evidence(_))));
    }
}

mod debts {
    use super::*;

    const TODAY: Date = date(2026, 6, 30);

    fn debt(id: &str) -> Debt {
        Debt {
            id: id.to_owned(),
            kind: "carried_by_hand".to_owned(),
            opened: date(2026, 1, 15),
            closed: None,
            owner: None,
            due: None,
            interest: None,
            principal: None,
        }
    }

    fn lens() -> Lens {
        Lens::shipped("marketing_governance").unwrap()
    }

    #[test]
    fn are_counted_and_answer_the_questions_on_them() {
        let owner = || Some("operations lead".to_owned());
        let debts = [
            Debt {
                owner: owner(),
                interest: Some(6.0),
                principal: Some(12.0),
                due: Some(date(2026, 9, 1)),
                ..debt("a")
            },
            Debt {
                owner: owner(),
                interest: Some(2.0),
                principal: Some(40.0),
                due: Some(date(2026, 6, 1)),
                ..debt("b")
            },
            Debt {
                opened: date(2024, 1, 1),
                kind: "ownerless".to_owned(),
                principal: Some(5.0),
                ..debt("c")
            },
            Debt { owner: owner(), ..debt("d") },
            Debt { opened: date(2024, 3, 1), closed: Some(date(2026, 2, 1)), ..debt("e") },
            Debt { opened: date(2023, 3, 1), closed: Some(date(2024, 2, 1)), ..debt("f") },
        ];
        let tally = tally(&lens(), &debts, TODAY).unwrap();
        assert_eq!(tally.open, 4);
        assert_eq!(tally.by_kind["carried_by_hand"], 3);
        assert_eq!((tally.interest_at_least, tally.interest_unknown), (8.0, 2));
        assert_eq!((tally.principal_at_least, tally.principal_unknown), (57.0, 1));
        assert_eq!(tally.overdue, ["b"]);
        assert_eq!(tally.soonest_repaid, [("a".to_owned(), 2.0), ("b".to_owned(), 20.0)]);
        assert_eq!(tally.oldest_days, Some(911));
        assert_eq!((tally.opened_lately, tally.closed_lately), (3, 1));
        let levels: Vec<(&str, Option<u8>)> =
            tally.answers.iter().map(|answer| (answer.question.as_str(), answer.level)).collect();
        assert_eq!(
            levels,
            [
                ("architectural_debt.owned", Some(3)),
                ("architectural_debt.priced", Some(3)),
                ("architectural_debt.decided", Some(2)),
                ("architectural_debt.removed", Some(2)),
            ]
        );
        let assessment = assess(&lens(), &tally.answers, &[]).unwrap();
        assert_eq!(assessment.coverage.attested, 4);
    }

    #[test]
    fn of_which_there_are_none_answer_nothing() {
        let tally = tally(&lens(), &[], TODAY).unwrap();
        assert!(tally.answers.iter().all(|answer| answer.level.is_none()));
        assert_eq!(tally.oldest_days, None);
    }

    #[test]
    fn that_cannot_be_counted_are_refused() {
        let check = |debts: &[Debt], expected: &str| {
            assert_eq!(tally(&lens(), debts, TODAY).unwrap_err().to_string(), expected);
        };
        check(&[debt("a"), debt("a")], "debt `a` is listed twice");
        check(
            &[Debt { kind: "tech".to_owned(), ..debt("a") }],
            "debt `a` is of the kind `tech`, which the lens does not have",
        );
        check(
            &[Debt { interest: Some(-1.0), ..debt("a") }],
            "the interest of debt `a` is -1 hours, which is not 0 or above",
        );
        check(&[Debt { opened: date(2027, 1, 1), ..debt("a") }], "debt `a` is entered in the future");
        check(
            &[Debt { closed: Some(date(2025, 1, 1)), ..debt("a") }],
            "debt `a` was removed before it was entered",
        );
        let bare = Lens::shipped("rm6").unwrap();
        assert_eq!(tally(&bare, &[], TODAY), Err(DebtError::NoRegister { lens: "rm6".to_owned() }));
    }
}

/// Any shipped lens with any mix of answers and measures.
fn known() -> impl Strategy<Value = (Lens, Vec<Answer>, Vec<Measure>)> {
    let names: Vec<&'static str> = Lens::names().collect();
    let lens = prop::sample::select(names).prop_map(|name| Lens::shipped(name).unwrap());
    lens.prop_flat_map(|lens| {
        let count = lens.questions().count();
        let level = prop::option::of((LOWEST_LEVEL..=HIGHEST_LEVEL, any::<bool>()));
        let measure = prop::option::of((0.0..1.0_f64, 0.0..0.3_f64));
        let levels = prop::collection::vec(level, count);
        let measures = prop::collection::vec(measure, MeasureId::ALL.len());
        (Just(lens), levels, measures)
    })
    .prop_map(|(lens, levels, values)| {
        let answers = lens
            .question_ids()
            .zip(levels)
            .filter_map(|((_, id), said)| {
                let (level, noted) = said?;
                Some(Answer { note: noted.then(|| "seen".to_owned()), ..answer(id, level) })
            })
            .collect();
        let measures = MeasureId::ALL
            .into_iter()
            .zip(values)
            .filter_map(|(id, value)| {
                let (value, half) = value?;
                let interval = Interval { low: (value - half).max(0.0), high: (value + half).min(1.0) };
                Some(Measure { interval: Some(interval), ..Measure::exact(id, value) })
            })
            .collect();
        (lens, answers, measures)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// By every lens: taking away what is known about one question never narrows anything.
    #[test]
    fn more_evidence_never_widens_a_score((lens, answers, measures) in known(), at in any::<prop::sample::Index>()) {
        let (_, _, question) = lens.questions().nth(at.index(lens.questions().count())).unwrap();
        let mut fewer = (answers.clone(), measures.clone());
        fewer.0.retain(|answer| answer.question != question.id);
        fewer.1.retain(|measure| question.evidence.is_none_or(|rule| rule.measure != measure.id));
        let more = survey(&lens, &one(answers), &measures).unwrap();
        let less = survey(&lens, &one(fewer.0), &fewer.1).unwrap();
        prop_assert!(width(more.assessment.weighted) <= width(less.assessment.weighted) + 1e-9);
        for (more, less) in more.assessment.dimensions.iter().zip(&less.assessment.dimensions) {
            prop_assert!(width(more.score) <= width(less.score) + 1e-9, "{}", more.id);
        }
        for (more, less) in more.groups.iter().zip(&less.groups) {
            prop_assert!(width(more.score) <= width(less.score) + 1e-9, "{}", more.id);
        }
    }

    /// Where no cap is lifted on the way, what was decided stays decided.
    #[test]
    fn more_evidence_never_reopens_a_reading_or_a_stage((lens, answers, measures) in known(), at in any::<prop::sample::Index>()) {
        let mut lens = lens;
        lens.parameters.attested_cap = HIGHEST_LEVEL;
        lens.parameters.minimum_coverage = 0.0;
        let (_, _, question) = lens.questions().nth(at.index(lens.questions().count())).unwrap();
        let mut fewer = (answers.clone(), measures.clone());
        fewer.0.retain(|answer| answer.question != question.id);
        fewer.1.retain(|measure| question.evidence.is_none_or(|rule| rule.measure != measure.id));
        let more = survey(&lens, &one(answers), &measures).unwrap();
        let less = survey(&lens, &one(fewer.0), &fewer.1).unwrap();
        for (more, less) in more.readings.iter().zip(&less.readings) {
            prop_assert!(less.state == ReadingState::Open || more.state == less.state, "{}", more.id);
        }
        if let (Some(more), Some(less)) = (more.assessment.stage, less.assessment.stage) {
            prop_assert!(less.lowest.number <= more.lowest.number && more.highest.number <= less.highest.number);
        }
        prop_assert!(less.built_ahead.len() <= more.built_ahead.len());
    }

    #[test]
    fn raising_an_answer_never_lowers_a_stage_or_a_score((lens, answers, measures) in known(), at in any::<prop::sample::Index>()) {
        let mut lens = lens;
        lens.parameters.minimum_coverage = 0.0;
        prop_assume!(!answers.is_empty());
        let mut better = answers.clone();
        let place = at.index(better.len());
        better[place].level = better[place].level.map(|level| (level + 1).min(HIGHEST_LEVEL));
        let before = assess(&lens, &answers, &measures).unwrap();
        let after = assess(&lens, &better, &measures).unwrap();
        if let (Some(before), Some(after)) = (before.stage, after.stage) {
            prop_assert!(before.lowest.number <= after.lowest.number && before.highest.number <= after.highest.number);
        }
        for (before, after) in before.dimensions.iter().zip(&after.dimensions) {
            prop_assert!(before.score.low <= after.score.low && before.score.high <= after.score.high);
        }
    }

    #[test]
    fn the_order_of_people_answers_and_measures_does_not_matter((lens, answers, measures) in known(), split in any::<prop::sample::Index>()) {
        let (first, second) = answers.split_at(split.index(answers.len() + 1));
        let person = |name: &str, answers: &[Answer]| Respondent { name: name.to_owned(), answers: answers.to_vec() };
        let mut people = vec![person("sales", first), person("marketing", second), person("service", &answers)];
        let forward = survey(&lens, &people, &measures).unwrap();
        people.reverse();
        for one in &mut people {
            one.answers.reverse();
        }
        let backward: Vec<Measure> = measures.iter().rev().copied().collect();
        prop_assert_eq!(forward, survey(&lens, &people, &backward).unwrap());
    }

    /// Somebody who agrees, or does not know, never widens anything; somebody who differs opens the interval
    /// no further than what was said.
    #[test]
    fn a_second_person_who_agrees_never_widens((lens, answers, measures) in known()) {
        let unsure: Vec<Answer> = answers.iter().map(|answer| Answer { level: None, note: None, ..answer.clone() }).collect();
        let alone = survey(&lens, &one(answers.clone()), &measures).unwrap();
        for second in [answers.clone(), unsure] {
            let mut people = one(answers.clone());
            people.push(Respondent { name: "head of sales".to_owned(), answers: second });
            let both = survey(&lens, &people, &measures).unwrap();
            prop_assert_eq!(both.assessment.weighted, alone.assessment.weighted);
            prop_assert_eq!(&both.disagreements, &[]);
        }
    }

    /// A few questions come back, none that is answered, the most telling first.
    #[test]
    fn the_next_questions_are_few_open_and_in_order((lens, answers, measures) in known()) {
        let assessment = assess(&lens, &answers, &measures).unwrap();
        prop_assert!(assessment.next_questions.len() <= 5);
        let stages: Vec<f64> = assessment.next_questions.iter().map(|next| next.gain.stages).collect();
        prop_assert!(stages.windows(2).all(|pair| pair[0] >= pair[1] - 1e-3), "{:?}", stages);
        for next in &assessment.next_questions {
            prop_assert!(answers.iter().all(|answer| answer.question != next.question));
            prop_assert_eq!(next.anchors.len(), 5);
        }
    }

    /// By every lens: no open question would narrow the result more than the one that is put first. The narrowing
    /// is worked out anew, from whole assessments of each level the answer may have.
    #[test]
    fn nothing_narrows_more_than_the_question_put_first((lens, answers, measures) in known()) {
        let mut lens = lens;
        lens.parameters.minimum_coverage = 0.0;
        prop_assume!(!answers.is_empty());
        let now = assess(&lens, &answers, &measures).unwrap();
        prop_assume!(!now.next_questions.is_empty());
        let widths = |assessment: &super::Assessment| {
            let stages = assessment.stage.as_ref().map_or(0, |stage| stage.highest.number - stage.lowest.number);
            (f64::from(stages), width(assessment.weighted))
        };
        let gain = |question: &str| {
            let levels = LOWEST_LEVEL..=HIGHEST_LEVEL;
            let after = levels.map(|level| {
                let mut answers = answers.clone();
                answers.push(answer(question, level));
                widths(&assess(&lens, &answers, &measures).unwrap())
            });
            let (stages, points) = after.fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
            (widths(&now).0 - stages / 5.0, widths(&now).1 - points / 5.0)
        };
        let first = &now.next_questions[0];
        let best = gain(&first.question);
        prop_assert!((best.0 - first.gain.stages).abs() < 1e-9 && (best.1 - first.gain.points).abs() < 1e-9);
        let scored = now.dimensions.iter().flat_map(|one| &one.questions);
        for open in scored.filter(|one| one.provenance == Provenance::Unknown) {
            let other = gain(&open.id);
            let fewer_stages = other.0 < best.0 - 1e-3;
            prop_assert!(fewer_stages || (other.0 < best.0 + 1e-3 && other.1 < best.1 + 1e-3), "{} over {}", open.id, first.question);
        }
    }

    #[test]
    fn a_damaged_lens_is_refused_or_read_without_a_panic(cut in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let whole = include_str!("lenses/revenue_architecture.json");
        let mut bytes = whole.as_bytes().to_vec();
        let at = cut.index(bytes.len());
        bytes[at] = byte;
        let text = String::from_utf8_lossy(&bytes);
        if let Err(error) = Lens::parse(&text) {
            prop_assert!(error.flaws().iter().all(|flaw| flaw.line <= whole.lines().count() + 1));
        }
        if let Some(start) = whole.get(..at) {
            prop_assert!(Lens::parse(start).is_err() || at + 1 >= whole.len());
        }
    }
}
