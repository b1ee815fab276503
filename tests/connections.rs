//! Connections that are slow, silent, many or gone.

use crate::support::{Http, IN_FLIGHT, Mute, PATIENCE, message, modern, refusal};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

/// A request that needs no work.
fn list() -> Value {
    modern(1, "tools/list", json!({}))
}

/// Reads until the server hangs up, or until it is clear that it does not.
fn hung_up(stream: &mut TcpStream) -> bool {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut rest = Vec::new();
    match stream.read_to_end(&mut rest) {
        Ok(_) => true,
        Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
    }
}

#[tokio::test]
async fn headers_that_trickle_in_are_cut_off() {
    let server = Http::configured("[limits]\nheader_seconds = 1\n", &[]);
    let mut slow = TcpStream::connect(server.address()).unwrap();
    let begin = Instant::now();
    let writing = tokio::task::spawn_blocking(move || {
        let mut head = b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".iter().chain(std::iter::repeat(&b'x'));
        while slow.write_all(&[*head.next().unwrap()]).is_ok() && begin.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(100));
        }
        begin.elapsed()
    });
    assert_eq!(server.post_modern(&list()).send().await.unwrap().status(), StatusCode::OK);
    assert!(writing.await.unwrap() < PATIENCE, "the server still listens");
}

#[tokio::test]
async fn a_body_that_stalls_is_refused() {
    let server = Http::configured("[limits]\nbody_seconds = 1\n", &[]);
    let mut slow = TcpStream::connect(server.address()).unwrap();
    slow.set_read_timeout(Some(PATIENCE)).unwrap();
    let head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                Accept: application/json, text/event-stream\r\nContent-Length: 100\r\n\r\n{\"jsonrpc\"";
    slow.write_all(head.as_bytes()).unwrap();
    let answer = tokio::task::spawn_blocking(move || {
        let mut answer = String::new();
        slow.read_to_string(&mut answer).unwrap();
        answer
    });
    let answer = answer.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("limits.body_seconds"), "{answer}");
    server.until("revarch_refusals_total{reason=\"slow_body\"}", 1.0).await;
}

#[tokio::test]
async fn idle_connections_are_closed_and_working_ones_are_not() {
    let mute = Mute::start();
    let limits = "[limits]\nidle_seconds = 1\ncall_seconds = 3\n";
    let server = Http::configured(&format!("{limits}{}", mute.configuration()), &[]);
    let mut idle = TcpStream::connect(server.address()).unwrap();
    let answered = server.post_modern(&Mute::call(1)).send().await.unwrap();
    let answer = message(answered).await;
    assert!(refusal(&answer).contains("limits.call_seconds"), "the connection outlived the call: {answer}");
    assert!(refusal(&answer).contains("hint: "), "{answer}");
    assert!(tokio::task::spawn_blocking(move || hung_up(&mut idle)).await.unwrap());
    server.until("revarch_refusals_total{reason=\"time\"}", 1.0).await;
    server.until(IN_FLIGHT, 0.0).await;
    assert_eq!(mute.open(), 0, "the work has stopped");
}

#[tokio::test]
async fn whoever_never_reads_is_cut_off() {
    let server = Http::configured("[limits]\nstall_seconds = 1\n", &[]);
    let mut deaf = TcpStream::connect(server.address()).unwrap();
    deaf.set_write_timeout(Some(Duration::from_secs(2))).unwrap();
    let body = list().to_string();
    let request = format!(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Accept: application/json, text/event-stream\r\nMcp-Protocol-Version: 2026-07-28\r\n\
         Mcp-Method: tools/list\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let asking = tokio::task::spawn_blocking(move || {
        while deaf.write_all(request.as_bytes()).is_ok() {}
        deaf
    });
    let deaf = asking.await.unwrap();
    // What is left is the connection that asks for the number.
    server.until("revarch_http_connections", 1.0).await;
    drop(deaf);
}

#[tokio::test]
async fn a_thousand_idle_connections_do_not_keep_others_from_working() {
    let server = Http::start(&[]);
    let idle: Vec<_> = (0..1_000).map_while(|_| TcpStream::connect(server.address()).ok()).collect();
    if idle.len() < 1_000 {
        println!("skipped: this system lets a process open {} connections only", idle.len());
        return;
    }
    for _ in 0..20 {
        assert_eq!(server.post_modern(&list()).send().await.unwrap().status(), StatusCode::OK);
    }
    server.until("revarch_http_connections", 1_001.0).await;
    drop(idle);
    server.until("revarch_http_connections", 1.0).await;
}

#[tokio::test]
async fn without_a_place_a_connection_is_sent_away() {
    let server = Http::configured("[limits]\nconnections = 3\n", &[]);
    let held: Vec<_> = (0..3).map(|_| TcpStream::connect(server.address()).unwrap()).collect();
    let said = tokio::task::spawn_blocking({
        let address = server.address();
        move || {
            let mut late = TcpStream::connect(address).unwrap();
            late.set_read_timeout(Some(PATIENCE)).unwrap();
            let mut said = String::new();
            late.read_to_string(&mut said).unwrap();
            said
        }
    });
    let said = said.await.unwrap();
    assert!(said.starts_with("HTTP/1.1 503 ") && said.contains("Retry-After: "), "{said}");
    drop(held);
    let begin = Instant::now();
    while server.post_modern(&list()).send().await.map(|answer| answer.status()).ok() != Some(StatusCode::OK) {
        assert!(begin.elapsed() < PATIENCE, "the places are not free again");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn work_stops_when_its_client_vanishes() {
    let mute = Mute::start();
    let server = Http::configured(&mute.configuration(), &[]);
    let call = tokio::spawn(server.post_modern(&Mute::call(1)).send());
    server.until(IN_FLIGHT, 1.0).await;
    while mute.open() == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    call.abort();
    server.until(IN_FLIGHT, 0.0).await;
    server.until("revarch_tool_calls_total{tool=\"audit_mcp_coverage\",outcome=\"cancelled\"}", 1.0).await;
    let begin = Instant::now();
    while mute.open() > 0 {
        assert!(begin.elapsed() < PATIENCE, "the server it asked is still asked");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
