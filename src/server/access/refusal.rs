//! Why a request is not let in, and how that is told.

use super::scope::{Scope, joined};
use crate::serve::refusal;
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rmcp::{
    ErrorData,
    model::{ErrorCode, RequestId},
};
use std::fmt::Write as _;

/// How soon it makes sense to ask again whether an issuer can be reached, in seconds.
const ASK_AGAIN: u64 = 10;

/// Why a request is not let in. What stands in it is shown to whoever sent the request, so it holds no secret.
#[derive(Debug)]
pub(super) enum Refusal {
    /// No token came with it.
    Missing,
    /// The token is not good, for this reason.
    Invalid(String),
    /// It cannot be understood, for this reason.
    Malformed(String),
    /// The token is good, and does not open what is asked for.
    Lacking {
        /// What it does not open, and what would.
        reason: String,
        /// The scopes that would do, where scopes are what counts.
        scopes: Option<Vec<Scope>>,
        /// The request, where it has a name.
        id: Option<RequestId>,
    },
    /// Nobody can say whether the token is good: the issuer's keys cannot be had.
    Unavailable,
    /// The session is not the caller's, which is told as if there were none.
    NoSession,
    /// The body is longer than bodies may be.
    TooLong,
}

impl Refusal {
    /// The answer. `metadata` is where clients learn which authorization server gives out tokens.
    pub(super) fn into_response(self, metadata: Option<&str>) -> Response {
        let challenge = self.challenge(metadata);
        let mut response = match &self {
            // The words of rmcp, so that the two cannot be told apart.
            Self::NoSession => (self.status(), "Not Found: Session not found").into_response(),
            Self::TooLong => (self.status(), "Payload Too Large").into_response(),
            Self::Lacking { id, .. } => (self.status(), self.body(id.as_ref())).into_response(),
            _ => (self.status(), self.body(None)).into_response(),
        };
        if let Some(challenge) = challenge.and_then(|challenge| HeaderValue::try_from(challenge).ok()) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if matches!(self, Self::Unavailable) {
            response.headers_mut().insert(header::RETRY_AFTER, ASK_AGAIN.into());
        }
        response
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Missing | Self::Invalid(_) => StatusCode::UNAUTHORIZED,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Lacking { .. } => StatusCode::FORBIDDEN,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::NoSession => StatusCode::NOT_FOUND,
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }

    /// The reason, and the next step.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Missing => {
                "the request carries no token\nhint: send one in the header `Authorization: Bearer TOKEN`; \
                 the header `WWW-Authenticate` of this answer says who gives them out"
                    .to_owned()
            }
            Self::Invalid(reason) => {
                format!("the token is refused: {reason}\nhint: get a new one and send the request again")
            }
            Self::Malformed(reason) | Self::Lacking { reason, .. } => reason.clone(),
            Self::Unavailable => {
                "the keys of the token's issuer cannot be fetched at the moment\nhint: send the request \
                 again in a while; the server's log says what is wrong"
                    .to_owned()
            }
            Self::NoSession => "the session is not the caller's".to_owned(),
            Self::TooLong => "the body is too long".to_owned(),
        }
    }

    fn body(&self, id: Option<&RequestId>) -> Json<serde_json::Value> {
        Json(refusal::answer(&ErrorData::new(ErrorCode::INVALID_REQUEST, self.text(), None), id))
    }

    /// The header `WWW-Authenticate`, as RFC 6750 and RFC 9728 have it.
    fn challenge(&self, metadata: Option<&str>) -> Option<String> {
        let (error, scopes) = match self {
            Self::Missing => (None, Some(vec![Scope::Read])),
            Self::Invalid(reason) => (Some(("invalid_token", reason)), Some(vec![Scope::Read])),
            Self::Malformed(reason) => (Some(("invalid_request", reason)), None),
            Self::Lacking { reason, scopes, .. } => (Some(("insufficient_scope", reason)), scopes.clone()),
            Self::Unavailable | Self::NoSession | Self::TooLong => return None,
        };
        let mut challenge = "Bearer realm=\"revarch\"".to_owned();
        if let Some(metadata) = metadata {
            let _ = write!(challenge, ", resource_metadata=\"{metadata}\"");
            if let Some(scopes) = scopes {
                let _ = write!(challenge, ", scope=\"{}\"", joined(scopes));
            }
        }
        if let Some((code, reason)) = error {
            let _ = write!(challenge, ", error=\"{code}\", error_description=\"{}\"", plain(reason));
        }
        Some(challenge)
    }
}

/// The characters that RFC 6750 allows in a description.
fn plain(text: &str) -> String {
    let keep = |letter: char| matches!(letter, ' '..='~') && letter != '"' && letter != '\\';
    text.chars().map(|letter| if keep(letter) { letter } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::{Refusal, Scope};
    use revarch_tools::Toolset;

    #[test]
    fn a_challenge_says_where_to_go_and_what_to_ask_for() {
        let at = Some("https://x.example/.well-known/oauth-protected-resource/mcp");
        let missing = Refusal::Missing.challenge(at).unwrap();
        assert!(
            missing.starts_with("Bearer ") && missing.contains("/mcp\", scope=\"revarch:read\""),
            "{missing}"
        );
        assert!(!missing.contains("error"), "{missing}");
        let lacking = Refusal::Lacking {
            reason: "`a`\nis \"closed\"".to_owned(),
            scopes: Some(vec![Scope::Read, Scope::Toolset(Toolset::Plan)]),
            id: None,
        };
        let lacking = lacking.challenge(at).unwrap();
        assert!(
            lacking.contains("scope=\"revarch:read revarch:plan\", error=\"insufficient_scope\""),
            "{lacking}"
        );
        assert!(lacking.ends_with("error_description=\"`a`?is ?closed?\""), "{lacking}");
    }

    #[test]
    fn where_no_issuer_gives_out_tokens_no_scope_is_named() {
        assert_eq!(Refusal::Missing.challenge(None).unwrap(), "Bearer realm=\"revarch\"");
    }
}
