//! The protocol on stdio, as bytes on pipes.

use crate::support::{Pipe, initialize, modern, over_sample};
use serde_json::{Value, json};
use std::time::Duration;

/// What a client may expect of the end; measured on machines that do other work at the same time.
const GONE: Duration = Duration::from_millis(if cfg!(debug_assertions) { 300 } else { 100 });

#[test]
fn every_version_with_a_handshake_is_spoken() {
    for version in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let mut pipe = Pipe::start(&[]);
        let result = pipe.ask(&initialize(version))["result"].clone();
        assert_eq!(result["protocolVersion"], version);
        assert_eq!(result["serverInfo"]["name"], "revarch");
        let capabilities = json!({
            "extensions": {
                "io.modelcontextprotocol/skills": {"directoryRead": true},
                "io.modelcontextprotocol/tasks": {},
            },
            "completions": {},
            "prompts": {},
            "resources": {"subscribe": true, "listChanged": true},
            "tools": {},
        });
        assert_eq!(result["capabilities"], capabilities);
        pipe.check_alive();
    }
}

#[test]
fn a_version_of_the_future_is_answered_with_the_newest_handshake() {
    let answer = Pipe::start(&[]).ask(&initialize("2031-01-01"));
    assert_eq!(answer["result"]["protocolVersion"], "2025-11-25");
}

#[test]
fn the_stateless_protocol_needs_no_handshake() {
    let mut pipe = Pipe::start(&[]);
    let found = pipe.ask(&modern(1, "server/discover", json!({})));
    let versions = found["result"]["supportedVersions"].as_array().unwrap();
    assert!(versions.contains(&json!("2026-07-28")) && versions.contains(&json!("2024-11-05")), "{found}");
    let listed = pipe.ask(&modern(2, "tools/list", json!({})));
    assert_eq!(listed["result"]["resultType"], "complete");
    assert!(listed["result"]["ttlMs"].as_u64().unwrap() > 0 && listed["result"]["cacheScope"] == "public");
}

#[test]
fn every_stateless_result_says_who_answers() {
    let mut pipe = Pipe::start(&[]);
    let requests = [
        ("server/discover", json!({})),
        ("tools/list", json!({})),
        ("resources/list", json!({})),
        ("resources/templates/list", json!({})),
        ("prompts/list", json!({})),
        ("prompts/get", json!({"name": "quarterly_review"})),
        (
            "completion/complete",
            json!({"ref": {"type": "ref/prompt", "name": "architecture_review"}, "argument": {"name": "focus", "value": "d"}}),
        ),
    ];
    for (id, (method, params)) in (1..).zip(requests) {
        let answer = pipe.ask(&modern(id, method, params));
        let server = &answer["result"]["_meta"]["io.modelcontextprotocol/serverInfo"];
        assert_eq!(server["name"], "revarch", "{method}: {answer}");
    }
}

#[test]
fn older_results_have_their_older_shape() {
    let mut pipe = Pipe::open(&[]);
    for method in ["tools/list", "prompts/list", "resources/list", "resources/templates/list"] {
        let answer = pipe.ask(&json!({"jsonrpc": "2.0", "id": 1, "method": method}));
        for word in ["resultType", "ttlMs", "cacheScope", "_meta"] {
            assert!(answer["result"].is_object() && answer["result"].get(word).is_none(), "{method}: {answer}");
        }
    }
}

#[test]
fn the_server_leaves_with_its_client() {
    for pipe in [Pipe::start(&[]), Pipe::open(&[])] {
        let (took, status, rest) = pipe.end();
        assert!(status.success() && took < GONE, "{status} after {took:?}");
        assert_eq!(rest, Vec::<String>::new());
    }
}

#[test]
fn the_last_line_needs_no_line_break() {
    let mut pipe = Pipe::start(&[]);
    pipe.send_bytes(initialize("2025-11-25").to_string().as_bytes());
    let (_, status, rest) = pipe.end();
    assert!(status.success());
    assert!(rest.len() == 1 && rest[0].contains("\"protocolVersion\":\"2025-11-25\""), "{rest:?}");
}

#[test]
fn prompts_are_listed_and_filled_in() {
    let mut pipe = Pipe::open(&[]);
    let listed = pipe.ask(&json!({"jsonrpc": "2.0", "id": 1, "method": "prompts/list"}));
    let names: Vec<_> = listed["result"]["prompts"].as_array().unwrap().iter().map(|prompt| &prompt["name"]).collect();
    assert_eq!(names, ["architecture_review", "quarterly_review", "mcp_gap_review", "lead_score_review"]);
    let params = json!({"name": "mcp_gap_review", "arguments": {"platforms": "Salesforce, Slack"}});
    let filled = pipe.ask(&json!({"jsonrpc": "2.0", "id": 2, "method": "prompts/get", "params": params}));
    let text = filled["result"]["messages"][0]["content"]["text"].as_str().unwrap();
    assert!(text.contains("Salesforce, Slack"), "{text}");
}

#[test]
fn a_review_becomes_a_resource() {
    let arguments = over_sample();
    let mut pipe = Pipe::open(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let ask = |pipe: &mut Pipe, id: u32, method: &str, params: Value| {
        pipe.ask(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))["result"].clone()
    };
    let reviews = |listed: &Value| {
        let resources = listed["resources"].as_array().unwrap().iter();
        resources.filter(|one| one["uri"].as_str().unwrap().starts_with("revarch://reviews/")).cloned().collect::<Vec<_>>()
    };
    assert_eq!(reviews(&ask(&mut pipe, 1, "resources/list", json!({}))), [] as [Value; 0]);
    let made = ask(&mut pipe, 2, "tools/call", json!({"name": "review_architecture", "arguments": {}}));
    assert!(made["structuredContent"].is_object(), "{made}");
    let listed = ask(&mut pipe, 3, "resources/list", json!({}));
    let resources = reviews(&listed);
    assert_eq!(resources.len(), 2, "{listed}");
    for resource in resources {
        let read = ask(&mut pipe, 4, "resources/read", json!({"uri": resource["uri"]}));
        let content = &read["contents"][0];
        assert_eq!((&content["uri"], &content["mimeType"]), (&resource["uri"], &resource["mimeType"]));
        let text = content["text"].as_str().unwrap();
        if resource["mimeType"] == "application/json" {
            assert!(serde_json::from_str::<Value>(text).unwrap().is_object());
        } else {
            assert!(text.starts_with('#'), "{text}");
        }
    }
}
