//! What a caller sees: good arguments answered, bad ones refused with the next step.

use super::{AssessMaturity, Input, answer};
use crate::{
    schema,
    tool::{Answer, Tool, ToolError},
};
use serde_json::{Value, json};

fn call(arguments: Value) -> Result<Answer<Value>, ToolError> {
    let input: Input = serde_json::from_value(arguments).unwrap();
    let Answer { structured, text } = answer(input)?;
    Ok(Answer { structured: serde_json::to_value(structured).unwrap(), text })
}

fn every_question() -> Vec<String> {
    let result = call(json!({"response_format": "detailed"})).unwrap().structured;
    let dimensions = result["dimensions"].as_array().unwrap().iter();
    let questions = dimensions.flat_map(|dimension| dimension["questions"].as_array().unwrap());
    questions.map(|question| question["id"].as_str().unwrap().to_owned()).collect()
}

fn all_at(level: u8) -> Value {
    every_question().into_iter().map(|question| json!({"question": question, "level": level})).collect()
}

#[test]
fn no_arguments_begin_an_interview() {
    let Answer { structured, text } = call(json!({})).unwrap();
    assert_eq!(structured["status"], "insufficient");
    assert!(structured.get("stage").is_none());
    assert_eq!(structured["next_questions"].as_array().unwrap().len(), 5);
    assert_eq!(structured["next_questions"][0]["anchors"].as_array().unwrap().len(), 5);
    assert_eq!(structured["next_measurement"]["tool"], "check_data_readiness");
    assert!(text.contains("## Questions to ask first"), "{text}");
    assert!(text.lines().count() < 60, "{}", text.lines().count());
}

#[test]
fn statements_alone_give_a_capped_stage() {
    let Answer { structured, text } = call(json!({"answers": all_at(5)})).unwrap();
    assert_eq!(structured["stage"]["lowest"], 3);
    assert_eq!(structured["stage"]["highest"], 3);
    assert_eq!(structured["stage"]["names"], json!(["Demand Generation"]));
    assert_eq!(structured["stage"]["provenance"], "authored");
    assert_eq!(structured["dimensions"][0]["claimed"], 5.0);
    assert_eq!(structured["dimensions"][0]["score"], json!({"low": 3.0, "high": 3.0}));
    assert_eq!(structured["missing_gates"][0]["state"], "capped");
    assert_eq!(structured["entry_phase"]["names"], json!(["Optimization"]));
    assert!(text.contains("# Maturity: Stage 3, Demand Generation"), "{text}");
    let uncapped = call(json!({"answers": all_at(5), "attested_cap": 5})).unwrap().structured;
    assert_eq!(uncapped["stage"]["lowest"], 4);
}

#[test]
fn a_contradiction_is_told() {
    let Answer { structured, text } = call(json!({
        "answers": [{"question": "customer_data.contact_account_link", "level": 4, "note": "the RevOps dashboard"}],
        "evidence": [
            {"measure": "contact_account_link_share", "value": 0.62, "low": 0.6, "high": 0.64},
            {"measure": "any_mcp_share", "value": 0.5}
        ]
    }))
    .unwrap();
    assert_eq!(structured["contradictions"][0]["supported"], json!([2, 2]));
    assert_eq!(structured["contradictions"][0]["direction"], "overclaimed");
    assert_eq!(structured["unused_evidence"], json!(["any_mcp_share"]));
    assert!(text.contains("level 4 was claimed"), "{text}");
}

#[test]
fn results_stay_short() {
    let questions = every_question();
    let half: Value =
        questions.iter().step_by(2).map(|question| json!({"question": question, "level": 2})).collect();
    for answers in [json!([]), half, all_at(1)] {
        for format in ["concise", "detailed"] {
            let arguments = json!({"answers": answers, "response_format": format});
            let Answer { structured, text } = call(arguments).unwrap();
            // Four characters to a token, as clients count; the text repeats what matters of the structure.
            let tokens = (structured.to_string().len() + text.len()) / 4;
            assert!(tokens < 10_000, "{format}: {tokens} tokens");
            assert!(text.lines().count() < 60, "{text}");
        }
    }
}

#[test]
fn bad_arguments_are_refused_with_the_next_step() {
    let check = |arguments: Value, message: &str, hint: &str| {
        let error = call(arguments).unwrap_err();
        assert_eq!(error.message, message);
        assert!(error.hints.iter().any(|one| one.contains(hint)), "{:?}", error.hints);
    };
    check(json!({"lens": "six_dimension"}), "no lens `six_dimension`", "did you mean `six_dimensions`?");
    check(json!({"lens": "x"}), "no lens `x`", "lenses are: six_dimensions");
    check(json!({"attested_cap": 6}), "attested_cap is 6, which is not on the scale from 1 to 5", "5 lets");
    let said = |answers: Value| json!({"answers": answers});
    check(
        said(json!([{"question": "content.inventori", "level": 2}])),
        "no question `content.inventori` in the lens `six_dimensions`",
        "did you mean `content.inventory`",
    );
    check(
        said(json!([{"question": "content.inventory", "level": 9}])),
        "level 9 for `content.inventory` is not on the scale from 1 to 5",
        "anchor",
    );
    check(
        said(json!([{"question": "content.inventory", "level": 2}, {"question": "content.inventory"}])),
        "question `content.inventory` is answered twice",
        "keep",
    );
    check(
        said(json!([{"question": "content.inventory", "level": 2, "dont_know": true}])),
        "`content.inventory` is answered with level 2 and with dont_know",
        "one of the two",
    );
    let measured = |measure: &str, value: f64| json!({"evidence": [{"measure": measure, "value": value}]});
    check(
        measured("consent_share", 0.5),
        "no measure `consent_share`",
        "did you mean `consent_filled_share`?",
    );
    check(
        measured("consent_filled_share", 80.0),
        "the value of `consent_filled_share` is 80, outside 0 to 1",
        "check_data_readiness",
    );
    check(
        json!({"evidence": [{"measure": "lead_score_auc", "value": 0.7, "low": 0.8, "high": 0.6}]}),
        "the interval of `lead_score_auc` runs from 0.8 down to 0.6",
        "lower end",
    );
}

#[test]
fn the_schemas_suit_every_client() {
    fn walk(schema: &Value) {
        match schema {
            Value::Object(object) => {
                assert!(!object.contains_key("$ref") && !object.contains_key("$defs"), "{schema}");
                assert!(!object.get("type").is_some_and(Value::is_array), "{schema}");
                object.values().for_each(walk);
            }
            Value::Array(items) => items.iter().for_each(walk),
            _ => {}
        }
    }
    walk(&Value::Object(schema::of_input::<<AssessMaturity as Tool>::Input>()));
    walk(&Value::Object(schema::of_output::<<AssessMaturity as Tool>::Output>()));
    assert!(AssessMaturity::DESCRIPTION.trim().chars().count() <= 900);
}
