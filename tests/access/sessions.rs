//! Sessions of the older protocol belong to whoever began them.

use super::Guarded;
use crate::support::{initialize, message};
use reqwest::{Method, Response, StatusCode};
use serde_json::json;

/// Sends a request of a session.
async fn send(place: &Guarded, method: Method, session: &str, token: Option<&str>) -> Response {
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).to_string();
    let request = place.server.request(method.clone(), "/mcp").header("mcp-session-id", session);
    let request = request.header("accept", "application/json, text/event-stream");
    let request = token.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth);
    let request = if method == Method::POST { request.header("content-type", "application/json").body(body) } else { request };
    request.send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_finds_a_session() {
    let place = Guarded::open().await;
    let own = place.token(&json!({"sub": "ann"}));
    let opened = place.server.post(initialize("2025-11-25").to_string()).bearer_auth(&own).send().await.unwrap();
    assert_eq!(opened.status(), StatusCode::OK);
    let session = opened.headers()["mcp-session-id"].to_str().unwrap().to_owned();
    let stranger = place.token(&json!({"sub": "bob"}));
    for method in [Method::POST, Method::GET, Method::DELETE] {
        let found = send(&place, method.clone(), &session, Some(&stranger)).await;
        assert_eq!(found.status(), StatusCode::NOT_FOUND, "{method}");
        let none = send(&place, Method::POST, "no-such-session", Some(&stranger)).await;
        assert_eq!(found.text().await.unwrap(), none.text().await.unwrap(), "they cannot be told apart");
        assert_eq!(send(&place, method, &session, None).await.status(), StatusCode::UNAUTHORIZED);
    }
    let renewed = place.token(&json!({"sub": "ann", "scope": "revarch:data", "jti": "2"}));
    for token in [&own, &renewed] {
        let listed = message(send(&place, Method::POST, &session, Some(token)).await).await;
        assert!(listed["result"]["tools"].is_array(), "{listed}");
    }
    assert!(send(&place, Method::DELETE, &session, Some(&own)).await.status().is_success());
    assert_eq!(send(&place, Method::POST, &session, Some(&own)).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_does_not_cross_from_one_tenant_to_another() {
    let place = Guarded::by(super::Issuer::start("").await, "tenant_claim = \"org\"");
    let of = |tenant: &str| place.token(&json!({"org": tenant}));
    let opened =
        place.server.post(initialize("2025-11-25").to_string()).bearer_auth(of("acme")).send().await.unwrap();
    let session = opened.headers()["mcp-session-id"].to_str().unwrap().to_owned();
    let found = send(&place, Method::POST, &session, Some(&of("other"))).await;
    assert_eq!(found.status(), StatusCode::NOT_FOUND);
}
