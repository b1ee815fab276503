//! What people said.

use crate::ToolError;
use revarch_domain::maturity::{Answer, Respondent};
use schemars::JsonSchema;
use serde::Deserialize;

/// The name of answers that came without one.
pub(in crate::assess_maturity) const UNNAMED: &str = "unnamed";

/// People whose answers are taken in one call.
const MOST_PEOPLE: usize = 100;

/// The longest name, in characters.
const LONGEST_NAME: usize = 80;

/// What a person said to one question.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// The question's id, such as `content.inventory`.
    pub question: String,
    /// The level whose anchor describes what one sees, from 1 to 5; absent when the person does not know.
    #[schemars(range(min = 1, max = 5))]
    pub level: Option<u8>,
    /// True when the person was asked and does not know.
    #[serde(default)]
    pub dont_know: bool,
    /// What the person points to: a document, a report, an example. Some lenses let a claim with a note count
    /// for more.
    pub note: Option<String>,
}

/// A person and what they said.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// A role or name, such as `head of sales`.
    pub name: String,
    /// What they said, one entry per question.
    pub answers: Vec<Reply>,
}

/// The answers of one person.
pub(in crate::assess_maturity) fn replies(replies: Vec<Reply>) -> Result<Vec<Answer>, ToolError> {
    replies.into_iter().map(reply).collect()
}

/// Everybody who said something, those without a name as one.
pub(in crate::assess_maturity) fn people(
    unnamed: Vec<Reply>,
    named: Vec<Person>,
) -> Result<Vec<Respondent>, ToolError> {
    if named.len() > MOST_PEOPLE {
        let message = format!("{} respondents are given, and at most {MOST_PEOPLE} are taken", named.len());
        return Err(ToolError::input(message).hint("ask those who work with what the lens asks about"));
    }
    let mut people = Vec::new();
    if !unnamed.is_empty() {
        people.push(Respondent { name: UNNAMED.to_owned(), answers: replies(unnamed)? });
    }
    for (place, Person { name, answers }) in named.into_iter().enumerate() {
        if name.chars().count() > LONGEST_NAME {
            let message =
                format!("the name of respondents[{place}] is longer than {LONGEST_NAME} characters");
            return Err(ToolError::input(message).hint("give a role, such as `head of sales`"));
        }
        people.push(Respondent { name, answers: replies(answers)? });
    }
    Ok(people)
}

fn reply(reply: Reply) -> Result<Answer, ToolError> {
    let Reply { question, level, dont_know, note } = reply;
    if dont_know && let Some(level) = level {
        let message = format!("`{question}` is answered with level {level} and with dont_know");
        return Err(ToolError::input(message).hint("give one of the two"));
    }
    Ok(Answer { question, level, note })
}
