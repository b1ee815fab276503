//! What is kept of tenants, from the shell.

use crate::support::{run, stderr, stdout};
use revarch_store::{ReviewRecord, Store};
use serde_json::json;
use std::path::Path;

async fn keep(file: &Path) {
    let store = Store::open(file).await.unwrap();
    for (name, view) in [("ours", store.clone()), ("acme", store.for_tenant("acme").unwrap())] {
        let made_at = "2026-11-22T09:00:00Z".parse().unwrap();
        let (json, markdown) = (json!({}), String::new());
        let review = ReviewRecord { id: "r1".to_owned(), made_at, subject: format!("of {name}"), json, markdown };
        view.save_review(&review).await.unwrap();
    }
    store.close().await;
}

#[tokio::test]
async fn each_command_is_about_one_tenant() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("revarch.db");
    keep(&file).await;
    let store = |arguments: &[&str]| {
        let output = run(&[&["store", "--store", file.to_str().unwrap()], arguments].concat());
        (output.status.code(), stdout(&output).to_owned(), stderr(&output).to_owned())
    };
    let (_, ours, _) = store(&["show"]);
    assert!(ours.contains("of ours") && !ours.contains("of acme") && ours.contains("TENANTS"), "{ours}");
    let (_, acmes, _) = store(&["show", "--tenant", "acme"]);
    assert!(acmes.contains("of acme") && !acmes.contains("of ours") && !acmes.contains("TENANTS"), "{acmes}");
    let (code, _, said) = store(&["show", "--tenant", "amce"]);
    assert!(code == Some(1) && said.contains("did you mean `acme`?"), "{said}");

    let export = folder.path().join("acme.jsonl");
    let export = export.to_str().unwrap();
    assert_eq!(store(&["export", export, "--tenant", "acme"]).0, Some(0));
    let text = std::fs::read_to_string(export).unwrap();
    assert!(text.contains("of acme") && !text.contains("of ours"), "{text}");
    assert_eq!(store(&["import", export, "--tenant", "globex"]).0, Some(0));
    assert!(store(&["show", "--tenant", "globex"]).1.contains("of acme"));
    assert!(!store(&["show"]).1.contains("of acme"));

    assert_eq!(store(&["delete", "review", "r1", "--tenant", "acme"]).0, Some(0));
    assert!(store(&["show"]).1.contains("of ours") && store(&["show", "--tenant", "globex"]).1.contains("r1"));
    let (code, _, said) = store(&["show", "--tenant", "acme"]);
    assert!(code == Some(1) && said.contains("nothing is kept of the tenant `acme`"), "{said}");
}
