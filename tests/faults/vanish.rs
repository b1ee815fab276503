//! Clients that leave in the middle of a call.

use crate::support::{Http, Pipe, modern, over_sample};
use serde_json::{Value, json};
use std::{fs, thread, time::Duration};

/// A call that takes seconds in a build for tests.
fn long_call() -> Value {
    let arguments = json!({"models": ["markov", "shapley"], "resamples": 1000, "markov_order": 3});
    modern(1, "tools/call", json!({"name": "attribute_revenue", "arguments": arguments}))
}

/// Milliseconds of processor time of a process and its threads, where the system tells.
fn processor(process: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let mut words = stat.rsplit_once(") ")?.1.split(' ').skip(11);
    let ticks = words.next()?.parse::<u64>().ok()? + words.next()?.parse::<u64>().ok()?;
    Some(ticks * 10)
}

#[tokio::test]
async fn over_http_the_work_stops() {
    let arguments = over_sample();
    let server = Http::start(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let Some(begin) = processor(server.id()) else { return eprintln!("this system does not tell processor time") };
    let used = || processor(server.id()).unwrap() - begin;
    let done = server.post_modern(&long_call()).send().await.unwrap();
    assert!(done.status().is_success());
    let whole = used();
    assert!(whole > 500, "{whole} ms is too short a call to leave in its middle");
    let left = server.post_modern(&long_call()).timeout(Duration::from_millis(whole / 8)).send().await;
    assert!(left.unwrap_err().is_timeout());
    thread::sleep(Duration::from_millis(whole.max(2_000)));
    let after = used();
    // In a build for tests half a second may pass between two looks at whether anybody still waits.
    let spent = after - whole;
    assert!(spent < whole * 9 / 10, "the call took {whole} ms, and {spent} when left at an eighth");
    thread::sleep(Duration::from_secs(1));
    let idle = used() - after;
    assert!(idle < 250, "it still works: {idle} ms in a second");
    let answer = server.post_modern(&modern(2, "tools/list", json!({}))).send().await.unwrap();
    assert!(answer.status().is_success(), "and others are served");
}

#[test]
fn on_stdio_the_server_goes_with_its_client() {
    let arguments = over_sample();
    let mut pipe = Pipe::start(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    pipe.send(&long_call());
    thread::sleep(Duration::from_millis(200));
    let (took, status, rest) = pipe.end();
    assert!(status.success(), "{status}");
    assert!(took < Duration::from_secs(2), "it went on for {took:?}");
    assert_eq!(rest, Vec::<String>::new(), "nobody was left to be answered");
}

#[test]
fn a_cancelled_call_stops_and_is_not_answered() {
    let arguments = over_sample();
    let mut pipe = Pipe::open(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let Some(begin) = processor(pipe.id()) else { return eprintln!("this system does not tell processor time") };
    pipe.send(&json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": long_call()["params"]}));
    thread::sleep(Duration::from_millis(300));
    pipe.send(&json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}));
    pipe.check_alive();
    thread::sleep(Duration::from_millis(500));
    let used = processor(pipe.id()).unwrap() - begin;
    thread::sleep(Duration::from_secs(1));
    let idle = processor(pipe.id()).unwrap() - begin - used;
    assert!(idle < 250, "it still works: {idle} ms in a second");
}
