//! What every client accepts of a tool, asserted of all of them.

use crate::support::{Pipe, every_tool, tools, whole};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const LONGEST_NAME: usize = 32;
const LONGEST_DESCRIPTION: usize = 900;
const MOST_TOOLS: usize = 15;
/// Deep-research clients ask for tools of just these names.
const NAMED_BY_OTHERS: [&str; 2] = ["search", "fetch"];

fn name(tool: &Value) -> &str {
    tool["name"].as_str().unwrap()
}

#[test]
fn there_are_tools_and_not_too_many() {
    let tools = tools();
    assert!((1..=MOST_TOOLS).contains(&tools.len()), "{} tools", tools.len());
    let names: BTreeSet<_> = tools.iter().map(name).collect();
    assert_eq!(names.len(), tools.len(), "two tools share a name: {names:?}");
}

#[test]
fn names_are_short_and_in_snake_case() {
    for tool in every_tool() {
        let name = name(&tool);
        assert!(name.len() <= LONGEST_NAME, "{name}");
        if NAMED_BY_OTHERS.contains(&name) {
            continue;
        }
        let words = || name.split('_');
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(words().all(is_word) && words().count() >= 2, "{name} is not verb_object");
    }
}

#[test]
fn descriptions_are_there_and_short_enough() {
    for tool in every_tool() {
        let description = tool["description"].as_str().unwrap();
        let length = description.chars().count();
        assert!((80..=LONGEST_DESCRIPTION).contains(&length), "{}: {length} characters", name(&tool));
        assert!(description.is_ascii() || !description.chars().any(char::is_control), "{}", name(&tool));
    }
}

#[test]
fn titles_and_hints_are_complete() {
    for tool in every_tool() {
        let (hints, title) = (&tool["annotations"], tool["title"].as_str().unwrap());
        assert!(!title.is_empty() && hints["title"] == title, "{}", name(&tool));
        for hint in ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] {
            assert!(hints[hint].is_boolean(), "{} has no {hint}", name(&tool));
        }
        assert_eq!(hints["destructiveHint"], false, "{} must not destroy anything", name(&tool));
    }
}

#[test]
fn schemas_keep_to_what_every_client_accepts() {
    for tool in every_tool().into_iter().map(|listed| whole(name(&listed))) {
        for kind in ["inputSchema", "outputSchema"] {
            let mut faults = Vec::new();
            let Value::Object(schema) = &tool[kind] else { panic!("{} has no {kind}", name(&tool)) };
            check_root(schema, &mut faults);
            walk(schema, kind, &mut faults);
            assert!(faults.is_empty(), "{}: {}", name(&tool), faults.join("\n"));
            assert!(jsonschema::meta::is_valid(&tool[kind]), "{}: {kind} is no JSON Schema", name(&tool));
        }
    }
}

/// Tokens that the whole list may take, at about four characters each. A client pays for it in every conversation.
const MOST_TOKENS_OF_LIST: usize = 1_350;

#[test]
fn a_list_of_tools_is_cheap_and_says_what_the_whole_says() {
    let tools = tools();
    let length = Value::Array(tools.clone()).to_string().len();
    assert!(length / 4 <= MOST_TOKENS_OF_LIST * tools.len(), "{} tokens for {} tools", length / 4, tools.len());
    for mut tool in tools {
        let mut whole = whole(name(&tool));
        let (listed, all) = (tool["outputSchema"].take(), whole["outputSchema"].take());
        assert_eq!(tool, whole);
        assert_eq!(listed["required"], all["required"]);
        let (listed, all) = (listed["properties"].as_object().unwrap(), all["properties"].as_object().unwrap());
        assert!(listed.keys().eq(all.keys()), "{}", name(&tool));
        for (property, outline) in listed {
            for word in ["type", "enum"] {
                assert_eq!(outline[word], all[property][word], "{}: {property}", name(&tool));
            }
        }
    }
}

#[test]
fn inputs_take_no_unknown_arguments() {
    for tool in every_tool() {
        assert_eq!(tool["inputSchema"]["additionalProperties"], false, "{}", name(&tool));
    }
}

#[test]
fn the_shell_lists_what_the_protocol_lists() {
    let listed = Pipe::open(&[]).ask(&json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}));
    assert_eq!(listed["result"]["tools"], Value::Array(tools()));
}

fn check_root(schema: &Map<String, Value>, faults: &mut Vec<String>) {
    if schema.get("type") != Some(&json!("object")) {
        faults.push("the root is not an object".to_owned());
    }
    for word in ["oneOf", "anyOf", "allOf"] {
        if schema.contains_key(word) {
            faults.push(format!("{word} at the root"));
        }
    }
}

/// Looks at a schema and at those inside it; what stands under `properties` are names, not keywords.
fn walk(schema: &Map<String, Value>, place: &str, faults: &mut Vec<String>) {
    for (word, value) in schema {
        let place = format!("{place}/{word}");
        match (word.as_str(), value) {
            ("$ref" | "$defs" | "definitions" | "$schema" | "exclusiveMinimum" | "exclusiveMaximum", _) => {
                faults.push(format!("{place} is refused by some clients"));
            }
            ("type", Value::Array(_)) => faults.push(format!("{place} is a union of types")),
            ("properties" | "patternProperties", Value::Object(inner)) => {
                for (property, schema) in inner {
                    let place = format!("{place}/{property}");
                    if schema["description"].as_str().is_none_or(str::is_empty) {
                        faults.push(format!("{place} has no description"));
                    }
                    if let Value::Object(schema) = schema {
                        walk(schema, &place, faults);
                    }
                }
            }
            ("enum" | "const" | "default" | "examples", _) => {}
            (_, Value::Object(inner)) => walk(inner, &place, faults),
            (_, Value::Array(several)) => {
                several.iter().filter_map(Value::as_object).for_each(|inner| walk(inner, &place, faults));
            }
            _ => {}
        }
    }
}
