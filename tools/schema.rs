//! JSON Schemas that every client accepts.
//!
//! schemars writes references, unions with null and formats of Rust's own; some clients drop a tool, or the
//! whole list, over each of these. Here they are written out of the schema: sub-schemas stand inline, an
//! optional field is one that may be absent, and a documented enum is a plain list of strings.

use rmcp::model::JsonObject;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value};

/// The schema of a tool's arguments.
pub(crate) fn of_input<T: JsonSchema>() -> JsonObject {
    let mut schema = of::<T>(SchemaSettings::draft2020_12().for_deserialize());
    lean(&mut schema, 0);
    schema
}

/// Leaves out what a caller can do without: defaults that are as good as nothing, what is said of a list's entries
/// beside the list, and below the arguments themselves all but the first sentence.
fn lean(schema: &mut JsonObject, depth: usize) {
    if schema.get("default").is_some_and(is_nothing) {
        schema.remove("default");
    }
    if depth > 0 {
        let refuses_others = |word: &str, value: &Value| word == "additionalProperties" && *value == false;
        schema.retain(|word, value| !refuses_others(word, value));
    }
    if depth > 1
        && let Some(Value::String(said)) = schema.get_mut("description")
        && let Some(end) = said.find(". ")
    {
        said.truncate(end);
    }
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.values_mut().filter_map(Value::as_object_mut).for_each(|inner| lean(inner, depth + 1));
    }
    if let Some(Value::Object(items)) = schema.get_mut("items") {
        items.remove("description");
        lean(items, depth + 1);
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

/// The schema of a tool's structured result.
pub(crate) fn of_output<T: JsonSchema>() -> JsonObject {
    of::<T>(SchemaSettings::draft2020_12().for_serialize())
}

/// Which properties a schema has, and of which type. Every client pays for a list of tools in each conversation, and
/// a result explains itself by its names.
pub(crate) fn outline(schema: &JsonObject) -> JsonObject {
    const KEPT: [&str; 2] = ["type", "enum"];
    let mut outline = schema.clone();
    if let Some(Value::Object(properties)) = outline.get_mut("properties") {
        for property in properties.values_mut().filter_map(Value::as_object_mut) {
            property.retain(|word, _| KEPT.contains(&word.as_str()));
        }
    }
    outline
}

fn of<T: JsonSchema>(settings: SchemaSettings) -> JsonObject {
    let settings = settings.with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    tidy(&mut schema);
    match schema {
        Value::Object(mut object) => {
            object.remove("title");
            object.remove("description");
            object.entry("type").or_insert_with(|| "object".into());
            object.entry("properties").or_insert_with(|| Value::Object(Map::new()));
            object
        }
        _ => JsonObject::new(),
    }
}

fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            for (_, inner) in object.iter_mut() {
                tidy(inner);
            }
            drop_null(object);
            flatten_enum(object);
            for word in ["$schema", "$defs", "format"] {
                // A property may carry any of these names; a keyword is never an object with a schema in it.
                if object.get(word).is_some_and(Value::is_string) {
                    object.remove(word);
                }
            }
            if object.get("default").is_some_and(Value::is_null) {
                object.remove("default");
            }
            unrequire_nullable(object);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

/// Marks a schema that also allowed null, until its parent has made the property optional.
const NULLABLE: &str = "x-nullable";

fn drop_null(object: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".into(), only);
            object.insert(NULLABLE.into(), true.into());
        }
    }
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    if let Some(Value::Array(options)) = object.get_mut("anyOf") {
        let before = options.len();
        options.retain(|option| option.get("type").is_none_or(|kind| kind != "null"));
        if options.len() < before {
            if let [Value::Object(only)] = options.as_mut_slice() {
                let only = std::mem::take(only);
                object.remove("anyOf");
                for (key, value) in only {
                    object.entry(key).or_insert(value);
                }
            }
            object.insert(NULLABLE.into(), true.into());
        }
    }
}

/// A union of documented constants becomes a list of strings, its documentation one description.
fn flatten_enum(object: &mut Map<String, Value>) {
    let Some(Value::Array(options)) = object.get("oneOf") else { return };
    let mut values = Vec::new();
    let mut told = Vec::new();
    for option in options {
        match (option.get("const"), option.get("enum")) {
            (Some(value), _) => {
                values.push(value.clone());
                if let (Some(name), Some(text)) =
                    (value.as_str(), option.get("description").and_then(Value::as_str))
                {
                    told.push(format!("`{name}`: {text}"));
                }
            }
            (None, Some(Value::Array(several))) => values.extend(several.iter().cloned()),
            _ => return,
        }
    }
    object.remove("oneOf");
    object.insert("type".into(), "string".into());
    object.insert("enum".into(), Value::Array(values));
    if !told.is_empty() {
        let own = object.get("description").and_then(Value::as_str).map(|text| format!("{text} "));
        object.insert("description".into(), format!("{}{}", own.unwrap_or_default(), told.join(" ")).into());
    }
}

fn unrequire_nullable(object: &mut Map<String, Value>) {
    let Some(Value::Object(properties)) = object.get_mut("properties") else { return };
    let mut optional = Vec::new();
    for (name, property) in properties.iter_mut() {
        if let Value::Object(property) = property
            && property.remove(NULLABLE).is_some()
        {
            optional.push(name.clone());
        }
    }
    if let Some(Value::Array(required)) = object.get_mut("required") {
        required.retain(|name| !optional.iter().any(|other| name == other));
        if required.is_empty() {
            object.remove("required");
        }
    }
}
