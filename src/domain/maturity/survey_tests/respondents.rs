//! Several people who answer.

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
