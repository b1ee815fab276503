//! What a token opens, and what requests leave out themselves.

use super::{Guarded, challenge};
use crate::support::{Http, initialize, message, modern};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

fn call(tool: &str) -> Value {
    modern(7, "tools/call", json!({"name": tool, "arguments": {}}))
}

async fn names(response: Response) -> Vec<String> {
    let listed = message(response).await;
    let tools = listed["result"]["tools"].as_array().unwrap_or_else(|| panic!("{listed}"));
    tools.iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
}

/// Checks that a request is refused for its scope, and which scopes would do.
async fn check_lacking(response: Response, id: &Value, scopes: &str) {
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let challenge = challenge(&response);
    assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}");
    assert!(challenge.contains(&format!("scope=\"{scopes}\"")), "{challenge}");
    assert!(challenge.contains("resource_metadata="), "{challenge}");
    assert_eq!(message(response).await["id"], *id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_toolset_is_opened_by_its_scope_alone() {
    let place = Guarded::open().await;
    let token = place.scoped("openid revarch:data");
    assert_eq!(names(place.list(&token).await).await, ["describe_data", "resolve_identities"]);
    let ask = |tool: &str| place.server.post_modern(&call(tool)).bearer_auth(&token).send();
    assert_eq!(ask("describe_data").await.unwrap().status(), StatusCode::OK);
    check_lacking(ask("score_leads").await.unwrap(), &json!(7), "revarch:data revarch:leads").await;
    let unknown = message(ask("no_such_tool").await.unwrap()).await;
    assert_eq!(unknown["error"]["code"], -32602, "{unknown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_opens_what_leaves_everything_as_it_was() {
    let place = Guarded::open().await;
    let token = place.scoped("revarch:read revarch:leads");
    let listed = names(place.list(&token).await).await;
    assert!(listed.contains(&"describe_data".to_owned()) && listed.contains(&"score_leads".to_owned()), "{listed:?}");
    assert!(!listed.contains(&"review_architecture".to_owned()), "{listed:?}");
    let ask = |tool: &str| place.server.post_modern(&call(tool)).bearer_auth(&token).send();
    let refused = ask("review_architecture").await.unwrap();
    check_lacking(refused, &json!(7), "revarch:read revarch:leads revarch:assess").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_without_a_scope_of_this_server_opens_nothing() {
    let place = Guarded::open().await;
    for scope in [json!("openid email"), json!(""), json!(null), json!("revarch:Data other:all")] {
        check_lacking(place.list(&place.token(&json!({"scope": scope}))).await, &Value::Null, "revarch:read").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scopes_hold_in_sessions_of_the_older_protocol() {
    let place = Guarded::open().await;
    let token = place.scoped("revarch:data");
    let opened = place.server.post(initialize("2025-11-25").to_string()).bearer_auth(&token).send().await.unwrap();
    let session = opened.headers()["mcp-session-id"].clone();
    let ask = |tool: &str, header: Option<&'static str>| {
        let params = json!({"name": tool, "arguments": {}});
        let body = json!({"jsonrpc": "2.0", "id": "x", "method": "tools/call", "params": params});
        let request = place.server.post(body.to_string()).bearer_auth(&token).header("mcp-session-id", session.clone());
        header.into_iter().fold(request, |request, name| request.header("mcp-name", name)).send()
    };
    assert_eq!(ask("describe_data", None).await.unwrap().status(), StatusCode::OK);
    for header in [None, Some("describe_data")] {
        let refused = ask("score_leads", header).await.unwrap();
        check_lacking(refused, &json!("x"), "revarch:data revarch:leads").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_that_say_something_else_than_the_body_open_nothing() {
    let place = Guarded::open().await;
    let token = place.scoped("revarch:data");
    let ask = |body: Value, method: &'static str, name: &'static str| {
        let request = place.server.post(body.to_string()).bearer_auth(&token);
        let request = request.header("mcp-protocol-version", "2026-07-28").header("mcp-method", method);
        request.header("mcp-name", name).send()
    };
    let escape = ask(call("score_leads"), "tools/call", "describe_data").await.unwrap();
    check_lacking(escape, &json!(7), "revarch:data revarch:leads").await;
    let escape = ask(call("score_leads"), "tools/list", "describe_data").await.unwrap();
    assert_eq!(escape.status(), StatusCode::FORBIDDEN);
    let other = ask(call("describe_data"), "tools/call", "score_leads").await.unwrap();
    assert_eq!(other.status(), StatusCode::BAD_REQUEST);
}

/// A body that the gate and the protocol could read differently opens nothing either.
#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_said_twice_open_nothing() {
    let place = Guarded::open().await;
    let token = place.scoped("revarch:data");
    let meta = crate::support::modern_meta();
    for (first, second) in [("describe_data", "score_leads"), ("score_leads", "describe_data")] {
        let body = format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"{first}","name":"{second}","arguments":{{}},"_meta":{meta}}}}}"#
        );
        for header in ["describe_data", "score_leads"] {
            let request = place.server.post(body.clone()).bearer_auth(&token);
            let request = request.header("mcp-protocol-version", "2026-07-28").header("mcp-method", "tools/call");
            let answer = request.header("mcp-name", header).send().await.unwrap().text().await.unwrap();
            assert!(!answer.contains("structuredContent") && !answer.contains("leads were"), "{answer}");
            assert!(answer.contains("error") || answer.contains("describe_data"), "{answer}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_tools_have_kept_is_read_with_their_scope() {
    let place = Guarded::open().await;
    let read = |uri: &str, scope: &str| {
        let request = modern(7, "resources/read", json!({"uri": uri}));
        place.server.post_modern(&request).header("mcp-name", uri).bearer_auth(place.scoped(scope)).send()
    };
    for (uri, toolset) in [
        ("revarch://reviews", "assess"),
        ("revarch://trend", "assess"),
        ("revarch://reviews/r-1", "assess"),
        ("revarch://reviews/r-1/changes", "assess"),
        ("revarch://models/m-1.json", "leads"),
    ] {
        let refused = read(uri, "revarch:plan").await.unwrap();
        check_lacking(refused, &json!(7), &format!("revarch:plan revarch:{toolset}")).await;
        for scope in [&format!("revarch:{toolset}"), "revarch:read", "revarch:all"] {
            assert_ne!(read(uri, scope).await.unwrap().status(), StatusCode::FORBIDDEN, "{uri} {scope}");
        }
    }
    let list = |scope: &str| {
        let request = modern(7, "resources/list", json!({}));
        place.server.post_modern(&request).bearer_auth(place.scoped(scope)).send()
    };
    let closed = message(list("revarch:plan").await.unwrap()).await.to_string();
    assert!(!closed.contains("revarch://reviews") && !closed.contains("revarch://trend"), "{closed}");
    let open = message(list("revarch:assess").await.unwrap()).await.to_string();
    assert!(open.contains("revarch://reviews") && open.contains("revarch://trend"), "{open}");
}

/// What a request leaves out itself is not a matter of scopes, so it is no 403.
#[tokio::test]
async fn requests_may_ask_for_less() {
    let server = Http::start(&[]);
    let with = |request: RequestBuilder, lines: &[(&'static str, &'static str)]| {
        lines.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    };
    let list = || server.post_modern(&modern(1, "tools/list", json!({})));
    let data = names(with(list(), &[("X-MCP-Toolsets", "data")]).send().await.unwrap()).await;
    assert_eq!(data, ["describe_data", "resolve_identities"]);
    let both = [("X-MCP-Toolsets", "data, assess"), ("X-MCP-Readonly", "true")];
    let reading = names(with(list(), &both).send().await.unwrap()).await;
    assert!(reading.contains(&"check_data_readiness".to_owned()), "{reading:?}");
    assert!(!reading.contains(&"review_architecture".to_owned()), "{reading:?}");
    let more = names(with(list(), &[("X-MCP-Toolsets", "knowledge")]).send().await.unwrap()).await;
    assert!(more.is_empty(), "headers never add what the server does not offer: {more:?}");
    let left_out = with(server.post_modern(&call("score_leads")), &both).send().await.unwrap();
    assert_eq!(left_out.status(), StatusCode::OK);
    let told = message(left_out).await;
    assert!(told["error"]["message"].as_str().unwrap().contains("X-MCP-Toolsets"), "{told}");
    let wrong = with(list(), &[("X-MCP-Toolsets", "asess")]).send().await.unwrap();
    assert_eq!(wrong.status(), StatusCode::BAD_REQUEST);
    let told = message(wrong).await;
    assert!(told["error"]["message"].as_str().unwrap().contains("did you mean `assess`?"), "{told}");
}

#[tokio::test]
async fn a_server_may_be_held_to_reading() {
    let server = Http::start(&["--read-only"]);
    let listed = server.post_modern(&modern(1, "tools/list", json!({}))).send().await.unwrap();
    let listed = names(listed).await;
    assert!(listed.contains(&"describe_data".to_owned()) && !listed.contains(&"score_leads".to_owned()), "{listed:?}");
    let refused = message(server.post_modern(&call("score_leads")).send().await.unwrap()).await;
    assert!(refused["error"]["message"].as_str().unwrap().contains("--read-only"), "{refused}");
}
