//! The end of the server: what is under way is finished, and nothing new begins.

use crate::support::{Http, IN_FLIGHT, Mute, PATIENCE, initialize, message, modern, refusal, revarch};
use reqwest::{Method, StatusCode};
use serde_json::json;
use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

#[tokio::test]
async fn calls_under_way_are_finished_before_the_end() {
    let mute = Mute::start();
    let limits = "[limits]\ncall_seconds = 3\n";
    let mut server = Http::configured(&format!("{limits}{}", mute.configuration()), &[]);
    let call = tokio::spawn(server.post_modern(&Mute::call(1)).send());
    server.until(IN_FLIGHT, 1.0).await;
    server.signal("TERM");
    let begin = Instant::now();
    let unready = loop {
        let ready = server.request(Method::GET, "/readyz").send().await.unwrap();
        if ready.status() == StatusCode::SERVICE_UNAVAILABLE {
            break message(ready).await;
        }
        assert!(begin.elapsed() < PATIENCE, "the server is still ready");
    };
    assert_eq!(unready["reason"], "the server is about to stop");
    let refused = server.post_modern(&modern(1, "tools/list", json!({}))).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key("retry-after"));
    let answer = message(call.await.unwrap().unwrap()).await;
    assert!(refusal(&answer).contains("limits.call_seconds"), "it had all of its time: {answer}");
    assert!(server.ended().success());
}

#[tokio::test]
async fn calls_that_take_too_long_are_cancelled_at_the_end_and_told_so() {
    let mute = Mute::start();
    let limits = "[limits]\ndrain_seconds = 1\n";
    let mut server = Http::configured(&format!("{limits}{}", mute.configuration()), &[]);
    let call = tokio::spawn(server.post_modern(&Mute::call(1)).send());
    server.until(IN_FLIGHT, 1.0).await;
    server.signal("TERM");
    let answer = message(call.await.unwrap().unwrap()).await;
    assert!(refusal(&answer).contains("the server stops"), "{answer}");
    assert!(server.ended().success());
}

#[tokio::test]
async fn a_second_signal_ends_at_once() {
    let mute = Mute::start();
    let limits = "[limits]\ndrain_seconds = 3600\ncall_seconds = 3600\n";
    let mut server = Http::configured(&format!("{limits}{}", mute.configuration()), &[]);
    let _call = tokio::spawn(server.post_modern(&Mute::call(1)).send());
    server.until(IN_FLIGHT, 1.0).await;
    server.signal("TERM");
    while !server.log().contains("stopping: calls get") {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    server.signal("TERM");
    assert!(server.ended().success());
}

#[tokio::test]
async fn event_streams_end_at_once() {
    let mut server = Http::configured("[limits]\ndrain_seconds = 3600\n", &[]);
    let opened = server.post(initialize("2025-11-25").to_string()).send().await.unwrap();
    let session = opened.headers()["mcp-session-id"].clone();
    message(opened).await;
    let listening = server.request(Method::GET, "/mcp").header("accept", "text/event-stream");
    let listening = listening.header("mcp-session-id", session).send().await.unwrap();
    assert_eq!(listening.status(), StatusCode::OK);
    server.signal("TERM");
    assert!(listening.text().await.is_ok(), "the stream ends as streams do");
    assert!(server.ended().success());
}

#[test]
fn a_log_that_nobody_reads_any_more_holds_nothing_up() {
    let mut command = revarch(&["serve", "--http", "127.0.0.1:0"]);
    let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    log.read_line(&mut line).unwrap();
    assert!(line.contains("serving MCP"), "{line}");
    drop(log);
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    let begin = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begin.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("the server goes on");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
