//! Operations that stand in a tool's arguments rather than in its name.

use super::{Confidence, Rule, phrase::Found};
use crate::coverage::{
    taxonomy::{Operation, taxonomy},
    words,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

type Expanded = (Operation, Confidence, Vec<Rule>);

/// The operation found in the name, or one for each action or kind of record that the arguments list.
pub(super) fn expand(found: Found, schema: &Value, description: Option<&str>) -> Vec<Expanded> {
    let Found { operation, confidence, rules, instead } = found;
    let actions = actions(schema);
    // A tool that lists its actions manages nothing where none of them changes anything.
    let only_reads = !actions.is_empty() && !actions.iter().any(|verb| ["create", "update"].contains(verb));
    let mut all = Vec::new();
    if operation.verb != "manage" || !only_reads {
        all.push((operation.clone(), confidence, rules.clone()));
    }
    let with = |rule: Rule| rules.iter().copied().chain([rule]).collect::<Vec<Rule>>();
    for verb in actions {
        let confidence =
            if operation.verb == "manage" { confidence } else { confidence.min(Confidence::Medium) };
        all.push((Operation::new(&operation.object, verb), confidence, with(Rule::ActionArgument)));
    }
    if operation.object == "record" {
        for (object, most) in objects(schema, description) {
            let operation = Operation::new(object, &operation.verb);
            all.push((operation, confidence.min(most), with(Rule::ObjectArgument)));
        }
    }
    all.extend(instead.into_iter().map(|(operation, rule)| (operation, Confidence::Low, vec![rule])));
    let mut seen = BTreeSet::new();
    all.retain(|(operation, ..)| seen.insert(operation.clone()));
    all
}

/// The verbs among the values of an argument that selects what is done, or among the names of arguments that
/// each hold what is to be created, updated or deleted.
fn actions(schema: &Value) -> Vec<&'static str> {
    const SELECTORS: [&str; 5] = ["action", "operation", "method", "command", "mode"];
    const CHANGES: [&str; 3] = ["create", "update", "delete"];
    let verb = |text: &Value| {
        let first = words::split(text.as_str()?).into_iter().next()?;
        taxonomy().verb(&first).map(|verb| verb.verb.as_str())
    };
    let lists =
        SELECTORS.iter().filter_map(|name| schema.pointer(&format!("/properties/{name}/enum"))?.as_array());
    let mut found: Vec<&'static str> =
        lists.filter_map(|values| values.iter().map(verb).collect::<Option<Vec<_>>>()).flatten().collect();
    let changes: Vec<&'static str> =
        CHANGES.into_iter().filter(|name| schema.pointer(&format!("/properties/{name}")).is_some()).collect();
    if changes.len() > 1 {
        found.extend(changes);
    }
    found
}

/// The kinds of record that an argument's values or description name; those that only the tool's description
/// names are guesses.
fn objects(schema: &Value, description: Option<&str>) -> BTreeMap<&'static str, Confidence> {
    const SELECTORS: [&str; 9] = [
        "objectType",
        "object_type",
        "sobject",
        "sobjectType",
        "record_type",
        "recordType",
        "entity",
        "entity_type",
        "item_types",
    ];
    let taxonomy = taxonomy();
    let mut named = BTreeMap::new();
    let mut note = |text: &str, confidence: Confidence| {
        for word in words::split(text) {
            if let Some((object, _)) = taxonomy.object(&words::singular(&word), None)
                && let Some(object) = taxonomy.record_objects.get(object)
            {
                named.entry(object.as_str()).or_insert(confidence);
            }
        }
    };
    let mut selects = false;
    for selector in SELECTORS {
        let Some(argument) = schema.pointer(&format!("/properties/{selector}")) else { continue };
        selects = true;
        if let Some(text) = argument.get("description").and_then(Value::as_str) {
            note(text, Confidence::Medium);
        }
        for values in [argument.get("enum"), argument.pointer("/items/enum")] {
            let values = values.and_then(Value::as_array).into_iter().flatten();
            values.filter_map(Value::as_str).for_each(|value| note(value, Confidence::Medium));
        }
    }
    if let Some(text) = description.filter(|_| selects) {
        note(text, Confidence::Low);
    }
    named.extend(
        included(description.unwrap_or_default()).into_iter().map(|object| (object, Confidence::Low)),
    );
    named
}

/// The objects that a description lists behind "including" or "such as".
fn included(description: &str) -> BTreeSet<&'static str> {
    const LETTERS: usize = 600;
    const MOST: usize = 40;
    let lower = description.chars().take(LETTERS).collect::<String>().to_lowercase();
    let listed = ["including", "such as"].iter().find_map(|start| Some(lower.split_once(start)?.1));
    let sentence = listed.and_then(|text| text.split('.').next()).unwrap_or_default();
    let words = words::split(sentence);
    let objects = words.iter().take(MOST).filter_map(|word| taxonomy().object(&words::singular(word), None));
    objects.map(|(object, _)| object).collect()
}
