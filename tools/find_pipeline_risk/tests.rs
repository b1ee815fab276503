use super::*;
use crate::{testing::context, tokens};
use serde_json::{Value, json};
use std::fmt::Write as _;

async fn ask(arguments: Value) -> Result<Value, ToolError> {
    let input: Input = serde_json::from_value(arguments).unwrap();
    let Answer { structured, text } = FindPipelineRisk::call(input, &context().await).await?;
    assert!(text.lines().count() <= 60, "{text}");
    let structured = serde_json::to_value(structured).unwrap();
    assert!(tokens::count(&structured.to_string()) < 10_000, "{}", tokens::count(&structured.to_string()));
    Ok(structured)
}

/// A company with so many ended deals, as many open ones, and their history.
fn company(deals: i64) -> Value {
    let (mut table, mut history) = (String::new(), String::new());
    table.push_str("deal_id,deal_name,stage,amount,created_at,close_date,next_step\n");
    history.push_str("deal_id,stage,entered_at\n");
    // Now is the 22nd of November 2026.
    for at in 0..deals {
        let (month, day) = (1 + at % 8, 1 + at % 28);
        let (ends, end) = (if at % 3 == 0 { "closed_lost" } else { "closed_won" }, month + 1);
        let entered = format!("2026-{month:02}-{day:02}T08:00:00Z");
        writeln!(table, "D{at},Name {at},{ends},100,{entered},2026-{end:02}-{day:02},call").unwrap();
        writeln!(history, "D{at},proposal,{entered}\nD{at},{ends},2026-{end:02}-{day:02}T08:00:00Z").unwrap();
        let entered = format!("2026-11-{day:02}T08:00:00Z");
        let entered = if day > 21 { "2026-11-01T08:00:00Z".to_owned() } else { entered };
        writeln!(table, "O{at},Name {at},proposal,100,{entered},2026-12-31,").unwrap();
        writeln!(history, "O{at},proposal,{entered}").unwrap();
    }
    json!([{"name": "deals", "csv": table}, {"name": "deal_stage_history", "csv": history}])
}

#[tokio::test]
async fn chances_come_with_intervals_and_a_backtest() {
    let output = ask(json!({"tables": company(120), "top": 3})).await.unwrap();
    assert_eq!(output["basis"], "stage_history");
    assert_eq!(output["deals"].as_array().unwrap().len(), 3);
    let loss = &output["deals"][0]["loss"];
    let (low, value, high) =
        (loss["low"].as_f64().unwrap(), loss["value"].as_f64().unwrap(), loss["high"].as_f64().unwrap());
    assert!(low < value && value < high && (0.2..0.5).contains(&value), "{loss}");
    assert_eq!(output["backtest"]["dates"].as_array().unwrap().len(), 6);
    assert!(output["backtest"]["leaving"]["foretold"].as_u64().unwrap() > 20, "{output:#}");
    assert!(output["expected_loss"].as_f64().unwrap() > 0.0);
    let shared: Vec<&str> = output["shared_reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["reason"].as_str().unwrap())
        .collect();
    assert_eq!(shared, ["no_next_step"], "all open deals lack one");
}

#[tokio::test]
async fn names_are_given_on_request_only_and_marked() {
    let plain = ask(json!({"tables": company(20)})).await.unwrap();
    assert!(!plain.to_string().contains("Name 1"), "{plain}");
    let named = ask(json!({"tables": company(20), "names": true})).await.unwrap();
    assert!(named["deals"][0]["untrusted_name"].as_str().unwrap().starts_with("Name "));
}

#[tokio::test]
async fn all_deals_come_in_pages() {
    let tables = company(300);
    let (mut seen, mut cursor) = (Vec::new(), Value::Null);
    for _ in 0..100 {
        let arguments = json!({"tables": tables, "response_format": "detailed", "cursor": cursor});
        let output = ask(arguments).await.unwrap();
        let ids =
            output["deals"].as_array().unwrap().iter().map(|deal| deal["id"].as_str().unwrap().to_owned());
        seen.extend(ids);
        cursor = output["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(seen.len(), 300);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 300, "each deal once");
    let error = ask(json!({"tables": tables, "cursor": "300000"})).await.unwrap_err().text();
    assert!(error.contains("is past the last"), "{error}");
}

#[tokio::test]
async fn mixed_currencies_are_said_and_no_sum_is_printed() {
    let csv = "deal_id,stage,amount,currency,created_at\nD1,proposal,100,EUR,2026-01-01\nD2,proposal,100,USD,2026-01-01\n";
    let tables = json!([{"name": "deals", "csv": csv}]);
    let output = ask(json!({"tables": tables})).await.unwrap();
    assert_eq!(output["open_amount"], Value::Null);
    assert!(output["notes"].to_string().contains("no rate is given for"), "{output:#}");
    let output = ask(json!({"tables": tables, "rates": {"EUR": 2, "USD": 1}})).await.unwrap();
    assert_eq!(output["open_amount"], 300.0);
}

#[tokio::test]
async fn arguments_out_of_range_are_refused() {
    let tables = company(2);
    for (arguments, said) in [
        (json!({"pushes": 0}), "every deal would be slipping"),
        (json!({"quiet_days": 1000}), "`quiet_days` is 1000"),
        (json!({"top": 0}), "`top` is 0"),
        (json!({"history": "deals"}), "does not tell how deals changed"),
        (json!({"columns": [{"table": "deals", "column": "stag", "role": "stage"}]}), "no column `stag`"),
    ] {
        let mut arguments = arguments;
        arguments["tables"] = tables.clone();
        let error = ask(arguments).await.unwrap_err().text();
        assert!(error.contains(said) && error.contains("hint:"), "{error}");
    }
}
