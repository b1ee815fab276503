//! The protocol on streamable HTTP.

use crate::support::{Http, initialize, message, modern, tools};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

#[tokio::test]
async fn the_stateless_protocol_is_served() {
    let server = Http::start(&[]);
    let found = server.post_modern(&modern(1, "server/discover", json!({}))).send().await.unwrap();
    assert_eq!(found.status(), StatusCode::OK);
    assert!(found.headers().get("mcp-session-id").is_none());
    let found = message(found).await;
    assert_eq!(found["result"]["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "revarch", "{found}");
    let listed = server.post_modern(&modern(2, "tools/list", json!({}))).send().await.unwrap();
    assert_eq!(listed.headers()["content-type"], "application/json");
    assert_eq!(message(listed).await["result"]["tools"], Value::Array(tools()));
}

#[tokio::test]
async fn the_older_protocol_is_served_on_the_same_endpoint() {
    let server = Http::start(&[]);
    for version in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let opened = server.post(initialize(version).to_string()).send().await.unwrap();
        assert_eq!(opened.status(), StatusCode::OK);
        let session = opened.headers()["mcp-session-id"].clone();
        assert_eq!(message(opened).await["result"]["protocolVersion"], version);
        let ask = |body: Value| {
            let request = server.post(body.to_string()).header("mcp-session-id", session.clone());
            request.header("mcp-protocol-version", version).send()
        };
        let noted = ask(json!({"jsonrpc": "2.0", "method": "notifications/initialized"})).await.unwrap();
        assert_eq!(noted.status(), StatusCode::ACCEPTED);
        let listed = ask(json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"})).await.unwrap();
        assert_eq!(message(listed).await["result"]["tools"], Value::Array(tools()));
    }
}

#[tokio::test]
async fn headers_must_say_what_the_body_says() {
    let server = Http::start(&[]);
    let request = modern(1, "tools/list", json!({}));
    let refused = server.post(request.to_string()).header("mcp-protocol-version", "2026-07-28").send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert_eq!(message(refused).await["error"]["code"], -32020);
    let refused = server.post_modern(&request).header("mcp-name", "other").send().await.unwrap();
    assert!(refused.status().is_success(), "a list has no name to compare with");
}

#[tokio::test]
async fn strange_origins_are_refused() {
    let server = Http::start(&["--allow-origin", "https://app.example.com:443"]);
    let ask = |origin: &'static str| {
        server.post_modern(&modern(1, "tools/list", json!({}))).header("origin", origin).send()
    };
    for origin in ["https://evil.example", "https://localhost.evil.example", "http://app.example.com", "null"] {
        assert_eq!(ask(origin).await.unwrap().status(), StatusCode::FORBIDDEN, "{origin}");
    }
    for origin in ["https://app.example.com", "http://localhost:6274", "http://127.0.0.1", "http://[::1]:80"] {
        assert_eq!(ask(origin).await.unwrap().status(), StatusCode::OK, "{origin}");
    }
}

#[tokio::test]
async fn strange_hosts_are_refused() {
    let server = Http::start(&["--allow-host", "mcp.example.com"]);
    let ask = |host: &'static str| server.post_modern(&modern(1, "tools/list", json!({}))).header("host", host).send();
    for host in ["evil.example", "mcp.example.com.evil.example", "0.0.0.0"] {
        assert_eq!(ask(host).await.unwrap().status(), StatusCode::FORBIDDEN, "{host}");
    }
    for host in ["mcp.example.com", "localhost:8787", "127.0.0.1", "[::1]:8787"] {
        assert_eq!(ask(host).await.unwrap().status(), StatusCode::OK, "{host}");
    }
}

#[tokio::test]
async fn health_is_told_beside_the_endpoint() {
    let server = Http::start(&[]);
    let health = server.request(Method::GET, "/healthz").send().await.unwrap();
    assert_eq!(health.status(), StatusCode::OK);
    assert_eq!(message(health).await["status"], "ok");
    let elsewhere = server.request(Method::GET, "/").send().await.unwrap();
    assert_eq!(elsewhere.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_and_serving_goes_on() {
    let server = Http::start(&[]);
    let refused = server.post(vec![b' '; 9 * 1024 * 1024]).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let listed = server.post_modern(&modern(1, "tools/list", json!({}))).send().await.unwrap();
    assert_eq!(listed.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_body_that_is_no_message_is_answered_with_an_error() {
    let server = Http::start(&[]);
    let cases: [(&[u8], i32); 5] = [
        (b"{\"jsonrpc\": ", -32700),
        (b"\x00\xff\xfe", -32700),
        (b"", -32700),
        (b"[]", -32600),
        (b"{\"jsonrpc\": \"2.0\", \"id\": 1}", -32600),
    ];
    for (body, code) in cases {
        let refused = server.post(body).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
        let answer = message(refused).await;
        assert_eq!((&answer["error"]["code"], &answer["id"]), (&json!(code), &Value::Null), "{answer}");
    }
    let plain = server.request(Method::POST, "/mcp").header("accept", "application/json, text/event-stream");
    let refused = plain.header("content-type", "text/plain").body("{}").send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn an_older_client_does_not_wait_for_acknowledgements() {
    let server = Http::start(&[]);
    let opened = server.post(initialize("2025-11-25").to_string()).send().await.unwrap();
    let session = opened.headers()["mcp-session-id"].clone();
    let mut quickest = Duration::MAX;
    for id in 0..20 {
        let ping = json!({"jsonrpc": "2.0", "id": id, "method": "ping"});
        let begin = Instant::now();
        let answer = server.post(ping.to_string()).header("mcp-session-id", session.clone()).send().await.unwrap();
        assert_eq!(message(answer).await["id"], id);
        quickest = quickest.min(begin.elapsed());
    }
    // Held back until the client's system acknowledges what came before, each would take 40 ms.
    assert!(quickest < Duration::from_millis(35), "the quickest of 20 answers took {quickest:?}");
}
