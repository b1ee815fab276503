//! What the levels of a lens say together.

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
