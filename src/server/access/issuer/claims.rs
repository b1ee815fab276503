//! What a token claims.

use serde::Deserialize;
use serde_json::{Map, Value};
use std::time::Duration;

/// The longest name of a subject or tenant.
const LONGEST: usize = 255;

/// The claims that decide who calls and what they may use. Issuer, audience and times are the validator's.
#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    sub: Option<String>,
    iat: Option<f64>,
    /// Where RFC 9068 has the scopes.
    scope: Option<Words>,
    /// Where some issuers have them.
    scp: Option<Words>,
    /// The key that a token is bound to.
    cnf: Option<Value>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

/// Words in one text, or one by one.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Words {
    Text(String),
    List(Vec<String>),
}

impl Claims {
    /// Who calls, unless the token is one that must not be accepted from whoever bears it now.
    pub(super) fn subject(&self, leeway: Duration) -> Result<&str, String> {
        if self.cnf.is_some() {
            return Err("it is bound to a key, and only tokens are accepted that whoever holds them may use"
                .to_owned());
        }
        let now = jiff::Timestamp::now().as_duration().as_secs_f64();
        if self.iat.is_some_and(|issued| issued > now + leeway.as_secs_f64()) {
            return Err("it was issued in the future".to_owned());
        }
        name("sub", self.sub.as_deref())
    }

    /// A claim that names somebody.
    pub(super) fn text(&self, claim: &str) -> Result<&str, String> {
        name(claim, self.others.get(claim).and_then(Value::as_str))
    }

    /// The scopes.
    pub(super) fn scopes(&self) -> impl Iterator<Item = &str> {
        [&self.scope, &self.scp].into_iter().flatten().flat_map(|words| match words {
            Words::Text(text) => text.split(' ').collect::<Vec<_>>(),
            Words::List(list) => list.iter().map(String::as_str).collect(),
        })
    }
}

/// A name as it may stand in logs.
fn name<'a>(claim: &str, value: Option<&'a str>) -> Result<&'a str, String> {
    let value = value.ok_or_else(|| format!("its claim `{claim}` is missing or no text"))?;
    if value.is_empty() || value.len() > LONGEST || value.chars().any(char::is_control) {
        return Err(format!("its claim `{claim}` is no name"));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::Claims;
    use serde_json::{Value, json};
    use std::time::Duration;

    fn claims(value: Value) -> Claims {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn scopes_are_read_wherever_issuers_put_them() {
        for value in
            [json!({"scope": "a b"}), json!({"scp": ["a", "b"]}), json!({"scope": ["a"], "scp": "b"})]
        {
            assert_eq!(claims(value).scopes().collect::<Vec<_>>(), ["a", "b"]);
        }
        assert_eq!(claims(json!({"roles": ["a"]})).scopes().count(), 0);
    }

    #[test]
    fn a_subject_is_a_plain_name() {
        let leeway = Duration::from_secs(30);
        assert_eq!(claims(json!({"sub": "ann"})).subject(leeway), Ok("ann"));
        for bad in [json!({}), json!({"sub": ""}), json!({"sub": "a\nb"}), json!({"sub": "x".repeat(256)})] {
            assert!(claims(bad).subject(leeway).unwrap_err().contains("`sub`"));
        }
        assert!(claims(json!({"sub": "ann", "cnf": {"jkt": "x"}})).subject(leeway).is_err());
        assert!(claims(json!({"sub": "ann", "iat": 9e10})).subject(leeway).is_err());
    }

    #[test]
    fn a_tenant_is_text_or_nothing() {
        let claims = claims(json!({"tenant": "acme", "org": ["a"], "none": ""}));
        assert_eq!(claims.text("tenant"), Ok("acme"));
        for bad in ["org", "none", "other"] {
            assert!(claims.text(bad).is_err(), "{bad}");
        }
    }
}
