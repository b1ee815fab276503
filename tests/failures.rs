//! What goes wrong, is told so that it can be mended, and leaves the server serving.

use crate::support::{Pipe, modern, tools};
use serde_json::{Value, json};

fn call(tool: &Value, arguments: &Value) -> Value {
    let params = json!({"name": tool["name"], "arguments": arguments});
    json!({"jsonrpc": "2.0", "id": "call", "method": "tools/call", "params": params})
}

#[track_caller]
fn check_protocol_error(answer: &Value, code: i32, said: &str) {
    assert_eq!(answer["error"]["code"], code, "{answer}");
    assert!(answer["error"]["message"].as_str().unwrap().contains(said), "{answer}");
}

#[track_caller]
fn check_tool_error(answer: &Value, said: &[&str]) {
    let result = &answer["result"];
    assert_eq!(result["isError"], true, "{answer}");
    assert!(result.get("structuredContent").is_none(), "{answer}");
    let text = result["content"][0]["text"].as_str().unwrap();
    for said in said {
        assert!(text.contains(said), "{said:?} is not in {text}");
    }
}

#[test]
fn an_unknown_tool_is_told_with_the_nearest() {
    let mut pipe = Pipe::open(&[]);
    for tool in tools() {
        let name = tool["name"].as_str().unwrap();
        let misspelt = json!({"name": &name[..name.len() - 1]});
        check_protocol_error(&pipe.ask(&call(&misspelt, &json!({}))), -32602, &format!("`{name}`"));
    }
    check_protocol_error(&pipe.ask(&call(&json!({"name": "zzz"}), &json!({}))), -32602, "the tools are");
}

#[test]
fn an_unknown_argument_is_told_by_every_tool() {
    let mut pipe = Pipe::open(&[]);
    for tool in tools() {
        let answer = pipe.ask(&call(&tool, &json!({"no_such_argument": 1})));
        check_tool_error(&answer, &["no_such_argument", "hint: "]);
    }
}

#[test]
fn a_misspelt_argument_is_told_with_the_nearest_by_every_tool() {
    let mut pipe = Pipe::open(&[]);
    for tool in tools() {
        for name in tool["inputSchema"]["properties"].as_object().unwrap().keys() {
            let answer = pipe.ask(&call(&tool, &json!({format!("{name}x"): 1})));
            check_tool_error(&answer, &[&format!("did you mean `{name}`?")]);
        }
    }
}

#[test]
fn an_argument_of_the_wrong_type_is_told_by_its_path() {
    let mut pipe = Pipe::open(&[]);
    for tool in tools() {
        for (name, schema) in tool["inputSchema"]["properties"].as_object().unwrap() {
            let wrong = if schema["type"] == "object" { json!(7) } else { json!({"not": "this"}) };
            let answer = pipe.ask(&call(&tool, &json!({name: wrong})));
            check_tool_error(&answer, &[&format!("argument `{name}"), "hint: "]);
        }
    }
}

#[test]
fn params_that_do_not_fit_are_invalid_not_unknown() {
    let mut pipe = Pipe::open(&[]);
    for (method, params) in [
        ("tools/call", json!({"name": "describe_data", "arguments": "all"})),
        ("tools/call", json!({"arguments": {}})),
        ("resources/read", json!({"url": "revarch://reviews/x"})),
        ("prompts/get", json!({"name": 3})),
        ("completion/complete", json!({})),
        ("tasks/get", json!({"id": "x"})),
        ("tasks/update", json!({"taskId": "x"})),
        ("tasks/cancel", json!({"taskId": 7})),
        ("skills/get", json!({})),
        ("resources/directory/read", json!({"uri": []})),
    ] {
        let answer = pipe.ask(&json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}));
        check_protocol_error(&answer, -32602, method);
    }
    let answer = pipe.ask(&json!({"jsonrpc": "2.0", "id": 1, "method": "tools/burn"}));
    check_protocol_error(&answer, -32601, "tools/burn");
}

#[test]
fn what_is_not_there_is_not_found() {
    let mut pipe = Pipe::open(&[]);
    let read = |uri: &str| json!({"jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": {"uri": uri}});
    check_protocol_error(&pipe.ask(&read("revarch://reviews/none")), -32002, "no review `none`");
    check_protocol_error(&pipe.ask(&read("file:///etc/passwd")), -32002, "no resource");
    let mut stateless = Pipe::start(&[]);
    let answer = stateless.ask(&modern(1, "resources/read", json!({"uri": "revarch://reviews/none"})));
    check_protocol_error(&answer, -32602, "no review `none`");
    let page = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"cursor": "next"}});
    check_protocol_error(&pipe.ask(&page), -32602, "`next`");
}

#[test]
fn garbage_is_answered_and_survived() {
    let mut pipe = Pipe::open(&[]);
    let deep = format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{}", "[".repeat(100_000));
    let cases: [(&[u8], i32); 7] = [
        (b"garbage", -32700),
        (b"{\"jsonrpc\": \"2.0\", ", -32700),
        (b"\x00\x01\xfe\xff\x80binary", -32700),
        (deep.as_bytes(), -32600),
        (b"[]", -32600),
        (b"{\"jsonrpc\": \"2.0\", \"id\": null, \"method\": \"ping\"}", -32600),
        (b"{\"jsonrpc\": \"1.0\", \"id\": 1, \"method\": \"ping\"}", -32600),
    ];
    for (line, code) in cases {
        pipe.send_bytes(line);
        pipe.send_bytes(b"\n");
        let answer = pipe.receive();
        assert_eq!(answer["error"]["code"], code, "{answer}");
        assert!(answer.get("id").is_some(), "an error says whose it is, be it nobody's: {answer}");
        pipe.check_alive();
    }
    pipe.send_bytes(b"\n\r\n  \n");
    pipe.check_alive();
}

#[test]
fn garbage_before_the_handshake_does_not_end_the_connection() {
    let mut pipe = Pipe::start(&[]);
    pipe.send_bytes(b"garbage\n");
    assert_eq!(pipe.receive()["error"]["code"], -32700);
    pipe.send(&json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}));
    pipe.send(&json!({"jsonrpc": "2.0", "id": 1, "result": {}}));
    assert_eq!(pipe.ask(&json!({"jsonrpc": "2.0", "id": 2, "method": "tools/list"}))["error"]["code"], -32602);
    let mut nameless = crate::support::initialize("2025-06-18");
    nameless["params"].as_object_mut().unwrap().remove("clientInfo");
    assert_eq!(pipe.ask(&nameless)["error"]["code"], -32602);
    pipe.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
    assert_eq!(pipe.ask(&crate::support::initialize("2025-06-18"))["result"]["protocolVersion"], "2025-06-18");
    pipe.check_alive();
}

#[test]
fn a_line_of_100_megabytes_is_answered_in_bounded_memory() {
    let mut pipe = Pipe::open(&[]);
    let before = peak_kib(pipe.id());
    let chunk = vec![b'x'; 1_000_000];
    pipe.send_bytes(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"pad\":\"");
    for _ in 0..100 {
        pipe.send_bytes(&chunk);
    }
    pipe.send_bytes(b"\"}}\n");
    let answer = pipe.receive();
    assert_eq!((&answer["error"]["code"], &answer["id"]), (&json!(-32600), &Value::Null), "{answer}");
    pipe.check_alive();
    if let (Some(before), Some(after)) = (before, peak_kib(pipe.id())) {
        assert!(after - before < 32 * 1024, "memory grew from {before} to {after} KiB");
    }
}

/// The most memory a process has held, where the system tells.
fn peak_kib(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok())
}
