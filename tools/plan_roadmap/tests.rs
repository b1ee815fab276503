use super::*;
use crate::{review_architecture::ReviewArchitecture, testing::context, tokens};
use serde_json::{Value, json};

async fn ask(context: &Context, arguments: Value) -> Result<Value, ToolError> {
    let input: Input = serde_json::from_value(arguments).unwrap();
    let Answer { structured, text } = PlanRoadmap::call(input, context).await?;
    assert!(text.lines().count() <= 60, "{text}");
    let structured = serde_json::to_value(structured).unwrap();
    assert!(tokens::count(&structured.to_string()) < 10_000, "{}", tokens::count(&structured.to_string()));
    Ok(structured)
}

fn item<'a>(output: &'a Value, id: &str) -> &'a Value {
    let items = output["items"].as_array().unwrap();
    items.iter().find(|item| item["id"] == id).unwrap_or_else(|| panic!("no `{id}` in {output}"))
}

/// Answers that put the company in one stage for certain: every question at a level, with a document that shows it.
fn answers(level: u8) -> Value {
    let lens = revarch_domain::maturity::Lens::shipped("six_dimensions").unwrap();
    let questions = lens.dimensions.iter().flat_map(|dimension| &dimension.questions);
    questions.map(|question| json!({"question": question.id, "level": level})).collect()
}

#[tokio::test]
async fn with_nothing_to_go_on_the_plan_begins_with_measuring() {
    let output = ask(&context().await, json!({})).await.unwrap();
    assert_eq!(output["items"][0]["id"], "settle_stage");
    assert!(output["entry"]["phase"].is_null() && output["entry"]["is_settled"] == false);
    assert_eq!(output["entry"]["provenance"], "unknown");
    assert!(output["items"][0]["steps"][0].as_str().unwrap().contains("assess_maturity"));
    let agent = item(&output, "agent.inbound_research");
    let before = agent["prerequisites"].to_string();
    assert!(before.contains("measure_data") && before.contains("confirm_operations"), "{before}");
    assert!(output["phases"].as_array().unwrap().iter().all(|phase| phase["phase"].is_null()));
}

#[tokio::test]
async fn not_everybody_begins_in_phase_1() {
    let context = context().await;
    let low = ask(&context, json!({"answers": answers(1)})).await.unwrap();
    assert_eq!((&low["entry"]["phase"], &low["phases"][0]["phase"]), (&json!(1), &json!(1)));
    assert_eq!(low["phases"][3]["phase"], 4);
    let raised = item(&low, "raise_content");
    assert_eq!(raised["exit_measures"][0]["tool"], "assess_maturity");
    assert_eq!(
        (&raised["exit_measures"][0]["from"]["high"], &raised["exit_measures"][0]["to"]),
        (&json!(1.0), &json!(1.5))
    );

    let high = ask(&context, json!({"answers": answers(3)})).await.unwrap();
    assert_eq!(high["entry"]["phase"], 3, "{}", high["entry"]);
    let phases: Vec<&Value> = high["phases"].as_array().unwrap().iter().map(|one| &one["phase"]).collect();
    assert_eq!(phases, [3, 4, 4, 4]);
    assert_eq!(high["phases"][0]["published"]["months"], "7 to 9", "a claim stands as it was printed");
    assert!(high["phases"][2]["published"].is_null(), "and once");
}

#[tokio::test]
async fn a_review_is_planned_from_as_it_was_measured() {
    let context = context().await;
    let review = json!({"subject": "acme", "platforms": ["Salesforce", "Eloqua"], "answers": answers(2)});
    let review = ReviewArchitecture::call(serde_json::from_value(review).unwrap(), &context).await.unwrap();
    let id = review.structured.review_id;
    let now =
        ask(&context, json!({"platforms": ["Salesforce", "Eloqua"], "answers": answers(2)})).await.unwrap();
    for arguments in [json!({"review": id}), json!({})] {
        let output = ask(&context, arguments).await.unwrap();
        assert_eq!(output["items"], now["items"]);
        assert_eq!(output["stack_from"], format!("review {id} of acme, 2026-11-22"));
    }
    let error = ask(&context, json!({"review": "none"})).await.unwrap_err().text();
    assert!(error.contains("there is no review `none`") && error.contains("hint:"), "{error}");
    let error = ask(&context, json!({"review": id, "platforms": ["HubSpot"]})).await.unwrap_err().text();
    assert!(error.contains("`review` is given together"), "{error}");
}

#[tokio::test]
async fn capacity_decides_what_fits_and_is_said() {
    let context = context().await;
    let scarce = json!([{"people_days_per_month": 0.5}]);
    let output = ask(&context, json!({"answers": answers(1), "capacity": scarce})).await.unwrap();
    assert!(!output["does_not_fit"].as_array().unwrap().is_empty(), "{output}");
    assert_eq!(output["capacity"][0]["provenance"], "attested");
    let assumed = ask(&context, json!({"answers": answers(1)})).await.unwrap();
    assert_eq!(
        (&assumed["capacity"][0]["provenance"], &assumed["capacity"][0]["people_days_per_month"]),
        (&json!("authored"), &json!(10.0))
    );
    for (capacity, said) in [
        (json!([{"people_days_per_month": 0}]), "every other role has 0 people-days"),
        (json!([{"owner_role": "security", "parallel_items": 0}]), "security"),
        (json!([{}, {}]), "given twice"),
    ] {
        let error = ask(&context, json!({"capacity": capacity})).await.unwrap_err().text();
        assert!(error.contains(said) && error.contains("hint:"), "{error}");
    }
    let misspelt = json!([{"owner_role": "chief revenue offcer", "people_days_per_month": 5}]);
    let output = ask(&context, json!({"answers": answers(1), "capacity": misspelt})).await.unwrap();
    assert!(
        output["notes"].to_string().contains("did you mean \\\"chief revenue officer\\\"?"),
        "{}",
        output["notes"]
    );
}

#[tokio::test]
async fn own_items_are_placed_and_bad_ones_refused() {
    let context = context().await;
    let effort = json!({"low": 3, "high": 8});
    let own = json!([
        {"id": "choose_cdp", "title": "Choose a CDP", "kind": "technology", "prerequisites": ["map_flows"]},
        {"id": "map_flows", "title": "Map the flows", "kind": "process", "effort_days": effort},
        {"id": "agree_goals", "effort_days": {"low": 1, "high": 1}},
    ]);
    let output = ask(&context, json!({"answers": answers(1), "items": own})).await.unwrap();
    let (cdp, flows) = (item(&output, "choose_cdp"), item(&output, "map_flows"));
    assert!(cdp["latest_end"].is_null() && cdp["effort"]["provenance"] == "unknown", "{cdp}");
    assert_eq!(flows["effort"], json!({"low_days": 3.0, "high_days": 8.0, "provenance": "attested"}));
    assert!(cdp["earliest_start"].as_str() > flows["earliest_end"].as_str());
    assert_eq!(item(&output, "agree_goals")["effort"]["provenance"], "attested");
    for (items, said, hint) in [
        (
            json!([{"id": "a", "title": "a", "kind": "data", "prerequisites": ["b"]}, {"id": "b", "title": "b", "kind": "data", "prerequisites": ["a"]}]),
            "a waits for b waits for a",
            "take one of these",
        ),
        (
            json!([{"id": "a", "title": "a", "kind": "data", "prerequisites": ["agree_gaols"]}]),
            "waits for `agree_gaols`",
            "did you mean `agree_goals`?",
        ),
        (
            json!([{"id": "a", "title": "a", "kind": "data", "effort_days": {"low": 5, "high": 2}}]),
            "effort of `a`",
            "low",
        ),
        (json!([{"id": "a"}]), "no item `a`", "kind"),
        (json!([{"id": " ", "title": "a", "kind": "data"}]), "`items[0]`", "short `id`"),
    ] {
        let error = ask(&context, json!({"items": items})).await.unwrap_err().text();
        assert!(error.contains(said) && error.contains(hint), "{error}");
    }
}

#[tokio::test]
async fn dates_and_horizons_are_checked() {
    let context = context().await;
    let output = ask(&context, json!({"start": "2027-01-11", "horizon_months": 18})).await.unwrap();
    assert_eq!((&output["start"], &output["end"]), (&json!("2027-01-11"), &json!("2028-07-10")));
    assert_eq!(output["first_90_days"][2]["to"], "2027-04-10");
    for (arguments, said) in [
        (json!({"start": "tomorrow"}), "is no date"),
        (json!({"start": "9999-12-01"}), "leave the calendar"),
        (json!({"horizon_months": 2}), "a horizon of 2 months"),
        (json!({"cursor": "999"}), "past the last"),
    ] {
        let error = ask(&context, arguments).await.unwrap_err().text();
        assert!(error.contains(said) && error.contains("hint:"), "{error}");
    }
}

#[tokio::test]
async fn agents_can_be_left_out_and_contradictions_are_named() {
    let output = ask(&context().await, json!({"ai": false})).await.unwrap();
    assert!(output["items"].as_array().unwrap().iter().all(|item| item["ai"].is_null()));
    let named: Vec<&Value> =
        output["contradictions"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(named, ["c04", "c05", "c17"]);
    assert!(output["published"].as_array().unwrap().iter().all(|claim| claim["provenance"] == "published"));
}

#[tokio::test]
async fn a_long_plan_comes_in_pages() {
    let context = context().await;
    let own: Vec<Value> = (0..90)
        .map(|at| json!({"id": format!("own_{at}"), "title": "x".repeat(110), "kind": "data", "effort_days": {"low": 1, "high": 2}}))
        .collect();
    let (mut seen, mut cursor) = (Vec::new(), Value::Null);
    for _ in 0..30 {
        let output = ask(&context, json!({"items": own, "response_format": "detailed", "cursor": cursor}))
            .await
            .unwrap();
        seen.extend(output["items"].as_array().unwrap().iter().map(|item| item["id"].to_string()));
        cursor = output["next_cursor"].clone();
        if cursor.is_null() {
            assert_eq!(output["items_total"], seen.len());
            break;
        }
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert!(all > 90 && seen.len() == all, "each item once");
}
