//! Operations that stand in a tool's arguments rather than in its name.

use super::{Confidence, Rule, phrase::Found};
use crate::coverage::{
    taxonomy::{Operation, taxonomy},
    words,
};
use serde_json::Value;
use std::collections::BTreeSet;

type Expanded = (Operation, Confidence, Vec<Rule>);

/// The operation found in the name, or one for each action or kind of record that the arguments list.
pub(super) fn expand(found: Found, schema: &Value, description: Option<&str>) -> Vec<Expanded> {
    let Found { operation, confidence, rules } = found;
    let mut all = vec![(operation.clone(), confidence, rules.clone())];
    let with = |rule: Rule| rules.iter().copied().chain([rule]).collect::<Vec<Rule>>();
    if operation.verb == "manage" {
        for verb in actions(schema) {
            all.push((Operation::new(&operation.object, verb), confidence, with(Rule::ActionArgument)));
        }
    }
    if operation.object == "record" {
        let objects = objects(schema, description);
        for object in &objects {
            all.push((
                Operation::new(*object, &operation.verb),
                confidence.min(Confidence::Medium),
                with(Rule::ObjectArgument),
            ));
        }
    }
    let mut seen = BTreeSet::new();
    all.retain(|(operation, ..)| seen.insert(operation.clone()));
    all
}

/// The verbs among the values of an argument that selects what is done.
fn actions(schema: &Value) -> Vec<&'static str> {
    const SELECTORS: [&str; 5] = ["action", "operation", "method", "command", "mode"];
    let values =
        SELECTORS.iter().filter_map(|name| schema.pointer(&format!("/properties/{name}/enum"))?.as_array());
    let first_words =
        values.flatten().filter_map(Value::as_str).filter_map(|value| words::split(value).into_iter().next());
    first_words.filter_map(|word| taxonomy().verb(&word)).map(|verb| verb.verb.as_str()).collect()
}

/// The kinds of record that an argument's values or description name.
fn objects(schema: &Value, description: Option<&str>) -> BTreeSet<&'static str> {
    const SELECTORS: [&str; 7] =
        ["objectType", "object_type", "sobject", "sobjectType", "record_type", "recordType", "entity"];
    let taxonomy = taxonomy();
    let mut named = BTreeSet::new();
    let mut note = |text: &str| {
        for word in words::split(text) {
            if let Some((object, _)) = taxonomy.object(&words::singular(&word), None)
                && let Some(object) = taxonomy.record_objects.get(object)
            {
                named.insert(object.as_str());
            }
        }
    };
    let mut selects = false;
    for selector in SELECTORS {
        let Some(argument) = schema.pointer(&format!("/properties/{selector}")) else { continue };
        selects = true;
        argument.get("description").and_then(Value::as_str).into_iter().for_each(&mut note);
        let values = argument.get("enum").and_then(Value::as_array);
        values.into_iter().flatten().filter_map(Value::as_str).for_each(&mut note);
    }
    if selects {
        description.into_iter().for_each(&mut note);
    }
    named
}
