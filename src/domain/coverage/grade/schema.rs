//! What a schema holds, read without following a reference, so that no schema makes the reader loop.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What a schema holds that clients mind.
#[expect(clippy::struct_excessive_bools, reason = "each is one observation, and none excludes another")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// Whether it is an object that describes an object, or nothing at all.
    pub(super) is_object: bool,
    /// Whether a reference stands in it.
    pub(super) has_reference: bool,
    /// Whether a definition leads back to itself.
    pub(super) is_circular: bool,
    /// Whether its root is a choice between schemas.
    pub(super) has_root_combinator: bool,
    /// Whether a type is a list of types.
    pub(super) has_type_list: bool,
    /// Its parameters.
    pub(super) parameters: usize,
    /// Those of them that are described.
    pub(super) described: usize,
}

pub(super) fn shape(schema: &Value) -> Shape {
    let Value::Object(root) = schema else { return Shape::default() };
    let mut shape = Shape {
        is_object: root.get("type").is_none_or(|kind| kind == "object"),
        has_root_combinator: ["oneOf", "anyOf", "allOf"].iter().any(|key| root.contains_key(*key)),
        ..Shape::default()
    };
    if let Some(Value::Object(properties)) = root.get("properties") {
        shape.parameters = properties.len();
        let is_described = |property: &&Value| {
            let text = property.get("description").and_then(Value::as_str);
            text.is_some_and(|text| !text.trim().is_empty())
        };
        shape.described = properties.values().filter(is_described).count();
    }
    let mut waiting = vec![schema];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Array(items) => waiting.extend(items),
            Value::Object(object) => {
                shape.has_reference |= object.get("$ref").is_some_and(Value::is_string);
                shape.has_type_list |= object.get("type").is_some_and(Value::is_array);
                waiting.extend(object.values());
            }
            _ => {}
        }
    }
    shape.is_circular = shape.has_reference && is_circular(root);
    shape
}

/// Whether a reference inside a definition leads, over any others, back to it. A reference to the root leads
/// back from anywhere.
fn is_circular(root: &serde_json::Map<String, Value>) -> bool {
    let mut leads_to: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for key in ["$defs", "definitions"] {
        let Some(Value::Object(definitions)) = root.get(key) else { continue };
        for (name, definition) in definitions {
            leads_to.insert(format!("#/{key}/{name}"), references(definition));
        }
    }
    let mut outside = BTreeSet::new();
    for (key, value) in root.iter().filter(|(key, _)| !["$defs", "definitions"].contains(&key.as_str())) {
        if key == "$ref" {
            outside.extend(value.as_str().map(str::to_owned));
        }
        outside.extend(references(value));
    }
    leads_to.insert("#".to_owned(), outside);
    leads_to.keys().any(|start| {
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<&String> = leads_to[start].iter().collect();
        while let Some(at) = waiting.pop() {
            if at == start {
                return true;
            }
            if seen.insert(at) {
                waiting.extend(leads_to.get(at).into_iter().flatten());
            }
        }
        false
    })
}

fn references(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Array(items) => waiting.extend(items),
            Value::Object(object) => {
                found.extend(object.get("$ref").and_then(Value::as_str).map(str::to_owned));
                waiting.extend(object.values());
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::shape;
    use serde_json::{Value, json};

    #[test]
    fn circles_are_found_and_repetition_is_none() {
        let circular = |schema: Value| shape(&schema).is_circular;
        assert!(circular(
            json!({"$defs": {"a": {"properties": {"b": {"$ref": "#/$defs/b"}}}, "b": {"items": {"$ref": "#/$defs/a"}}}})
        ));
        assert!(circular(json!({"type": "object", "properties": {"child": {"$ref": "#"}}})));
        assert!(circular(json!({"$ref": "#"})));
        assert!(!circular(
            json!({"properties": {"a": {"$ref": "#/$defs/x"}, "b": {"$ref": "#/$defs/x"}}, "$defs": {"x": {}}})
        ));
        assert!(!circular(json!({"properties": {"a": {"$ref": "https://example.com/x.json"}}})));
    }

    #[test]
    fn what_is_no_object_is_told() {
        for odd in
            [json!(null), json!("object"), json!([]), json!({"type": "string"}), json!({"type": ["object"]})]
        {
            assert!(!shape(&odd).is_object, "{odd}");
        }
        let listed = shape(
            &json!({"type": "object", "properties": {"a": {"type": ["string", "null"], "description": "x"}, "b": true}}),
        );
        assert_eq!(
            (listed.is_object, listed.has_type_list, listed.parameters, listed.described),
            (true, true, 2, 1)
        );
    }
}
