//! Messages of JSON-RPC, as they are on the wire.
//!
//! # Design
//! The messages are kept as plain JSON and not read into the types of the protocol's library. A client that
//! works with a server may drop a tool it cannot use, or a line it cannot read. An audit has to see both.

use crate::RemoteError;
use serde_json::{Value, json};

/// A request to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) method: &'static str,
    pub(crate) params: Value,
    /// The tool that is called, where one is.
    pub(crate) tool: Option<&'a str>,
}

/// Why a request has no result.
#[derive(Debug)]
pub(crate) enum Unanswered {
    /// The server answered with an error of the protocol.
    Refused { code: i64, message: String, data: Value },
    /// Anything else.
    Failed(RemoteError),
}

impl From<RemoteError> for Unanswered {
    fn from(error: RemoteError) -> Self {
        Self::Failed(error)
    }
}

impl Unanswered {
    /// The error as callers see it.
    pub(crate) fn told(self, name: &str, attempt: &str) -> RemoteError {
        match self {
            Self::Refused { code, message, .. } => {
                RemoteError::Refused { name: name.to_owned(), attempt: attempt.to_owned(), code, message }
            }
            Self::Failed(error) => error,
        }
    }
}

/// What a message is to us.
#[derive(Debug, PartialEq)]
pub(crate) enum Message {
    /// The answer to a request of ours; the number is absent where the server could not read the request.
    Answer { id: Option<u64>, outcome: Result<Value, Value> },
    /// A request of the server's.
    Request { id: Value, method: String },
    /// Word that wants no answer.
    Notification,
    /// No message of the protocol.
    Foreign,
}

/// Reads a message.
pub(crate) fn read(value: Value) -> Message {
    let Value::Object(mut fields) = value else { return Message::Foreign };
    let id = fields.remove("id").unwrap_or_default();
    if let Some(Value::String(method)) = fields.remove("method") {
        return if id.is_null() { Message::Notification } else { Message::Request { id, method } };
    }
    // Some servers hand the number back as text.
    let id = id.as_u64().or_else(|| id.as_str()?.parse().ok());
    match (fields.remove("result"), fields.remove("error")) {
        (_, Some(error @ Value::Object(_))) => Message::Answer { id, outcome: Err(error) },
        (Some(result), _) => Message::Answer { id, outcome: Ok(result) },
        _ => Message::Foreign,
    }
}

/// The answer to a request of the server's: it is there, and does nothing for anybody.
pub(crate) fn reply(id: &Value, method: &str) -> Value {
    if method == "ping" {
        return json!({"jsonrpc": "2.0", "id": id, "result": {}});
    }
    json!({"jsonrpc": "2.0", "id": id, "error": {"code": -32601, "message": "this client only inspects"}})
}

pub(crate) fn request(id: u64, ask: &Ask<'_>) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": ask.method, "params": ask.params})
}

pub(crate) fn notification(method: &str) -> Value {
    json!({"jsonrpc": "2.0", "method": method})
}

/// An outcome as the caller of a request gets it.
pub(crate) fn outcome(outcome: Result<Value, Value>) -> Result<Value, Unanswered> {
    outcome.map_err(|error| Unanswered::Refused {
        code: error["code"].as_i64().unwrap_or_default(),
        message: brief(error["message"].as_str().unwrap_or("it says no more")),
        data: error["data"].clone(),
    })
}

/// A list out of an answer, where one stands under that name, and the rest of the answer.
pub(crate) fn split_list(answer: Value, name: &str) -> (Option<Vec<Value>>, Value) {
    let Value::Object(mut fields) = answer else { return (None, Value::Null) };
    match fields.remove(name) {
        Some(Value::Array(items)) => (Some(items), Value::Object(fields)),
        _ => (None, Value::Object(fields)),
    }
}

/// The first line of a message and no more than 300 characters of it, without control characters, since it
/// repeats what a server sent.
pub(crate) fn brief(message: &str) -> String {
    let line = message.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().filter(|c| !c.is_control()).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_apart() {
        let answer = |id, outcome| Message::Answer { id, outcome };
        assert_eq!(read(json!({"id": 3, "result": {}})), answer(Some(3), Ok(json!({}))));
        assert_eq!(read(json!({"id": "3", "result": 1})), answer(Some(3), Ok(json!(1))));
        let error = json!({"code": -1});
        assert_eq!(read(json!({"id": null, "error": error})), answer(None, Err(error.clone())));
        assert_eq!(read(json!({"id": 3, "result": {}, "error": error})), answer(Some(3), Err(error)));
        let ping = Message::Request { id: json!("x"), method: "ping".to_owned() };
        assert_eq!(read(json!({"id": "x", "method": "ping"})), ping);
        assert_eq!(read(json!({"method": "notifications/message"})), Message::Notification);
        for foreign in [json!([]), json!("log"), json!({"level": "info"}), json!(null)] {
            assert_eq!(read(foreign), Message::Foreign);
        }
    }

    #[test]
    fn a_servers_words_are_kept_short_and_on_one_line() {
        assert_eq!(brief("\n  a\u{1b}[31mb \nc"), "a[31mb");
        assert_eq!(brief(&"é".repeat(1000)).chars().count(), 300);
    }
}
