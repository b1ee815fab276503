//! Frameworks and benchmarks through the protocol: resources, completions, prompts, and the toolset that has to be
//! asked for.

use crate::support::{EVERY_TOOLSET, Http, Pipe, message, modern, revarch, run, stderr, tools};
use serde_json::{Value, json};
use std::{fs, process::Stdio};

fn ask(pipe: &mut Pipe, method: &str, params: &Value) -> Value {
    let answer = pipe.ask(&json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}));
    assert!(answer["error"].is_null(), "{method}: {answer}");
    answer["result"].clone()
}

fn read(pipe: &mut Pipe, uri: &str) -> String {
    let result = ask(pipe, "resources/read", &json!({"uri": uri}));
    result["contents"][0]["text"].as_str().unwrap().to_owned()
}

fn complete(pipe: &mut Pipe, of: &Value, name: &str, begun: &str) -> Vec<String> {
    let params = json!({"ref": of, "argument": {"name": name, "value": begun}});
    let result = ask(pipe, "completion/complete", &params);
    serde_json::from_value(result["completion"]["values"].clone()).unwrap()
}

#[test]
fn every_listed_page_can_be_read() {
    let mut pipe = Pipe::open(&[]);
    let listed = ask(&mut pipe, "resources/list", &json!({}));
    let resources = listed["resources"].as_array().unwrap();
    for name in ["lenses", "benchmarks", "glossary", "tables", "contradictions"] {
        let uri = format!("revarch://{name}");
        assert!(resources.iter().any(|resource| resource["uri"] == *uri), "{uri} is not listed");
    }
    for resource in resources {
        assert!(!read(&mut pipe, resource["uri"].as_str().unwrap()).is_empty());
    }
    let glossary: Value = serde_json::from_str(&read(&mut pipe, "revarch://glossary")).unwrap();
    assert_eq!(glossary.as_array().unwrap().len(), 25);
    assert!(read(&mut pipe, "revarch://tables/budget_ranges.md").contains("105%"));
}

#[test]
fn names_are_completed_in_templates_and_prompts() {
    let mut pipe = Pipe::open(&[]);
    let template = |uri: &str| json!({"type": "ref/resource", "uri": uri});
    let prompt = |name: &str| json!({"type": "ref/prompt", "name": name});
    for (of, argument, begun, wanted) in [
        (template("revarch://lenses/{name}"), "name", "RM", "rm6"),
        (template("revarch://lenses/{name}.md"), "name", "roi", "roi_engine"),
        (template("revarch://tables/{name}"), "name", "bud", "budget_ranges"),
        (template("revarch://contradictions/{id}"), "id", "c0", "c07"),
        (template("revarch://knowledge/{id}"), "id", "stack.s", "stack.size"),
        (prompt("architecture_review"), "lens", "agen", "agentic_architecture"),
        (prompt("architecture_review"), "focus", "le", "leads"),
        (prompt("mcp_gap_review"), "platforms", "hub", "HubSpot"),
        (prompt("mcp_gap_review"), "platforms", "HubSpot, mark", "HubSpot, Marketo"),
        (prompt("mcp_gap_review"), "workflow", "inb", "inbound_research"),
    ] {
        let found = complete(&mut pipe, &of, argument, begun);
        assert!(found.iter().any(|value| value == wanted), "{of} {argument} {begun}: {found:?}");
    }
}

#[test]
fn knowledge_has_to_be_asked_for() {
    let names = |listed: &[Value]| listed.iter().map(|tool| tool["name"].clone()).collect::<Vec<_>>();
    assert!(!names(&tools()).contains(&json!("search")));
    let call = |pipe: &mut Pipe| {
        let params = json!({"name": "search", "arguments": {"query": "stack size"}});
        pipe.ask(&json!({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": params}))
    };
    let refused = call(&mut Pipe::open(&[]));
    let reason = refused["error"]["message"].as_str().unwrap();
    assert!(reason.contains("toolset `knowledge`") && reason.contains("--toolsets"), "{reason}");

    let mut pipe = Pipe::open(&["--toolsets", "knowledge"]);
    let listed = ask(&mut pipe, "tools/list", &json!({}));
    assert_eq!(names(listed["tools"].as_array().unwrap()), ["search", "fetch"]);
    assert_eq!(call(&mut pipe)["result"]["structuredContent"]["results"][0]["id"], "knowledge/stack.size");
    let prompts = ask(&mut pipe, "prompts/list", &json!({}));
    assert_eq!(prompts["prompts"], json!([]), "no prompt can be carried by these tools");
}

#[test]
fn the_configuration_chooses_toolsets_and_the_command_line_overrides_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.toml");
    let list = |text: &str, more: &[&str]| {
        fs::write(&file, text).unwrap();
        let config = ["tools", "--format", "json", "--config", file.to_str().unwrap()];
        let output = revarch(&[&config, more].concat()).stdin(Stdio::null()).output().unwrap();
        let tools: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap_or_default();
        (tools.iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>(), output)
    };
    assert_eq!(list("toolsets = [\"knowledge\"]", &[]).0, ["search", "fetch"]);
    let (overridden, _) = list("toolsets = [\"knowledge\"]", &["--toolsets", "data"]);
    assert!(overridden[0] == "describe_data" && !overridden.iter().any(|name| name == "search"), "{overridden:?}");
    for (text, reason) in [("toolsets = []", "is empty"), ("toolsets = [\"knowlege\"]", "did you mean `knowledge`?")] {
        let (_, output) = list(text, &[]);
        assert!(!output.status.success() && stderr(&output).contains(reason), "{}", stderr(&output));
    }
    let output = run(&["tools", "--toolsets", "knowlege"]);
    assert!(stderr(&output).contains("did you mean `knowledge`?"), "{}", stderr(&output));
}

/// What a deep-research client does: search, then fetch each of what was found.
#[tokio::test]
async fn what_is_found_over_http_can_be_fetched() {
    let server = Http::start(&["--toolsets", EVERY_TOOLSET]);
    let call = async |name: &str, arguments: Value| {
        let request = modern(1, "tools/call", json!({"name": name, "arguments": arguments}));
        let answer = message(server.post_modern(&request).send().await.unwrap()).await;
        let content = answer["result"]["content"].as_array().unwrap().clone();
        assert_eq!(content.len(), 1, "one text item: {answer}");
        let text: Value = serde_json::from_str(content[0]["text"].as_str().unwrap()).unwrap();
        assert_eq!(text, answer["result"]["structuredContent"]);
        text
    };
    let found = call("search", json!({"query": "how should the budget be split"})).await;
    for hit in found["results"].as_array().unwrap() {
        let whole = call("fetch", json!({"id": hit["id"]})).await;
        assert_eq!([&whole["id"], &whole["title"], &whole["url"]], [&hit["id"], &hit["title"], &hit["url"]]);
        assert!(whole["text"].as_str().unwrap().len() > 80, "{whole}");
    }
}
