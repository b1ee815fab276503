//! Every list that was captured of a real server, audited through the tool.
//!
//! The lists are too large to carry. Where `REVARCH_TEST_DATA` points at a folder with
//! `catalog/toolslists/*.json`, each is audited alone and all of them together, in both forms and page by page.

use super::*;
use crate::testing::context;
use serde_json::json;
use std::{collections::BTreeSet, fs, path::PathBuf};

fn lists() -> Option<Vec<(String, Value)>> {
    let Some(folder) = std::env::var_os("REVARCH_TEST_DATA") else {
        eprintln!("skipped: REVARCH_TEST_DATA does not point at captured lists");
        return None;
    };
    let folder = PathBuf::from(folder).join("catalog/toolslists");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |path: &PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, serde_json::from_slice(&fs::read(path).unwrap()).unwrap())
    };
    Some(files.iter().map(read).collect())
}

/// All pages of an audit, each of which keeps to the bound.
async fn pages(lists: &Value, format: &str, context: &Context) -> Vec<Value> {
    let mut pages = Vec::new();
    let mut cursor = Value::Null;
    for _ in 0..1_000 {
        let input = json!({"tools_lists": lists, "response_format": format, "cursor": cursor});
        let input: Input = serde_json::from_value(input).unwrap();
        let Answer { structured, text } = AuditMcpCoverage::call(input, context).await.unwrap();
        assert!(text.lines().count() <= 60 && tokens::count(&text) < 3_000, "{text}");
        let page = serde_json::to_value(structured).unwrap();
        let tokens = tokens::count(&page.to_string());
        assert!(tokens < 10_000, "{tokens} tokens of {format} at {cursor}");
        cursor = page["next_cursor"].clone();
        pages.push(page);
        if cursor.is_null() {
            return pages;
        }
    }
    panic!("the pages do not end");
}

#[tokio::test]
async fn each_captured_list_is_audited_within_bounds() {
    let Some(lists) = lists() else { return };
    assert!(lists.len() >= 20, "{} lists", lists.len());
    for (name, list) in &lists {
        let context = context().await;
        let pasted = json!([{"platform": name, "server": name, "tools_list": list}]);
        let concise = pages(&pasted, "concise", &context).await;
        let server = &concise[0]["servers"][0];
        let tools = server["tools"].as_u64().unwrap();
        let quality = server["quality"]["score"].as_f64().unwrap();
        assert!((1.0..=5.0).contains(&quality), "{name}: {quality}");
        assert!(server["context_tokens"].as_u64().unwrap() >= 20 * tools, "{name}: {server}");
        let detailed = pages(&pasted, "detailed", &context).await;
        let told: usize = detailed.iter().filter_map(|page| page["tools"].as_array()).map(Vec::len).sum();
        assert_eq!(told as u64, tools, "{name}: each tool stands on one page");
        let found: Vec<&Value> =
            detailed.iter().flat_map(|page| page["findings"].as_array().unwrap()).collect();
        assert_eq!(found.len() as u64, detailed[0]["findings_total"].as_u64().unwrap(), "{name}");
        assert!(found.iter().all(|finding| !finding["fix"].as_array().unwrap().is_empty()), "{name}");
        // None of these lists is poisoned: a security blocker would be a rule that sees ghosts.
        let ghosts: BTreeSet<&str> = found
            .iter()
            .filter(|finding| {
                finding["severity"] == "blocker"
                    && finding["id"].as_str().unwrap().starts_with("mcp.security.")
            })
            .map(|finding| finding["id"].as_str().unwrap())
            .collect();
        assert_eq!(ghosts, BTreeSet::new(), "{name}");
        eprintln!(
            "{name}: {tools} tools, {} tokens, tier {}, {} findings",
            server["context_tokens"],
            server["quality"]["tier"],
            found.len()
        );
    }
}

#[tokio::test]
async fn all_captured_lists_together_are_audited_within_bounds() {
    let Some(lists) = lists() else { return };
    let mut pasted = Vec::new();
    for (at, (name, list)) in lists.iter().enumerate() {
        // Several lists may be of one platform; each stands for a system of its own here.
        pasted.push(json!({"platform": format!("{name} number {at}"), "server": name, "tools_list": list}));
    }
    let context = context().await;
    let concise = pages(&json!(pasted), "concise", &context).await;
    assert_eq!(concise[0]["servers_total"].as_u64().unwrap(), lists.len() as u64);
    let total = concise[0]["context_tokens"].as_u64().unwrap();
    assert!(total > 100_000, "{total} tokens");
    let findings = concise[0]["findings"].as_array().unwrap();
    assert!(
        findings.iter().any(|finding| finding["id"].as_str().unwrap().starts_with("mcp.security.")),
        "{findings:?}"
    );
}
