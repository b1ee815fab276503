//! Several write to one log.

use super::{call, check, check_sound, files, lines, log, put};
use crate::audit::{error::LogError, file::LogFile};
use std::{collections::BTreeMap, fs, path::Path, thread};

fn names(path: &Path) -> BTreeMap<String, usize> {
    let mut names = BTreeMap::new();
    for line in files(path).iter().flat_map(|file| lines(file)) {
        let record: serde_json::Value = serde_json::from_str(&line).unwrap();
        if let Some(name) = record["name"].as_str() {
            *names.entry(name.to_owned()).or_default() += 1;
        }
    }
    names
}

/// Each has the log open by itself, as processes have.
fn write_from_many(max_bytes: Option<u64>) {
    let (_folder, path) = log(0, None);
    thread::scope(|scope| {
        for writer in 0..4 {
            let path = &path;
            scope.spawn(move || {
                let mut log = LogFile::open(path, max_bytes).unwrap();
                for at in 0..100 {
                    log.append(&[call(&format!("{writer}-{at}"))]).unwrap();
                }
            });
        }
    });
    let report = check(&files(&path));
    assert_eq!(report.wrong, None);
    let names = names(&path);
    assert_eq!((names.len(), names.values().copied().max()), (400, Some(1)));
}

#[test]
fn writers_take_turns() {
    write_from_many(None);
}

#[test]
fn writers_take_turns_over_many_files() {
    write_from_many(Some(2_000));
}

#[test]
fn one_tells_what_another_left_when_it_died() {
    let (_folder, path) = log(1, None);
    let mut here = LogFile::open(&path, None).unwrap();
    here.append(&[call("here")]).unwrap();
    let mut there = LogFile::open(&path, None).unwrap();
    there.append(&[call("there")]).unwrap();
    let text = fs::read_to_string(&path).unwrap() + "{\"sequence\":4,\"time";
    fs::write(&path, text).unwrap();
    here.append(&[call("here")]).unwrap();
    assert_eq!(check_sound(&path, 5).recovered, 1);
    there.append(&[call("there")]).unwrap();
    check_sound(&path, 6);
}

#[test]
fn a_log_that_is_cut_short_or_exchanged_in_use_is_not_gone_on_with() {
    let (_folder, path) = log(4, None);
    let whole = lines(&path);
    let (_other, foreign) = log(9, None);
    let foreign = lines(&foreign);
    for changed in [&whole[..3], &whole[..0], &foreign[..]] {
        put(&path, &whole);
        let mut log = LogFile::open(&path, None).unwrap();
        log.append(&[call("mine")]).unwrap();
        if changed.is_empty() {
            fs::remove_file(&path).unwrap();
        } else {
            put(&path, changed);
        }
        let error = log.append(&[call("mine")]).unwrap_err();
        assert!(matches!(error, LogError::Exchanged { .. }), "{error}");
    }
}
