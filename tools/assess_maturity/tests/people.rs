//! Several people, and the register of debts.

use super::*;

const CONTENT: &str = "content.inventory";

fn person(name: &str, levels: &[(&str, Option<u8>)]) -> Value {
    let answer = |(question, level): &(&str, Option<u8>)| match level {
        Some(level) => json!({"question": question, "level": level}),
        None => json!({"question": question, "dont_know": true}),
    };
    json!({"name": name, "answers": levels.iter().map(answer).collect::<Vec<_>>()})
}

#[tokio::test]
async fn who_differ_are_shown_by_question_and_by_dimension() {
    let people = [
        person("sales", &[(CONTENT, Some(1)), ("content.known_readers", Some(2))]),
        person("marketing", &[(CONTENT, Some(4)), ("content.known_readers", Some(2))]),
        person("service", &[(CONTENT, None)]),
    ];
    let Answer { structured, text } = told(json!({"respondents": people})).await;
    assert_eq!((&structured["respondents"], &structured["disagreements_total"]), (&json!(3), &json!(1)));
    let one = &structured["disagreements"][0];
    assert_eq!(
        (&one["question"], &one["levels"], &one["far_apart"]),
        (&json!(CONTENT), &json!([1, 4]), &json!(true))
    );
    assert_eq!(one["said"], json!([{"name": "marketing", "level": 4}, {"name": "sales", "level": 1}]));
    let split = &structured["splits"][0];
    assert_eq!(
        (&split["dimension"], &split["compared"], &split["differ"]),
        (&json!("content"), &json!(2), &json!(1))
    );
    assert_eq!(split["mean_gap"], 1.5);
    assert!(text.contains("3 people answered; they differ on 1 questions"), "{text}");
    assert!(text.contains("marketing 4, sales 1") && text.contains("To settle: look together"), "{text}");
}

#[tokio::test]
async fn many_people_who_differ_on_everything_still_fit() {
    let crowd: Vec<Value> = (0..30_u8)
        .map(|at| {
            let level = |place: usize| 1 + (u8::try_from(place).unwrap() + at) % 5;
            let answers: Vec<Value> = questions("marketing_governance")
                .iter()
                .enumerate()
                .map(
                    |(place, id)| json!({"question": id, "level": level(place), "note": "seen ".repeat(100)}),
                )
                .collect();
            json!({"name": format!("the person who is called number {at}"), "answers": answers})
        })
        .collect();
    let arguments = json!({"lens": "marketing_governance", "respondents": crowd});
    let structured = told(arguments.clone()).await.structured;
    assert_eq!(structured["disagreements_total"], 37);
    assert!(structured["disagreements"].as_array().unwrap().len() < 37);
    let mut arguments = arguments;
    arguments["response_format"] = json!("detailed");
    assert!(told(arguments).await.structured["next_cursor"].is_string());
}

fn debt(id: &str, more: &Value) -> Value {
    let mut debt = json!({"id": id, "kind": "carried_by_hand", "opened": "2026-05-01"});
    debt.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    debt
}

#[tokio::test]
async fn a_register_is_counted_and_answers_for_itself() {
    let debts = [
        debt(
            "export",
            &json!({"owner": "ops", "interest_hours": 6, "principal_hours": 12, "due": "2027-01-01"}),
        ),
        debt("routing", &json!({"owner": "ops", "due": "2026-06-01"})),
        debt("tags", &json!({"closed": "2026-09-01"})),
    ];
    let said = json!([{"question": "architectural_debt.owned", "level": 1}]);
    let arguments = json!({"lens": "marketing_governance", "debts": debts, "answers": said});
    let Answer { structured, text } = told(arguments).await;
    let register = &structured["register"];
    assert_eq!((&register["open"], &register["overdue"]), (&json!(2), &json!(1)));
    assert_eq!(
        (&register["interest_hours_at_least"], &register["interest_unknown"]),
        (&json!(6.0), &json!(1))
    );
    assert_eq!(register["overdue_first"], json!(["routing"]));
    assert_eq!(register["soonest_repaid"], json!([{"debt": "export", "months": 2.0}]));
    assert_eq!(register["provenance"], "attested");
    assert_eq!((&structured["respondents"], &structured["coverage"]["attested"]), (&json!(1), &json!(4)));
    assert_eq!(structured["disagreements"][0]["question"], "architectural_debt.owned");
    assert!(text.contains("**Register of debts:** 2 open, 1 overdue; at least 6 hours a month"), "{text}");
    assert!(structured.get("register_form").is_none());
    let form = told(json!({"lens": "marketing_governance"})).await;
    assert!(form.structured["register_form"]["kinds"].as_array().unwrap().len() > 3);
    assert!(form.text.contains("Hand in the register of debts"), "{}", form.text);
}

#[tokio::test]
async fn an_interview_about_a_subject_goes_on_where_it_was_left() {
    let context = context().await;
    let all = all_at("rm6", 3);
    let (first, rest) = all.split_at(all.len() / 2);
    let ask =
        |subject: &str, answers: &[Value]| json!({"lens": "rm6", "subject": subject, "answers": answers});
    call(&context, ask("acme", first)).await.unwrap();
    let whole = call(&context, ask("acme", rest)).await.unwrap().structured;
    let known = |result: &Value| result["coverage"]["attested"].as_u64().unwrap();
    assert_eq!(known(&whole), all.len() as u64, "{}", whole["coverage"]);
    assert!(
        whole["remarks"].to_string().contains("answers were kept from earlier calls"),
        "{}",
        whole["remarks"]
    );

    let mut changed = first[0].clone();
    changed["level"] = json!(5);
    call(&context, ask("acme", &[changed.clone()])).await.unwrap();
    let kept = context.store.answers("acme", "rm6").await.unwrap();
    let now = kept.iter().find(|answer| changed["question"] == answer.question.as_str()).unwrap();
    assert_eq!(
        (kept.len(), &now.answer),
        (all.len(), &json!(5)),
        "the newer answer takes the place of the older"
    );

    let other = call(&context, ask("globex", rest)).await.unwrap().structured;
    assert_eq!(known(&other), rest.len() as u64, "another subject is another interview");
    let nobody = call(&context, ask("  ", rest)).await.unwrap_err();
    assert!(nobody.text().contains("`subject`"), "{}", nobody.text());
}
