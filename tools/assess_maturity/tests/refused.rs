//! What cannot be used is refused, with the next step.

use super::*;

#[tokio::test]
async fn bad_arguments_are_refused_with_the_next_step() {
    let context = context().await;
    let check = async |arguments: Value, message: &str, hint: &str| {
        let error = call(&context, arguments).await.unwrap_err();
        assert_eq!(error.message, message);
        assert!(error.hints.iter().any(|one| one.contains(hint)), "{message}: {:?}", error.hints);
    };
    check(json!({"lens": "six_dimension"}), "no lens `six_dimension`", "did you mean `six_dimensions`?")
        .await;
    check(json!({"lens": "x"}), "no lens `x`", "lenses are: six_dimensions").await;
    check(json!({"attested_cap": 6}), "attested_cap is 6, which is not on the scale from 1 to 5", "5 lets")
        .await;
    check(
        json!({"measure": false, "platforms": ["Salesforce"]}),
        "`measure` is false, and `platforms` or `review_id` names where to look",
        "leave `measure` out",
    )
    .await;
    let said = |answers: Value| json!({"answers": answers});
    for (asked, hint) in [
        ("content.inventori", "did you mean `content.inventory`"),
        ("content", "did you mean `content.inventory` or `content."),
        ("contents", "did you mean `content."),
        ("vendor_performance.contracts", "the lens `rm6` asks it"),
        ("zzz", "dimensions are: digital_transformation, customer_data"),
    ] {
        let message = format!("no question `{asked}` in the lens `six_dimensions`");
        check(said(json!([{"question": asked, "level": 2}])), &message, hint).await;
    }
    let inventory = "content.inventory";
    check(
        said(json!([{"question": inventory, "level": 9}])),
        "level 9 for `content.inventory` is not on the scale from 1 to 5",
        "anchor",
    )
    .await;
    check(
        said(json!([{"question": inventory, "level": 2}, {"question": inventory, "level": 4}])),
        "question `content.inventory` is answered twice",
        "`respondents`",
    )
    .await;
    check(
        said(json!([{"question": inventory, "level": 2, "dont_know": true}])),
        "`content.inventory` is answered with level 2 and with dont_know",
        "one of the two",
    )
    .await;
    let measured = |measure: &str, value: f64| json!({"evidence": [{"measure": measure, "value": value}]});
    check(
        measured("consent_share", 0.5),
        "no measure `consent_share`",
        "did you mean `consent_filled_share`?",
    )
    .await;
    check(
        measured("consent_filled_share", 80.0),
        "the value of `consent_filled_share` is 80, outside 0 to 1",
        "check_data_readiness",
    )
    .await;
    check(
        json!({"evidence": [{"measure": "lead_score_auc", "value": 0.7, "low": 0.8, "high": 0.6}]}),
        "the interval of `lead_score_auc` runs from 0.8 down to 0.6",
        "lower end",
    )
    .await;
}

#[tokio::test]
async fn people_are_refused_by_name() {
    let context = context().await;
    let check = async |people: Value, message: &str, hint: &str| {
        let error = call(&context, json!({"respondents": people})).await.unwrap_err();
        assert_eq!(error.message, message);
        assert!(error.hints.iter().any(|one| one.contains(hint)), "{message}: {:?}", error.hints);
    };
    let at = |level: u8| json!([{"question": "content.inventory", "level": level}]);
    check(
        json!([{"name": "cmo", "answers": at(0)}]),
        "the answers of `cmo` cannot be used: level 0 for `content.inventory` is not on the scale from 1 to 5",
        "anchor",
    )
    .await;
    check(
        json!([{"name": "cmo", "answers": at(1)}, {"name": "cmo", "answers": at(3)}]),
        "respondent `cmo` is listed twice",
        "a name of their own",
    )
    .await;
    check(json!([{"name": " ", "answers": at(1)}]), "respondent 1 has no name", "give a role").await;
    let long = "x".repeat(81);
    check(
        json!([{"name": long, "answers": at(1)}]),
        "the name of respondents[0] is longer than 80 characters",
        "give a role",
    )
    .await;
    let crowd: Vec<Value> = (0..101).map(|at| json!({"name": at.to_string(), "answers": []})).collect();
    check(json!(crowd), "101 respondents are given, and at most 100 are taken", "ask those").await;
}

#[tokio::test]
async fn a_register_is_refused_with_what_belongs_in_it() {
    let context = context().await;
    let check = async |lens: &str, debt: Value, message: &str, hint: &str| {
        let error = call(&context, json!({"lens": lens, "debts": [debt]})).await.unwrap_err();
        assert_eq!(error.message, message);
        assert!(error.hints.iter().any(|one| one.contains(hint)), "{message}: {:?}", error.hints);
    };
    let debt = |kind: &str, opened: &str| json!({"id": "a", "kind": kind, "opened": opened});
    let governance = "marketing_governance";
    check(
        "rm6",
        debt("carried_by_hand", "2026-01-01"),
        "the lens `rm6` has no register of debts",
        governance,
    )
    .await;
    check(
        governance,
        debt("carried_by_han", "2026-01-01"),
        "debt `a` is of the kind `carried_by_han`, which the lens does not have",
        "did you mean `carried_by_hand`?",
    )
    .await;
    check(
        governance,
        debt("carried_by_hand", "2027-01-01"),
        "debt `a` is entered in the future",
        "2026-01-31",
    )
    .await;
    let strange = serde_json::from_value::<super::super::Input>(json!({"debts": [debt("a", "January")]}));
    assert!(strange.is_err());
}
