//! An MCP server over standard input and output that misbehaves in the way its first argument names.
#![expect(clippy::unwrap_used, reason = "a stand-in that cannot go on says so by panicking")]
#![expect(clippy::zombie_processes, reason = "that its child outlives it is what a test is about")]

use serde_json::{Value, json};
use std::{
    env,
    io::{self, Write as _},
    process::{Command, exit},
    thread::sleep,
    time::Duration,
};

fn main() {
    let mode = env::args().nth(1).unwrap_or_default();
    if mode == "noise" {
        say_bytes(b"Starting ...\n\nlistening {on} stdio\n{\"level\":\"info\"}\n");
    }
    if mode == "stderr_flood" {
        for _ in 0..200_000 {
            let _ = writeln!(io::stderr(), "warning: this line repeats for ten megabytes, more or less");
        }
    }
    let child = (mode == "with_child" || mode == "with_child_hanging").then(|| {
        let child = Command::new("sleep").arg("300").spawn().unwrap();
        child.id()
    });
    while let Some(request) = next_message() {
        answer(&mode, &request, child);
    }
}

fn next_message() -> Option<Value> {
    let mut line = String::new();
    io::stdin().read_line(&mut line).ok().filter(|read| *read > 0)?;
    Some(serde_json::from_str(&line).unwrap())
}

fn answer(mode: &str, request: &Value, child: Option<u32>) {
    let id = &request["id"];
    let method = request["method"].as_str().unwrap_or_default();
    match (mode, method) {
        ("hang", _) | ("silent_at_discover", "server/discover") | ("prompts_hang", "prompts/list") => {}
        ("ends_at_discover", "server/discover") => exit(3),
        ("ends_at_once", _) => {
            let _ = writeln!(io::stderr(), "loading\nError: CRM_TOKEN is not set\n    at main.js:1\n");
            exit(1);
        }
        ("flood", _) => loop {
            say_bytes(b"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}\n");
        },
        ("huge_line", "initialize") => {
            let part = vec![b'x'; 1024 * 1024];
            say_bytes(b"{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"");
            (0..100).for_each(|_| say_bytes(&part));
            say_bytes(b"\"}\n");
        }
        ("modern" | "late_modern", "server/discover") => {
            if mode == "late_modern" {
                sleep(Duration::from_millis(600));
            }
            let meta = json!({"io.modelcontextprotocol/serverInfo": {"name": "bad", "version": "1"}});
            say_result(
                id,
                json!({
                    "resultType": "complete", "supportedVersions": ["2026-07-28"], "_meta": meta,
                    "capabilities": {"tools": {}}, "instructions": "look around", "ttlMs": 0, "cacheScope": "private",
                }),
            );
        }
        ("from_the_future", "server/discover") => {
            say_result(id, json!({"supportedVersions": ["2031-01-01"], "capabilities": {}}));
        }
        ("modern" | "late_modern", "initialize") => say_error(id, -32601, "initialize is of the past"),
        (_, "server/discover") => say_error(id, -32601, "Method not found"),
        ("garbage", "initialize") => say_bytes(b"{\"jsonrpc\": \"2.0\", oops\n"),
        (_, "initialize") => say_result(
            id,
            json!({
                "protocolVersion": request["params"]["protocolVersion"],
                "capabilities": {"tools": {}, "prompts": {}},
                "serverInfo": {"name": "bad", "version": "1"},
            }),
        ),
        ("modern", "tools/list") => {
            let version = &request["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"];
            say_result(id, json!({"tools": [tool(version.as_str().unwrap_or("no version"))]}));
        }
        ("ends_at_list", "tools/list") => {
            let _ = writeln!(io::stderr(), "Error: out of cheese");
            exit(7);
        }
        ("with_child_hanging" | "hangs_at_list", "tools/list") => {
            if let Some(child) = child {
                let file = env::args().nth(2).unwrap();
                std::fs::write(file, child.to_string()).unwrap();
            }
        }
        (_, "tools/list") => say_result(id, tools(mode, request, child)),
        (_, "prompts/list") => say_error(id, -32603, "no prompts today"),
        (_, "tools/call") => {
            let text = format!("called {}", request["params"]["name"]);
            say_result(id, json!({"content": [{"type": "text", "text": text}]}));
        }
        _ => {}
    }
}

fn tools(mode: &str, request: &Value, child: Option<u32>) -> Value {
    let page: usize = request["params"]["cursor"].as_str().map_or(0, |cursor| cursor.parse().unwrap());
    match mode {
        "two_pages" | "second_page_fails" if page == 0 => {
            json!({"tools": [tool("first")], "nextCursor": "1"})
        }
        "two_pages" => json!({"tools": [tool("second")], "nextCursor": ""}),
        "loop" => json!({"tools": [tool("again")], "nextCursor": "7"}),
        "endless" => json!({"tools": [tool(&format!("page_{page}"))], "nextCursor": (page + 1).to_string()}),
        "many" => json!({"tools": (0..6_000).map(|n| tool(&format!("t{n}"))).collect::<Vec<_>>()}),
        "many_twins" => {
            json!({"tools": (0..200).map(|n| tool(&format!("t{:03}", n / 2))).collect::<Vec<_>>()})
        }
        "second_page_fails" => json!({"wrong": true}),
        "megabyte" => {
            let mut tool = tool("long");
            tool["description"] = "x".repeat(1024 * 1024).into();
            json!({"tools": [tool]})
        }
        "circular" => {
            let mut tool = tool("circular");
            tool["inputSchema"] = json!({"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"});
            json!({"tools": [tool]})
        }
        "odd" => {
            json!({"tools": [tool("twin"), tool("twin"), {"inputSchema": 3}, "no tool", tool("single")]})
        }
        "not_utf8" => {
            let answer = json!({"jsonrpc": "2.0", "id": request["id"], "result": {"tools": [tool("caf#")]}});
            let bytes = format!("{answer}\n").into_bytes();
            say_bytes(&bytes.iter().map(|byte| if *byte == b'#' { 0xe9 } else { *byte }).collect::<Vec<_>>());
            json!(null)
        }
        "tells_its_arguments" => {
            json!({"tools": [tool(&env::args().skip(2).collect::<Vec<_>>().join(" "))]})
        }
        "not_an_object" => json!([{"tools": []}]),
        "not_a_list" => json!({"tools": {"a": 1}}),
        "asks_back" => {
            say_bytes(b"{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"method\":\"ping\"}\n");
            say_bytes(
                b"{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"sampling/createMessage\",\"params\":{}}\n",
            );
            let (ping, sampling) = (next_message().unwrap(), next_message().unwrap());
            json!({"tools": [tool(&format!("{} {}", ping["result"], sampling["error"]["code"]))]})
        }
        "environment" => {
            let mut names: Vec<String> = env::vars().map(|(name, _)| name).collect();
            names.sort();
            let mut tool = tool(&names.join(" "));
            tool["description"] = env::var("CARGO_PKG_NAME").unwrap_or_default().into();
            json!({"tools": [tool]})
        }
        _ => json!({"tools": [tool(&child.map_or_else(|| "fine".to_owned(), |child| child.to_string()))]}),
    }
}

fn tool(name: &str) -> Value {
    json!({"name": name, "description": "d", "inputSchema": {"type": "object"}, "x-unknown": true})
}

fn say_result(id: &Value, result: impl Into<Value>) {
    let result: Value = result.into();
    if !result.is_null() {
        say_bytes(format!("{}\n", json!({"jsonrpc": "2.0", "id": id, "result": result})).as_bytes());
    }
}

fn say_error(id: &Value, code: i64, message: &str) {
    let error = json!({"code": code, "message": message});
    say_bytes(format!("{}\n", json!({"jsonrpc": "2.0", "id": id, "error": error})).as_bytes());
}

fn say_bytes(bytes: &[u8]) {
    let mut output = io::stdout().lock();
    if output.write_all(bytes).and_then(|()| output.flush()).is_err() {
        exit(0);
    }
}
