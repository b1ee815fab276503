//! The audit log of the real server, and the command that checks it.

use crate::support::{Http, Pipe, modern, revarch, run, stderr, stdout};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use tempfile::TempDir;

fn place(more: &str) -> (TempDir, PathBuf, String) {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("revarch.toml");
    fs::write(&config, format!("[audit]\nfile = \"audit.jsonl\"\n{more}")).unwrap();
    let file = folder.path().join("audit.jsonl");
    (folder, file, config.display().to_string())
}

fn call(id: u64) -> Value {
    let params = json!({"name": "describe_data", "arguments": {}});
    json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params})
}

fn records(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).unwrap();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn verify(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = run(&[&["audit", "verify"], arguments].concat());
    (output.status.code(), stdout(&output).to_owned(), stderr(&output).to_owned())
}

#[test]
fn a_server_tells_what_it_was_asked() {
    let (_folder, file, config) = place("sync = \"each\"\n");
    let mut pipe = Pipe::open(&["--config", &config]);
    pipe.ask(&call(1));
    let misfit = json!({"jsonrpc": "2.0", "id": "two\n", "method": "tools/call", "params": {"name": "describe_data", "arguments": 7}});
    assert_eq!(pipe.ask(&misfit)["error"]["code"], -32602);
    pipe.end();
    let told: Vec<_> = records(&file)
        .iter()
        .map(|record| {
            let of = |name: &str| record[name].to_string().replace('"', "");
            [of("event"), of("transport"), of("name"), of("request_id"), of("outcome")].join(" ")
        })
        .collect();
    assert_eq!(told[0], "started null null null null");
    assert!(told[1].starts_with("call stdio describe_data 1 "), "{told:?}");
    assert_eq!(told[2..], ["call stdio describe_data two\\n error", "stopped null null null null"]);
    let (code, said, _) = verify(&["--config", &config]);
    assert!(code == Some(0) && said.starts_with("ok: 4 records, 1 to 4, from 20"), "{said}");
}

#[tokio::test]
async fn calls_over_http_are_told_too() {
    let (_folder, file, config) = place("");
    let server = Http::start(&["--config", &config]);
    let request = modern(1, "tools/call", json!({"name": "describe_data", "arguments": {}}));
    server.post_modern(&request).send().await.unwrap();
    let strange = server.post_modern(&request).header("origin", "https://evil.example").send().await.unwrap();
    assert_eq!(strange.status(), reqwest::StatusCode::FORBIDDEN);
    let records = records(&file);
    assert_eq!((&records[2]["event"], &records[2]["status"]), (&json!("refused"), &json!(403)));
    assert_eq!((&records[1]["transport"], &records[1]["method"]), (&json!("http"), &json!("tools/call")));
}

#[test]
fn a_changed_log_is_refused_with_the_line() {
    let (_folder, file, config) = place("");
    let mut pipe = Pipe::open(&["--config", &config]);
    (1..5).for_each(|id| drop(pipe.ask(&call(id))));
    pipe.end();
    let name = file.to_str().unwrap();
    let head = run(&["audit", "head", name]);
    let (last, hash) = stdout(&head).trim().split_once(' ').unwrap();
    assert_eq!((last, hash.len()), ("6", 64));
    let (code, said, _) = verify(&[name, "--head", hash, "--count", "6"]);
    assert!(code == Some(0) && said.contains("the hash that was expected is that of record 6"), "{said}");

    let whole = fs::read_to_string(&file).unwrap();
    let cut = whole.split_inclusive('\n').take(4).collect::<String>();
    fs::write(&file, cut).unwrap();
    assert_eq!(verify(&[name]).0, Some(0), "nobody could know");
    for expected in [["--head", hash], ["--count", "6"]] {
        let (code, _, said) = verify(&[&[name], &expected[..]].concat());
        assert!(code == Some(1) && said.contains("missing"), "{said}");
    }
    fs::write(&file, whole.replacen("\"request_id\":\"2\"", "\"request_id\":\"9\"", 1)).unwrap();
    let (code, said, complaint) = verify(&[name]);
    assert_eq!((code, said.as_str()), (Some(1), ""));
    assert!(complaint.contains("audit.jsonl, line 3: it was altered"), "{complaint}");
    assert!(complaint.contains("records up to 2 are as they were written"), "{complaint}");
    let (code, said, _) = verify(&[name, "--json"]);
    let report: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &report["ok"], &report["wrong"]["line"]), (Some(1), &json!(false), &json!(3)));
}

#[test]
fn what_cannot_be_checked_is_told() {
    let (code, _, said) = verify(&[]);
    assert!(code == Some(2) && said.contains("[audit]"), "{said}");
    let (code, _, said) = verify(&["/no/such/audit.jsonl"]);
    assert!(code == Some(1) && said.contains("/no/such/audit.jsonl"), "{said}");
    let (code, _, said) = verify(&["x", "--head", "beef"]);
    assert!(code == Some(2) && said.contains("64 hexadecimal digits"), "{said}");
}

#[test]
fn a_server_does_not_start_on_a_file_of_others() {
    let (_folder, file, config) = place("");
    fs::write(&file, "id,email\n").unwrap();
    let output = run(&["serve", "--config", &config]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("is no audit log") && stderr(&output).contains("\nhint: "), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(&file).unwrap(), "id,email\n");
}

/// Kills a process at once.
fn kill(process: u32) {
    assert!(Command::new("kill").args(["-9", &process.to_string()]).status().unwrap().success());
}

#[test]
fn killed_servers_lose_no_call_that_they_answered() {
    let (_folder, file, config) = place("max_bytes = 20000\n");
    let mut answered = 0;
    for round in 0..10 {
        // Two on one log; each is killed in the midst of calls.
        let mut pipes = [Pipe::open(&["--config", &config]), Pipe::open(&["--config", &config])];
        for pipe in &mut pipes {
            (0..20).for_each(|id| pipe.send(&call(round * 100 + id)));
        }
        for pipe in &mut pipes {
            (0..=round).for_each(|_| drop(pipe.receive()));
            kill(pipe.id());
            answered += round + 1;
        }
    }
    let (code, said, complaint) = verify(&["--config", &config]);
    assert_eq!(code, Some(0), "{complaint}");
    assert!(said.starts_with("ok: "), "{said}");
    let folder = file.parent().unwrap();
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let logs: Vec<_> = names.filter(|name| name.to_string_lossy().contains("audit.jsonl")).collect();
    let calls = logs.iter().flat_map(|log| records(log)).filter(|record| record["event"] == "call").count();
    assert!(calls as u64 >= answered, "{calls} records of {answered} answers");
    assert!(logs.len() > 3, "several files: {logs:?}");
}

#[test]
fn a_half_written_line_is_told_at_the_next_start() {
    let (_folder, file, config) = place("");
    Pipe::open(&["--config", &config]).end();
    let torn = fs::read_to_string(&file).unwrap() + "{\"sequence\":3,\"time\":\"20";
    fs::write(&file, &torn).unwrap();
    let mut server = revarch(&["serve", "--config", &config]).stdin(Stdio::null()).spawn().unwrap();
    assert!(server.wait().unwrap().success());
    assert!(fs::read_to_string(&file).unwrap().starts_with(&torn), "what was there is there");
    let (code, said, _) = verify(&["--config", &config]);
    assert!(code == Some(0) && said.contains("1 times a crash cut off a write"), "{said}");
}
