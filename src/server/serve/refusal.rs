//! What to answer to bytes that are no JSON-RPC message.

use crate::config::Limits;
use rmcp::{ErrorData, model::RequestId};
use serde_json::{Value, json};

/// The answer. Where nobody can be told to have asked, `id` is null: JSON-RPC wants it there, and rmcp
/// would leave it out.
pub(crate) fn answer(error: &ErrorData, id: Option<&RequestId>) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": error })
}

/// The answer to bytes that are no message.
pub(super) fn to(bytes: &[u8]) -> Value {
    match serde_json::from_slice::<Value>(bytes) {
        Err(error) => answer(&ErrorData::parse_error(format!("the message is no JSON: {error}"), None), None),
        Ok(value) => {
            let id = value.get("id").and_then(|id| serde_json::from_value::<RequestId>(id.clone()).ok());
            answer(&ErrorData::invalid_request(reason(&value), None), id.as_ref())
        }
    }
}

/// The answer to a message that is longer than one may be.
pub(super) fn too_long(limits: &Limits) -> ErrorData {
    let most = limits.message_bytes;
    let reason = format!("a message may be {most} bytes long (limits.message_bytes), and this one is longer");
    ErrorData::invalid_request(reason, None)
}

/// The answer to a message that nests deeper than one may.
pub(super) fn too_deep(limits: &Limits) -> ErrorData {
    let most = limits.json_depth;
    let reason =
        format!("a message may nest {most} levels deep (limits.json_depth), and this one nests deeper");
    ErrorData::invalid_request(reason, None)
}

fn reason(value: &Value) -> String {
    let Value::Object(message) = value else {
        return match value {
            Value::Array(_) => "batches are not served: send each message by itself".to_owned(),
            _ => "a JSON-RPC message is an object".to_owned(),
        };
    };
    if message.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return "a JSON-RPC message says `\"jsonrpc\": \"2.0\"`".to_owned();
    }
    if message.get("id").is_some_and(|id| !id.is_string() && !id.is_i64()) {
        return "`id` must be a string or a whole number".to_owned();
    }
    match message.get("method") {
        Some(Value::String(method)) => format!("`{method}` comes with members that a request cannot have"),
        Some(_) => "`method` must be a string".to_owned(),
        None => "a message needs `method`, or else `result` or `error`".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::to;
    use rmcp::model::ErrorCode;
    use serde_json::json;

    #[track_caller]
    fn check(message: &[u8], code: ErrorCode, said: &str, id: Option<i64>) {
        let answer = to(message);
        assert_eq!((&answer["error"]["code"], &answer["id"]), (&json!(code.0), &json!(id)), "{answer}");
        assert!(answer["error"]["message"].as_str().unwrap().contains(said), "{answer}");
    }

    #[test]
    fn says_what_is_wrong_and_whose_it_is() {
        let (parse, invalid) = (ErrorCode::PARSE_ERROR, ErrorCode::INVALID_REQUEST);
        check(b"{\"jsonrpc\": ", parse, "line 1 column 12", None);
        check(b"\x00\xff\xfe binary", parse, "no JSON", None);
        check(b"[]", invalid, "batches", None);
        check(b"7", invalid, "object", None);
        check(b"{\"id\":3,\"method\":\"ping\"}", invalid, "jsonrpc", Some(3));
        check(b"{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}", invalid, "whole number", None);
        check(b"{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":7}", invalid, "string", Some(4));
        check(b"{\"jsonrpc\":\"2.0\",\"id\":5}", invalid, "needs `method`", Some(5));
    }
}
