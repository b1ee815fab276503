//! Asking the person at the other end a small question in the middle of a call.
//!
//! # Design
//!
//! The protocol has two ways to ask. Over a connection with a handshake the server asks and the call waits.
//! Without one the call ends with the question, and the client makes the same call again with the answer;
//! the tool then runs from its beginning, once for every round of questions. A tool is written once for both,
//! so it keeps two rules: it changes nothing before its last question is answered, and it gives a question an
//! id that is the same on every run and belongs to no other question.

use crate::ToolError;
use futures::future::BoxFuture;
use serde_json::{Map, Value};
use std::sync::Arc;

/// The longest text that is taken for an answer, in characters.
pub const LONGEST_TEXT: usize = 1_000;

/// A question with a few fields to fill in.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The same on every run of the call, and of no other question.
    pub id: String,
    /// What the person reads above the fields.
    pub message: String,
    /// The fields in the order in which they are shown.
    pub fields: Vec<Field>,
}

/// One thing to fill in.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name under which the answer comes back.
    pub name: String,
    /// What the person reads beside it.
    pub title: String,
    /// What the person may want to know to answer.
    pub description: Option<String>,
    /// What can be filled in.
    pub kind: Kind,
}

/// What can be filled in. A field with a default may be left as it is; one without has to be filled in.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// One of several.
    Choice {
        /// What there is to choose from.
        choices: Vec<Choice>,
        /// The value that is chosen from the start.
        default: Option<String>,
    },
    /// Up to [`LONGEST_TEXT`] characters.
    Text {
        /// The text that stands there from the start.
        default: Option<String>,
    },
    /// Yes or no.
    YesNo {
        /// What it is from the start.
        default: Option<bool>,
    },
}

/// One of several things to choose from.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The value that comes back.
    pub value: String,
    /// What the person reads.
    pub title: String,
}

/// What came of a question.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// The fields were filled in.
    Answered(Answers),
    /// The person refused, closed the question or let it lie.
    Declined,
    /// There is nobody to ask, or the client cannot.
    Unavailable,
}

/// The fields as they were filled in, each checked against its question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers(Map<String, Value>);

/// Why something is no answer to a question.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Misfit(String);

impl Misfit {
    /// A misfit for a reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl Answers {
    /// The text or the chosen value of a field.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field)?.as_str()
    }

    /// The yes or no of a field.
    pub fn yes(&self, field: &str) -> Option<bool> {
        self.0.get(field)?.as_bool()
    }

    /// The fields as a client sends them.
    pub fn as_json(&self) -> &Map<String, Value> {
        &self.0
    }
}

impl Question {
    /// Checks what a client sent, and keeps of it what was asked for.
    pub fn read(&self, content: &Value) -> Result<Answers, Misfit> {
        let Value::Object(content) = content else {
            return Err(Misfit::new("the content is no object with the fields in it"));
        };
        let mut answers = Map::new();
        for field in &self.fields {
            let given = content.get(&field.name).filter(|value| !value.is_null());
            let value = match given {
                Some(value) if field.kind.takes(value) => value.clone(),
                Some(_) => {
                    return Err(Misfit::new(format!(
                        "field `{}` must be {}",
                        field.name,
                        field.kind.wants()
                    )));
                }
                None => {
                    let default = field.kind.default();
                    default.ok_or_else(|| Misfit::new(format!("field `{}` is missing", field.name)))?
                }
            };
            answers.insert(field.name.clone(), value);
        }
        Ok(Answers(answers))
    }
}

impl Kind {
    /// What the field holds if it is left as it is.
    pub fn default(&self) -> Option<Value> {
        match self {
            Self::Choice { default, .. } | Self::Text { default } => default.clone().map(Value::String),
            Self::YesNo { default } => default.map(Value::Bool),
        }
    }

    fn takes(&self, value: &Value) -> bool {
        match self {
            Self::Choice { choices, .. } => choices.iter().any(|choice| value == choice.value.as_str()),
            Self::Text { .. } => value.as_str().is_some_and(|text| text.chars().count() <= LONGEST_TEXT),
            Self::YesNo { .. } => value.is_boolean(),
        }
    }

    fn wants(&self) -> String {
        match self {
            Self::Choice { choices, .. } => {
                let values: Vec<String> =
                    choices.iter().map(|choice| format!("`{}`", choice.value)).collect();
                format!("one of {}", values.join(", "))
            }
            Self::Text { .. } => format!("a text of at most {LONGEST_TEXT} characters"),
            Self::YesNo { .. } => "true or false".to_owned(),
        }
    }
}

/// A way to ask.
pub trait Ask: Send + Sync {
    /// Asks, and gives the reply. An error ends the call, be it because the call has to be made again with the
    /// answer, or because what came is no answer.
    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Reply, ToolError>>;
}

/// Whom a call may ask; by default nobody.
#[derive(Clone, Default)]
pub struct Asker(Option<Arc<dyn Ask>>);

impl Asker {
    /// Asks in the given way.
    pub fn new(way: Arc<dyn Ask>) -> Self {
        Self(Some(way))
    }

    /// Asks. Pass its error on with `?`: the server knows what to make of it.
    pub async fn ask(&self, question: &Question) -> Result<Reply, ToolError> {
        match &self.0 {
            Some(way) => way.ask(question).await,
            None => Ok(Reply::Unavailable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Asker, Choice, Field, Kind, LONGEST_TEXT, Question, Reply};
    use futures::FutureExt as _;
    use serde_json::{Value, json};

    fn field(name: &str, kind: Kind) -> Field {
        Field { name: name.to_owned(), title: name.to_owned(), description: None, kind }
    }

    fn question() -> Question {
        let choice = |value: &str| Choice { value: value.to_owned(), title: value.to_uppercase() };
        Question {
            id: "a question".to_owned(),
            message: "Which?".to_owned(),
            fields: vec![
                field("size", Kind::Choice { choices: vec![choice("s"), choice("l")], default: None }),
                field("note", Kind::Text { default: Some("none".to_owned()) }),
                field("gift", Kind::YesNo { default: Some(false) }),
            ],
        }
    }

    #[track_caller]
    fn check(content: &Value, expected: Result<Value, &str>) {
        match (question().read(content), expected) {
            (Ok(answers), Ok(expected)) => assert_eq!(Value::Object(answers.as_json().clone()), expected),
            (Err(misfit), Err(said)) => assert!(misfit.to_string().contains(said), "{misfit}"),
            (read, expected) => panic!("{content} was read as {read:?}, not as {expected:?}"),
        }
    }

    #[test]
    fn what_was_asked_for_is_kept_and_checked() {
        let left = json!({"size": "l", "note": "none", "gift": false});
        check(&json!({"size": "l"}), Ok(left.clone()));
        check(&json!({"size": "l", "note": null, "colour": "red"}), Ok(left));
        let filled = json!({"size": "s", "note": "for Ann", "gift": true});
        check(&filled, Ok(filled.clone()));
        check(&json!({}), Err("`size` is missing"));
        check(&json!({"size": "xl"}), Err("`size` must be one of `s`, `l`"));
        check(&json!({"size": ["s"]}), Err("`size` must be one of"));
        check(&json!({"size": "s", "gift": "yes"}), Err("`gift` must be true or false"));
        check(&json!({"size": "s", "note": "x".repeat(LONGEST_TEXT + 1)}), Err("`note` must be a text"));
        check(&json!({"size": "s", "note": 7}), Err("`note` must be a text"));
        for content in [json!(null), json!("s"), json!(["s"])] {
            check(&content, Err("no object"));
        }
    }

    #[test]
    fn answers_are_found_by_field() {
        let answers = question().read(&json!({"size": "l", "gift": true})).unwrap();
        assert_eq!((answers.text("size"), answers.yes("gift")), (Some("l"), Some(true)));
        assert_eq!((answers.text("gift"), answers.yes("colour")), (None, None));
    }

    #[test]
    fn where_nobody_is_there_nobody_is_asked() {
        let reply = Asker::default().ask(&question()).now_or_never();
        assert_eq!(reply.unwrap().unwrap(), Reply::Unavailable);
    }
}
