//! A server's answer to `tools/list`, in any of the shapes in which people hand it over.

use serde_json::Value;

/// What a server says about a tool's manners. Each hint is absent unless the server sets it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Annotations {
    /// The tool changes nothing.
    pub read_only: Option<bool>,
    /// The tool may destroy.
    pub destructive: Option<bool>,
    /// Calling twice is as good as calling once.
    pub idempotent: Option<bool>,
    /// The tool reaches outside its own system.
    pub open_world: Option<bool>,
}

/// One tool of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedTool {
    /// The name it is called by.
    pub name: String,
    /// What the server says it does.
    pub description: Option<String>,
    /// The schema of its arguments.
    pub input_schema: Value,
    /// Whether it declares the shape of its results.
    pub has_output_schema: bool,
    /// Its hints, or nothing when it sets none.
    pub annotations: Option<Annotations>,
    /// The tool as it came.
    pub raw: Value,
}

/// A list of tools.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolsList {
    /// The tools, in the server's order.
    pub tools: Vec<ListedTool>,
    /// Whether the answer names a next page that is not here.
    pub has_more_pages: bool,
}

/// Why a value is no list of tools.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ToolsListError {
    /// A string that is not JSON.
    #[error("the text is not JSON: {0}")]
    NotJson(String),
    /// The server answered with an error.
    #[error("the server answered with an error: {0}")]
    ServerError(String),
    /// No list where one belongs.
    #[error("no list of tools at {at}: found {found}")]
    NoList {
        /// Where it was looked for.
        at: String,
        /// What is there.
        found: String,
    },
    /// A tool that cannot be read.
    #[error("{at} {problem}")]
    BadTool {
        /// Which tool.
        at: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// The shapes that [`parse`] takes, for messages.
pub const EXPECTED: &str = "an object with `tools`, a bare array of tools, or a whole JSON-RPC response with \
                            `result.tools`; each tool is an object with a `name` and an `inputSchema`";

/// Reads an object with `tools`, an array of tools, a JSON-RPC response around either, or text that holds one
/// of these.
pub fn parse(value: &Value) -> Result<ToolsList, ToolsListError> {
    parse_at(value, "the top level")
}

fn parse_at(value: &Value, at: &str) -> Result<ToolsList, ToolsListError> {
    match value {
        Value::String(text) => {
            let inner: Value =
                serde_json::from_str(text).map_err(|error| ToolsListError::NotJson(error.to_string()))?;
            if inner.is_string() { Err(no_list(at, &inner)) } else { parse_at(&inner, at) }
        }
        Value::Array(tools) => Ok(ToolsList { tools: read_tools(tools, at)?, has_more_pages: false }),
        Value::Object(object) => {
            if let Some(error) = object.get("error") {
                let message = error.get("message").and_then(Value::as_str).unwrap_or("no message");
                return Err(ToolsListError::ServerError(message.to_owned()));
            }
            if let Some(result) = object.get("result") {
                return parse_at(result, "`result`");
            }
            match object.get("tools") {
                Some(Value::Array(tools)) => Ok(ToolsList {
                    tools: read_tools(tools, "`tools`")?,
                    has_more_pages: object.get("nextCursor").is_some_and(|cursor| !cursor.is_null()),
                }),
                Some(other) => Err(no_list("`tools`", other)),
                None => Err(no_list(at, value)),
            }
        }
        other => Err(no_list(at, other)),
    }
}

fn no_list(at: &str, found: &Value) -> ToolsListError {
    let found = match found {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "a truth value".to_owned(),
        Value::Number(_) => "a number".to_owned(),
        Value::String(_) => "a string".to_owned(),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(object) if object.is_empty() => "an empty object".to_owned(),
        Value::Object(object) => {
            let keys: Vec<String> = object.keys().take(5).map(|key| format!("`{key}`")).collect();
            format!("an object with {}", keys.join(", "))
        }
    };
    ToolsListError::NoList { at: at.to_owned(), found }
}

fn read_tools(tools: &[Value], at: &str) -> Result<Vec<ListedTool>, ToolsListError> {
    tools.iter().enumerate().map(|(index, tool)| read_tool(tool, &format!("tool {index} of {at}"))).collect()
}

fn read_tool(raw: &Value, at: &str) -> Result<ListedTool, ToolsListError> {
    let bad = |problem: &str| ToolsListError::BadTool { at: at.to_owned(), problem: problem.to_owned() };
    let object = raw.as_object().ok_or_else(|| bad("is not an object"))?;
    let name = object.get("name").ok_or_else(|| bad("has no `name`"))?;
    let name = name
        .as_str()
        .filter(|name| !name.trim().is_empty())
        .ok_or_else(|| bad("has a `name` that is no text"))?;
    let schema = object.get("inputSchema").or_else(|| object.get("input_schema"));
    Ok(ListedTool {
        name: name.to_owned(),
        description: object.get("description").and_then(Value::as_str).map(str::to_owned),
        input_schema: schema.cloned().unwrap_or(Value::Null),
        has_output_schema: object.get("outputSchema").is_some_and(Value::is_object),
        annotations: object.get("annotations").and_then(read_annotations),
        raw: raw.clone(),
    })
}

/// A title alone is no hint, so that an object with nothing else counts as none.
fn read_annotations(value: &Value) -> Option<Annotations> {
    let hint = |name: &str| value.get(name).and_then(Value::as_bool);
    let annotations = Annotations {
        read_only: hint("readOnlyHint"),
        destructive: hint("destructiveHint"),
        idempotent: hint("idempotentHint"),
        open_world: hint("openWorldHint"),
    };
    (annotations != Annotations::default()).then_some(annotations)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn every_shape_gives_the_same_list() {
        let tools = json!([{"name": "get_deal", "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": true}}]);
        let bare = parse(&tools).unwrap();
        assert_eq!(bare.tools[0].name, "get_deal");
        assert_eq!(bare.tools[0].annotations.unwrap().read_only, Some(true));
        for shape in [
            json!({"tools": tools}),
            json!({"jsonrpc": "2.0", "id": 1, "result": {"tools": tools}}),
            json!(json!({"tools": tools}).to_string()),
        ] {
            assert_eq!(parse(&shape).unwrap(), bare);
        }
    }

    #[test]
    fn a_next_page_that_is_missing_is_noticed() {
        assert!(parse(&json!({"tools": [], "nextCursor": "abc"})).unwrap().has_more_pages);
    }

    #[test]
    fn errors_say_where_and_what() {
        let message = |value: Value| parse(&value).unwrap_err().to_string();
        assert_eq!(
            message(json!({"items": [1]})),
            "no list of tools at the top level: found an object with `items`"
        );
        assert_eq!(message(json!({"result": {"tools": 3}})), "no list of tools at `tools`: found a number");
        assert_eq!(message(json!([{"name": "a"}, {"title": "b"}])), "tool 1 of the top level has no `name`");
        assert!(message(json!({"error": {"code": -32000, "message": "no access"}})).ends_with("no access"));
        assert!(message(json!("not json")).starts_with("the text is not JSON"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,200}") {
            let _ = parse(&Value::String(text));
        }
    }
}
