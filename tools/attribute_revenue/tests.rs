use super::*;
use crate::{testing::context, tokens};
use revarch_data::InlineTable;
use serde_json::{Value, json};
use std::{fmt::Write as _, sync::Arc};

async fn ask(context: &Context, arguments: Value) -> Result<Value, ToolError> {
    let input: Input = serde_json::from_value(arguments).unwrap();
    let Answer { structured, text } = AttributeRevenue::call(input, context).await?;
    assert!(text.lines().count() <= 60, "{text}");
    assert!(text.contains("not incrementality"), "{text}");
    let structured = serde_json::to_value(structured).unwrap();
    let size = tokens::count(&structured.to_string());
    assert!(size < 10_000, "{size} tokens");
    Ok(structured)
}

async fn refused(arguments: Value, said: &str) {
    let error = ask(&context().await, arguments).await.unwrap_err().text();
    assert!(error.contains(said) && error.contains("hint:"), "{error}");
}

fn paths() -> Value {
    json!([
        {"path": ["search", "email"], "conversions": 40, "value": 4000.01, "nulls": 200},
        {"path": ["search"], "conversions": 10, "value": 1000, "nulls": 300},
        {"path": ["email"], "conversions": 30, "value": 3000, "nulls": 100},
        {"path": [], "conversions": 20, "value": 2000}
    ])
}

/// Tables of a hundred people with their touches and deals.
async fn over_tables(touches: &str, deals: &str) -> Context {
    let mut contacts = String::from("contact_id,email,created_at\n");
    for at in 0..100 {
        writeln!(contacts, "C{at},p{at}@a.example,2026-01-01T00:00:00Z").unwrap();
    }
    let table = |name, head: &str, rows: &str| InlineTable::csv(name, format!("{head}{rows}"), None).unwrap();
    let inline = vec![
        table("contacts", "", &contacts),
        table("touches", "touch_id,contact_id,channel,occurred_at\n", touches),
        table("deals", "deal_id,contact_id,stage,amount,created_at,close_date\n", deals),
    ];
    let context = context().await;
    Context { tables: Arc::new(context.tables.with(inline).await.unwrap()), ..context }
}

fn hundred(line: impl Fn(usize) -> String) -> String {
    (0..100).map(line).collect()
}

#[tokio::test]
async fn credit_of_paths_comes_to_the_last_cent_and_the_rest_is_told() {
    let context = context().await;
    let spend = json!([{"channel": "email", "amount": 1000}, {"channel": "search", "amount": 4000}]);
    let found = ask(&context, json!({"paths": paths(), "spend": spend})).await.unwrap();
    assert_eq!((&found["compared_by"], &found["evidence"]), (&json!("value"), &json!("sufficient")));
    assert_eq!(
        (&found["revenue"]["value"], &found["revenue"]["touched_value"]),
        (&json!(10_000.01), &json!(8_000.01))
    );
    let share = found["revenue"]["untouched_share"].as_f64().unwrap();
    assert!((share - 2_000.0 / 10_000.01).abs() < 1e-9);
    assert_eq!(found["provenance"], "attested");
    let channels = found["channels"].as_array().unwrap();
    for at in 0..channels[0]["credit"].as_array().unwrap().len() {
        let cents: f64 = channels
            .iter()
            .map(|channel| (100.0 * channel["credit"][at]["value"].as_f64().unwrap()).round())
            .sum();
        assert!((cents - 800_001.0).abs() < 1e-6, "{}", channels[0]["credit"][at]["model"]);
    }
    let first = &found["moves"][0];
    assert_eq!(
        (&first["to"], &first["from"], &first["robust"]),
        (&json!("email"), &json!("search"), &json!(true))
    );
    assert_eq!(found["moves_compare"], "return_on_spend");
    let left_out: Vec<&str> = found["models"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|model| model["left_out"].is_string())
        .map(|model| model["model"].as_str().unwrap())
        .collect();
    assert_eq!(left_out, ["time_decay", "w_shaped", "full_path"]);
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_by_name() {
    refused(json!({"paths": [{"path": ["a"], "nulls": 5}]}), "no path has a conversion").await;
    refused(
        json!({"paths": [{"path": ["a", " "], "conversions": 1}]}),
        "`paths[0]`: a channel of it has no name",
    )
    .await;
    refused(json!({"paths": [{"path": ["a"]}]}), "neither conversions nor nulls").await;
    refused(json!({"paths": [{"path": ["a"], "nulls": 1, "value": 5}]}), "a value and no conversions").await;
    refused(json!({"paths": [{"path": ["a"], "conversions": 1, "value": 1e300}]}), "no amount").await;
    refused(json!({"paths": [{"path": ["a"], "conversions": 1, "lead_at": 1}]}), "no touch of it").await;
    refused(json!({"paths": paths(), "touches": "t"}), "both `paths` and tables").await;
    refused(json!({"paths": paths(), "models": ["markow"]}), "did you mean `markov`?").await;
    refused(json!({"paths": paths(), "markov_order": 9}), "cannot use markov_order 9").await;
    refused(json!({"paths": paths(), "window_days": 0}), "cannot use window_days 0").await;
    refused(json!({"paths": paths(), "half_life_days": -1.0}), "cannot use half_life_days").await;
    refused(json!({"paths": paths(), "resamples": 5000}), "from 0 to 1000").await;
    refused(json!({"paths": paths(), "since": "soon"}), "`soon` is no day").await;
    refused(json!({"paths": paths(), "since": "2027-01-01"}), "lies in the future").await;
    refused(json!({"paths": paths(), "since": "2026-02-01", "until": "2026-01-01"}), "after `until`").await;
    refused(
        json!({"paths": paths(), "spend": [{"channel": "email", "amount": -1}]}),
        "the spend -1 on `email`",
    )
    .await;
    refused(json!({"paths": paths(), "rates": [{"currency": "EUR", "rate": 0}]}), "the rate 0 of `EUR`")
        .await;
    refused(json!({"conversion_columns": {"converted": "stage"}, "paths": paths()}), "go together").await;
    refused(json!({}), "no data was given").await;
}

#[tokio::test]
async fn thousands_of_channels_are_grouped_and_paged() {
    let many: Vec<Value> = (0..5_000)
        .map(|at| json!({"path": [format!("channel {at}"), "email"], "conversions": 1, "value": 10, "nulls": 3 + at % 7}))
        .collect();
    let context = context().await;
    let arguments = json!({"paths": many, "resamples": 40, "models": ["last", "linear", "markov"]});
    let found = ask(&context, arguments.clone()).await.unwrap();
    let grouped =
        found["warnings"].as_array().unwrap().iter().find(|one| one["id"] == "grouped_channels").unwrap();
    assert!(grouped["text"].as_str().unwrap().contains("the 4902 rarest channels"), "{grouped}");
    let (mut seen, mut cursor) = (0, json!(null));
    for _ in 0..200 {
        let mut page = arguments.clone();
        page["cursor"] = cursor;
        let page = ask(&context, page).await.unwrap();
        seen += page["channels"].as_array().unwrap().len();
        cursor = page["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(seen, 100);
}

#[tokio::test]
async fn spend_on_what_no_touch_names_is_told() {
    let context = context().await;
    let spend = json!([{"channel": "e-mail", "amount": 10}, {"channel": "email", "amount": 10}]);
    let found = ask(&context, json!({"paths": paths(), "spend": spend})).await.unwrap();
    let remark = found["spend_from"]["remarks"][0].as_str().unwrap();
    assert!(remark.contains("`e-mail`, which no touch names; did you mean `email`?"), "{remark}");
    assert_eq!(found["moves_compare"], "credit", "one spend compares nothing");
}

#[tokio::test]
async fn no_touch_before_any_conversion_is_an_answer_and_no_credit() {
    let touches = hundred(|at| format!("T{at},C{at},search,2026-06-01T00:00:00Z\n"));
    let deals = hundred(|at| format!("D{at},C{at},closed_won,100,2026-04-01T00:00:00Z,2026-05-01\n"));
    let context = over_tables(&touches, &deals).await;
    let found = ask(&context, json!({})).await.unwrap();
    assert_eq!(
        found["revenue"]["untouched"],
        json!([{"reason": "touched_only_after", "conversions": 100, "value": 10_000.0}])
    );
    assert_eq!((&found["evidence"], &found["robust_moves"]), (&json!("insufficient"), &json!(0)));
    assert_eq!(found["revenue"]["untouched_share"], 1.0);
}

#[tokio::test]
async fn tables_without_a_conversion_or_a_touch_say_what_to_check() {
    let touches = hundred(|at| format!("T{at},C{at},search,2026-06-01T00:00:00Z\n"));
    let deals = hundred(|at| format!("D{at},C{at},proposal,100,2026-04-01T00:00:00Z,2026-05-01\n"));
    let context = over_tables(&touches, &deals).await;
    let error = ask(&context, json!({})).await.unwrap_err().text();
    assert!(error.contains("no row of `deals` counts as a conversion"), "{error}");
    // Stages that nobody knows are named.
    let named = json!({"conversion_columns": {"converted": "stage", "converted_values": ["Proposal"]}, "window_days": 3650, "until": "2026-07-01"});
    let found = ask(&context, named).await.unwrap();
    assert_eq!(found["revenue"]["conversions"], 100);
    let opened = ask(&context, json!({"deals": "opened"})).await.unwrap();
    assert_eq!(
        (&opened["revenue"]["value_is"], &opened["revenue"]["conversions"]),
        (&json!("pipeline"), &json!(100))
    );
}

#[tokio::test]
async fn time_zones_are_read_and_scenarios_tried() {
    // 23:30 in New York is the next day in UTC, half an hour after this conversion.
    let touches = hundred(|at| {
        let offset = if at < 60 { "Z" } else { "-05:00" };
        format!("T{at},C{at},{},2026-03-01T23:30:00{offset}\n", ["search", "email"][at % 2])
    });
    let deals = hundred(|at| {
        format!("D{at},C{at},closed_won,{},2026-02-01T00:00:00Z,2026-03-02T03:00:00Z\n", 50 + at)
    });
    let context = over_tables(&touches, &deals).await;
    let found = ask(&context, json!({"response_format": "detailed"})).await.unwrap();
    assert_eq!(found["revenue"]["touched_conversions"], 60);
    let scenarios: Vec<&str> = found["sensitivity"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["scenario"].as_str().unwrap())
        .collect();
    assert!(scenarios.contains(&"half-life x 0.5") && scenarios.contains(&"window x 2"), "{scenarios:?}");
    let credit = &found["channels"][0]["credit"][0];
    assert!(credit["low"].as_f64().unwrap() < credit["high"].as_f64().unwrap());
    assert_eq!(found["provenance"], "measured");
    let plain = ask(&context, json!({"sensitivity": false, "resamples": 0})).await.unwrap();
    assert!(plain.get("sensitivity").is_none());
    assert_eq!(plain["robust_moves"], 0, "nothing is robust that was not resampled");
}
