//! Limits: who goes too far is told so, and nobody else notices.

use crate::support::{
    Http, IN_FLIGHT, Mute, PATIENCE, Pipe, message, modern, over_sample, refusal, run, stdout,
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// A request that needs no work.
fn list() -> Value {
    modern(1, "tools/list", json!({}))
}

#[tokio::test]
async fn requests_that_come_too_fast_are_refused_and_let_in_later() {
    let server = Http::configured("[limits]\nrequests_per_second = 1\nburst = 2\nlimit_this_machine = true\n", &[]);
    let mut refused = None;
    for _ in 0..20 {
        let response = server.post_modern(&list()).send().await.unwrap();
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            refused = Some(response);
            break;
        }
        assert_eq!(response.status(), StatusCode::OK);
    }
    let refused = refused.expect("twenty requests are more than two and one a second");
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    let answer = message(refused).await;
    assert_eq!((&answer["error"]["code"], &answer["id"]), (&json!(-32000), &Value::Null), "{answer}");
    assert!(answer["error"]["message"].as_str().unwrap().contains("limits.requests_per_second"), "{answer}");
    assert_eq!(server.request(Method::GET, "/healthz").send().await.unwrap().status(), StatusCode::OK);
    tokio::time::sleep(Duration::from_secs(wait)).await;
    assert_eq!(server.post_modern(&list()).send().await.unwrap().status(), StatusCode::OK);
    server.until("revarch_refusals_total{reason=\"pace\"}", 1.0).await;
}

#[tokio::test]
async fn messages_that_nest_too_deep_or_are_too_long_are_refused_on_both_transports() {
    let configuration = "[limits]\njson_depth = 20\nmessage_bytes = 1000\n";
    let nested = |levels: usize| {
        let deep = "[".repeat(levels) + &"]".repeat(levels);
        format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{{\"x\":{deep}}}}}")
    };
    let long = format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{{\"x\":\"{}\"}}}}", "x".repeat(1000));
    let server = Http::configured(configuration, &[]);
    for (body, status, said) in [
        (nested(19), StatusCode::BAD_REQUEST, "limits.json_depth"),
        (nested(400), StatusCode::BAD_REQUEST, "limits.json_depth"),
        (long.clone(), StatusCode::PAYLOAD_TOO_LARGE, "limits.message_bytes"),
    ] {
        let refused = server.post(body).send().await.unwrap();
        assert_eq!(refused.status(), status);
        let answer = message(refused).await;
        assert_eq!(answer["error"]["code"], -32600, "{answer}");
        assert!(answer["error"]["message"].as_str().unwrap().contains(said), "{answer}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.toml");
    std::fs::write(&file, configuration).unwrap();
    let mut pipe = Pipe::open(&["--config", file.to_str().unwrap()]);
    for (line, said) in [(nested(19), "limits.json_depth"), (long, "limits.message_bytes")] {
        pipe.send_bytes((line + "\n").as_bytes());
        let answer = pipe.receive();
        assert!(answer["error"]["message"].as_str().unwrap().contains(said), "{answer}");
    }
    pipe.send_bytes((nested(18) + "\n").as_bytes());
    assert_eq!(pipe.receive()["result"], json!({}), "as deep as it may be");
    pipe.check_alive();
}

#[tokio::test]
async fn text_that_is_no_utf_8_is_refused() {
    let server = Http::start(&[]);
    let refused = server.post(&b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\xfe\"}"[..]).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert_eq!(message(refused).await["error"]["code"], -32700);
}

#[tokio::test]
async fn a_greedy_caller_does_not_hold_up_another() {
    let mute = Mute::start();
    let limits = "[limits]\nheavy_calls = 1\ncall_seconds = 1\n";
    let server = Http::configured(&format!("{limits}{}", mute.configuration()), &[]);
    let answered = Arc::new(AtomicUsize::new(0));
    let greedy: Vec<_> = (0..50)
        .map(|id| {
            let (call, answered) = (server.post_modern(&Mute::call(id)).send(), Arc::clone(&answered));
            tokio::spawn(async move {
                let _ = call.await;
                answered.fetch_add(1, Ordering::SeqCst);
            })
        })
        .collect();
    server.until_it("revarch_queue_length", |waiting| waiting >= 20.0).await;
    let before = answered.load(Ordering::SeqCst);
    // Nobody shows a name here, so that another address is another caller.
    let other = reqwest::Client::builder().local_address(IpAddr::from([127, 0, 0, 2])).timeout(PATIENCE).build().unwrap();
    let modest = modern(1, "tools/call", json!({"name": "describe_data", "arguments": {}}));
    let request = server.post_modern(&modest).build().unwrap();
    assert_eq!(other.execute(request).await.unwrap().status(), StatusCode::OK);
    let meanwhile = answered.load(Ordering::SeqCst) - before;
    assert!(meanwhile <= 5, "{meanwhile} calls of the greedy one came first");
    greedy.iter().for_each(tokio::task::JoinHandle::abort);
    server.until("revarch_queue_length", 0.0).await;
}

#[tokio::test]
async fn without_room_to_wait_a_call_is_refused() {
    let mute = Mute::start();
    let limits = "[limits]\nheavy_calls = 1\nwaiting_calls = 1\n";
    let server = Http::configured(&format!("{limits}{}", mute.configuration()), &[]);
    let working = tokio::spawn(server.post_modern(&Mute::call(1)).send());
    server.until(IN_FLIGHT, 1.0).await;
    let waiting = tokio::spawn(server.post_modern(&Mute::call(2)).send());
    server.until("revarch_queue_length", 1.0).await;
    let answer = message(server.post_modern(&Mute::call(3)).send().await.unwrap()).await;
    assert!(refusal(&answer).contains("limits.waiting_calls"), "{answer}");
    // Lists and what is known need no place.
    assert_eq!(server.post_modern(&list()).send().await.unwrap().status(), StatusCode::OK);
    working.abort();
    waiting.abort();
    server.until(IN_FLIGHT, 0.0).await;
}

#[test]
fn a_result_that_weighs_too_much_is_kept_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.toml");
    std::fs::write(&file, "[limits]\nresult_tokens = 50\n").unwrap();
    let mut arguments = over_sample();
    arguments.extend(["--config".to_owned(), file.display().to_string()]);
    let mut pipe = Pipe::open(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let params = json!({"name": "describe_data", "arguments": {}});
    let answer = pipe.ask(&json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}));
    let text = refusal(&answer);
    assert!(text.contains("limits.result_tokens") && text.contains("hint: ask for less with `response_format`"), "{text}");
}

#[test]
fn every_limit_is_shown_with_where_it_comes_from() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.toml");
    std::fs::write(&file, "[limits]\nburst = 9\n").unwrap();
    let output = run(&["config", "show", "--seed", "5", "--config", file.to_str().unwrap()]);
    assert!(output.status.success());
    let text = stdout(&output);
    for line in ["seed = 5  # flag", "burst = 9  # file", "call_seconds = 600  # default", "[limits]"] {
        assert!(text.lines().any(|told| told == line), "{line} is not in\n{text}");
    }
}
