//! What operators see of the server: ids, numbers, health, and no secrets.

use crate::support::{Http, Mute, PATIENCE, message, modern, revarch, sample_folder};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn call(id: u32, tool: &str) -> Value {
    modern(id, "tools/call", json!({"name": tool, "arguments": {}}))
}

#[tokio::test]
async fn a_request_is_found_in_the_log_by_its_id() {
    let server = Http::start(&["--log", "revarch=debug", "--log-format", "json"]);
    let told = server.post_modern(&call(1, "describe_data")).header("x-request-id", "ticket-4711").send().await.unwrap();
    assert_eq!(told.headers()["x-request-id"], "ticket-4711");
    let begin = Instant::now();
    let called = loop {
        let lines: Vec<Value> = server.log().lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
        if let Some(line) = lines.into_iter().find(|line| line["message"] == "called") {
            break line;
        }
        assert!(begin.elapsed() < PATIENCE, "{}", server.log());
    };
    assert_eq!((&called["span"]["id"], &called["tool"]), (&json!("ticket-4711"), &json!("describe_data")), "{called}");
    for wrong in ["two words", "a;b", "\u{1b}[31m"] {
        let told = server.post_modern(&call(1, "describe_data")).header("x-request-id", wrong.as_bytes()).send().await;
        let Ok(told) = told else { continue };
        let id = told.headers()["x-request-id"].to_str().unwrap();
        assert!(id != wrong && id.len() == 16, "{id}");
    }
}

#[tokio::test]
async fn calls_are_counted_by_tool_and_outcome() {
    let server = Http::start(&["--data", sample_folder().to_str().unwrap()]);
    let wrong = modern(4, "tools/call", json!({"name": "describe_data", "arguments": {"x": 1}}));
    for request in [call(1, "describe_data"), call(2, "no_such_tool"), call(3, "another_one"), wrong] {
        message(server.post_modern(&request).send().await.unwrap()).await;
    }
    for (line, wanted) in [
        ("revarch_tool_calls_total{tool=\"describe_data\",outcome=\"ok\"}", 1.0),
        ("revarch_tool_calls_total{tool=\"describe_data\",outcome=\"input\"}", 1.0),
        ("revarch_tool_calls_total{tool=\"unknown\",outcome=\"input\"}", 2.0),
        ("revarch_tool_call_seconds_count{tool=\"describe_data\"}", 2.0),
        ("revarch_queue_wait_seconds_count", 2.0),
    ] {
        assert_eq!(server.number(line).await, Some(wanted), "{line}");
    }
    server.until("revarch_http_connections", 1.0).await;
    for line in ["revarch_process_resident_bytes", "revarch_store_bytes"] {
        let bytes = server.number(line).await;
        let told = cfg!(target_os = "linux") || line.contains("store");
        assert!(!told || bytes.is_some_and(|bytes| bytes > 1000.0), "{line} {bytes:?}");
    }
}

#[tokio::test]
async fn numbers_are_for_this_machine_unless_they_are_for_all() {
    for (configuration, host, forwarded, wanted) in [
        ("", "localhost", false, StatusCode::OK),
        ("", "mcp.example.com", false, StatusCode::NOT_FOUND),
        ("", "localhost", true, StatusCode::NOT_FOUND),
        ("[http]\nmetrics = true\n", "mcp.example.com", true, StatusCode::OK),
    ] {
        let server = Http::configured(configuration, &[]);
        let mut request = server.request(Method::GET, "/metrics").header("host", host);
        if forwarded {
            request = request.header("x-forwarded-for", "192.0.2.1");
        }
        assert_eq!(request.send().await.unwrap().status(), wanted, "{configuration} {host} {forwarded}");
    }
}

#[tokio::test]
async fn readiness_follows_the_data() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("exports");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("leads.csv"), "id,email\n1,a@example.com\n").unwrap();
    let server = Http::start(&["--data", data.to_str().unwrap()]);
    let look = async |wanted: StatusCode| {
        let begin = Instant::now();
        loop {
            let ready = server.request(Method::GET, "/readyz").send().await.unwrap();
            if ready.status() == wanted {
                return message(ready).await;
            }
            assert!(begin.elapsed() < PATIENCE, "/readyz is {}", ready.status());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    assert_eq!(look(StatusCode::OK).await["status"], "ready");
    std::fs::rename(&data, folder.path().join("elsewhere")).unwrap();
    let unready = look(StatusCode::SERVICE_UNAVAILABLE).await;
    assert!(unready["reason"].as_str().unwrap().contains("exports"), "{unready}");
    std::fs::rename(folder.path().join("elsewhere"), &data).unwrap();
    look(StatusCode::OK).await;
}

#[tokio::test]
async fn secrets_are_in_no_log_at_any_level() {
    const SECRET: &str = "hunter2-0f3c9a";
    let mute = Mute::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.toml");
    let configuration = format!(
        "[limits]\ncall_seconds = 2\n{}bearer_env = \"CRM_TOKEN\"\n[mcp_servers.tool]\ncommand = \"cat\"\n\
         args = [\"--token\", \"{SECRET}\"]\nenv = [\"TOOL_SECRET\"]\n",
        mute.configuration()
    );
    std::fs::write(&file, configuration).unwrap();
    for format in ["text", "json"] {
        let mut command = revarch(&["serve", "--http", "127.0.0.1:0", "--log", "trace", "--log-format", format]);
        command.args(["--data", sample_folder().to_str().unwrap(), "--config", file.to_str().unwrap()]);
        command.env("CRM_TOKEN", SECRET).env("TOOL_SECRET", SECRET);
        let mut server = Http::launch(&mut command, None);
        let inspect = json!({"name": "audit_mcp_coverage", "arguments": {"inspect": ["mute", "tool"]}});
        for request in [call(1, "describe_data"), modern(2, "tools/call", inspect), modern(3, "tools/list", json!({}))] {
            let answer = server
                .post_modern(&request)
                .header("authorization", format!("Bearer {SECRET}"))
                .header("proxy-authorization", format!("Basic {SECRET}"))
                .header("cookie", format!("session={SECRET}"))
                .send()
                .await
                .unwrap();
            assert!(!answer.text().await.unwrap().contains(SECRET));
        }
        let numbers = server.request(Method::GET, "/metrics").send().await.unwrap();
        assert!(!numbers.text().await.unwrap().contains(SECRET));
        server.signal("TERM");
        server.ended();
        let log = server.log();
        assert!(log.len() > 10_000 && log.contains("describe_data"), "the log is told at trace level");
        let told = log.lines().find(|line| line.contains(SECRET));
        assert!(told.is_none(), "{}", told.unwrap());
    }
}
