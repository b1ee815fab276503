//! Messages that contradict themselves, each other or their headers.

use crate::support::{Http, Pipe, initialize, message, modern, over_sample};
use reqwest::StatusCode;
use serde_json::{Value, json};

#[test]
fn a_request_with_an_id_in_use_is_refused_and_the_first_is_answered() {
    let arguments = over_sample();
    let mut pipe = Pipe::open(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let describe = json!({"name": "describe_data", "arguments": {"tables": ["accounts"]}});
    pipe.send(&json!({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": describe}));
    pipe.send(&json!({"jsonrpc": "2.0", "id": 7, "method": "prompts/list"}));
    let refused = pipe.receive();
    assert_eq!((&refused["id"], &refused["error"]["code"]), (&json!(7), &json!(-32600)), "{refused}");
    assert!(refused["error"]["message"].as_str().unwrap().contains("an id of its own"), "{refused}");
    let answer = pipe.receive();
    assert!(answer["id"] == 7 && answer["result"]["structuredContent"].is_object(), "{answer}");
    for _ in 0..2 {
        let again = pipe.ask(&json!({"jsonrpc": "2.0", "id": 7, "method": "prompts/list"}));
        assert!(again["result"]["prompts"].is_array(), "what is answered or cancelled leaves its id free: {again}");
        pipe.send(&json!({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": describe}));
        pipe.send(&json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 7}}));
    }
    pipe.check_alive();
}

#[test]
fn batches_are_refused_on_stdio_with_a_reason() {
    let mut pipe = Pipe::open(&[]);
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    for batch in [json!([list]), json!([list, list]), json!([1, "x", null]), json!([[list]])] {
        let answer = pipe.ask(&batch);
        assert_eq!((&answer["error"]["code"], &answer["id"]), (&json!(-32600), &Value::Null), "{answer}");
        assert!(answer["error"]["message"].as_str().unwrap().contains("batches"), "{answer}");
    }
    pipe.check_alive();
}

#[tokio::test]
async fn batches_are_refused_over_http_in_both_protocols() {
    let server = Http::start(&[]);
    let list = modern(1, "tools/list", json!({}));
    for (batch, version) in [(json!([list]), "2026-07-28"), (json!([list, list]), "2025-11-25"), (json!([initialize("2025-11-25")]), "2025-03-26")] {
        let request = server.post(batch.to_string()).header("mcp-protocol-version", version);
        let answer = request.header("mcp-method", "tools/list").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{batch}");
        assert_eq!(message(answer).await["error"]["code"], -32600, "{batch}");
    }
    assert!(server.post_modern(&list).send().await.unwrap().status().is_success());
}

#[tokio::test]
async fn a_body_that_says_other_than_its_headers_is_not_obeyed() {
    let server = Http::start(&[]);
    let call = modern(1, "tools/call", json!({"name": "describe_data", "arguments": {}}));
    let mut older = call.clone();
    older["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] = json!("2025-11-25");
    let ways: [(&str, &Value, [&str; 3]); 5] = [
        ("another method", &call, ["2026-07-28", "tools/list", "describe_data"]),
        ("another tool", &call, ["2026-07-28", "tools/call", "plan_roadmap"]),
        ("a tool in other letters", &call, ["2026-07-28", "tools/call", "Describe_Data"]),
        ("another version", &older, ["2026-07-28", "tools/call", "describe_data"]),
        ("a version that does not exist", &call, ["2031-01-01", "tools/call", "describe_data"]),
    ];
    for (what, body, [version, method, name]) in ways {
        let request = server.post(body.to_string()).header("mcp-protocol-version", version);
        let answer = request.header("mcp-method", method).header("mcp-name", name).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{what}");
        let answer = message(answer).await;
        assert!(answer["error"]["code"].as_i64().is_some_and(|code| code < 0), "{what}: {answer}");
    }
    let twice = server.post_modern(&call).header("mcp-name", "plan_roadmap").send().await.unwrap();
    assert_eq!(twice.status(), StatusCode::BAD_REQUEST, "a header given twice with different values");
    assert!(server.post_modern(&call).send().await.unwrap().status().is_success());
}

#[tokio::test]
async fn a_name_that_resolves_to_this_machine_is_no_way_in() {
    let server = Http::start(&[]);
    let list = modern(1, "tools/list", json!({}));
    // A page of evil.example whose name now leads here: its browser sends both.
    for (host, origin) in [
        ("evil.example", "http://evil.example"),
        ("evil.example:8787", "http://localhost"),
        ("localhost", "http://evil.example"),
        ("127.0.0.1.evil.example", "http://127.0.0.1.evil.example"),
        ("localhost", "null"),
    ] {
        let request = server.post_modern(&list).header("host", host).header("origin", origin);
        assert_eq!(request.send().await.unwrap().status(), StatusCode::FORBIDDEN, "{host} {origin}");
    }
}

#[test]
fn cursors_that_were_not_given_out_are_refused_by_every_list_and_tool() {
    let arguments = over_sample();
    let mut pipe = Pipe::open(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let cursors = ["-1", "1e3", "18446744073709551616", "next", "../1", "0 or 1=1", "٣", "\u{0}"];
    for cursor in cursors {
        for method in ["tools/list", "prompts/list", "resources/list", "resources/templates/list"] {
            let answer = pipe.ask(&json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": {"cursor": cursor}}));
            assert_eq!(answer["error"]["code"], -32602, "{method} {cursor:?}: {answer}");
        }
        for tool in crate::support::tools() {
            if tool["inputSchema"]["properties"].get("cursor").is_none() {
                continue;
            }
            let params = json!({"name": tool["name"], "arguments": {"cursor": cursor}});
            let answer = pipe.ask(&json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}));
            assert_eq!(answer["result"]["isError"], true, "{params}: {answer}");
        }
    }
}
