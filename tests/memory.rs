//! What was acknowledged is remembered: by killed processes, by several at once, on disks that are full, read-only or
//! damaged.

use crate::support::{NOW, Pipe, revarch, run, stderr, stdout};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use revarch_store::{Kind, ReviewRecord, Store};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::Duration,
};

/// A program that writes until it is killed; Cargo builds it beside the tests.
fn store_writer() -> PathBuf {
    let binary = Path::new(env!("CARGO_BIN_EXE_revarch")).parent().unwrap().join("examples/store_writer");
    assert!(binary.exists(), "{} is not built: run `cargo test`, or `cargo build --examples`", binary.display());
    binary
}

fn writer(file: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(store_writer());
    command.arg(file).args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Kills the process outright, and gives what it had acknowledged.
fn kill(mut child: Child) -> Vec<String> {
    child.kill().unwrap();
    child.wait().unwrap();
    BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok).collect()
}

/// The newest acknowledged review and answer are there, and so is every one before: none is ever deleted.
async fn check_kept(store: &Store, name: &str, acknowledged: &[String]) {
    for line in acknowledged {
        let id = line.strip_suffix(" answered").unwrap_or(line);
        assert!(store.review(id).await.unwrap().is_some(), "{id} was acknowledged and is lost");
    }
    let answers = store.answers(name, "lens").await.unwrap();
    let values: Vec<_> = answers.iter().map(|answer| answer.answer.as_u64().unwrap()).collect();
    assert!(matches!(values.as_slice(), [] | [_, _]), "half a write: {values:?}");
    assert!(values.windows(2).all(|pair| pair[0] == pair[1]), "half a write: {values:?}");
    let last = acknowledged.iter().rev().find_map(|line| line.strip_suffix(" answered")?.rsplit('-').next());
    if let Some(last) = last {
        assert!(values[0] >= last.parse::<u64>().unwrap(), "answer {last} was acknowledged and is lost: {values:?}");
    }
}

#[tokio::test]
async fn a_hundred_killed_writers_lose_nothing_they_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.db");
    let mut dice = StdRng::seed_from_u64(1);
    let (mut acknowledged, mut interrupted) = (0, 0);
    for round in 0..50 {
        // Two at a time, so that one is killed while it waits for the other.
        let names = [format!("a{round}"), format!("b{round}")];
        let children = names.each_ref().map(|name| writer(&file, &[name]));
        for (name, child) in names.iter().zip(children) {
            thread::sleep(Duration::from_millis(dice.random_range(5..60)));
            let lines = kill(child);
            let store = Store::open(&file).await.unwrap();
            assert_eq!(store.moved_aside(), None, "in round {round}");
            check_kept(&store, name, &lines).await;
            let reviews = lines.iter().filter(|line| !line.ends_with("answered")).count();
            interrupted += usize::from(reviews * 2 != lines.len());
            acknowledged += lines.len();
            store.close().await;
        }
    }
    let store = Store::open(&file).await.unwrap();
    let overview = store.overview().await.unwrap();
    assert_eq!(overview.trouble, None);
    // Otherwise the processes died before or between writes, and nothing was tested.
    assert!(acknowledged > 1000, "only {acknowledged} writes in 100 processes");
    println!("{acknowledged} writes acknowledged, {interrupted} processes killed between a review and its answers");
}

#[tokio::test]
async fn several_processes_write_at_once_and_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.db");
    let names = ["a", "b", "c", "d"];
    // The file is not there yet, so all of them make it at the same time.
    let children = names.map(|name| writer(&file, &[name, "100"]));
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
    }
    let store = Store::open(&file).await.unwrap();
    let overview = store.overview().await.unwrap();
    assert_eq!(overview.extents[0].kind, Kind::Review);
    assert_eq!((overview.extents[0].count, overview.trouble), (400, None));
}

fn ask_for_review(id: u32, platforms: &[&str]) -> Value {
    let params = json!({"name": "review_architecture", "arguments": {"platforms": platforms, "subject": "acme"}});
    json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params})
}

#[tokio::test]
async fn a_killed_server_keeps_the_reviews_that_it_answered_with() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.db");
    let mut dice = StdRng::seed_from_u64(2);
    let mut ids = Vec::new();
    for _ in 0..5 {
        let mut pipe = Pipe::open(&["--store", file.to_str().unwrap()]);
        for at in 0..2 {
            let answer = pipe.ask(&ask_for_review(at, &["HubSpot"]));
            let id = answer.pointer("/result/structuredContent/review_id").and_then(Value::as_str);
            ids.push(id.unwrap_or_else(|| panic!("{answer}")).to_owned());
        }
        pipe.send(&ask_for_review(9, &["Salesforce"]));
        thread::sleep(Duration::from_millis(dice.random_range(0..50)));
        // Dropped, it is killed outright.
        drop(pipe);
        let store = Store::open(&file).await.unwrap();
        assert_eq!(store.moved_aside(), None);
        for id in &ids {
            assert!(store.review(id).await.unwrap().is_some(), "{id} was answered and is lost");
        }
        store.close().await;
    }
}

fn review(id: &str, bytes: usize) -> ReviewRecord {
    ReviewRecord {
        id: id.to_owned(),
        made_at: NOW.parse().unwrap(),
        subject: "acme".to_owned(),
        json: json!({"id": id}),
        markdown: "x".repeat(bytes),
    }
}

async fn filled(file: &Path) {
    let store = Store::open(file).await.unwrap();
    store.save_review(&review("r1", 10)).await.unwrap();
    store.close().await;
}

fn store(arguments: &[&str], file: &Path) -> Output {
    let mut all = vec!["store"];
    all.extend(arguments);
    all.extend(["--store", file.to_str().unwrap()]);
    run(&all)
}

#[tokio::test]
async fn the_shell_shows_carries_and_forgets_what_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    filled(&path("one.db")).await;
    let shown = store(&["show"], &path("one.db"));
    for said in ["version 6", "whole", "reviews", "r1", "2026-11-22", "acme"] {
        assert!(stdout(&shown).contains(said), "{said:?} is not in {}", stdout(&shown));
    }
    let lines = path("all.jsonl");
    let carry = |what: &str, file: &Path| store(&[what, lines.to_str().unwrap()], file);
    assert!(stderr(&carry("export", &path("one.db"))).contains("exported 1 records"));
    assert_eq!(stdout(&carry("import", &path("two.db"))).trim(), "imported 1 records; 0 were known");
    assert_eq!(stdout(&carry("import", &path("two.db"))).trim(), "imported 0 records; 1 were known");
    let text = fs::read_to_string(&lines).unwrap();
    assert!(carry("export", &path("two.db")).status.success());
    assert_eq!(fs::read_to_string(&lines).unwrap(), text);
    let none = store(&["delete", "review", "r9"], &path("two.db"));
    assert!(!none.status.success() && stderr(&none).contains("no review `r9`"), "{}", stderr(&none));
    let kept = store(&["delete", "review", "--older-than", "2026-01-01"], &path("two.db"));
    assert_eq!(stdout(&kept).trim(), "deleted 0 reviews");
    assert_eq!(stdout(&store(&["delete", "review", "r1"], &path("two.db"))).trim(), "deleted 1 review");
    assert!(!store(&["delete", "review"], &path("two.db")).status.success(), "an id or an age is needed");
    let mut names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["all.jsonl", "one.db", "two.db"], "nothing is left beside");
}

#[tokio::test]
async fn a_bad_import_names_its_lines_and_imports_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (file, lines) = (folder.path().join("revarch.db"), folder.path().join("all.jsonl"));
    filled(&file).await;
    fs::write(&lines, "{\"kind\":\"revarch_store\",\"form\":1}\nnonsense\n{\"kind\":\"end\",\"records\":1}\n").unwrap();
    let output = store(&["import", lines.to_str().unwrap()], &file);
    assert_eq!(output.status.code(), Some(1));
    for said in ["nothing was imported", "line 2", "hint: "] {
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
}

#[tokio::test]
async fn commands_that_only_look_make_no_store() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.db");
    let output = store(&["show"], &file);
    assert!(stderr(&output).contains("there is no store") && !file.exists(), "{}", stderr(&output));
    let output = run(&["store", "show"]);
    assert!(stderr(&output).contains("no store is named"), "{}", stderr(&output));
}

#[tokio::test]
async fn a_damaged_store_is_moved_aside_and_the_next_answer_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.db");
    filled(&file).await;
    fs::write(&file, "garbage").unwrap();
    let mut pipe = Pipe::open(&["--store", file.to_str().unwrap()]);
    let mut text = || {
        let answer = pipe.ask(&ask_for_review(1, &["HubSpot"]));
        answer.pointer("/result/content/0/text").and_then(Value::as_str).unwrap().to_owned()
    };
    let first = text();
    assert!(first.contains("was damaged") && first.contains("revarch.db.damaged-"), "{first}");
    assert!(!text().contains("damaged"), "once is enough");
    let aside = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let aside: Vec<_> = aside.filter(|path| path.to_string_lossy().contains(".damaged-")).collect();
    assert_eq!(fs::read(&aside[0]).unwrap(), b"garbage");
    fs::write(&file, "garbage").unwrap();
    drop(pipe);
    let output = store(&["show"], &file);
    assert!(stderr(&output).contains("was damaged"), "the log tells too: {}", stderr(&output));
}

#[tokio::test]
async fn a_store_of_a_newer_version_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.db");
    filled(&file).await;
    let mut bytes = fs::read(&file).unwrap();
    bytes[60..64].copy_from_slice(&77_u32.to_be_bytes());
    fs::write(&file, &bytes).unwrap();
    let output = run(&["serve", "--store", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    for said in ["revarch.db has version 77", "up to 6", "hint: use the newer revarch"] {
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
    assert!(fs::read(&file).unwrap() == bytes, "not a byte is changed");
}

/// What a test says that cannot have a disk of its own.
const NO_DISK: &str = "skipped: this system gives no mount namespace for a small disk";

/// Runs a script in a mount namespace of its own, with a small disk at `$DISK`; nothing where the system
/// allows none.
fn on_a_small_disk(options: &str, script: &str) -> Option<Output> {
    let disk = tempfile::tempdir().unwrap();
    let mounted = format!("mount -t tmpfs -o {options} none \"$DISK\" || exit 99\n{script}");
    for flags in ["-m", "-rm"] {
        let mut command = Command::new("unshare");
        command.args([flags, "sh", "-c", &mounted]).env("DISK", disk.path());
        command.env("REVARCH", env!("CARGO_BIN_EXE_revarch")).current_dir(crate::support::empty_folder());
        let output = command.output().ok()?;
        if output.status.code() != Some(99) && !stderr(&output).contains("unshare") {
            return Some(output);
        }
    }
    None
}

#[tokio::test]
async fn a_full_disk_is_named_and_what_was_kept_is_still_there() {
    let folder = tempfile::tempdir().unwrap();
    let big = folder.path().join("big.db");
    let kept = Store::open(&big).await.unwrap();
    for at in 0..20 {
        kept.save_review(&review(&format!("big{at}"), 50_000)).await.unwrap();
    }
    let lines = folder.path().join("big.jsonl");
    fs::write(&lines, kept.export().await.unwrap()).unwrap();
    let script = format!(
        "S=\"$DISK/revarch.db\"
         call() {{ \"$REVARCH\" call review_architecture --args '{{\"platforms\": [\"HubSpot\"]}}' --store \"$S\"; }}
         call >/dev/null || echo NO FIRST REVIEW
         \"$REVARCH\" store import '{}' --store \"$S\" && echo IMPORTED
         head -c 2000000 /dev/zero >\"$DISK/rest\" 2>/dev/null
         call >/dev/null && echo A REVIEW WITHOUT ROOM
         \"$REVARCH\" store export \"$DISK/out.jsonl\" --store \"$S\" && echo EXPORTED
         rm \"$DISK/rest\"
         \"$REVARCH\" store show --store \"$S\"",
        lines.display()
    );
    let Some(output) = on_a_small_disk("size=700k", &script) else { return eprintln!("{NO_DISK}") };
    let (said, complained) = (stdout(&output), stderr(&output));
    for wrong in ["NO FIRST REVIEW", "IMPORTED", "A REVIEW WITHOUT ROOM", "EXPORTED"] {
        assert!(!said.contains(wrong), "{said}\n{complained}");
    }
    assert!(complained.contains("revarch.db") && complained.contains("disk is full"), "{complained}");
    assert!(complained.contains("hint: free some room"), "{complained}");
    assert!(said.contains("whole") && !said.contains("big1"), "{said}\n{complained}");
    let reviews = said.lines().find(|line| line.starts_with("reviews")).unwrap();
    assert_eq!(reviews.split_whitespace().nth(1), Some("1"), "{said}");
}

#[test]
fn an_export_to_a_full_disk_is_named() {
    if !Path::new("/dev/full").exists() {
        return eprintln!("skipped: there is no /dev/full here");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.db");
    tokio::runtime::Runtime::new().unwrap().block_on(filled(&file));
    let output = store(&["export", "/dev/full"], &file);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("cannot write the export /dev/full"), "{}", stderr(&output));
    assert!(stderr(&output).contains("No space left"), "{}", stderr(&output));
}

#[tokio::test]
async fn a_failed_export_leaves_the_earlier_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.db");
    filled(&file).await;
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    let output = store(&["export", out.to_str().unwrap()], &file);
    assert!(!output.status.success() && out.is_dir(), "{}", stderr(&output));
    let missing = folder.path().join("none/all.jsonl");
    let output = store(&["export", missing.to_str().unwrap()], &file);
    assert!(stderr(&output).contains("none/all.jsonl"), "{}", stderr(&output));
}

#[test]
fn a_read_only_folder_is_named_with_what_to_do() {
    let script = "\"$REVARCH\" call review_architecture --args '{\"platforms\": [\"HubSpot\"]}' --store \"$DISK/revarch.db\"";
    let Some(output) = on_a_small_disk("ro", script) else { return eprintln!("{NO_DISK}") };
    assert_eq!(output.status.code(), Some(1));
    for said in ["revarch.db for writing", "Read-only file system", "hint: name a file in a folder that may be written"] {
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
}

#[test]
fn a_store_that_becomes_read_only_is_named_in_the_answer() {
    let script = "S=\"$DISK/revarch.db\"
        \"$REVARCH\" call review_architecture --args '{\"platforms\": [\"HubSpot\"]}' --store \"$S\" >/dev/null
        mount -o remount,ro \"$DISK\"
        \"$REVARCH\" store show --store \"$S\"";
    let Some(output) = on_a_small_disk("size=2m", script) else { return eprintln!("{NO_DISK}") };
    assert!(stderr(&output).contains("Read-only file system"), "{}", stderr(&output));
}

#[tokio::test]
async fn history_changes_and_trend_are_resources() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.db");
    let at = |now: &str| Pipe::open(&["--store", file.to_str().unwrap(), "--now", now]);
    let id = |answer: &Value| {
        answer.pointer("/result/structuredContent/review_id").and_then(Value::as_str).unwrap_or_else(|| panic!("{answer}")).to_owned()
    };
    let mut pipe = at("2026-10-01T00:00:00Z");
    let first = id(&pipe.ask(&ask_for_review(1, &["HubSpot"])));
    drop(pipe);
    let mut pipe = at(NOW);
    let answer = pipe.ask(&ask_for_review(1, &["HubSpot", "Salesforce"]));
    let changes = answer.pointer("/result/structuredContent/changes").unwrap();
    assert_eq!(changes["with"], first);
    let second = id(&answer);
    let read = |pipe: &mut Pipe, uri: &str| {
        let params = json!({"uri": uri});
        let answer = pipe.ask(&json!({"jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": params}));
        let text = answer.pointer("/result/contents/0/text").and_then(Value::as_str);
        serde_json::from_str::<Value>(text.unwrap_or_else(|| panic!("{answer}"))).unwrap()
    };
    let history = read(&mut pipe, "revarch://reviews");
    let ids: Vec<_> = history["reviews"].as_array().unwrap().iter().map(|review| &review["review_id"]).collect();
    assert_eq!(ids, [&json!(second), &json!(first)]);
    let told = read(&mut pipe, &format!("revarch://reviews/{second}/changes"));
    assert_eq!(told["with"], first);
    assert_eq!(told["other_evidence"], json!(["platforms looked at now and not before: Salesforce"]));
    let trend = read(&mut pipe, "revarch://trend");
    let points = trend.pointer("/subjects/acme/measures/any_mcp_share").unwrap();
    assert_eq!(points[1]["since_last"], "not_comparable");
    assert_eq!(points[1]["why"], "other platforms were audited");
    let params = json!({"uri": format!("revarch://reviews/{first}/changes")});
    let answer = pipe.ask(&json!({"jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": params}));
    assert!(answer["error"]["message"].as_str().unwrap().contains("compared with none"), "{answer}");
}

#[test]
fn the_model_and_review_commands_leave_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.db");
    let arguments = ["call", "review_architecture", "--args", "{\"platforms\": [\"HubSpot\"]}", "--store"];
    let output = revarch(&arguments).arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(run(&["models", "list", "--store", file.to_str().unwrap()]).status.success());
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["revarch.db"], "what is copied is whole");
}
