//! What a caller sees, by every lens.

mod asking;
mod evidence;
mod people;
mod refused;

use super::AssessMaturity;
use crate::{
    Context, Tool as _,
    testing::context,
    tokens,
    tool::{Answer, ToolError},
};
use revarch_domain::maturity::Lens;
use serde_json::{Value, json};

async fn call(context: &Context, arguments: Value) -> Result<Answer<Value>, ToolError> {
    let Answer { structured, text } =
        AssessMaturity::call(serde_json::from_value(arguments).unwrap(), context).await?;
    assert!(text.lines().count() < 60, "{text}");
    let structured = serde_json::to_value(structured).unwrap();
    let tokens = tokens::of(&structured) + tokens::count(&text);
    assert!(tokens < 10_000, "{tokens} tokens");
    Ok(Answer { structured, text })
}

/// The result without data or store.
async fn told(arguments: Value) -> Answer<Value> {
    call(&context().await, arguments).await.unwrap()
}

fn questions(lens: &str) -> Vec<String> {
    Lens::shipped(lens).unwrap().question_ids().map(|(_, id)| id.to_owned()).collect()
}

fn all_at(lens: &str, level: u8) -> Vec<Value> {
    let note = "the document shown";
    questions(lens).iter().map(|id| json!({"question": id, "level": level, "note": note})).collect()
}

#[tokio::test]
async fn no_arguments_begin_an_interview_by_every_lens() {
    for lens in Lens::names() {
        let Answer { structured, text } = told(json!({"lens": lens})).await;
        assert_eq!(structured["status"], "insufficient");
        assert!(structured.get("stage").is_none() && structured.get("binding_dimension").is_none());
        assert_eq!(structured["next_questions"].as_array().unwrap().len(), 5);
        assert_eq!(structured["next_questions"][0]["anchors"].as_array().unwrap().len(), 5);
        assert!(structured["next_measurement"]["tool"].is_string());
        assert!(text.contains("## Questions to ask first") && text.contains("INSUFFICIENT"), "{text}");
    }
}

#[tokio::test]
async fn every_lens_gives_a_result_where_enough_is_known() {
    for lens in Lens::names() {
        let has_stages = !Lens::shipped(lens).unwrap().stages.is_empty();
        let half: Vec<Value> = all_at(lens, 2).into_iter().step_by(2).collect();
        for answers in [half, all_at(lens, 2), all_at(lens, 5)] {
            let Answer { structured, text } = told(json!({"lens": lens, "answers": answers})).await;
            assert_eq!(structured["status"], "assessed", "{lens}");
            assert_eq!(structured.get("stage").is_some(), has_stages, "{lens}");
            assert!(!text.contains("INSUFFICIENT"), "{text}");
        }
        let structured = told(json!({"lens": lens, "answers": all_at(lens, 2)})).await.structured;
        assert!(structured["binding_dimension"].is_string(), "{lens}");
        let steps = if has_stages { &structured["missing_gates"][0]["steps"] } else { &structured["lifts"] };
        assert!(steps[0].is_string(), "{lens}: {structured}");
    }
}

#[tokio::test]
async fn a_profile_names_what_holds_it_back_and_what_it_means() {
    let mut answers = all_at("marketing_governance", 4);
    for answer in answers.iter_mut().filter(|one| one["question"].as_str().unwrap().starts_with("brand.")) {
        answer["level"] = json!(1);
    }
    let Answer { structured, text } = told(json!({"lens": "marketing_governance", "answers": answers})).await;
    assert_eq!(structured["binding_dimension"], "brand");
    assert_eq!(structured["groups"].as_array().unwrap().len(), 3);
    let both = &structured["readings"][0];
    assert_eq!((&both["id"], &both["state"]), (&json!("both"), &json!("holds")));
    assert!(both["because"].as_array().unwrap().len() > 1, "{both}");
    assert!(text.contains("**Held back most by ") && text.contains("raise `brand."), "{text}");
    assert!(text.contains("**Read together**") && text.contains("Groups: "), "{text}");
    assert!(text.starts_with("# Marketing-architecture governance"), "{text}");
}

#[tokio::test]
async fn revenue_architecture_is_read_as_by_design_or_by_default() {
    for (level, name) in [(1, "By default"), (4, "By design")] {
        let answers = all_at("revenue_architecture", level);
        let result = told(json!({"lens": "revenue_architecture", "answers": answers})).await;
        assert_eq!(result.structured["stage"]["names"], json!([name]));
        assert!(result.text.contains(name), "{}", result.text);
    }
}

#[tokio::test]
async fn statements_alone_give_a_capped_stage() {
    let answers = all_at("six_dimensions", 5);
    let Answer { structured, text } = told(json!({"answers": answers})).await;
    assert_eq!((&structured["stage"]["lowest"], &structured["stage"]["highest"]), (&json!(3), &json!(3)));
    assert_eq!(structured["stage"]["names"], json!(["Demand Generation"]));
    assert_eq!(structured["stage"]["provenance"], "authored");
    assert_eq!(structured["dimensions"][0]["claimed"], 5.0);
    assert_eq!(structured["dimensions"][0]["score"], json!({"low": 3.0, "high": 3.0}));
    assert_eq!(structured["missing_gates"][0]["state"], "capped");
    assert_eq!(structured["entry_phase"]["names"], json!(["Optimization"]));
    assert!(text.contains(": Stage 3, Demand Generation"), "{text}");
    let uncapped = told(json!({"answers": answers, "attested_cap": 5})).await.structured;
    assert_eq!(uncapped["stage"]["lowest"], 4);
}

#[tokio::test]
async fn pages_of_the_detailed_form_hold_every_question_once() {
    for lens in Lens::names() {
        let mut shown = Vec::new();
        let mut cursor = Value::Null;
        for _ in 0..20 {
            let arguments = json!({"lens": lens, "response_format": "detailed", "cursor": cursor});
            let page = told(arguments).await.structured;
            let questions = page["questions"].as_array().unwrap().iter();
            shown.extend(questions.map(|question| question["id"].as_str().unwrap().to_owned()));
            cursor = page.get("next_cursor").cloned().unwrap_or_default();
            if cursor.is_null() {
                break;
            }
        }
        assert_eq!(shown, questions(lens));
    }
}

#[tokio::test]
async fn a_lens_of_the_operators_own_is_used_by_its_name() {
    let mut own = Lens::shipped("rm6").unwrap();
    own.id = "ours".to_owned();
    own.title = "Our own".to_owned();
    let context = Context { lenses: vec![own].into(), ..context().await };
    let Answer { structured, text } = call(&context, json!({"lens": "ours"})).await.unwrap();
    assert_eq!(structured["lens"], "ours");
    assert!(text.starts_with("# Our own: INSUFFICIENT"), "{text}");
    let error = call(&context, json!({"lens": "our"})).await.unwrap_err().text();
    assert!(error.contains("did you mean `ours`?") && error.contains("six_dimensions, rm6"), "{error}");
}
