//! Values that are sent and never shown.

use crate::RemoteError;
use serde_json::Value;
use std::{env, fmt};

/// Shorter values, such as `1` or `true`, are no secrets, and hiding them would garble the text around them.
const SHORTEST: usize = 6;
/// What stands where a secret stood.
const HIDDEN: &str = "[hidden]";

/// A value that neither `Debug` nor any message shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub(crate) fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(HIDDEN)
    }
}

/// The value of an environment variable that server `name` needs.
pub(crate) fn from_environment(name: &str, variable: &str) -> Result<Secret, RemoteError> {
    env::var(variable)
        .map(Secret::new)
        .map_err(|_| RemoteError::MissingVariable { name: name.to_owned(), variable: variable.to_owned() })
}

/// All secrets of one conversation, so that a server that repeats them is not repeated.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets(Vec<Secret>);

impl Secrets {
    pub(crate) fn keep(&mut self, secret: &Secret) {
        if secret.expose().len() >= SHORTEST {
            self.0.push(secret.clone());
        }
    }

    /// The text without them.
    pub(crate) fn hide(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret.expose(), HIDDEN))
    }

    /// Takes them out of every text of a value, names included.
    pub(crate) fn hide_in(&self, value: &mut Value) {
        match value {
            _ if self.0.is_empty() => {}
            Value::String(text) if self.0.iter().any(|secret| text.contains(secret.expose())) => {
                *text = self.hide(text);
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.hide_in(item)),
            Value::Object(fields) => {
                if fields.keys().any(|name| self.hide(name) != *name) {
                    *fields = std::mem::take(fields)
                        .into_iter()
                        .map(|(name, value)| (self.hide(&name), value))
                        .collect();
                }
                fields.values_mut().for_each(|value| self.hide_in(value));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_secret_is_hidden_wherever_it_is_repeated() {
        let mut secrets = Secrets::default();
        secrets.keep(&Secret::new("hunter22"));
        secrets.keep(&Secret::new("1"));
        let mut value = json!({"hunter22": ["token hunter22 of 1", {"a": "xhunter22x"}], "b": 1});
        secrets.hide_in(&mut value);
        assert_eq!(value, json!({"[hidden]": ["token [hidden] of 1", {"a": "x[hidden]x"}], "b": 1}));
        assert!(!format!("{secrets:?}").contains("hunter"));
    }
}
