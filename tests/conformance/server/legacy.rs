//! Tools that log, and that ask over an open connection what the product does not ask.

use crate::{Request, Result, plain, tool};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ClientResult, ContentBlock,
    CreateMessageRequestParams, ElicitRequest, ElicitRequestParams, LoggingLevel,
    LoggingMessageNotificationParam, SamplingMessage, ServerRequest, Tool,
};
use serde_json::{Value, json};
use std::time::Duration;

pub(crate) fn tools() -> Vec<Tool> {
    let prompt =
        json!({"type": "object", "properties": {"prompt": {"type": "string"}}, "required": ["prompt"]});
    vec![
        plain("test_tool_with_logging", "Logs three times."),
        plain("test_logging_tool", "Logs where the request wants it."),
        tool("test_sampling", "Has the client's model say something.", prompt),
        plain("test_elicitation_sep1034_defaults", "Asks with a default of every type."),
        plain("test_elicitation_sep1330_enums", "Asks with every kind of choice."),
    ]
}

/// What one of these tools answers; nothing where it is another's.
pub(crate) async fn call(
    params: &CallToolRequestParams,
    request: &Request,
) -> Option<Result<CallToolResponse>> {
    let text = match params.name.as_ref() {
        "test_tool_with_logging" => {
            for said in ["Tool execution started", "Tool processing data", "Tool execution completed"] {
                log(request, LoggingLevel::Info, said).await;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Ok("done".to_owned())
        }
        "test_logging_tool" => {
            if let Some(level) = request.meta.log_level() {
                log(request, level, "a log was wanted").await;
            }
            Ok("done".to_owned())
        }
        "test_sampling" => sample(params, request).await,
        "test_elicitation_sep1034_defaults" => elicit(request, defaults()).await,
        "test_elicitation_sep1330_enums" => elicit(request, choices()).await,
        _ => return None,
    };
    let result = match text {
        Ok(text) => CallToolResult::success(vec![ContentBlock::text(text)]),
        Err(error) => CallToolResult::error(vec![ContentBlock::text(error)]),
    };
    Some(Ok(result.into()))
}

async fn log(request: &Request, level: LoggingLevel, said: &str) {
    request
        .peer
        .notify_logging_message(LoggingMessageNotificationParam::new(level, json!(said)))
        .await
        .unwrap();
}

async fn sample(params: &CallToolRequestParams, request: &Request) -> std::result::Result<String, String> {
    let prompt = params.arguments.as_ref().and_then(|given| given["prompt"].as_str()).unwrap_or_default();
    let message = CreateMessageRequestParams::new(vec![SamplingMessage::user_text(prompt)], 100);
    let said = request.peer.create_message(message).await.map_err(|error| error.to_string())?;
    Ok(format!("LLM response: {:?}", said.message))
}

async fn elicit(request: &Request, properties: Value) -> std::result::Result<String, String> {
    let schema = json!({"type": "object", "properties": properties});
    let params = ElicitRequestParams::FormElicitationParams {
        meta: None,
        message: "Please fill in".to_owned(),
        requested_schema: serde_json::from_value(schema).unwrap(),
    };
    let asked = request.peer.send_request(ServerRequest::ElicitRequest(ElicitRequest::new(params)));
    match asked.await {
        Ok(ClientResult::ElicitResult(result)) => Ok(format!("Elicitation completed: {result:?}")),
        other => Err(format!("{other:?}")),
    }
}

fn defaults() -> Value {
    json!({
        "name": {"type": "string", "default": "John Doe"},
        "age": {"type": "integer", "default": 30},
        "score": {"type": "number", "default": 95.5},
        "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
        "verified": {"type": "boolean", "default": true},
    })
}

fn choices() -> Value {
    let titled = json!([
        {"const": "value1", "title": "First"}, {"const": "value2", "title": "Second"}, {"const": "value3", "title": "Third"},
    ]);
    let options = json!(["option1", "option2", "option3"]);
    json!({
        "untitledSingle": {"type": "string", "enum": options},
        "titledSingle": {"type": "string", "oneOf": titled},
        "legacyEnum": {"type": "string", "enum": ["opt1", "opt2", "opt3"], "enumNames": ["One", "Two", "Three"]},
        "untitledMulti": {"type": "array", "items": {"type": "string", "enum": options}},
        "titledMulti": {"type": "array", "items": {"anyOf": titled}},
    })
}
