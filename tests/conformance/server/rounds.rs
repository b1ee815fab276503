//! Tools that end with questions that the product does not ask: to the client's model, and for its roots.

use crate::{Request, Result, plain};
use rmcp::{
    ErrorData,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, ClientCapabilities, ContentBlock,
        CreateMessageRequest, CreateMessageRequestParams, ElicitRequest, ElicitRequestParams, InputRequest,
        InputRequiredResult, ListRootsRequest, RequestStateCodec, SamplingMessage, Tool,
    },
};
use serde_json::{Value, json};

pub(crate) fn tools() -> Vec<Tool> {
    vec![
        plain("test_input_required_result_sampling", "Asks the client's model."),
        plain("test_input_required_result_list_roots", "Asks for the client's roots."),
        plain("test_input_required_result_multiple_inputs", "Asks three things at once."),
        plain("test_input_required_result_capabilities", "Asks what the client can answer."),
        plain("test_missing_capability", "Wants a client with a model."),
    ]
}

/// A question to a person.
pub(crate) fn person(message: &str, field: &str) -> InputRequest {
    let schema = json!({"type": "object", "properties": {field: {"type": "string"}}, "required": [field]});
    InputRequest::Elicitation(ElicitRequest::new(ElicitRequestParams::FormElicitationParams {
        meta: None,
        message: message.to_owned(),
        requested_schema: serde_json::from_value(schema).unwrap(),
    }))
}

fn model() -> InputRequest {
    let messages = vec![SamplingMessage::user_text("What is the capital of France?")];
    InputRequest::CreateMessage(CreateMessageRequest::new(CreateMessageRequestParams::new(messages, 100)))
}

fn roots() -> InputRequest {
    InputRequest::ListRoots(ListRootsRequest::default())
}

/// What one of these tools answers; nothing where it is another's.
pub(crate) fn call(
    params: &CallToolRequestParams,
    request: &Request,
    seal: &RequestStateCodec,
) -> Option<Result<CallToolResponse>> {
    let client = request.meta.client_capabilities().unwrap_or_default();
    let asked: Vec<(&str, InputRequest)> = match params.name.as_ref() {
        "test_input_required_result_sampling" => vec![("capital_question", model())],
        "test_input_required_result_list_roots" => vec![("client_roots", roots())],
        "test_input_required_result_multiple_inputs" => {
            vec![
                ("user_name", person("What is your name?", "name")),
                ("greeting", model()),
                ("client_roots", roots()),
            ]
        }
        "test_input_required_result_capabilities" => answerable(&client),
        "test_missing_capability" if client.sampling.is_none() => {
            let sampling = ClientCapabilities::builder().enable_sampling().build();
            return Some(Err(ErrorData::missing_required_client_capability(sampling)));
        }
        "test_missing_capability" => Vec::new(),
        _ => return None,
    };
    if let Some(state) = &params.request_state
        && seal.open(state).is_err()
    {
        return Some(Err(ErrorData::invalid_params("this state was not given out", None)));
    }
    let answers = params.input_responses.clone().unwrap_or_default();
    if asked.iter().all(|(id, _)| answers.get(*id).is_some_and(Value::is_object)) {
        let text = format!("All is answered: {answers:?}");
        return Some(Ok(CallToolResult::success(vec![ContentBlock::text(text)]).into()));
    }
    let asked = asked.into_iter().map(|(id, request)| (id.to_owned(), request)).collect();
    let state = seal.seal_json(&json!({"asked": params.name})).unwrap();
    Some(Ok(InputRequiredResult::new(Some(asked), Some(state)).into()))
}

/// What a client with these capabilities can be asked.
fn answerable(client: &ClientCapabilities) -> Vec<(&'static str, InputRequest)> {
    let mut asked = Vec::new();
    if client.elicitation.is_some() {
        asked.push(("user_name", person("What is your name?", "name")));
    }
    if client.sampling.is_some() {
        asked.push(("greeting", model()));
    }
    if client.roots.is_some() {
        asked.push(("client_roots", roots()));
    }
    asked
}
