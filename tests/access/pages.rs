//! What clients and browsers read without a token.

use super::{Guarded, challenge};
use crate::support::{message, modern};
use reqwest::{Method, StatusCode};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn metadata_says_who_gives_out_tokens_and_for_what() {
    let place = Guarded::open().await;
    let there = "/.well-known/oauth-protected-resource";
    let expected = json!({
        "resource": place.server.url("/mcp"),
        "authorization_servers": [place.issuer.name],
        "scopes_supported":
            ["revarch:read", "revarch:data", "revarch:assess", "revarch:leads", "revarch:revenue", "revarch:plan"],
        "bearer_methods_supported": ["header"],
        "resource_name": "revarch",
    });
    for path in [format!("{there}/mcp"), there.to_owned()] {
        let page = place.server.request(Method::GET, &path).send().await.unwrap();
        assert_eq!((page.status(), &page.headers()["content-type"]), (StatusCode::OK, &"application/json".parse().unwrap()));
        assert_eq!(page.headers()["access-control-allow-origin"], "*");
        assert_eq!(message(page).await, expected);
    }
    let elsewhere = place.server.request(Method::GET, &format!("{there}/other")).send().await.unwrap();
    assert_eq!(elsewhere.status(), StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_names_the_metadata_and_the_least_scope() {
    let place = Guarded::open().await;
    let refused = place.server.post_modern(&modern(1, "tools/list", json!({}))).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    let metadata = place.server.url("/.well-known/oauth-protected-resource/mcp");
    let expected = format!("Bearer realm=\"revarch\", resource_metadata=\"{metadata}\", scope=\"revarch:read\"");
    assert_eq!(challenge(&refused), expected);
    let told = message(refused).await;
    assert!(told["error"]["message"].as_str().unwrap().contains("hint: "), "{told}");
    for method in [Method::GET, Method::DELETE, Method::OPTIONS, Method::PUT] {
        let refused = place.server.request(method.clone(), "/mcp").send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{method}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_may_ask_beforehand_for_pages_of_allowed_origins_alone() {
    let place = Guarded::open().await;
    let ask = |origin: &'static str| {
        let request = place.server.request(Method::OPTIONS, "/mcp").header("origin", origin);
        let request = request.header("access-control-request-method", "POST");
        request.header("access-control-request-headers", "authorization, mcp-method").send()
    };
    let allowed = ask("http://localhost:6274").await.unwrap();
    assert_eq!(allowed.status(), StatusCode::NO_CONTENT);
    assert_eq!(allowed.headers()["access-control-allow-origin"], "http://localhost:6274");
    assert_eq!(allowed.headers()["access-control-allow-headers"], "authorization, mcp-method");
    let refused = ask("https://evil.example").await.unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    assert!(!refused.headers().contains_key("access-control-allow-origin"));
    // The page can read why its own request failed, and the answer once it does not.
    let list = |token: &str| {
        let request = place.server.post_modern(&modern(1, "tools/list", json!({}))).bearer_auth(token);
        request.header("origin", "http://localhost:6274").send()
    };
    for (token, status) in [("none", StatusCode::UNAUTHORIZED), (&*place.token(&json!({})), StatusCode::OK)] {
        let answer = list(token).await.unwrap();
        assert_eq!(answer.status(), status);
        assert_eq!(answer.headers()["access-control-allow-origin"], "http://localhost:6274");
        assert!(answer.headers()["access-control-expose-headers"].to_str().unwrap().contains("www-authenticate"));
    }
}
