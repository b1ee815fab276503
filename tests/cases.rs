//! Every case beside a tool, run through a real client over each transport.
//!
//! A case is `{"name", "arguments", "expect": {"is_error", "text_contains", "structured"}}`, where
//! `structured` maps a JSON pointer to the value there. It runs over the sample company, or without any data
//! where it says `"data": "none"`.

use crate::support::{EVERY_TOOLSET, Http, whole, NOW, PATIENCE, over_sample, revarch};
use rmcp::{
    RoleClient,
    model::{CallToolRequestParams, ProtocolVersion},
    service::{ClientLifecycleMode, ClientServiceExt as _, RunningService},
    transport::{StreamableHttpClientTransport, TokioChildProcess},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::{collections::BTreeMap, fs, path::Path};

type Client = RunningService<RoleClient, ()>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    data: Data,
    #[serde(default)]
    arguments: Map<String, Value>,
    expect: Expect,
}

#[derive(Default, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Data {
    #[default]
    Sample,
    None,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    is_error: bool,
    #[serde(default)]
    text_contains: Vec<String>,
    #[serde(default)]
    structured: BTreeMap<String, Value>,
}

/// The cases by their tool, and the file each is in.
fn cases() -> Vec<(String, String, Case)> {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools");
    let mut found = Vec::new();
    for tool in fs::read_dir(tools).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(files) = fs::read_dir(tool.join("cases")) else { continue };
        let name = tool.file_name().unwrap().to_str().unwrap().to_owned();
        for file in files.map(|entry| entry.unwrap().path()) {
            let place = format!("{name}/{}", file.file_name().unwrap().display());
            let text = fs::read_to_string(&file).unwrap();
            let case = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{place}: {error}"));
            found.push((name.clone(), place, case));
        }
    }
    found.sort_by(|one, other| one.1.cmp(&other.1));
    found
}

/// What is wrong with the answer to a case.
async fn faults(client: &Client, tool: &str, case: &Case) -> Result<Vec<String>, String> {
    let call = CallToolRequestParams::new(tool.to_owned()).with_arguments(case.arguments.clone());
    let answer = tokio::time::timeout(PATIENCE, client.call_tool(call)).await;
    let result = answer.map_err(|_| "no answer in time".to_owned())?.map_err(|error| error.to_string())?;
    let texts: Vec<_> = result.content.iter().filter_map(|block| Some(block.as_text()?.text.as_str())).collect();
    let text = texts.join("\n");
    let mut faults = Vec::new();
    if result.is_error.unwrap_or(false) != case.expect.is_error {
        return Err(format!("is_error is not {}: {text}", case.expect.is_error));
    }
    for wanted in &case.expect.text_contains {
        if !text.contains(wanted) {
            faults.push(format!("the text lacks {wanted:?}: {text}"));
        }
    }
    let Some(structured) = result.structured_content else {
        if !case.expect.is_error {
            faults.push("there is no structured content".to_owned());
        }
        return Ok(faults);
    };
    if case.expect.is_error {
        faults.push("a failure has structured content".to_owned());
    }
    for (pointer, wanted) in &case.expect.structured {
        let pointer = if pointer.starts_with('/') { pointer.clone() } else { format!("/{pointer}") };
        let found = structured.pointer(&pointer).unwrap_or(&Value::Null);
        if found != wanted {
            faults.push(format!("{pointer} is {found}, not {wanted}"));
        }
    }
    faults.extend(misfits(tool, &structured));
    Ok(faults)
}

/// Where the structured result leaves its tool's output schema, of which clients see the outline.
fn misfits(tool: &str, structured: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(&whole(tool)["outputSchema"]).unwrap();
    let place = |error: jsonschema::ValidationError| format!("{} breaks the schema: {error}", error.instance_path());
    validator.iter_errors(structured).map(place).collect()
}

/// Runs the cases of a kind of data, and tells all that fail.
async fn check(client: &Client, data: &Data) {
    let cases: Vec<_> = cases().into_iter().filter(|(_, _, case)| case.data == *data).collect();
    let mut failed = Vec::new();
    for (tool, place, case) in &cases {
        let faults = faults(client, tool, case).await.unwrap_or_else(|fault| vec![fault]);
        failed.extend(faults.iter().map(|fault| format!("{place}: {}: {fault}", case.name)));
    }
    assert!(failed.is_empty(), "{} faults in {} cases:\n{}", failed.len(), cases.len(), failed.join("\n"));
}

fn arguments(data: &Data) -> Vec<String> {
    let mut arguments = match data {
        Data::Sample => over_sample(),
        Data::None => vec!["--now".to_owned(), NOW.to_owned()],
    };
    arguments.extend(["--toolsets".to_owned(), EVERY_TOOLSET.to_owned()]);
    arguments
}

async fn over_stdio(data: Data) {
    let mut command = revarch(&["serve"]);
    command.args(arguments(&data));
    let transport = TokioChildProcess::new(tokio::process::Command::from(command)).unwrap();
    let client = ().serve_with_lifecycle(transport, ClientLifecycleMode::Initialize).await.unwrap();
    check(&client, &data).await;
    client.cancel().await.unwrap();
}

async fn over_http(data: Data) {
    let arguments = arguments(&data);
    let server = Http::start(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let transport = StreamableHttpClientTransport::from_uri(server.url("/mcp"));
    let modern = ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] };
    let client = ().serve_with_lifecycle(transport, modern).await.unwrap();
    check(&client, &data).await;
    client.cancel().await.unwrap();
}

#[tokio::test]
async fn stdio_over_the_sample() {
    over_stdio(Data::Sample).await;
}

#[tokio::test]
async fn stdio_without_data() {
    over_stdio(Data::None).await;
}

#[tokio::test]
async fn http_over_the_sample() {
    over_http(Data::Sample).await;
}

#[tokio::test]
async fn http_without_data() {
    over_http(Data::None).await;
}

#[test]
fn every_tool_has_cases_and_every_case_a_tool() {
    let tools = crate::support::every_tool();
    let names: Vec<_> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    let cases = cases();
    for name in &names {
        assert!(cases.iter().any(|(tool, ..)| tool == name), "tools/{name}/cases is empty");
    }
    for (tool, place, _) in &cases {
        assert!(names.contains(&tool.as_str()), "{place}: there is no tool `{tool}`");
    }
}
