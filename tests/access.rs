//! Who may call over HTTP: tokens of an issuer that runs in the test, and tokens of the configuration.

mod claims;
mod exposure;
mod issuer;
mod keys;
mod pages;
mod scopes;
mod sessions;
mod tokens;

use crate::support::{Http, modern};
use issuer::{Issuer, Signer, jwt, now};
use reqwest::{Response, StatusCode, header::WWW_AUTHENTICATE};
use serde_json::{Value, json};
use std::fs;
use tempfile::TempDir;

/// A server whose configuration says who may call.
struct Guarded {
    server: Http,
    issuer: Issuer,
    _folder: TempDir,
}

/// Writes a configuration.
fn configured(text: &str) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.toml");
    fs::write(&file, text).unwrap();
    let file = file.display().to_string();
    (folder, file)
}

impl Guarded {
    /// A server that accepts the tokens of an issuer, with more lines under `[http.auth]`.
    fn by(issuer: Issuer, lines: &str) -> Self {
        let (folder, file) = configured(&format!("[http.auth]\nissuer = \"{}\"\n{lines}\n", issuer.name));
        Self { server: Http::start(&["--config", &file]), issuer, _folder: folder }
    }

    /// The same with an issuer that is well.
    async fn open() -> Self {
        Self::by(Issuer::start("").await, "")
    }

    /// The claims of a good token, changed: `null` takes one away.
    fn claims(&self, changes: &Value) -> Value {
        let mut claims = json!({
            "iss": self.issuer.name, "aud": self.server.url("/mcp"), "sub": "ann", "scope": "revarch:all",
            "iat": now(), "exp": now() + 300,
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        claims
    }

    /// A token with these claims, well signed.
    fn token(&self, changes: &Value) -> String {
        Signer::rsa().sign(&json!({}), &self.claims(changes))
    }

    /// A token with these scopes.
    fn scoped(&self, scope: &str) -> String {
        self.token(&json!({"scope": scope}))
    }

    /// What a list of tools is answered with.
    async fn list(&self, token: &str) -> Response {
        self.server.post_modern(&modern(1, "tools/list", json!({}))).bearer_auth(token).send().await.unwrap()
    }

    /// Checks that a token is refused as invalid, and what its challenge says.
    async fn check_invalid(&self, token: &str, said: &str) {
        let refused = self.list(token).await;
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{said}");
        let challenge = challenge(&refused);
        assert!(challenge.contains("error=\"invalid_token\"") && challenge.contains(said), "{said}: {challenge}");
        assert!(!challenge.contains(token) && !refused.text().await.unwrap().contains(token));
    }

    async fn check_accepted(&self, token: &str) {
        let listed = self.list(token).await;
        assert_eq!(listed.status(), StatusCode::OK, "{}", listed.text().await.unwrap());
    }
}

/// The header that says how to get in.
fn challenge(response: &Response) -> String {
    let header = response.headers().get(WWW_AUTHENTICATE).expect("a challenge");
    header.to_str().unwrap().to_owned()
}
