//! Calls through a server, and a log that cannot be written for a while.

use super::{check_sound, files, lines};
use crate::{
    audit::{Audited, Log, Refusal},
    cli::Options,
    config::{Audit, OnFailure, Sync},
    handler::Server,
    toolbox::Toolbox,
    workplace::Workplace,
};
use revarch_tools::{Answer, Context, Route, Tool, ToolError, Toolset};
use rmcp::{
    RoleClient, ServiceExt as _,
    model::{
        CallToolRequest, CallToolRequestParams, ClientRequest, GetPromptRequestParams,
        ReadResourceRequestParams,
    },
    service::{PeerRequestOptions, RunningService},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Words {
    word: String,
    #[serde(default)]
    other: String,
}

#[derive(Serialize, JsonSchema)]
struct Said {
    said: String,
}

/// Calls of [`Says`].
static SAID: AtomicUsize = AtomicUsize::new(0);

struct Says;

impl Tool for Says {
    const NAME: &'static str = "say_word";
    const TITLE: &'static str = "Say";
    const DESCRIPTION: &'static str = "Says a word.";
    const TOOLSET: Toolset = Toolset::Data;
    type Input = Words;
    type Output = Said;

    async fn call(Words { word, other }: Words, context: &Context) -> Result<Answer<Said>, ToolError> {
        match word.as_str() {
            "wait" => {
                context.run.progress(1, None, "waiting");
                tokio::time::sleep(Duration::from_mins(1)).await;
            }
            "fail" => return Err(ToolError::input("that word is not said")),
            "count" => _ = SAID.fetch_add(1, Ordering::SeqCst),
            _ => {}
        }
        Ok(Answer { structured: Said { said: word + &other }, text: "said".to_owned() })
    }
}

fn config(file: &Path, on_failure: OnFailure) -> Audit {
    Audit { file: file.to_owned(), max_bytes: None, sync: Sync::Each, on_failure }
}

async fn connect(log: &Log) -> RunningService<RoleClient, ()> {
    let workplace = Workplace::open_empty(Options::default()).await.unwrap();
    let server = Server::new(Arc::new(workplace), Toolbox::new(vec![Route::of::<Says>()]));
    let server = Audited::new(server, Some(log.clone()));
    let (near, far) = tokio::io::duplex(1 << 16);
    tokio::spawn(async move { Box::pin(server.serve(near)).await.unwrap().waiting().await });
    ().serve(far).await.unwrap()
}

fn say(arguments: &Value) -> CallToolRequestParams {
    CallToolRequestParams::new("say_word").with_arguments(arguments.as_object().unwrap().clone())
}

fn records(path: &Path) -> Vec<Value> {
    files(path).iter().flat_map(|file| lines(file)).map(|line| serde_json::from_str(&line).unwrap()).collect()
}

fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("logs")).unwrap();
    let path = folder.path().join("logs/audit.jsonl");
    (folder, path)
}

#[tokio::test]
async fn every_call_is_told_with_its_outcome_and_without_its_arguments() {
    let (_folder, path) = place();
    let log = Log::open(&config(&path, OnFailure::Refuse)).await.unwrap();
    let client = connect(&log).await;
    client.call_tool(say(&json!({"word": "hush", "other": "!"}))).await.unwrap();
    client.call_tool(say(&json!({"other": "!", "word": "hush"}))).await.unwrap();
    client.call_tool(say(&json!({"word": "fail"}))).await.unwrap();
    client.call_tool(say(&json!({"sentence": "hush"}))).await.unwrap();
    client.call_tool(CallToolRequestParams::new("no_such_tool")).await.unwrap_err();
    client.read_resource(ReadResourceRequestParams::new("revarch://reviews/none")).await.unwrap_err();
    client.read_resource(ReadResourceRequestParams::new("revarch://reviews")).await.unwrap();
    client.get_prompt(GetPromptRequestParams::new("none")).await.unwrap_err();
    client.list_all_tools().await.unwrap();
    log.refuse(Refusal::new(401, "no token")).await;
    log.close().await;

    let records = records(&path);
    check_sound(&path, records.len() as u64);
    let told: Vec<_> = records
        .iter()
        .map(|record| {
            let of = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
            let number = |name: &str| record[name].as_i64().unwrap_or_default();
            format!(
                "{} {} {} {}{}{}",
                of("event"),
                of("method"),
                of("name"),
                of("outcome"),
                of("kind"),
                number("code")
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "started   0",
            "call tools/call say_word ok0",
            "call tools/call say_word ok0",
            "call tools/call say_word failedinput0",
            "call tools/call say_word failedinput0",
            "call tools/call no_such_tool error-32602",
            "call resources/read revarch://reviews/none error-32002",
            "call resources/read revarch://reviews ok0",
            "call prompts/get none error-32602",
            "refused   0",
            "stopped   0",
        ]
    );
    assert_eq!(records[1]["arguments_sha256"], records[2]["arguments_sha256"], "their order does not matter");
    assert_ne!(records[1]["arguments_sha256"], records[3]["arguments_sha256"]);
    assert_eq!((&records[1]["caller"], &records[1]["transport"]), (&json!("local"), &json!("stdio")));
    assert!(records[1]["result_bytes"].as_u64() > Some(50) && records[1].get("tenant").is_none());
    assert_eq!((&records[9]["status"], &records[9]["reason"]), (&json!(401), &json!("no token")));
    let text = fs::read_to_string(&path).unwrap();
    assert!(
        !text.contains("hush") && !text.contains("that word is not said"),
        "no argument, no answer: {text}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_calls_at_once_are_a_thousand_records() {
    let (_folder, path) = place();
    let config = Audit { max_bytes: Some(100_000), sync: Sync::Second, ..config(&path, OnFailure::Refuse) };
    let log = Log::open(&config).await.unwrap();
    let mut tasks = Vec::new();
    for task in 0..16 {
        let client = connect(&log).await;
        tasks.push(tokio::spawn(async move {
            for at in 0..(if task < 8 { 63 } else { 62 }) {
                client.call_tool(say(&json!({"word": format!("{task}-{at}")}))).await.unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let records = records(&path);
    check_sound(&path, records.len() as u64);
    let calls = records.iter().filter(|record| record["event"] == "call").count();
    assert_eq!(calls, 1000, "each was there before its answer");
    assert!(files(&path).len() > 2);
}

#[tokio::test]
async fn a_call_that_is_cancelled_is_told_as_such() {
    let (_folder, path) = place();
    let log = Log::open(&config(&path, OnFailure::Refuse)).await.unwrap();
    let client = connect(&log).await;
    let request = ClientRequest::CallToolRequest(CallToolRequest::new(say(&json!({"word": "wait"}))));
    let call = client.send_cancellable_request(request, PeerRequestOptions::no_options()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    call.cancel(None).await.unwrap();
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        if records(&path).len() > 1 {
            break;
        }
    }
    let records = records(&path);
    assert_eq!(records.get(1).map(|record| &record["outcome"]), Some(&json!("cancelled")), "{records:?}");
}

/// Takes the log's folder away for as long as `calls` are made.
async fn without_folder(path: &Path, calls: impl Future<Output = ()>) {
    let folder = path.parent().unwrap();
    let away = folder.with_file_name("away");
    fs::rename(folder, &away).unwrap();
    calls.await;
    fs::rename(&away, folder).unwrap();
}

#[tokio::test]
async fn while_the_log_cannot_be_written_nothing_is_done() {
    let (_folder, path) = place();
    let log = Log::open(&config(&path, OnFailure::Refuse)).await.unwrap();
    let client = connect(&log).await;
    let count = json!({"word": "count"});
    without_folder(&path, async {
        for _ in 0..3 {
            let error = client.call_tool(say(&count)).await.unwrap_err().to_string();
            assert!(error.contains("the audit log of this server cannot be written"), "{error}");
            assert!(!error.contains("logs"), "where it is, is the operator's to know: {error}");
        }
    })
    .await;
    assert_eq!(SAID.load(Ordering::SeqCst), 1, "the first found out, and its answer was held back");
    client.call_tool(say(&count)).await.unwrap();
    let records = records(&path);
    check_sound(&path, 3);
    assert_eq!((&records[1]["event"], &records[1]["missed"]), (&json!("resumed"), &json!(1)));
}

#[tokio::test]
async fn an_operator_may_want_calls_answered_all_the_same() {
    let (_folder, path) = place();
    let log = Log::open(&config(&path, OnFailure::Warn)).await.unwrap();
    let client = connect(&log).await;
    without_folder(&path, async {
        for _ in 0..3 {
            client.call_tool(say(&json!({"word": "hush"}))).await.unwrap();
        }
    })
    .await;
    client.call_tool(say(&json!({"word": "hush"}))).await.unwrap();
    let records = records(&path);
    check_sound(&path, 3);
    assert_eq!((&records[1]["event"], &records[1]["missed"]), (&json!("resumed"), &json!(3)));
}
