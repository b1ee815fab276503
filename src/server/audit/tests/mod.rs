//! What the log says is what happened, and every change of it shows.

mod chain;
mod crash;
mod server;
mod shared;

use super::{
    file::LogFile,
    record::{Call, Entry, Outcome},
    verify::{Expected, Report, verify},
};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

pub(super) fn call(name: &str) -> Entry {
    Entry::Call(Call {
        caller: "ci".to_owned(),
        tenant: Some("acme".to_owned()),
        transport: "http",
        method: "tools/call".to_owned(),
        name: name.to_owned(),
        arguments_sha256: "d".repeat(64),
        request_id: "7".to_owned(),
        outcome: Outcome::Failed { kind: "input" },
        duration_us: 1234,
        result_bytes: Some(99),
    })
}

/// A log of so many calls, in files of at most so many bytes.
pub(super) fn log(calls: usize, max_bytes: Option<u64>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    let mut log = LogFile::open(&path, max_bytes).unwrap();
    for at in 0..calls {
        log.append(&[call(&format!("tool_{at}"))]).unwrap();
    }
    (folder, path)
}

/// The files of a log, oldest first.
pub(super) fn files(path: &Path) -> Vec<PathBuf> {
    let mut files = super::files::full(path).unwrap();
    files.push(path.to_owned());
    files
}

pub(super) fn check(files: &[PathBuf]) -> Report {
    verify(files, &Expected::default()).unwrap()
}

#[track_caller]
pub(super) fn check_sound(path: &Path, records: u64) -> Report {
    let report = check(&files(path));
    assert_eq!((&report.wrong, report.records), (&None, records));
    report
}

/// The line that is wrong, and why.
#[track_caller]
pub(super) fn check_wrong(report: &Report, line: Option<u64>, said: &str) {
    let fault = report.wrong.as_ref().expect("a change goes unnoticed");
    assert!(!report.ok && fault.line == line && fault.reason.contains(said), "{fault:?}");
}

pub(super) fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

pub(super) fn put(path: &Path, lines: &[String]) {
    fs::write(path, lines.join("\n") + "\n").unwrap();
}
