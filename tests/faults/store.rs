//! A store that goes while it is in use, and comes back.

use crate::support::Pipe;
use serde_json::{Value, json};
use std::{fs, path::Path};

fn review(pipe: &mut Pipe) -> Value {
    let params = json!({"name": "review_architecture", "arguments": {"platforms": ["HubSpot"]}});
    pipe.ask(&json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}))["result"].clone()
}

fn reviews(pipe: &mut Pipe) -> usize {
    let listed = pipe.ask(&json!({"jsonrpc": "2.0", "id": 2, "method": "resources/list"}));
    let resources = listed["result"]["resources"].as_array().unwrap().iter();
    let of_reviews = |one: &&Value| one["uri"].as_str().unwrap().starts_with("revarch://reviews/");
    resources.filter(of_reviews).filter(|one| one["mimeType"] == "application/json").count()
}

fn remove_all(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
}

#[track_caller]
fn check_gone(result: &Value, file: &Path) {
    assert_eq!(result["isError"], true, "{result}");
    let text = result["content"][0]["text"].as_str().unwrap();
    for said in [&file.display().to_string(), "is gone", "hint: start revarch again"] {
        assert!(text.contains(said), "{said:?} is not in {text}");
    }
}

#[cfg(unix)]
#[test]
fn nothing_is_acknowledged_that_a_deleted_file_would_lose() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.db");
    let mut pipe = Pipe::open(&["--store", file.to_str().unwrap()]);
    assert_eq!(review(&mut pipe)["isError"], false);
    remove_all(folder.path());
    check_gone(&review(&mut pipe), &file);
    // Another file under its name is not the one that is open.
    fs::write(&file, "").unwrap();
    check_gone(&review(&mut pipe), &file);
    pipe.check_alive();
    drop(pipe);
    let mut again = Pipe::open(&["--store", file.to_str().unwrap()]);
    assert_eq!(review(&mut again)["isError"], false);
    assert_eq!(reviews(&mut again), 1);
}

#[cfg(unix)]
#[test]
fn a_file_that_is_moved_away_and_back_serves_again() {
    let folder = tempfile::tempdir().unwrap();
    let (here, away) = (folder.path().join("here"), folder.path().join("away"));
    fs::create_dir(&here).unwrap();
    let file = here.join("revarch.db");
    let mut pipe = Pipe::open(&["--store", file.to_str().unwrap()]);
    assert_eq!(review(&mut pipe)["isError"], false);
    fs::rename(&here, &away).unwrap();
    check_gone(&review(&mut pipe), &file);
    fs::rename(&away, &here).unwrap();
    assert_eq!(review(&mut pipe)["isError"], false);
    let before = reviews(&mut pipe);
    assert!(before >= 2, "{before}");
    drop(pipe);
    let mut again = Pipe::open(&["--store", file.to_str().unwrap()]);
    assert_eq!(reviews(&mut again), before);
}
