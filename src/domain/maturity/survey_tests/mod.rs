//! What holds for every lens: intervals, corrections, readings, several respondents, and the register.

mod debts;
mod properties;
mod readings;
mod respondents;

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
