use super::*;
use crate::{testing::context, tokens};
use serde_json::{Value, json};

async fn ask(arguments: Value) -> Result<Value, ToolError> {
    let input: Input = serde_json::from_value(arguments).unwrap();
    let Answer { structured, text } = RationalizeStack::call(input, &context().await).await?;
    assert!(text.lines().count() <= 60, "{text}");
    let structured = serde_json::to_value(structured).unwrap();
    assert!(tokens::count(&structured.to_string()) < 10_000);
    Ok(structured)
}

fn verdict<'a>(output: &'a Value, name: &str) -> &'a Value {
    let mut tools = output["tools"].as_array().unwrap().iter();
    tools.find(|tool| tool["name"] == name).unwrap_or_else(|| panic!("{name}: {output}"))
}

async fn refused(arguments: Value, wanted: &[&str]) {
    let told = ask(arguments.clone()).await.unwrap_err().text();
    for word in wanted.iter().chain(&["hint:"]) {
        assert!(told.contains(word), "{arguments}: {told}");
    }
}

#[tokio::test]
async fn what_cannot_be_a_stack_is_refused_with_the_next_step() {
    let one = |tool: Value| json!({"tools": [tool]});
    refused(json!({}), &["the stack is empty"]).await;
    refused(
        json!({"tools": [{"name": "SFDC"}, {"name": "Salesforce"}]}),
        &["`SFDC`", "`Salesforce`", "instance"],
    )
    .await;
    refused(json!({"tools": [{"name": "Quux"}, {"name": "quux"}]}), &["`Quux`", "`quux`"]).await;
    refused(one(json!({"name": " "})), &["name is empty"]).await;
    refused(one(json!({"name": "Quux", "category": "crmm"})), &["`crmm`", "did you mean `crm`"]).await;
    refused(one(json!({"name": "Quux", "also": ["zzzz"]})), &["categories are", "cdp"]).await;
    refused(one(json!({"name": "Salesforce", "annual_cost": -1})), &["Salesforce", "not negative"]).await;
    refused(one(json!({"name": "Salesforce", "utilisation_percent": 140})), &["140%", "not 140"]).await;
    refused(one(json!({"name": "Salesforce", "users": 14, "seats": 10})), &["above 100%"]).await;
    refused(one(json!({"name": "Salesforce", "users": 0, "utilisation_percent": 5})), &["0 users"]).await;
    let mixed = json!([{"name": "Salesforce", "annual_cost": 1, "currency": "USD"}, {"name": "Marketo", "annual_cost": 1, "currency": "EUR"}]);
    refused(json!({"tools": mixed}), &["USD", "EUR", "convert"]).await;
    let many: Vec<Value> = (0..1_001).map(|at| json!({"name": format!("tool {at}")})).collect();
    refused(json!({"tools": many}), &["1001 tools"]).await;
}

#[tokio::test]
async fn names_are_read_and_what_the_catalog_knows_is_told() {
    let output = ask(json!({
        "tools": [
            {"name": "SFDC", "users": 80},
            {"name": "Pipedrive", "users": 3, "annual_cost": 1200, "contract_end": "2027-01-15", "owner": "Sales Ops"},
            {"name": "Looker Studio"},
            {"name": "Quuxblorp", "category": "Customer Data Platform", "users": 0, "annual_cost": 500, "integrations": []},
        ],
        "currency": "EUR",
        "response_format": "detailed",
    }))
    .await
    .unwrap();
    let pipedrive = verdict(&output, "Pipedrive");
    assert_eq!((&pipedrive["verdict"], &pipedrive["into"]), (&json!("merge"), &json!("Salesforce")));
    assert!(pipedrive["when"].as_str().unwrap().contains("2027-01-15"));
    assert_eq!(pipedrive["owner"], "Sales Ops");
    assert!(verdict(&output, "Salesforce")["mcp"].as_str().unwrap().contains("by "), "status, basis and day");
    let looker = verdict(&output, "Looker Studio");
    assert_eq!(looker["did_you_mean"][0], "Looker");
    assert_eq!(looker["verdict"], "measure");
    let stranger = verdict(&output, "Quuxblorp");
    assert_eq!(stranger["verdict"], "retire");
    assert!(stranger["certain"].is_null(), "it is the only CDP");
    assert_eq!(output["savings"]["per_year"], json!({"low": 0.0, "high": 1700.0}));
    assert_eq!(output["savings"]["unpriced_tools"], 2);
    let ids: Vec<&str> =
        output["contradictions"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["c01", "c09", "c10", "c11", "c13"]);
}

#[tokio::test]
async fn two_accounts_of_one_product_are_told_apart() {
    let output = ask(json!({"tools": [
        {"name": "Gong", "instance": "EMEA", "users": 20}, {"name": "Gong", "instance": "US", "users": 60},
        {"name": "Salesforce", "users": 90, "integrations": ["gong", "a warehouse of our own"]},
    ]}))
    .await
    .unwrap();
    let emea = verdict(&output, "Gong (EMEA)");
    assert_eq!(emea["into"], "Gong (US)");
    assert!(emea["conditions"].to_string().contains("Salesforce"), "{emea}");
}

#[tokio::test]
async fn unknown_costs_are_counted_and_not_taken_for_nothing() {
    let tool =
        |name: &str, cost: Value| json!({"name": name, "users": 0, "integrations": [], "annual_cost": cost});
    let output =
        ask(json!({"tools": [tool("Moz", Value::Null), tool("Semrush", json!(100))]})).await.unwrap();
    assert_eq!(output["savings"]["per_year"], json!({"low": 100.0, "high": 100.0}));
    assert_eq!(output["savings"]["unpriced"], json!(["Moz"]));
    let output = ask(json!({"tools": [tool("Moz", Value::Null)]})).await.unwrap();
    assert_eq!(output["savings"]["provenance"], "unknown");
}

#[tokio::test]
async fn five_hundred_tools_come_in_pages_within_the_budget() {
    let tools: Vec<Value> = (0..500)
        .map(|at| {
            json!({
                "name": "Salesforce", "instance": format!("{at} {}", "an account with a long name ".repeat(9)),
                "users": if at % 3 == 0 { Value::Null } else { json!(at % 7) },
                "integrations": if at % 50 == 0 { json!(["salesforce", "a system of ours"]) } else { json!([]) },
            })
        })
        .collect();
    for format in ["concise", "detailed"] {
        let mut seen = 0;
        let mut cursor = Value::Null;
        for _ in 0..400 {
            let output =
                ask(json!({"tools": tools, "response_format": format, "cursor": cursor})).await.unwrap();
            assert_eq!(output["counts"]["tools"], 500);
            assert_eq!(output["size"]["standing"], "sprawl");
            seen += output["tools"].as_array().unwrap().len();
            cursor = output["next_cursor"].clone();
            if cursor.is_null() || format == "concise" {
                break;
            }
        }
        assert!(seen == 500 || format == "concise" && seen > 0, "{seen}");
    }
}
