use super::{ReviewArchitecture, changes_of, history, trends};
use crate::{Context, Tool, ToolError, testing::context};
use revarch_store::{ReviewRecord, Store};
use serde_json::{Value, json};

async fn ask(context: &Context, arguments: Value) -> Result<Value, ToolError> {
    let answer = ReviewArchitecture::call(serde_json::from_value(arguments).unwrap(), context).await?;
    let mut output = serde_json::to_value(answer.structured).unwrap();
    output["text"] = answer.text.into();
    Ok(output)
}

fn at(context: &Context, now: &str) -> Context {
    Context { now: now.parse().unwrap(), ..context.clone() }
}

async fn kept(store: &Store, id: &str) -> ReviewRecord {
    store.review(id).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_review_is_compared_with_the_last_of_its_subject_or_the_one_named() {
    let context = context().await;
    let review = async |now: &str, arguments: Value| ask(&at(&context, now), arguments).await.unwrap();
    let stack = json!({"subject": "acme", "platforms": ["HubSpot"]});
    let first = review("2026-01-01T00:00:00Z", stack.clone()).await;
    assert!(first["changes"].is_null() && first["not_compared"].is_null(), "{first}");
    let other = review("2026-01-02T00:00:00Z", json!({"subject": "other", "platforms": ["HubSpot"]})).await;
    assert!(other["changes"].is_null(), "another company");
    let second = review("2026-01-03T00:00:00Z", stack.clone()).await;
    assert_eq!(second["changes"]["with"], first["review_id"]);
    assert_eq!(second["changes"]["changed_findings"], json!([]));
    assert_eq!(second["changes"]["other_rulers"], json!([]));
    assert!(second["text"].as_str().unwrap().contains("0 gone, 0 new, 0 better, 0 worse"), "{second}");
    let named = json!({"subject": "acme", "platforms": ["HubSpot"], "compare_with": other["review_id"]});
    assert_eq!(review("2026-01-04T00:00:00Z", named).await["changes"]["with"], other["review_id"]);
    let error = ask(&context, json!({"platforms": ["HubSpot"], "compare_with": "none"})).await.unwrap_err();
    assert!(error.text().contains("no review `none`") && error.text().contains("hint: "), "{}", error.text());
}

#[tokio::test]
async fn answers_that_are_added_are_evidence_and_no_progress() {
    let context = context().await;
    let review = async |now: &str, answers: Value| {
        let arguments = json!({"platforms": ["HubSpot"], "answers": answers, "response_format": "detailed"});
        ask(&at(&context, now), arguments).await.unwrap()
    };
    review("2026-01-01T00:00:00Z", json!([{"question": "content.inventory", "level": 2}])).await;
    let more = json!([
        {"question": "content.inventory", "level": 2},
        {"question": "customer_data.contact_account_link", "level": 2},
    ]);
    let changes = review("2026-01-02T00:00:00Z", more).await["changes"].clone();
    let numbers = changes["numbers"].as_array().unwrap();
    let customer = numbers
        .iter()
        .find(|number| number["name"] == "customer_data" && number["what"] == "maturity")
        .unwrap();
    assert_eq!(
        (&customer["standing"], &customer["why"]),
        (&json!("not_comparable"), &json!("more is known than before"))
    );
    let pages = numbers.iter().find(|number| number["name"] == "content").unwrap();
    assert_eq!(pages["standing"], "unchanged");
    assert!(changes["other_evidence"].to_string().contains("only answered: 1 before, 2 now"), "{changes}");
}

#[tokio::test]
async fn what_an_older_revarch_kept_is_said_to_be_no_ground() {
    let context = context().await;
    let record = ReviewRecord {
        id: "old".to_owned(),
        made_at: "2026-01-01T00:00:00Z".parse().unwrap(),
        subject: "acme".to_owned(),
        json: json!({"stage": 2}),
        markdown: String::new(),
    };
    context.store.save_review(&record).await.unwrap();
    let stack = json!({"subject": "acme", "platforms": ["HubSpot"]});
    let review = ask(&context, stack.clone()).await.unwrap();
    assert!(review["changes"].is_null());
    assert!(review["not_compared"].as_str().unwrap().contains("review old of the same subject"), "{review}");
    let mut named = stack;
    named["compare_with"] = "old".into();
    assert!(ask(&context, named).await.unwrap_err().text().contains("`old` does not hold"));
}

#[tokio::test]
async fn the_measures_are_kept_as_evidence_with_source_and_time() {
    let context = context().await;
    let review = ask(&context, json!({"subject": "acme", "platforms": ["HubSpot"]})).await.unwrap();
    let evidence = context.store.evidence("acme").await.unwrap();
    let reach = evidence.iter().find(|piece| piece.name == "any_mcp_share").unwrap();
    assert_eq!(reach.source, format!("review {}", review["review_id"].as_str().unwrap()));
    assert_eq!(reach.measured_at, context.now);
    let measures = review["measures"].as_array().unwrap();
    let measure = measures.iter().find(|measure| measure["measure"] == "any_mcp_share").unwrap();
    assert_eq!(reach.value["value"], measure["value"]);
}

#[tokio::test]
async fn history_changes_and_trend_follow_from_the_store() {
    let context = context().await;
    for (now, platforms) in
        [("2026-01-01T00:00:00Z", json!(["HubSpot"])), ("2026-01-02T00:00:00Z", json!(["Marketo"]))]
    {
        ask(&at(&context, now), json!({"subject": "acme", "platforms": platforms})).await.unwrap();
    }
    let reviews = context.store.reviews(9).await.unwrap();
    let listed = serde_json::to_value(history(&reviews)).unwrap();
    assert_eq!(listed["reviews"][0]["review_id"], reviews[0].id);
    assert_eq!(listed["reviews"][0]["areas"], json!(["coverage", "maturity"]));
    let trend = serde_json::to_value(trends(&reviews)).unwrap();
    let points = trend.pointer("/subjects/acme/measures/any_mcp_share").unwrap().as_array().unwrap();
    assert_eq!(points.len(), 2);
    assert_eq!(points[0]["review_id"], reviews[1].id, "the oldest first");
    let newest = kept(&context.store, &reviews[0].id).await;
    let changes = changes_of(&newest, &context.store).await.unwrap().unwrap();
    assert_eq!(changes.with, reviews[1].id);
    assert_eq!(changes.other_evidence.len(), 2, "{:?}", changes.other_evidence);
    let oldest = kept(&context.store, &reviews[1].id).await;
    assert!(changes_of(&oldest, &context.store).await.unwrap().is_none());
}
