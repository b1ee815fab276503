//! What callers send cannot write lines of its own into the log, nor colour it.

use crate::support::{initialize, modern, revarch};
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::Stdio,
};

const FORGED: &str = "x\n2026-01-01T00:00:00.000000Z  INFO revarch: an operator logged in\r\u{1b}[31mred\u{1b}[0m\u{9b}31m\u{202e}cba\u{2028}\u{7}";

/// What is logged while `requests` are answered. A request of the server's own is answered with an error.
fn logged(filter: &str, requests: &[Value]) -> String {
    let mut child = revarch(&["serve", "--log", filter, "--data", "."])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let log = child.stderr.take().unwrap();
    let log = std::thread::spawn(move || std::io::read_to_string(log).unwrap());
    let mut lines = output.lines();
    for request in requests {
        writeln!(input, "{request}").unwrap();
        if request.get("id").is_some() {
            lines.next().unwrap().unwrap();
        }
    }
    drop(input);
    child.wait().unwrap();
    log.join().unwrap()
}

#[track_caller]
fn check(log: &str) {
    assert!(log.lines().count() > 1, "nothing was logged: {log}");
    for line in log.lines() {
        let begins_with_a_time = line.len() > 20 && line.as_bytes()[4] == b'-' && line.as_bytes()[10] == b'T';
        assert!(begins_with_a_time && !line.starts_with("2026-01-01"), "not a line of our own: {line:?}");
        let stray = |letter: char| letter.is_control() || "\u{2028}\u{2029}\u{202a}\u{202b}\u{202d}\u{202e}\u{2066}\u{2067}".contains(letter);
        assert!(!line.contains(stray), "a letter that is none: {line:?}");
    }
}

#[test]
fn no_request_forges_a_line() {
    let mut requests = vec![initialize("2025-11-25"), json!({"jsonrpc": "2.0", "method": "notifications/initialized"})];
    let named = json!({"name": FORGED, "arguments": {FORGED: FORGED}});
    for (method, params) in [
        ("tools/call", named.clone()),
        ("tools/call", json!({"name": "describe_data", "arguments": {"tables": [FORGED]}})),
        ("tools/call", json!({"name": "describe_data", "arguments": {FORGED: 1}})),
        ("tools/call", json!({"name": "describe_data", "arguments": {"cursor": FORGED}})),
        ("resources/read", json!({"uri": format!("revarch://reviews/{FORGED}")})),
        ("prompts/get", named),
        ("tools/list", json!({"cursor": FORGED})),
        (FORGED, json!({})),
    ] {
        requests.push(json!({"jsonrpc": "2.0", "id": FORGED, "method": method, "params": params}));
    }
    requests.push(json!({"jsonrpc": FORGED, "id": FORGED, "method": FORGED}));
    check(&logged("trace", &requests));
}

#[test]
fn no_state_of_a_request_forges_a_line() {
    let mut call = modern(1, "tools/call", json!({"name": "describe_data", "arguments": {}}));
    call["params"]["requestState"] = json!(FORGED);
    check(&logged("trace", &[call]));
}
