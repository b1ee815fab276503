//! What holds whatever is answered.

use super::*;
use proptest::prelude::*;

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
        let widths = |assessment: &crate::maturity::Assessment| {
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
        let whole = include_str!("../lenses/revenue_architecture.json");
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
