use super::*;
use crate::{testing::context, tokens};
use serde_json::{Value, json};
use std::fmt::Write as _;

async fn ask(arguments: Value) -> Result<(Value, String), ToolError> {
    let input: Input = serde_json::from_value(arguments).unwrap();
    let Answer { structured, text } = MeasureRevenue::call(input, &context().await).await?;
    assert!(text.lines().count() <= 60, "{text}");
    let structured = serde_json::to_value(structured).unwrap();
    assert!(tokens::count(&structured.to_string()) < 10_000, "{}", tokens::count(&structured.to_string()));
    Ok((structured, text))
}

/// Deals of three sources over 2026, of which one in three is won.
fn company(deals: i64) -> Value {
    let mut table = String::from("deal_id,stage,amount,source,region,created_at,close_date\n");
    for at in 0..deals {
        let (month, day) = (1 + at % 9, 1 + at % 28);
        let stage = ["closed_won", "closed_lost", "closed_lost"][usize::try_from(at % 3).unwrap()];
        let source = ["webinar", "partner", "outbound"][usize::try_from(at / 9 % 3).unwrap()];
        let end = month + 1;
        writeln!(
            table,
            "D{at},{stage},100,{source},R{},2026-{month:02}-{day:02},2026-{end:02}-{day:02}",
            at % 40
        )
        .unwrap();
    }
    json!([{"name": "deals", "csv": table}])
}

fn metric<'a>(output: &'a Value, id: &str, segment: Option<&str>) -> &'a Value {
    let segment = segment.map_or(Value::Null, Value::from);
    let metrics = output["metrics"].as_array().unwrap();
    metrics.iter().find(|one| one["metric"] == id && one["segment"] == segment).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn every_value_shows_both_sides_of_its_fraction() {
    let arguments = json!({"tables": company(90), "response_format": "detailed", "metrics": ["win_rate"]});
    let (output, _) = ask(arguments).await.unwrap();
    assert_eq!(output["period"], "2026-Q3");
    let values = metric(&output, "win_rate", None)["values"].as_array().unwrap();
    let value = values.iter().find(|value| value["period"] == "2026-Q2").unwrap();
    assert_eq!((&value["numerator"], &value["denominator"]), (&json!(10.0), &json!(30.0)));
    assert!(value["interval"]["low"].as_f64().unwrap() < 1.0 / 3.0);
    assert_eq!(
        value["inputs"][0],
        json!({"what": "deals_won", "value": 10.0, "rows": 10, "provenance": "measured"})
    );
}

#[tokio::test]
async fn segments_and_marketing_sources_are_told() {
    let arguments = json!({
        "tables": company(90), "segment_by": "source", "marketing_sources": ["webinar"],
        "metrics": ["win_rate", "sourced_pipeline_share"],
    });
    let (output, text) = ask(arguments).await.unwrap();
    assert!(metric(&output, "win_rate", Some("partner"))["values"][0]["value"].is_number(), "{output:#}");
    let share = metric(&output, "sourced_pipeline_share", None);
    assert!((share["values"][0]["value"].as_f64().unwrap() - 1.0 / 3.0).abs() < 0.1, "{share:#}");
    assert_eq!(share["targets"][0]["provenance"], "published");
    assert!(share["cautions"][0].as_str().unwrap().contains("contradicts itself"), "{share:#}");
    assert!(text.contains("Win rate, partner"), "{text}");
    let score = &output["scorecard"][0];
    assert_eq!((&score["standing"], &score["target"]), (&json!("underway"), &json!(0.5)));
}

#[tokio::test]
async fn what_is_given_is_attested_and_what_is_not_is_unknown() {
    let given = json!([
        {"what": "net_promoter_score", "value": 60}, {"what": "stack_utilisation", "value": 0.6},
        {"what": "marketing_spend", "value": 500, "period": "2026-Q3"},
        {"what": "sales_cost", "value": 500, "period": "2026-Q3"},
    ]);
    let (output, text) = ask(json!({"tables": company(90), "given": given})).await.unwrap();
    let standing = |metric: &str| {
        let scores = output["scorecard"].as_array().unwrap();
        scores.iter().find(|score| score["metric"] == metric).unwrap()["standing"].clone()
    };
    assert_eq!(standing("net_promoter_score"), "at_target");
    assert_eq!(standing("stack_utilisation"), "underway");
    assert_eq!(standing("dynamic_content"), "unknown");
    let cost = metric(&output, "cost_per_pipeline_dollar", None);
    assert_eq!(cost["values"][0]["provenance"], "attested");
    let unknown = output["unknown"].to_string();
    assert!(unknown.contains("new_customers") && !unknown.contains("sales_cost"), "{unknown}");
    assert!(text.contains("Unknown:"), "{text}");
    let wrong = json!([{"what": "sales_cost", "value": -1, "period": "2026-Q3"}]);
    assert!(ask(json!({"tables": company(9), "given": wrong})).await.unwrap_err().text().contains("below 0"));
    let wrong = json!([{"what": "sales_cost", "value": 1, "period": "2020-Q3"}]);
    assert!(
        ask(json!({"tables": company(9), "given": wrong})).await.unwrap_err().text().contains("no period")
    );
}

#[tokio::test]
async fn many_segments_come_in_pages() {
    let (mut seen, mut cursor) = (Vec::new(), Value::Null);
    for _ in 0..100 {
        let arguments = json!({
            "tables": company(400), "segment_by": "region", "response_format": "detailed", "cursor": cursor,
            "metrics": ["pipeline_created", "win_rate"],
        });
        let (output, _) = ask(arguments).await.unwrap();
        let shown = output["metrics"].as_array().unwrap().iter();
        seen.extend(shown.map(|one| format!("{} {}", one["metric"], one["segment"])));
        cursor = output["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((seen.len(), all), (82, 82), "40 regions and the whole, of two metrics, each once");
    let error = ask(json!({"tables": company(400), "segment_by": "deal_id"})).await.unwrap_err().text();
    assert!(error.contains("at most 50 are told apart"), "{error}");
}

#[tokio::test]
async fn the_trend_compares_periods_that_are_over() {
    let (output, _) = ask(json!({"tables": company(90), "period": "month", "metrics": ["pipeline_created"]}))
        .await
        .unwrap();
    let trend = &metric(&output, "pipeline_created", None)["trend"];
    assert_eq!((&trend["to"], &trend["from"]), (&json!("2026-10"), &json!("2026-09")));
    assert_eq!(trend["course"], "worse", "no deal was made in October");
}

#[tokio::test]
async fn no_churn_leaves_lifetime_value_undefined() {
    let contracts =
        "subscription_id,account_id,mrr,started_at,ended_at\nS1,A1,100,2025-01-01,\nS2,A2,100,2025-01-01,\n";
    let mut tables = company(90);
    tables.as_array_mut().unwrap().push(json!({"name": "subscriptions", "csv": contracts}));
    let arguments = json!({"tables": tables, "metrics": ["clv_revenue", "nrr", "customer_churn"]});
    let (output, _) = ask(arguments).await.unwrap();
    assert_eq!(metric(&output, "nrr", None)["values"][0]["value"], 1.0);
    assert_eq!(metric(&output, "customer_churn", None)["values"][0]["value"], 0.0);
    assert!(
        output["unknown"][0]["why"].as_str().unwrap().contains("undefined: monthly_churn is 0"),
        "{output:#}"
    );
}
