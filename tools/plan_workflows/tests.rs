use super::*;
use crate::{review_architecture::ReviewArchitecture, testing::context, tokens};
use serde_json::{Value, json};

async fn ask(context: &Context, arguments: Value) -> Result<Value, ToolError> {
    let input: Input = serde_json::from_value(arguments).unwrap();
    let Answer { structured, text } = PlanWorkflows::call(input, context).await?;
    assert!(text.lines().count() <= 60, "{text}");
    let structured = serde_json::to_value(structured).unwrap();
    assert!(tokens::count(&structured.to_string()) < 10_000);
    Ok(structured)
}

/// A list that offers everything that workflows ask of a platform of this category, by the operations' names.
fn everything(category: &str) -> Value {
    let shipped = revarch_domain::workflow::shipped();
    let needs = shipped.iter().flat_map(|workflow| &workflow.operations);
    let of = needs.filter(|need| need.categories.iter().any(|slug| slug == category));
    let tools = of.flat_map(|need| &need.any_of).map(|operation| {
        json!({"name": format!("{}_{}", operation.verb, operation.object), "inputSchema": {"type": "object"}})
    });
    tools.collect()
}

#[tokio::test]
async fn what_blocks_is_named_and_the_fixes_are_computed() {
    let context = context().await;
    let arguments = json!({
        "only": ["risk_monitoring"],
        "platforms": ["Eloqua"],
        "tools_lists": [{"platform": "Salesforce", "tools_list": [{"name": "search_contacts", "inputSchema": {"type": "object"}}]}],
        "whole_stack": true,
    });
    let output = ask(&context, arguments).await.unwrap();
    let workflow = &output["workflows"][0];
    assert_eq!(workflow["verdict"], "blocked");
    let blocked = workflow["blocked_by"].as_array().unwrap();
    assert!(blocked.iter().any(|need| need["need"].as_str().unwrap().starts_with("deal.")), "{blocked:?}");
    let fixes = output["fixes"].as_array().unwrap();
    assert_eq!(fixes.last().unwrap()["workflows"], json!(["risk_monitoring"]));
    let named: Vec<&str> =
        output["actions"].as_array().unwrap().iter().map(|action| action["id"].as_str().unwrap()).collect();
    for id in fixes.last().unwrap()["actions"].as_array().unwrap() {
        assert!(named.contains(&id.as_str().unwrap()), "{id} is told in full");
    }
}

#[tokio::test]
async fn unknown_data_keeps_a_workflow_from_being_called_deployable() {
    let context = context().await;
    let lists = json!([{"platform": "Salesforce", "tools_list": everything("crm")}]);
    let output = ask(&context, json!({"only": ["risk_monitoring"], "tools_lists": lists})).await.unwrap();
    assert_eq!(output["workflows"][0]["verdict"], "unknown", "{output}");
    assert_eq!(output["data_from"], "the data was neither measured nor stored");
    assert!(
        output["measurements"].as_array().unwrap().last().unwrap()["actions"]
            .to_string()
            .contains("measure.data")
    );
}

#[tokio::test]
async fn a_stored_review_is_taken_where_nothing_is_measured() {
    let context = context().await;
    let review = json!({"subject": "acme", "platforms": ["Salesforce", "Outreach"]});
    let review = ReviewArchitecture::call(serde_json::from_value(review).unwrap(), &context).await.unwrap();
    let review = serde_json::to_value(review.structured).unwrap();
    assert_eq!(review["workflows"].as_array().unwrap().len(), 5);
    let id = review["review_id"].as_str().unwrap();
    for arguments in [json!({}), json!({"review_id": id})] {
        let output = ask(&context, arguments).await.unwrap();
        assert!(
            output["access_from"].as_str().unwrap().starts_with(&format!("review {id} of acme, 2026-11-22")),
            "{output}"
        );
        assert_eq!(output["data_from"], "the data was neither measured nor stored");
    }
    let error = ask(&context, json!({"review_id": "none"})).await.unwrap_err().text();
    assert!(error.contains("there is no review `none`") && error.contains("hint:"), "{error}");
}

#[tokio::test]
async fn results_handed_in_take_the_place_of_what_is_known() {
    let context = context().await;
    let state = async |state: &str| {
        let arguments = json!({
            "only": ["risk_monitoring"], "platforms": ["Salesforce"],
            "results": [{"need": "deal.search", "platform": "salesforce", "state": state}],
        });
        let output = ask(&context, arguments).await.unwrap();
        assert!(output["access_from"].as_str().unwrap().ends_with("with results handed in"));
        let blocked = output["workflows"][0]["blocked_by"].to_string();
        blocked.contains("deal.search")
    };
    assert!(!state("holds").await);
    let strange = json!({"results": [{"need": "deal.search", "platform": "Nowhere", "state": "holds"}]});
    assert!(
        ask(&context, strange).await.unwrap_err().text().contains("`Nowhere` is no platform of the stack")
    );
}

#[tokio::test]
async fn many_workflows_come_in_pages() {
    let context = context().await;
    let own: Vec<Value> = (0..40)
        .map(|at| {
            json!({
                "id": format!("own_{at}"), "title": format!("Own workflow number {at}"),
                "needs": [{"question": "association", "entities": ["contact"], "because": "x".repeat(200)}],
                "operations": [{"any_of": ["deal.search"], "in": ["crm"], "because": "y".repeat(200)}],
                "escalate_when": "z".repeat(300),
            })
        })
        .collect();
    let mut seen = Vec::new();
    let mut cursor = Value::Null;
    for _ in 0..50 {
        let arguments = json!({"workflows": own, "response_format": "detailed", "cursor": cursor});
        let output = ask(&context, arguments).await.unwrap();
        seen.extend(
            output["workflows"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()),
        );
        cursor = output["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(seen.len(), 45);
    let unjudged = json!([{"id": "odd", "title": "t", "needs": [{"question": "association", "because": "x"}],
        "operations": [{"any_of": ["deal.search"], "in": ["crm"], "because": "y"}], "escalate_when": "z"}]);
    let error = ask(&context, json!({"workflows": unjudged})).await.unwrap_err().text();
    assert!(error.contains("the readiness lens cannot judge") && error.contains("`odd`"), "{error}");
    let clash = json!([{"id": "risk_monitoring", "title": "t", "needs": [{"question": "association", "because": "x"}],
        "operations": [{"any_of": ["deal.search"], "in": ["crm"], "because": "y"}], "escalate_when": "z"}]);
    let error = ask(&context, json!({"workflows": clash})).await.unwrap_err().text();
    assert!(error.contains("there is a workflow `risk_monitoring` already"), "{error}");
}
