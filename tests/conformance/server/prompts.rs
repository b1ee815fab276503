//! The suite's prompts.

use crate::{rounds::person, shown::PIXEL};
use rmcp::model::{
    ContentBlock, GetPromptRequestParams, GetPromptResponse, GetPromptResult, ImageContent, InputRequests,
    InputRequiredResult, Prompt, PromptArgument, PromptMessage, Role,
};
use serde_json::Value;

pub(crate) const WITH_ARGUMENTS: &str = "test_prompt_with_arguments";

pub(crate) fn list() -> Vec<Prompt> {
    let argument = |name: &str| PromptArgument::new(name).with_description("An argument").with_required(true);
    let plain = |name: &str, description: &str| Prompt::new(name, Some(description), None);
    vec![
        plain("test_simple_prompt", "A prompt without arguments."),
        Prompt::new(
            WITH_ARGUMENTS,
            Some("A prompt with arguments."),
            Some(vec![argument("arg1"), argument("arg2")]),
        ),
        plain("test_prompt_with_embedded_resource", "A prompt with a resource."),
        plain("test_prompt_with_image", "A prompt with a picture."),
        plain("test_input_required_result_prompt", "A prompt that asks."),
    ]
}

/// One of these prompts; nothing where it is another's.
pub(crate) fn get(params: &GetPromptRequestParams) -> Option<GetPromptResponse> {
    let said = |text: String| PromptMessage::new_text(Role::User, text);
    let messages = match params.name.as_str() {
        "test_simple_prompt" => vec![said("This is a simple prompt for testing.".to_owned())],
        WITH_ARGUMENTS => {
            let given = params.arguments.clone().unwrap_or_default();
            let argument =
                |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            vec![said(format!(
                "Prompt with arguments: arg1='{}', arg2='{}'",
                argument("arg1"),
                argument("arg2")
            ))]
        }
        "test_prompt_with_embedded_resource" => {
            let given = params.arguments.clone().unwrap_or_default();
            let uri =
                given.get("resourceUri").and_then(Value::as_str).unwrap_or("test://static-text").to_owned();
            let kind = Some("text/plain".to_owned());
            let text = Some("Embedded resource content for testing.".to_owned());
            vec![
                PromptMessage::new_resource(Role::User, uri, kind, text, None, None, None),
                said("Please process the embedded resource above.".to_owned()),
            ]
        }
        "test_prompt_with_image" => vec![
            PromptMessage::new(Role::User, ContentBlock::Image(ImageContent::new(PIXEL, "image/png"))),
            said("Please analyze the image above.".to_owned()),
        ],
        "test_input_required_result_prompt" => {
            let answers = params.input_responses.as_ref();
            let given = answers.and_then(|answers| answers.get("user_context")).and_then(Value::as_object);
            let Some(given) = given else {
                let question = person("What context should the prompt use?", "context");
                let asked = InputRequests::from([("user_context".to_owned(), question)]);
                return Some(InputRequiredResult::from_input_requests(asked).into());
            };
            vec![said(format!("In the context of {given:?}"))]
        }
        _ => return None,
    };
    Some(GetPromptResult::new(messages).into())
}
