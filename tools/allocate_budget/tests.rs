use super::*;
use crate::{testing::context, tokens};
use serde_json::{Value, json};

async fn ask(arguments: Value) -> Result<Value, ToolError> {
    let input: Input = serde_json::from_value(arguments).unwrap();
    let Answer { structured, text } = AllocateBudget::call(input, &context().await).await?;
    assert!(text.lines().count() <= 60, "{text}");
    let structured = serde_json::to_value(structured).unwrap();
    assert!(tokens::count(&structured.to_string()) < 10_000);
    Ok(structured)
}

async fn refused(arguments: Value, wanted: &[&str]) {
    let told = ask(arguments.clone()).await.unwrap_err().text();
    for word in wanted.iter().chain(&["hint:"]) {
        assert!(told.contains(word), "{arguments}: {told}");
    }
}

#[tokio::test]
async fn what_cannot_be_a_budget_is_refused_with_the_next_step() {
    refused(json!({}), &["nothing to split", "`model`"]).await;
    refused(json!({"model": "b2b", "total": 0}), &["the budget is zero"]).await;
    refused(json!({"model": "b2b", "total": -5}), &["-5", "not negative"]).await;
    refused(json!({"model": "b2b", "total": 1e15}), &["million million"]).await;
    refused(json!({"model": "b2b", "total": 10.005}), &["whole number"]).await;
    refused(json!({"model": "b2b", "total": 5, "currency": "euros"}), &["EUROS", "ISO 4217"]).await;
    let mixed = json!([{"name": "cdp", "current_amount": 5, "currency": "USD"}]);
    refused(json!({"model": "b2b", "total": 9, "currency": "EUR", "categories": mixed}), &["EUR", "USD"])
        .await;
    let category = |entry: Value| json!({"model": "b2b", "total": 100, "categories": [entry]});
    refused(category(json!({"name": "cdpp"})), &["`cdpp`", "did you mean `cdp`"]).await;
    refused(category(json!({"name": "cdp", "min_percent": 30, "max_percent": 20})), &["30%", "20%"]).await;
    refused(category(json!({"name": "cdp", "min_percent": 30, "min_amount": 20})), &["both"]).await;
    refused(category(json!({"name": "cdp", "fixed_amount": 120})), &["120%"]).await;
    refused(category(json!({"name": "cdp", "fixed_amount": 10, "target_percent": 9})), &["a target"]).await;
    let sums = json!([{"name": "cdp", "fixed_amount": 70}, {"name": "abx", "fixed_amount": 60}]);
    refused(json!({"model": "b2b", "total": 100, "categories": sums}), &["130.00%", "raise `total`"]).await;
    let sums = json!([{"name": "cdp", "fixed_amount": 70}, {"name": "abx", "fixed_amount": 10}]);
    refused(json!({"total": 100, "categories": sums}), &["80.00%", "leave one category open"]).await;
    refused(json!({"model": "b2b", "categories": [{"name": "cdp", "min_amount": 70}]}), &["give `total`"])
        .await;
    let half = json!([{"name": "cdp", "current_amount": 70}]);
    refused(json!({"model": "b2b", "categories": half}), &["abx", "0 where nothing is spent"]).await;
    refused(json!({"model": "b2b", "aim": "most_return"}), &["expected_return", "abx"]).await;
    let split = json!({"core_platforms": 50, "specialized_tools": 30, "integration_operations": 20, "innovation_testing": 10});
    refused(json!({"model": "b2b", "total": 100, "compare": {"split": split}}), &["110", "100"]).await;
    let group = json!([{"categories": ["cdp", "crm"], "max_percent": 20}]);
    refused(json!({"model": "b2b", "group_limits": group}), &["`crm`"]).await;
    refused(json!({"model": "b2b", "cursor": "99"}), &["cursor"]).await;
}

#[tokio::test]
async fn claims_are_marked_and_never_computed_with() {
    let output = ask(json!({"model": "b2c", "total": 1000, "response_format": "detailed"})).await.unwrap();
    assert_eq!(output["verdict"], "one_plan_only");
    assert!(output["expected_return"].is_null(), "a printed return is no expectation");
    for claim in output["claims"].as_array().unwrap() {
        assert_eq!(claim["provenance"], "published");
        assert!(!claim["source"].as_str().unwrap().is_empty());
    }
    let ids: Vec<&str> =
        output["contradictions"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["c07", "c11"]);
    assert!(output["checks"].as_array().unwrap().iter().all(|check| check["standing"] == "unknown"));
}

#[tokio::test]
async fn changes_are_told_in_money_and_amounts_add_up() {
    let arguments = json!({
        "total": 100_000.01, "currency": "EUR",
        "categories": [
            {"name": "brand", "own": true, "current_amount": 50_000},
            {"name": "events", "own": true, "current_amount": 30_000, "max_amount": 20_000},
            {"name": "search", "own": true},
        ],
        "compare": {"marketing_budget": 400_000, "revenue": 10_000_000},
    });
    let output = ask(arguments).await.unwrap();
    let categories = output["categories"].as_array().unwrap();
    let cents = |category: &Value| (category["amount"].as_f64().unwrap() * 100.0).round();
    let sum: f64 = categories.iter().map(cents).sum();
    assert!((sum - 10_000_001.0).abs() < 0.5, "{output}");
    assert!((categories[1]["change"].as_f64().unwrap() + 10_000.0).abs() < 1.0, "{output}");
    assert!(categories[2]["change"].is_null(), "unknown spend is not zero");
    assert_eq!(categories[2]["reference_from"], "even_part");
    assert_eq!(output["checks"][0]["standing"], "above");
    assert_eq!(output["checks"][1]["standing"], "within");
    assert!((output["share_of_revenue_percent"].as_f64().unwrap() - 1.0).abs() < 1e-3);
}

#[tokio::test]
async fn many_categories_come_in_pages() {
    let name = |at: usize| format!("{at} {}", "a category with a long name ".repeat(20));
    let own: Vec<Value> = (0..50)
        .map(|at| json!({"name": name(at), "own": true, "min_percent": 3, "max_percent": 10}))
        .collect();
    let mut seen = 0;
    let mut cursor = Value::Null;
    for _ in 0..20 {
        let output = ask(json!({"categories": own, "cursor": cursor})).await.unwrap();
        assert_eq!(output["verdict"], "cannot_be_met");
        seen += output["categories"].as_array().unwrap().len();
        cursor = output["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(seen, 50);
}
