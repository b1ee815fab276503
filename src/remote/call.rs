//! Calling a tool, which the operator has to allow by its name.

use crate::{Limits, RemoteError, Server, cut, inspect::open};
use serde_json::{Map, Value, json};

/// What a tool answered.
#[derive(Debug)]
pub struct ToolAnswer {
    /// The result as it came, save for texts that were cut.
    pub result: Value,
    /// Whether the server marks it as a failure.
    pub is_error: bool,
    /// What was remarkable on the way.
    pub notes: Vec<crate::Note>,
}

pub(crate) async fn call(
    server: &Server,
    tool: &str,
    arguments: Map<String, Value>,
    limits: Limits,
) -> Result<ToolAnswer, RemoteError> {
    if !server.allow_tools.iter().any(|allowed| allowed == tool) {
        return Err(RemoteError::ToolNotAllowed { name: server.name.clone(), tool: tool.to_owned() });
    }
    let (mut session, _) = open(server, limits).await?;
    let params = json!({"name": tool, "arguments": arguments});
    let answer = session.ask("tools/call", params, Some(tool)).await;
    let mut notes = session.notes();
    session.leave().await;
    let mut result = answer.map_err(|error| error.told(&server.name, "tools/call"))?;
    // A newer server may want to be told more before it answers, and there is nobody here to tell it.
    if let Some(kind) = result["resultType"].as_str().filter(|kind| *kind != "complete") {
        return Err(RemoteError::Conversation {
            name: server.name.clone(),
            attempt: "tools/call".to_owned(),
            reason: format!("it did not answer but asks back ({})", crate::wire::brief(kind)),
        });
    }
    cut::cut(&mut result, "result", limits.text_bytes, &mut notes);
    let is_error = result["isError"].as_bool().unwrap_or(false);
    Ok(ToolAnswer { result, is_error, notes })
}
