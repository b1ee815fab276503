//! Clients that are told when reviews come and go.

use crate::support::{NOW, Pipe, initialize, modern, run, stderr};
use serde_json::{Value, json};

/// Reads on until a notification of this kind comes about this address.
fn told(pipe: &mut Pipe, method: &str, uri: Option<&str>) -> Value {
    loop {
        let message = pipe.receive();
        if message["method"] == method && uri.is_none_or(|uri| message["params"]["uri"] == uri) {
            return message;
        }
        assert!(message["error"].is_null(), "{message}");
    }
}

/// Reads on until the answer to a request comes.
fn answered(pipe: &mut Pipe, id: u32) -> Value {
    loop {
        let message = pipe.receive();
        if message["id"] == id {
            return message;
        }
    }
}

const UPDATED: &str = "notifications/resources/updated";
const LIST_CHANGED: &str = "notifications/resources/list_changed";
const REVIEWS: &str = "revarch://reviews";

fn review(id: u32) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": {
        "name": "review_architecture", "arguments": {"platforms": ["HubSpot"]},
    }})
}

fn delete(store: &str, id: &str) {
    let deleted = run(&["store", "delete", "review", id, "--store", store]);
    assert!(deleted.status.success(), "{}", stderr(&deleted));
}

#[test]
fn a_client_with_a_handshake_is_told_of_what_it_subscribed_to() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("kept.db").display().to_string();
    let mut pipe = Pipe::start(&["--store", &store, "--now", NOW]);
    let opened = pipe.ask(&initialize("2025-11-25"));
    let resources = &opened["result"]["capabilities"]["resources"];
    assert_eq!(resources, &json!({"subscribe": true, "listChanged": true}), "{opened}");
    pipe.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
    let ask = |pipe: &mut Pipe, id: u32, method: &str, params: Value| {
        pipe.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        answered(pipe, id)
    };
    ask(&mut pipe, 1, "resources/list", json!({}));
    assert_eq!(ask(&mut pipe, 2, "resources/subscribe", json!({"uri": REVIEWS}))["result"], json!({}));
    let unknown = ask(&mut pipe, 3, "resources/subscribe", json!({"uri": "revarch://reviews/none"}));
    assert_eq!(unknown["error"]["code"], -32002, "{unknown}");

    pipe.send(&review(4));
    let mut seen = Vec::new();
    while seen.len() < 3 {
        let message = pipe.receive();
        let what = if message["id"] == 4 { "answer" } else { message["method"].as_str().unwrap() };
        seen.push(what.to_owned());
    }
    seen.sort();
    assert_eq!(seen, ["answer", LIST_CHANGED, UPDATED]);
    let read = ask(&mut pipe, 5, "resources/read", json!({"uri": REVIEWS}));
    let listed: Value = serde_json::from_str(read["result"]["contents"][0]["text"].as_str().unwrap()).unwrap();
    let id = listed.pointer("/reviews/0/review_id").and_then(Value::as_str).unwrap_or_else(|| panic!("{listed}")).to_owned();

    let own = format!("{REVIEWS}/{id}");
    assert_eq!(ask(&mut pipe, 6, "resources/subscribe", json!({"uri": own}))["result"], json!({}));
    assert_eq!(ask(&mut pipe, 7, "resources/unsubscribe", json!({"uri": REVIEWS}))["result"], json!({}));
    // Another process deletes it.
    delete(&store, &id);
    told(&mut pipe, UPDATED, Some(&own));
}

#[test]
fn a_client_without_a_handshake_listens() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("kept.db").display().to_string();
    let mut pipe = Pipe::start(&["--store", &store, "--now", NOW]);
    let wanted = json!({"notifications": {
        "resourceSubscriptions": [REVIEWS, "revarch://glossary"], "resourcesListChanged": true, "toolsListChanged": true,
    }});
    let begun = pipe.ask(&modern(1, "subscriptions/listen", wanted));
    assert_eq!(begun["method"], "notifications/subscriptions/acknowledged", "{begun}");
    let accepted = &begun["params"]["notifications"];
    assert_eq!(accepted["resourceSubscriptions"].as_array().unwrap().len(), 2, "{begun}");
    assert!(accepted.get("toolsListChanged").is_none(), "tools never change: {begun}");

    let mut call = modern(2, "tools/call", review(2)["params"].clone());
    call["id"] = json!(2);
    pipe.send(&call);
    let told = told(&mut pipe, UPDATED, None);
    assert_eq!(told["params"]["uri"], REVIEWS, "the glossary has not changed: {told}");
    assert_eq!(told["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"], 1, "{told}");
}
