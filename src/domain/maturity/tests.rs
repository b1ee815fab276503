//! What an assessment must keep to, on the shipped lens.

use super::{
    Answer, AnswerError, Assessment, Direction, GateState, Lens, assess,
    lens::{DEFAULT, HIGHEST_LEVEL, LOWEST_LEVEL},
};
use crate::{
    measure::{Measure, MeasureId},
    proportion::Interval,
    provenance::Provenance,
};
use proptest::prelude::*;

fn lens() -> Lens {
    Lens::shipped(DEFAULT).unwrap()
}

fn ids(lens: &Lens) -> Vec<String> {
    lens.questions().map(|(_, _, question)| question.id.clone()).collect()
}

fn answer(question: &str, level: u8) -> Answer {
    Answer { question: question.to_owned(), level: Some(level), note: None }
}

fn all_at(lens: &Lens, level: u8) -> Vec<Answer> {
    ids(lens).iter().map(|id| answer(id, level)).collect()
}

/// A value of every measure the lens asks about that reaches the given level.
fn measured_at(lens: &Lens, level: u8) -> Vec<Measure> {
    lens.questions()
        .filter_map(|(_, _, question)| question.evidence)
        .map(|rule| {
            let worst = if rule.higher_is_better { 0.0 } else { rule.levels[0] * 1.01 };
            let value = if level == LOWEST_LEVEL { worst } else { rule.levels[usize::from(level) - 2] };
            Measure::exact(rule.measure, value)
        })
        .collect()
}

fn width(ends: Interval) -> f64 {
    ends.high - ends.low
}

fn stage(assessment: &Assessment) -> (u8, u8) {
    let stage = assessment.stage.as_ref().unwrap();
    (stage.lowest.number, stage.highest.number)
}

mod shipped_lens {
    use super::*;

    #[test]
    fn holds_what_the_guide_publishes() {
        let lens = lens();
        let dimensions: Vec<&str> = lens.dimensions.iter().map(|dimension| dimension.id.as_str()).collect();
        assert_eq!(
            dimensions,
            [
                "digital_transformation",
                "customer_data",
                "martech_integration",
                "analytics",
                "content",
                "relationship_management"
            ]
        );
        assert!(lens.dimensions.iter().all(|dimension| (4..=6).contains(&dimension.questions.len())));
        let stages: Vec<&str> = lens.stages.iter().map(|stage| stage.name.as_str()).collect();
        assert_eq!(
            stages,
            ["Traditional Marketing", "Lead Generation", "Demand Generation", "Revenue Marketing"]
        );
    }

    #[test]
    fn lets_every_dimension_be_measured_so_that_every_cap_can_be_lifted() {
        for dimension in lens().dimensions {
            assert!(
                dimension.questions.iter().any(|question| question.evidence.is_some()),
                "{}",
                dimension.id
            );
        }
    }

    #[test]
    fn survives_a_round_trip() {
        let text = serde_json::to_string(&lens()).unwrap();
        assert_eq!(Lens::parse(&text).unwrap(), lens());
    }
}

mod answers_are_refused {
    use super::*;

    #[test]
    fn when_the_lens_cannot_take_them() {
        let check = |answers: &[Answer], expected: &str| {
            assert_eq!(assess(&lens(), answers, &[]).unwrap_err().to_string(), expected);
        };
        let content = "content.inventory";
        check(&[answer("content.list", 2)], "no question `content.list` in the lens `six_dimensions`");
        check(&[answer(content, 2), answer(content, 2)], "question `content.inventory` is answered twice");
        check(&[answer(content, 6)], "level 6 for `content.inventory` is not on the scale from 1 to 5");
        check(&[answer(content, 0)], "level 0 for `content.inventory` is not on the scale from 1 to 5");
    }

    #[test]
    fn when_a_measure_cannot_be_true() {
        let check = |id, value, ends: Option<(f64, f64)>| {
            let interval = ends.map(|(low, high)| Interval { low, high });
            assess(&lens(), &[], &[Measure { interval, ..Measure::exact(id, value) }]).unwrap_err()
        };
        let share = MeasureId::ConsentFilledShare;
        assert!(matches!(check(share, 80.0, None), AnswerError::Range { .. }));
        assert!(matches!(check(share, f64::NAN, None), AnswerError::Range { .. }));
        assert!(matches!(check(MeasureId::EventAgeDays, f64::INFINITY, None), AnswerError::Range { .. }));
        assert!(matches!(check(MeasureId::EventAgeDays, -1.0, None), AnswerError::Range { .. }));
        assert!(matches!(check(share, 0.5, Some((0.4, 1.2))), AnswerError::Range { .. }));
        assert!(matches!(check(share, 0.5, Some((0.6, 0.4))), AnswerError::Reversed { .. }));
        let twice = Measure::exact(share, 0.5);
        assert_eq!(
            assess(&lens(), &[], &[twice, twice]),
            Err(AnswerError::MeasuredTwice { measure: "consent_filled_share" })
        );
    }
}

#[test]
fn nothing_known_names_no_stage() {
    let assessment = assess(&lens(), &[], &[]).unwrap();
    assert_eq!(assessment.stage, None);
    assert_eq!(assessment.entry, None);
    assert_eq!(assessment.weighted_known, None);
    assert_eq!(assessment.missing_gates, []);
    assert_eq!(assessment.weighted, Interval { low: 1.0, high: 5.0 });
    for dimension in &assessment.dimensions {
        assert_eq!(dimension.score, Interval { low: 1.0, high: 5.0 });
        assert_eq!(dimension.provenance, Provenance::Unknown);
    }
    let insufficient = assessment.insufficient.unwrap();
    assert_eq!(insufficient.questions_short, 14);
    assert!(insufficient.cheapest.contains("check_data_readiness"), "{}", insufficient.cheapest);
    assert_eq!(assessment.next_questions.len(), 5);
}

#[test]
fn dont_know_is_unknown_and_is_not_asked_again_first() {
    let lens = lens();
    let first = assess(&lens, &[], &[]).unwrap().next_questions[0].question.clone();
    let declined = Answer { question: first.clone(), level: None, note: None };
    let assessment = assess(&lens, &[declined], &[]).unwrap();
    assert_eq!(assessment.coverage.attested, 0);
    assert!(assessment.next_questions.iter().all(|question| question.question != first));
}

#[test]
fn claims_alone_stop_at_the_cap_and_the_result_says_why() {
    let lens = lens();
    let assessment = assess(&lens, &all_at(&lens, 5), &[]).unwrap();
    assert_eq!(stage(&assessment), (3, 3));
    for dimension in &assessment.dimensions {
        assert_eq!((dimension.score.low, dimension.score.high), (3.0, 3.0));
        assert_eq!(dimension.claimed, Some(5.0));
        assert!(dimension.capped);
    }
    let binding = &assessment.missing_gates[0];
    assert_eq!(binding.state, GateState::Capped);
    assert!(binding.steps[0].starts_with("measure `"), "{:?}", binding.steps);
    let run = assessment.next_measurement.unwrap();
    assert_eq!(run.tool, "check_data_readiness");
    assert_eq!(run.claims_tested, 10);
    assert!(run.lifts_cap_on.contains(&"customer_data".to_owned()));
}

#[test]
fn a_gate_above_the_cap_asks_for_a_measurement_before_better_answers() {
    let lens = lens();
    let assessment = assess(&lens, &all_at(&lens, 3), &[]).unwrap();
    assert_eq!(stage(&assessment), (3, 3));
    assert_eq!(assessment.missing_gates.len(), 6);
    for gate in &assessment.missing_gates {
        assert_eq!(gate.state, GateState::Fails);
        assert!(gate.steps[0].starts_with("measure `"), "{:?}", gate.steps);
        assert!(gate.steps[1].starts_with("raise `"), "{:?}", gate.steps);
    }
}

#[test]
fn measurements_lift_the_cap() {
    let lens = lens();
    let assessment = assess(&lens, &all_at(&lens, 5), &measured_at(&lens, 5)).unwrap();
    assert_eq!(stage(&assessment), (4, 4));
    assert_eq!(assessment.missing_gates, []);
    assert_eq!(assessment.next_measurement, None);
    assert_eq!(assessment.contradictions, []);
    assert_eq!(assessment.entry.unwrap().lowest.name, "Innovation");
}

#[test]
fn the_weakest_dimension_binds() {
    let lens = lens();
    let mut answers = all_at(&lens, 4);
    for answer in answers.iter_mut().filter(|answer| answer.question.starts_with("content.")) {
        answer.level = Some(1);
    }
    let mut measures = measured_at(&lens, 4);
    measures.retain(|measure| measure.id != MeasureId::EventKnownPersonShare);
    let assessment = assess(&lens, &answers, &measures).unwrap();
    assert_eq!(stage(&assessment), (1, 1));
    assert_eq!(assessment.binding_dimension(), Some("content"));
    assert_eq!(assessment.missing_gates.len(), 1);
    assert_eq!(assessment.missing_gates[0].state, GateState::Fails);
    assert!(
        assessment.missing_gates[0].steps[0].starts_with("raise `content."),
        "{:?}",
        assessment.missing_gates
    );
}

#[test]
fn what_fails_for_certain_binds_before_what_is_open_and_the_widest_gap_before_the_rest() {
    let lens = lens();
    let gates = |changes: &[(&str, Option<u8>)]| -> Vec<(String, GateState)> {
        let mut answers = all_at(&lens, 3);
        for (start, level) in changes {
            for answer in answers.iter_mut().filter(|answer| answer.question.starts_with(start)) {
                answer.level = *level;
            }
        }
        let missing = assess(&lens, &answers, &[]).unwrap().missing_gates;
        missing.into_iter().map(|gate| (gate.dimension, gate.state)).collect()
    };
    assert_eq!(
        gates(&[("analytics.", None), ("content.", Some(1))]),
        [("content".to_owned(), GateState::Fails), ("analytics".to_owned(), GateState::Open)]
    );
    let narrow = ("digital_transformation.core_operations", Some(2));
    assert_eq!(
        gates(&[("digital_transformation.", Some(1)), narrow, ("content.", Some(1))]),
        ["content", "digital_transformation"].map(|dimension| (dimension.to_owned(), GateState::Fails))
    );
}

#[test]
fn a_stage_is_named_from_the_least_coverage_on() {
    let lens = lens();
    let answers = all_at(&lens, 3);
    let half = answers.len().div_ceil(2);
    let few = assess(&lens, &answers[..half - 1], &[]).unwrap();
    assert_eq!((few.stage, few.entry, few.missing_gates), (None, None, Vec::new()));
    assert_eq!(few.insufficient.unwrap().questions_short, 1);
    let enough = assess(&lens, &answers[..half], &[]).unwrap();
    assert!(enough.stage.is_some() && enough.insufficient.is_none());
}

#[test]
fn a_claim_that_the_evidence_leaves_open_is_no_contradiction() {
    let lens = lens();
    let id = MeasureId::ContactAccountLinkShare;
    let mut questions = lens.questions();
    let (question, rule) = questions
        .find_map(|(_, _, question)| {
            Some((question.id.clone(), question.evidence.filter(|rule| rule.measure == id)?))
        })
        .unwrap();
    let interval = Some(Interval { low: rule.levels[0], high: rule.levels[1] });
    let measure = Measure { interval, ..Measure::exact(id, rule.levels[0]) };
    let direction = |level: u8| {
        let found = assess(&lens, &[answer(&question, level)], &[measure]).unwrap().contradictions;
        found.first().map(|one| one.direction)
    };
    assert_eq!(
        [1, 2, 3, 4].map(direction),
        [Some(Direction::Underclaimed), None, None, Some(Direction::Overclaimed)]
    );
}

#[test]
fn a_dimension_stands_on_its_weakest_known_ground() {
    let lens = lens();
    let measured = assess(&lens, &[], &measured_at(&lens, 3)).unwrap();
    assert!(measured.dimensions.iter().all(|one| one.measured > 0 && one.provenance == Provenance::Measured));
    let both = assess(&lens, &all_at(&lens, 3), &measured_at(&lens, 3)).unwrap();
    assert!(both.dimensions.iter().all(|one| one.attested == 0 || one.provenance == Provenance::Attested));
}

#[test]
fn a_claim_above_the_evidence_is_replaced_and_reported() {
    let lens = lens();
    let link = "customer_data.contact_account_link";
    let measure = Measure {
        interval: Some(Interval { low: 0.6, high: 0.64 }),
        ..Measure::exact(MeasureId::ContactAccountLinkShare, 0.62)
    };
    let assessment = assess(&lens, &[answer(link, 4)], &[measure]).unwrap();
    let [contradiction] = assessment.contradictions.as_slice() else {
        panic!("{:?}", assessment.contradictions)
    };
    assert_eq!(contradiction.direction, Direction::Overclaimed);
    assert_eq!(
        contradiction.sentence,
        "`customer_data.contact_account_link`: level 4 was claimed, which needs contact_account_link_share at \
         least 0.9; the measured 0.62 (0.6 to 0.64) supports level 2."
    );
    assert!(contradiction.would_change.contains("at least 0.9"), "{}", contradiction.would_change);
    let score = assessment.dimensions[1].questions.iter().find(|question| question.id == link).unwrap();
    assert_eq!((score.score.low, score.score.high, score.claimed), (2.0, 2.0, Some(4)));

    let modest = assess(&lens, &[answer(link, 1)], &[measure]).unwrap();
    assert_eq!(modest.contradictions[0].direction, Direction::Underclaimed);
    assert_eq!(assess(&lens, &[answer(link, 2)], &[measure]).unwrap().contradictions, []);
}

#[test]
fn early_stage_two_enters_at_the_foundation() {
    let lens = lens();
    let check = |answers: &[Answer], expected: (u8, u8)| {
        let assessment = assess(&lens, answers, &[]).unwrap();
        let entry = assessment.entry.unwrap();
        assert_eq!((entry.lowest.number, entry.highest.number), expected, "{:?}", assessment.stage);
    };
    let with = |level: u8, changes: &[(&str, Option<u8>)]| {
        let mut answers = all_at(&lens, level);
        for (question, level) in changes {
            answers.iter_mut().find(|answer| answer.question == *question).unwrap().level = *level;
        }
        answers
    };
    let (core, automation) = ("martech_integration.core_connection", "martech_integration.automation");
    check(&with(1, &[]), (1, 1));
    check(&with(2, &[]), (1, 1));
    check(&with(2, &[(core, Some(3))]), (2, 2));
    check(&with(2, &[(core, Some(3)), (automation, Some(1))]), (1, 1));
    check(&with(2, &[(core, None)]), (1, 2));
    let open = assess(&lens, &with(2, &[(core, None)]), &[]).unwrap().entry.unwrap();
    assert_eq!(open.provenance, Provenance::Authored, "one of the two rules is our own");
    check(&with(3, &[]), (3, 3));
    check(&with(3, &[("analytics.closed_loop", Some(2))]), (2, 2));
}

#[test]
fn the_first_question_is_the_one_whose_answer_narrows_most() {
    let lens = lens();
    let mut answers = all_at(&lens, 3);
    // Content hangs on two open questions; everything else is settled.
    for open in ["content.inventory", "content.contribution"] {
        answers.retain(|answer| answer.question != open);
    }
    let assessment = assess(&lens, &answers, &[]).unwrap();
    assert!(assessment.next_questions.iter().all(|question| question.dimension == "content"));
    assert_eq!(assessment.next_questions.len(), 2);
    let gain = assessment.next_questions[0].gain;
    assert!(gain.stages > 0.0, "{gain:?}");
    assert!((gain.points - 4.0 / 4.0 / 6.0).abs() < 1e-9, "{gain:?}");
}

/// Any mix of answers and measures on the shipped lens.
fn known() -> impl Strategy<Value = (Vec<Answer>, Vec<Measure>)> {
    let questions = ids(&lens());
    let answers =
        proptest::collection::vec(proptest::option::of(LOWEST_LEVEL..=HIGHEST_LEVEL), questions.len());
    let measure = proptest::option::of((0.0..1.0_f64, 0.0..0.3_f64));
    let measures = proptest::collection::vec(measure, MeasureId::ALL.len());
    (answers, measures).prop_map(move |(levels, values)| {
        let answered = questions.iter().zip(levels).filter_map(|(id, level)| Some(answer(id, level?)));
        let taken = MeasureId::ALL.into_iter().zip(values).filter_map(|(id, value)| {
            let (value, half) = value?;
            let interval = Interval { low: (value - half).max(0.0), high: (value + half).min(1.0) };
            Some(Measure { interval: Some(interval), ..Measure::exact(id, value) })
        });
        (answered.collect(), taken.collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn scores_stay_on_the_scale((answers, measures) in known()) {
        let assessment = assess(&lens(), &answers, &measures).unwrap();
        let scores = assessment.dimensions.iter().map(|dimension| dimension.score);
        for ends in scores.chain([assessment.weighted]).chain(assessment.weighted_known) {
            prop_assert!(1.0 <= ends.low && ends.low <= ends.high && ends.high <= 5.0, "{ends:?}");
        }
    }

    #[test]
    fn the_order_of_answers_does_not_matter((answers, measures) in known()) {
        let forward = assess(&lens(), &answers, &measures).unwrap();
        let (mut answers, mut measures) = (answers, measures);
        answers.reverse();
        measures.reverse();
        prop_assert_eq!(forward, assess(&lens(), &answers, &measures).unwrap());
    }

    #[test]
    fn claims_alone_never_count_above_the_cap((answers, _) in known()) {
        let assessment = assess(&lens(), &answers, &[]).unwrap();
        let cap = f64::from(assessment.attested_cap);
        for dimension in &assessment.dimensions {
            prop_assert!(dimension.score.low <= cap);
            prop_assert!(dimension.unknown > 0 || dimension.score.high <= cap);
            for question in dimension.questions.iter().filter(|one| one.provenance == Provenance::Attested) {
                prop_assert!(question.score.high <= cap);
            }
        }
        prop_assert!(assessment.weighted_known.is_none_or(|ends| ends.high <= cap));
    }

    /// Taking away what is known about any one question never narrows a dimension or the weighted mean. A
    /// measurement that replaces a claim is a correction, not an addition, so it goes together with its claim.
    #[test]
    fn more_evidence_never_widens_a_score((answers, measures) in known(), place in 0_usize..27) {
        let lens = lens();
        let (dimension, _, question) = lens.questions().nth(place).unwrap();
        let mut fewer = (answers.clone(), measures.clone());
        fewer.0.retain(|answer| answer.question != question.id);
        fewer.1.retain(|measure| question.evidence.is_none_or(|rule| rule.measure != measure.id));
        let more = assess(&lens, &answers, &measures).unwrap();
        let less = assess(&lens, &fewer.0, &fewer.1).unwrap();
        prop_assert!(width(more.weighted) <= width(less.weighted) + 1e-9);
        prop_assert!(width(more.dimensions[dimension].score) <= width(less.dimensions[dimension].score) + 1e-9);
        prop_assert!(more.coverage.known_share >= less.coverage.known_share);
    }

    /// Where no cap is lifted on the way, the bounds are nested, so no stage becomes possible that was not.
    #[test]
    fn more_evidence_never_widens_the_stage((answers, measures) in known(), place in 0_usize..27) {
        let mut lens = lens();
        lens.parameters.attested_cap = HIGHEST_LEVEL;
        lens.parameters.minimum_coverage = 0.0;
        let (_, _, question) = lens.questions().nth(place).unwrap();
        let mut fewer = (answers.clone(), measures.clone());
        fewer.0.retain(|answer| answer.question != question.id);
        fewer.1.retain(|measure| question.evidence.is_none_or(|rule| rule.measure != measure.id));
        prop_assume!(!(fewer.0.is_empty() && fewer.1.iter().all(|one| one.id == MeasureId::AnyMcpShare)));
        let (more, less) = (assess(&lens, &answers, &measures).unwrap(), assess(&lens, &fewer.0, &fewer.1).unwrap());
        let ((low, high), (least, most)) = (stage(&more), stage(&less));
        prop_assert!(least <= low && high <= most);
    }

    #[test]
    fn a_tighter_measurement_never_widens((answers, measures) in known(), share in 0.0..1.0_f64) {
        let tighter: Vec<Measure> = measures
            .iter()
            .map(|measure| {
                let near = |end: f64| measure.value + (end - measure.value) * share;
                let interval = measure.interval.map(|ends| Interval { low: near(ends.low), high: near(ends.high) });
                Measure { interval, ..*measure }
            })
            .collect();
        let (wide, tight) =
            (assess(&lens(), &answers, &measures).unwrap(), assess(&lens(), &answers, &tighter).unwrap());
        for (wide, tight) in wide.dimensions.iter().zip(&tight.dimensions) {
            prop_assert!(wide.score.low <= tight.score.low && tight.score.high <= wide.score.high);
        }
    }

    #[test]
    fn a_better_answer_never_lowers_the_stage((answers, _) in known(), level in 1_u8..=5) {
        let mut lens = lens();
        lens.parameters.minimum_coverage = 0.0;
        prop_assume!(!answers.is_empty());
        let better: Vec<Answer> =
            answers.iter().map(|one| Answer { level: one.level.max(Some(level)), ..one.clone() }).collect();
        let (before, after) = (assess(&lens, &answers, &[]).unwrap(), assess(&lens, &better, &[]).unwrap());
        prop_assert!(stage(&before).0 <= stage(&after).0 && stage(&before).1 <= stage(&after).1);
    }

    #[test]
    fn text_from_outside_is_refused_without_a_panic(text in ".{0,200}") {
        prop_assert!(Lens::parse(&text).is_err());
    }
}
