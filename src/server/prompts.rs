//! Prompts: ways of working with the tools that a person can pick in their client.

use crate::resources;
use revarch_domain::nearest::nearest;
use revarch_store::Store;
use rmcp::{
    ErrorData,
    model::{GetPromptResult, JsonObject, Prompt, PromptArgument, PromptMessage, Role},
};
use serde_json::Value;

struct Template {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    arguments: &'static [Argument],
    /// The message, with `{name}` where an argument goes.
    text: &'static str,
}

struct Argument {
    name: &'static str,
    description: &'static str,
    /// What stands in the message where the argument is not given.
    otherwise: &'static str,
    values: Values,
}

/// What an argument can be, to complete it while it is typed.
enum Values {
    Anything,
    OneOf(&'static [&'static str]),
    Reviews,
}

const TEMPLATES: &[Template] = &[
    Template {
        name: "architecture_review",
        title: "Review the revenue architecture",
        description: "The whole review: data, platforms, maturity and workflows, with what blocks agents first.",
        arguments: &[Argument {
            name: "focus",
            description: "The part to look at most closely.",
            otherwise: "all parts alike",
            values: Values::OneOf(&["data", "platforms", "maturity", "workflows", "leads"]),
        }],
        text: include_str!("prompts/architecture_review.md"),
    },
    Template {
        name: "quarterly_review",
        title: "Compare with the last review",
        description: "What has changed since an earlier review, and what to do in the coming quarter.",
        arguments: &[Argument {
            name: "since",
            description: "The id of the review to compare with.",
            otherwise: "the last review that is kept",
            values: Values::Reviews,
        }],
        text: include_str!("prompts/quarterly_review.md"),
    },
    Template {
        name: "mcp_gap_review",
        title: "Find the gaps in MCP coverage",
        description: "What agents can reach and do in your platforms, and what is missing or unsafe.",
        arguments: &[Argument {
            name: "platforms",
            description: "The platforms in use, separated by commas.",
            otherwise: "not named yet: ask which platforms are in use",
            values: Values::Anything,
        }],
        text: include_str!("prompts/mcp_gap_review.md"),
    },
    Template {
        name: "lead_score_review",
        title: "Test the lead score",
        description: "Whether the lead score in use predicts conversion, and what would predict it better.",
        arguments: &[Argument {
            name: "score",
            description: "The column that holds the lead score.",
            otherwise: "the score column that `describe_data` shows",
            values: Values::Anything,
        }],
        text: include_str!("prompts/lead_score_review.md"),
    },
];

/// The prompts.
pub(crate) fn list() -> Vec<Prompt> {
    TEMPLATES.iter().map(Template::prompt).collect()
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
pub(crate) fn get(name: &str, mut given: JsonObject) -> Result<GetPromptResult, ErrorData> {
    let template = find(name)?;
    let mut text = template.text.trim().to_owned();
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
        text = text.replace(&format!("{{{}}}", argument.name), value);
    }
    if let Some(unknown) = given.keys().next() {
        return Err(no_argument(template, unknown));
    }
    let messages = vec![PromptMessage::new_text(Role::User, text)];
    Ok(GetPromptResult::new(messages).with_description(template.description))
}

/// What the `argument` of a prompt can be.
pub(crate) async fn values(name: &str, argument: &str, store: &Store) -> Result<Vec<String>, ErrorData> {
    let template = find(name)?;
    let known = template.arguments.iter().find(|known| known.name == argument);
    match known.ok_or_else(|| no_argument(template, argument))?.values {
        Values::Anything => Ok(Vec::new()),
        Values::OneOf(values) => Ok(values.iter().map(|value| (*value).to_owned()).collect()),
        Values::Reviews => resources::ids(store).await,
    }
}

fn find(name: &str) -> Result<&'static Template, ErrorData> {
    TEMPLATES.iter().find(|template| template.name == name).ok_or_else(|| {
        let names = || TEMPLATES.iter().map(|template| template.name);
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

#[cfg(test)]
mod tests {
    use super::{TEMPLATES, Values, get, values};
    use revarch_store::Store;
    use serde_json::{Value, json};

    fn message(name: &str, arguments: &Value) -> String {
        let prompt = get(name, arguments.as_object().unwrap().clone()).unwrap();
        let told = serde_json::to_value(&prompt.messages[0].content).unwrap();
        told["text"].as_str().unwrap().to_owned()
    }

    #[test]
    fn every_argument_has_its_place_and_every_place_its_argument() {
        for template in TEMPLATES {
            for argument in template.arguments {
                let place = format!("{{{}}}", argument.name);
                assert!(template.text.contains(&place), "{} has no {place}", template.name);
            }
            let bare = message(template.name, &json!({}));
            assert!(!bare.contains(['{', '}']), "{}: {bare}", template.name);
        }
    }

    #[test]
    fn a_given_argument_replaces_the_default() {
        assert!(message("quarterly_review", &json!({"since": "r-7"})).contains("r-7"));
        assert!(
            message("quarterly_review", &json!({"since": "  "})).contains("the last review that is kept")
        );
    }

    #[test]
    fn unknown_names_are_refused() {
        assert!(
            get("architecture_revue", serde_json::Map::new())
                .unwrap_err()
                .message
                .contains("architecture_review")
        );
        let given = json!({"sinse": "r-7"}).as_object().unwrap().clone();
        assert!(get("quarterly_review", given).unwrap_err().message.contains("since"));
        let given = json!({"since": 7}).as_object().unwrap().clone();
        assert!(get("quarterly_review", given).unwrap_err().message.contains("must be a string"));
    }

    #[tokio::test]
    async fn arguments_are_completed() {
        let store = Store::in_memory().await.unwrap();
        for template in TEMPLATES {
            for argument in template.arguments {
                let found = values(template.name, argument.name, &store).await.unwrap();
                let listed = matches!(argument.values, Values::OneOf(_));
                assert_eq!(listed, !found.is_empty(), "{} {}", template.name, argument.name);
            }
        }
        assert!(values("quarterly_review", "until", &store).await.is_err());
    }
}
