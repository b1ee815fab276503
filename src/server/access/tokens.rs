//! The tokens of the configuration, known by their hashes.

use super::{Choice, Rights, refusal::Refusal};
use crate::{caller::Caller, config::StaticToken, failure::Failure};
use sha2::{Digest as _, Sha256};
use std::collections::HashSet;
use subtle::ConstantTimeEq as _;

/// The longest name of a token.
const LONGEST_NAME: usize = 64;

/// The tokens that are known.
#[derive(Debug, Default)]
pub(super) struct Tokens(Vec<Token>);

#[derive(Debug)]
struct Token {
    hash: [u8; 32],
    expires: Option<jiff::Timestamp>,
    caller: Caller,
}

impl Tokens {
    /// The tokens as they are configured.
    pub(super) fn of(configured: &[StaticToken]) -> Result<Self, Failure> {
        let mut names = HashSet::new();
        if let Some(twice) = configured.iter().find(|token| !names.insert(&token.name)) {
            return Err(unusable(&twice.name, "there are two of that name", "give each a name of its own"));
        }
        configured.iter().map(Token::of).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whom a token belongs to. All are compared, so that the time this takes says nothing of any.
    pub(super) fn caller(&self, shown: &str) -> Option<Result<Caller, Refusal>> {
        let hash = Sha256::digest(shown);
        let mut known = None;
        for token in &self.0 {
            if bool::from(token.hash.as_slice().ct_eq(hash.as_slice())) {
                known = Some(token);
            }
        }
        known.map(|token| match token.expires {
            Some(end) if end <= jiff::Timestamp::now() => Err(Refusal::Invalid("it has expired".to_owned())),
            _ => Ok(token.caller.clone()),
        })
    }
}

impl Token {
    fn of(configured: &StaticToken) -> Result<Self, Failure> {
        let StaticToken { name, sha256, tenant, toolsets, read_only, expires } = configured;
        check_name(name)?;
        let hash = hash(sha256).ok_or_else(|| {
            unusable(
                name,
                "its `sha256` is no 64 hexadecimal digits",
                "`revarch token new` prints token and hash",
            )
        })?;
        let expires = expires.as_deref().map(|end| {
            time(end).ok_or_else(|| {
                let reason = format!("`{end}` under `expires` is neither a date nor a time");
                unusable(name, &reason, "write it as \"2027-01-01\" or \"2027-01-01T12:00:00Z\"")
            })
        });
        if toolsets.as_ref().is_some_and(Vec::is_empty) {
            return Err(unusable(name, "its `toolsets` are empty", "name some, or leave them out for all"));
        }
        let choice = Choice { toolsets: toolsets.clone().map(Into::into), read_only: *read_only };
        let caller = Caller {
            name: format!("token:{name}").into(),
            tenant: tenant.as_deref().map(Into::into),
            rights: Rights::Token(choice),
            asked: Choice::default(),
        };
        Ok(Self { hash, expires: expires.transpose()?, caller })
    }
}

/// Names stand in logs and on command lines.
pub(super) fn check_name(name: &str) -> Result<(), Failure> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    if !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(fits) {
        return Ok(());
    }
    let hint = format!("use up to {LONGEST_NAME} letters, digits, dots, dashes and underscores");
    Err(unusable(name, "that is no name for one", &hint))
}

/// The time that a date or a time names.
pub(super) fn time(text: &str) -> Option<jiff::Timestamp> {
    text.parse().ok().or_else(|| {
        let date: jiff::civil::Date = text.parse().ok()?;
        Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    })
}

fn hash(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> =
        text.chars().map(|digit| digit.to_digit(16)?.try_into().ok()).collect::<Option<_>>()?;
    let bytes: Vec<u8> =
        digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
    bytes.try_into().ok().filter(|_| text.len() == 64)
}

fn unusable(name: &str, reason: &str, hint: &str) -> Failure {
    Failure::Usage(format!("cannot use the token `{name}`: {reason}\nhint: {hint}"))
}

#[cfg(test)]
mod tests {
    use super::{Refusal, StaticToken, Tokens, time};
    use revarch_domain::fingerprint::sha256_hex;

    fn token(name: &str, secret: &str) -> StaticToken {
        StaticToken {
            name: name.to_owned(),
            sha256: sha256_hex(secret.as_bytes()),
            tenant: None,
            toolsets: None,
            read_only: false,
            expires: None,
        }
    }

    #[test]
    fn a_token_names_its_caller_and_no_other() {
        let tokens = Tokens::of(&[token("a", "one"), token("b", "two")]).unwrap();
        assert_eq!(&*tokens.caller("two").unwrap().unwrap().name, "token:b");
        for other in ["", "on", "onee", "ONE", &sha256_hex(b"one")] {
            assert!(tokens.caller(other).is_none(), "{other}");
        }
    }

    #[test]
    fn a_token_ends() {
        let ending = |end: &str| StaticToken { expires: Some(end.to_owned()), ..token("a", "one") };
        let ended = Tokens::of(&[ending("2020-01-01")]).unwrap().caller("one").unwrap();
        assert!(matches!(ended, Err(Refusal::Invalid(_))));
        assert!(Tokens::of(&[ending("2999-01-01T00:00:00Z")]).unwrap().caller("one").unwrap().is_ok());
        assert_eq!(time("2027-01-01"), time("2027-01-01T00:00:00Z"));
        assert_eq!(time("soon"), None);
    }

    #[test]
    fn what_makes_no_token_is_refused_by_name() {
        let good = || token("a", "one");
        let bad = [
            vec![good(), good()],
            vec![StaticToken { name: "a\nb".to_owned(), ..good() }],
            vec![StaticToken { sha256: "one".to_owned(), ..good() }],
            vec![StaticToken { sha256: good().sha256[..62].to_owned(), ..good() }],
            vec![StaticToken { sha256: format!("{}zz", &good().sha256[..62]), ..good() }],
            vec![StaticToken { toolsets: Some(Vec::new()), ..good() }],
            vec![StaticToken { expires: Some("soon".to_owned()), ..good() }],
        ];
        for tokens in bad {
            assert!(Tokens::of(&tokens).is_err(), "{tokens:?}");
        }
    }

    #[test]
    fn a_hash_may_be_written_in_capitals() {
        let capitals = StaticToken { sha256: sha256_hex(b"one").to_uppercase(), ..token("a", "one") };
        assert!(Tokens::of(&[capitals]).unwrap().caller("one").is_some());
    }
}
