//! Long calls as tasks of the real server, over both transports, across its end and its death.

use crate::support::{Http, NOW, PATIENCE, Pipe, message, modern, sample_folder};
use serde_json::{Value, json};
use std::{
    fs,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A folder with a configuration that makes every long call a task, and a store beside it.
fn at_once() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("revarch.toml"), "store = \"kept.db\"\n[tasks]\nanswer_within_ms = 0\n").unwrap();
    // A column whose name and values disagree, so that its guess is unsure.
    let rows: Vec<String> = (1..=20).map(|at| format!("{at},building {at},long ago\n")).collect();
    fs::create_dir(folder.path().join("unsure")).unwrap();
    fs::write(folder.path().join("unsure/contacts.csv"), format!("contact_id,email,created\n{}", rows.concat())).unwrap();
    folder
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).display().to_string()
}

/// A request of a client that knows tasks and can be asked.
fn request(id: u32, method: &str, params: Value) -> Value {
    let mut request = modern(id, method, params);
    request["params"]["_meta"]["io.modelcontextprotocol/clientCapabilities"] =
        json!({"elicitation": {}, "extensions": {"io.modelcontextprotocol/tasks": {}}});
    request
}

fn call(tool: &str, arguments: &Value) -> Value {
    request(1, "tools/call", json!({"name": tool, "arguments": arguments}))
}

async fn ask(server: &Http, request: &Value) -> Value {
    message(server.post_modern(request).send().await.unwrap()).await
}

/// Polls until the task is as wanted.
async fn wait(server: &Http, id: &str, wanted: &str) -> Value {
    let begun = Instant::now();
    loop {
        let task = ask(server, &request(2, "tasks/get", json!({"taskId": id}))).await["result"].take();
        if task["status"] == wanted {
            return task;
        }
        assert!(begun.elapsed() < PATIENCE, "{task}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn what_came_of_a_task_outlives_the_server() {
    let folder = at_once();
    let (config, data) = (path(&folder, "revarch.toml"), sample_folder().display().to_string());
    let arguments = ["--config", &config, "--data", &data, "--now", NOW];
    let server = Http::start(&arguments);
    let created = ask(&server, &call("check_data_readiness", &json!({}))).await["result"].take();
    assert_eq!((&created["resultType"], &created["status"]), (&json!("task"), &json!("working")), "{created}");
    assert_eq!(created["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "revarch");
    let id = created["taskId"].as_str().unwrap();
    assert!(id.len() >= 32, "{id} can be guessed");
    let done = wait(&server, id, "completed").await;
    assert_eq!(done["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "revarch");
    assert!(done["result"]["structuredContent"]["verdict"].is_string(), "{done}");
    drop(server);

    let server = Http::start(&arguments);
    assert_eq!(wait(&server, id, "completed").await["result"], done["result"]);
    let unknown = ask(&server, &request(3, "tasks/get", json!({"taskId": "0".repeat(32)}))).await;
    assert_eq!(unknown["error"]["code"], -32602, "{unknown}");
}

#[tokio::test]
async fn a_task_of_a_killed_server_is_told_as_failed() {
    let folder = at_once();
    let (config, data) = (path(&folder, "revarch.toml"), path(&folder, "unsure"));
    let arguments = ["--config", &config, "--data", &data, "--now", NOW];
    let server = Http::start(&arguments);
    let created = ask(&server, &call("check_data_readiness", &json!({"confirm": true}))).await["result"].take();
    let id = created["taskId"].as_str().unwrap();
    let waiting = wait(&server, id, "input_required").await;
    assert_eq!(waiting["inputRequests"].as_object().unwrap().len(), 1, "{waiting}");
    drop(server);

    let server = Http::start(&arguments);
    let failed = wait(&server, id, "failed").await;
    let said = failed["error"]["message"].as_str().unwrap();
    assert!(said.contains("hint: call `check_data_readiness` again"), "{failed}");
    assert!(failed.get("result").is_none() && failed.get("inputRequests").is_none(), "{failed}");
}

#[test]
fn a_task_is_followed_answered_and_cancelled_on_stdio() {
    let folder = at_once();
    let (config, data) = (path(&folder, "revarch.toml"), path(&folder, "unsure"));
    let mut pipe = Pipe::start(&["--config", &config, "--data", &data, "--now", NOW]);
    let begin = |pipe: &mut Pipe| {
        let created = pipe.ask(&call("check_data_readiness", &json!({"confirm": true})));
        created["result"]["taskId"].as_str().unwrap_or_else(|| panic!("{created}")).to_owned()
    };
    let get = |pipe: &mut Pipe, id: &str, wanted: &str| {
        let asked_since = Instant::now();
        loop {
            let task = pipe.ask(&request(2, "tasks/get", json!({"taskId": id})))["result"].take();
            if task["status"] == wanted {
                return task;
            }
            assert!(asked_since.elapsed() < PATIENCE, "{task}");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let id = begin(&mut pipe);
    let asked = get(&mut pipe, &id, "input_required");
    let key = asked["inputRequests"].as_object().unwrap().keys().next().unwrap().clone();
    let answers = json!({"taskId": id, "inputResponses": {key: {"action": "decline"}}});
    let taken = pipe.ask(&request(3, "tasks/update", answers));
    assert_eq!(taken["result"]["resultType"], "complete", "{taken}");
    let done = get(&mut pipe, &id, "completed");
    assert!(done["result"]["content"][0]["text"].is_string(), "{done}");

    let id = begin(&mut pipe);
    get(&mut pipe, &id, "input_required");
    let cancelled = pipe.ask(&request(4, "tasks/cancel", json!({"taskId": id})));
    assert_eq!(cancelled["result"]["resultType"], "complete", "{cancelled}");
    get(&mut pipe, &id, "cancelled");
}
