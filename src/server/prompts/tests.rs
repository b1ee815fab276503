use super::{get, list, template::TEMPLATES, template::Values, text::condition, values};
use crate::{cli::Options, toolbox::Toolbox, workplace::Workplace};
use revarch_tools::Toolset;
use serde_json::{Value, json};

/// Every tool that revarch is meant to have: a step may wait for one that is not there yet.
const MEANT: [&str; 17] = [
    "describe_data",
    "resolve_identities",
    "check_data_readiness",
    "audit_mcp_coverage",
    "assess_maturity",
    "plan_workflows",
    "review_architecture",
    "score_leads",
    "validate_lead_score",
    "attribute_revenue",
    "measure_revenue",
    "find_pipeline_risk",
    "plan_roadmap",
    "allocate_budget",
    "rationalize_stack",
    "search",
    "fetch",
];

fn toolbox() -> Toolbox {
    Toolbox::new(revarch_tools::all()).offering(&Toolset::DEFAULT)
}

fn message(name: &str, arguments: &Value, toolbox: &Toolbox) -> String {
    let prompt = get(name, arguments.as_object().unwrap().clone(), toolbox).unwrap();
    let told = serde_json::to_value(&prompt.messages[0].content).unwrap();
    told["text"].as_str().unwrap().to_owned()
}

/// What stands between backticks and looks like the name of a tool.
fn named(text: &str) -> impl Iterator<Item = &str> {
    let is_name =
        |word: &&str| word.contains('_') && word.chars().all(|letter| letter == '_' || letter.is_lowercase());
    text.split('`').skip(1).step_by(2).filter(is_name)
}

#[test]
fn every_argument_has_its_place_and_every_place_its_argument() {
    for template in TEMPLATES {
        for argument in template.arguments {
            let place = format!("{{{}}}", argument.name);
            assert!(template.text.contains(&place), "{} has no {place}", template.name);
        }
        let bare = message(template.name, &json!({}), &toolbox());
        assert!(!bare.contains(['{', '}']), "{}: {bare}", template.name);
    }
}

#[test]
fn a_prompt_names_only_tools_that_are_offered() {
    for toolsets in [&Toolset::DEFAULT[..], &Toolset::ALL[..], &[Toolset::Assess], &[Toolset::Leads]] {
        let toolbox = Toolbox::new(revarch_tools::all()).offering(toolsets);
        for prompt in list(&toolbox) {
            let text = message(&prompt.name, &json!({}), &toolbox);
            let missing: Vec<_> = named(&text).filter(|tool| !toolbox.offers(tool)).collect();
            assert!(missing.is_empty(), "{}: {missing:?}", prompt.name);
            let rests_on = TEMPLATES.iter().find(|one| one.name == prompt.name).unwrap().rests_on;
            assert!(named(&text).any(|tool| tool == rests_on), "{}: {text}", prompt.name);
        }
    }
}

#[test]
fn a_step_waits_only_for_a_tool_that_is_meant_to_be() {
    for template in TEMPLATES {
        for tool in template.text.lines().filter_map(|line| condition(line).0) {
            assert!(MEANT.contains(&tool), "{}: `{tool}`", template.name);
        }
    }
    for route in revarch_tools::all() {
        assert!(MEANT.contains(&route.name()), "{}", route.name());
    }
}

#[test]
fn a_prompt_without_its_tool_is_not_offered() {
    let knowledge_only = Toolbox::new(revarch_tools::all()).offering(&[Toolset::Knowledge]);
    assert!(list(&knowledge_only).is_empty());
    assert!(get("lead_score_review", serde_json::Map::new(), &knowledge_only).is_err());
    assert_eq!(list(&toolbox()).len(), TEMPLATES.len());
}

#[test]
fn a_given_argument_replaces_the_default() {
    let since = |id: &str| message("quarterly_review", &json!({"since": id}), &toolbox());
    assert!(since("r-7").contains("r-7"));
    assert!(since("  ").contains("the last review that is kept"));
}

#[test]
fn unknown_names_are_refused() {
    let refusal = |name: &str, given: Value| {
        get(name, given.as_object().unwrap().clone(), &toolbox()).unwrap_err().message
    };
    assert!(refusal("architecture_revue", json!({})).contains("architecture_review"));
    assert!(refusal("quarterly_review", json!({"sinse": "r-7"})).contains("since"));
    assert!(refusal("quarterly_review", json!({"since": 7})).contains("must be a string"));
}

#[tokio::test]
async fn arguments_are_completed() {
    let place = Workplace::open_empty(Options::default()).await.unwrap();
    for template in TEMPLATES {
        for argument in template.arguments {
            let found = values(template.name, argument.name, "", &toolbox(), &place).await.unwrap();
            // Nothing is kept yet, and a column may have any name.
            let is_open = matches!(argument.values, Values::Anything | Values::Reviews | Values::Models);
            assert_eq!(is_open, found.is_empty(), "{} {}", template.name, argument.name);
        }
    }
    let found = values("mcp_gap_review", "platforms", "HubSpot, mar", &toolbox(), &place).await.unwrap();
    assert!(found.iter().any(|list| list == "HubSpot, Marketo"), "{found:?}");
    assert!(values("quarterly_review", "until", "", &toolbox(), &place).await.is_err());
}
