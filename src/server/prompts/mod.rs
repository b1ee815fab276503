//! Prompts: ways of working with the tools that a person can pick in their client.
//!
//! A prompt is offered where the tool it rests on is, and a step of it stands where its tool is offered.

mod template;
mod text;
mod values;

#[cfg(test)]
mod tests;

pub(crate) use text::fill;
pub(crate) use values::values;

use crate::toolbox::Toolbox;
use revarch_domain::nearest::nearest;
use rmcp::{
    ErrorData,
    model::{GetPromptResult, JsonObject, Prompt, PromptArgument, PromptMessage, Role},
};
use serde_json::Value;
use template::{TEMPLATES, Template};

/// The prompts that the offered tools can carry.
pub(crate) fn list(toolbox: &Toolbox) -> Vec<Prompt> {
    offered(toolbox).map(Template::prompt).collect()
}

impl Template {
    fn prompt(&self) -> Prompt {
        let arguments = self.arguments.iter().map(|argument| {
            PromptArgument::new(argument.name).with_description(argument.description).with_required(false)
        });
        Prompt::new(self.name, Some(self.description), Some(arguments.collect())).with_title(self.title)
    }
}

/// The prompt `name`, with its arguments filled in.
pub(crate) fn get(
    name: &str,
    mut given: JsonObject,
    toolbox: &Toolbox,
) -> Result<GetPromptResult, ErrorData> {
    let template = find(name, toolbox)?;
    let mut values = Vec::new();
    for argument in template.arguments {
        let value = match given.remove(argument.name) {
            None => String::new(),
            Some(Value::String(value)) => value,
            Some(_) => {
                let reason = format!("argument `{}` of prompt `{name}` must be a string", argument.name);
                return Err(ErrorData::invalid_params(reason, None));
            }
        };
        let value = if value.trim().is_empty() { argument.otherwise } else { value.trim() };
        values.push((argument.name, value.to_owned()));
    }
    if let Some(unknown) = given.keys().next() {
        return Err(no_argument(template, unknown));
    }
    let text = text::fill(template.text, &values, |tool| toolbox.offers(tool));
    let messages = vec![PromptMessage::new_text(Role::User, text)];
    Ok(GetPromptResult::new(messages).with_description(template.description))
}

fn offered(toolbox: &Toolbox) -> impl Iterator<Item = &'static Template> {
    TEMPLATES.iter().filter(|template| toolbox.offers(template.rests_on))
}

fn find(name: &str, toolbox: &Toolbox) -> Result<&'static Template, ErrorData> {
    offered(toolbox).find(|template| template.name == name).ok_or_else(|| {
        let names = || offered(toolbox).map(|template| template.name);
        let near = nearest(name, names());
        let offered = if near.is_empty() { names().collect() } else { near };
        ErrorData::invalid_params(
            format!("there is no prompt `{name}`; prompts are {}", offered.join(", ")),
            None,
        )
    })
}

fn no_argument(template: &Template, argument: &str) -> ErrorData {
    let names: Vec<_> = template.arguments.iter().map(|argument| argument.name).collect();
    let reason =
        format!("prompt `{}` has no argument `{argument}`; it takes {}", template.name, names.join(", "));
    ErrorData::invalid_params(reason, None)
}
