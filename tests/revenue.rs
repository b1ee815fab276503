//! Metrics and pipeline risk through the tools: what was planted in the sample company comes out again.

use crate::support::{NOW, run, stderr, stdout};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs};

/// Deals are few among contacts, so the company is larger than that of other tests.
fn company(clean: bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let company = revarch_sample::Company { contacts: 6_000, seed: 3, now: NOW.parse().unwrap(), clean };
    revarch_sample::write(&company, folder.path(), &mut |_, _| {}).unwrap();
    folder
}

fn call(folder: &tempfile::TempDir, tool: &str, arguments: &Value) -> Value {
    let (text, data) = (arguments.to_string(), folder.path().display().to_string());
    let output = run(&["call", tool, "--args", &text, "--data", &data, "--now", NOW]);
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_str(stdout(&output)).unwrap()
}

/// The open deals that are told to be stalled, page after page.
fn stalled(folder: &tempfile::TempDir) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut cursor = Value::Null;
    loop {
        let page = call(folder, "find_pipeline_risk", &json!({"response_format": "detailed", "cursor": cursor}));
        for deal in page["deals"].as_array().unwrap() {
            let is_stalled = deal["reasons"].as_array().unwrap().iter().any(|reason| reason["reason"] == "stalled");
            found.extend(is_stalled.then(|| deal["id"].as_str().unwrap().to_owned()));
        }
        cursor = page["next_cursor"].clone();
        if cursor.is_null() {
            return found;
        }
    }
}

#[test]
fn planted_stalled_deals_are_recovered() {
    let folder = company(false);
    let truth: Value = serde_json::from_str(&fs::read_to_string(folder.path().join("truth.json")).unwrap()).unwrap();
    let planted: BTreeSet<String> =
        truth["stalled_deals"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
    assert!(planted.len() >= 10, "{planted:?}");
    let found = stalled(&folder);
    let both = found.intersection(&planted).count() as f64;
    let (precision, recall) = (both / found.len() as f64, both / planted.len() as f64);
    println!("stalled deals: {} planted, {} found, precision {precision:.2}, recall {recall:.2}", planted.len(), found.len());
    assert!(recall >= 0.95 && precision >= 0.8, "precision {precision}, recall {recall}");
}

#[test]
fn nothing_stalls_where_nothing_is_stuck() {
    assert!(stalled(&company(true)).is_empty());
}
