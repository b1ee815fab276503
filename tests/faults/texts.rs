//! Every text argument of every tool, found in the schemas, so that a new one cannot be forgotten.

use serde_json::{Map, Value, json};

/// The way to one text within a tool's arguments.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Member(String),
    Item,
    Entry,
}

/// The ways to all texts that a schema leaves free.
pub(super) fn of(schema: &Value) -> Vec<Vec<Step>> {
    let mut found = Vec::new();
    walk(schema, &mut Vec::new(), &mut found);
    found
}

fn walk(schema: &Value, way: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
    let mut enter = |step: Step, schema: &Value| {
        way.push(step);
        walk(schema, way, found);
        way.pop();
    };
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        enter(Step::Member(name.clone()), member);
    }
    if schema["items"].is_object() {
        enter(Step::Item, &schema["items"]);
    }
    if schema["additionalProperties"].is_object() {
        enter(Step::Entry, &schema["additionalProperties"]);
    }
    for kind in ["anyOf", "oneOf"] {
        for one in schema[kind].as_array().into_iter().flatten() {
            walk(one, way, found);
        }
    }
    // What is neither said to be a text nor anything else may be one too.
    let is_free = schema["type"] == "string" || !["type", "anyOf", "oneOf"].iter().any(|word| schema.get(word).is_some());
    if is_free && schema.get("enum").is_none() && schema.get("const").is_none() {
        found.push(way.clone());
    }
}

/// Arguments that are as small as the schema allows, with `text` at the end of the way.
pub(super) fn with(schema: &Value, way: &[Step], text: &str) -> Value {
    let Some((step, rest)) = way.split_first() else { return json!(text) };
    let schema = choice(schema, step);
    match step {
        Step::Member(name) => {
            let mut least = least(schema);
            least[name] = with(&schema["properties"][name], rest, text);
            least
        }
        Step::Item => json!([with(&schema["items"], rest, text)]),
        Step::Entry => json!({ text: with(&schema["additionalProperties"], rest, text) }),
    }
}

/// The alternative that has the step.
fn choice<'a>(schema: &'a Value, step: &Step) -> &'a Value {
    let has = |schema: &Value| match step {
        Step::Member(name) => schema["properties"].get(name).is_some(),
        Step::Item => schema["items"].is_object(),
        Step::Entry => schema["additionalProperties"].is_object(),
    };
    let alternatives = ["anyOf", "oneOf"].into_iter().filter_map(|kind| schema[kind].as_array()).flatten();
    if has(schema) { schema } else { alternatives.into_iter().find(|one| has(one)).unwrap_or(schema) }
}

fn least(schema: &Value) -> Value {
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    match schema["type"].as_str() {
        Some("object") => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let members = required.map(|name| (name.to_owned(), least(&schema["properties"][name])));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Some("array") => json!([]),
        Some("integer") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("number") => json!(1.0),
        Some("boolean") => json!(false),
        _ => json!("x"),
    }
}

/// The way as people write it.
pub(super) fn named(tool: &Value, way: &[Step]) -> String {
    let steps = way.iter().map(|step| match step {
        Step::Member(name) => name.as_str(),
        Step::Item => "[]",
        Step::Entry => "*",
    });
    std::iter::once(tool["name"].as_str().unwrap()).chain(steps).collect::<Vec<_>>().join("/")
}
