//! Data as it really comes: broken files, through the real server, which goes on serving and changes nothing.

use crate::support::{revarch, stderr, stdout};
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::Path};

/// A folder with one good table and one file of every bad sort.
fn bad_company() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("contacts.csv", "\u{feff}contact_id,email,email\n1,a@x.example,\n2,n/a,b@x.example\n".as_bytes());
    write("empty.csv", b"");
    write("header_only.csv", b"lead_id,lead_source\n");
    write("ragged.csv", b"deal_id,stage\n1,open\n2\n");
    write("latin.csv", b"account_id,company_name\n1,Caf\xE9\n");
    write("not.parquet", b"PAR0");
    folder
}

fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.display().to_string(), fs::read(path).unwrap())).collect()
}

fn call(folder: &Path, tool: &str, arguments: &str) -> std::process::Output {
    let folder = folder.to_str().unwrap();
    revarch(&["--data", folder, "call", tool, "--args", arguments]).output().unwrap()
}

#[test]
fn every_broken_file_is_told_with_a_next_step_and_the_rest_is_read() {
    let folder = bad_company();
    let before = contents(folder.path());
    let output = call(folder.path(), "describe_data", "{}");
    assert!(output.status.success(), "{}", stderr(&output));
    let described: Value = serde_json::from_str(stdout(&output)).unwrap();
    let problems = described["problems"].as_array().unwrap();
    let mut files: Vec<&str> = problems.iter().map(|problem| problem["file"].as_str().unwrap()).collect();
    files.sort_unstable();
    assert_eq!(files, ["empty.csv", "not.parquet"]);
    assert!(problems.iter().all(|problem| !problem["hint"].as_str().unwrap().is_empty()));
    let table = |name: &str| {
        let tables = described["tables"].as_array().unwrap();
        tables.iter().find(|table| table["name"] == name).cloned().unwrap()
    };
    assert_eq!(table("ragged")["rows"], 1, "the rest of a file is read");
    assert!(table("ragged")["left_out"][0].as_str().unwrap().contains("line 3"), "{described}");
    assert!(table("latin")["notes"][0].as_str().unwrap().contains("Windows-1252"), "{described}");

    let contacts = table("contacts");
    assert_eq!(contacts["columns"][0]["name"], "contact_id", "the byte order mark is no part of the name");
    assert_eq!(contacts["columns"][2]["name"], "email_2");
    assert!(contacts["notes"][0].as_str().unwrap().contains("repeats the name `email`"));
    assert_eq!(table("header_only")["rows"], 0, "a header alone is a table without rows");
    assert_eq!(contents(folder.path()), before, "nothing the user gave is changed");
}

#[test]
fn what_was_not_read_keeps_readiness_from_passing() {
    let folder = bad_company();
    let output = call(folder.path(), "check_data_readiness", "{}");
    assert!(output.status.success(), "{}", stderr(&output));
    let readiness: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_ne!(readiness["verdict"], "ready");
    let ids: Vec<&str> = readiness["findings"].as_array().unwrap().iter().map(|finding| finding["id"].as_str().unwrap()).collect();
    for unread in ["unread.ragged", "unread.empty.csv", "unread.not.parquet"] {
        assert!(ids.contains(&unread), "{unread} is not in {ids:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_out_is_not_followed() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.csv"), "contact_id\n1\n").unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.csv"), folder.path().join("contacts.csv")).unwrap();
    let output = call(folder.path(), "describe_data", r#"{"tables": ["contacts"]}"#);
    assert_eq!(output.status.code(), Some(1));
    let all = call(folder.path(), "describe_data", "{}");
    assert!(stdout(&all).contains("leads out of the data folder"), "{}", stdout(&all));
}

#[test]
fn the_mapping_of_the_configuration_overrides_the_guess() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("people.csv"), "key,mail\n1,a@x.example\n").unwrap();
    let config = folder.path().join("revarch.toml");
    let run = |text: &str| {
        fs::write(&config, text).unwrap();
        revarch(&["--config", config.to_str().unwrap(), "call", "describe_data"]).output().unwrap()
    };
    let output = run("data = [\".\"]\n[tables.people]\nentity = \"contact\"\ncolumns = { key = \"id\" }\n");
    assert!(output.status.success(), "{}", stderr(&output));
    let described: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!(described["tables"][0]["entity"]["name"], "contact");
    assert_eq!(described["tables"][0]["entity"]["confidence"], 1.0);
    assert_eq!(described["tables"][0]["columns"][0]["role"]["name"], "id");

    let wrong = run("data = [\".\"]\n[tables.people]\ncolumns = { kee = \"id\" }\n");
    assert!(!wrong.status.success());
    assert!(stderr(&wrong).contains("no column `kee`"), "{}", stderr(&wrong));
}
