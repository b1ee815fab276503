//! What a crash leaves stays where it is and is told.

use super::{call, check, check_sound, check_wrong, files, lines, log, put};
use crate::audit::{error::LogError, file::LogFile};
use proptest::prelude::*;
use std::fs;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Wherever a write is cut off, and the telling of it again, the log goes on and nothing is taken away.
    #[test]
    fn a_write_that_is_cut_off_is_told(cuts in proptest::collection::vec(any::<prop::sample::Index>(), 1..4)) {
        let (_folder, path) = log(2, None);
        for cut in cuts {
            let begun = fs::metadata(&path).unwrap().len();
            LogFile::open(&path, None).unwrap().append(&[call("cut off"), call("too")]).unwrap();
            let mut bytes = fs::read(&path).unwrap();
            let written = bytes.len() - usize::try_from(begun).unwrap();
            bytes.truncate(usize::try_from(begun).unwrap() + cut.index(written));
            fs::write(&path, &bytes).unwrap();
            // A restart.
            LogFile::open(&path, None).unwrap().append(&[call("after")]).unwrap();
            prop_assert!(fs::read(&path).unwrap().starts_with(&bytes), "what was there is there");
            let report = check(&files(&path));
            prop_assert!(report.ok, "{:?}", report.wrong);
        }
    }
}

#[test]
fn remains_are_told_with_their_size_and_cannot_be_altered() {
    let (_folder, path) = log(2, None);
    let mut text = fs::read_to_string(&path).unwrap();
    text.push_str("{\"sequence\":3,\"ti");
    fs::write(&path, &text).unwrap();
    check_wrong(&check(&files(&path)), Some(3), "it has no end");
    LogFile::open(&path, None).unwrap().append(&[call("after")]).unwrap();
    assert_eq!(check_sound(&path, 4).recovered, 1);
    let whole = lines(&path);
    assert!(whole[3].contains("\"event\":\"recovered\",\"bytes\":17,"), "{}", whole[3]);

    let mut altered = whole.clone();
    altered[2].push('m');
    put(&path, &altered);
    check_wrong(&check(&files(&path)), Some(3), "no record");
    let mut taken_out = whole;
    taken_out.remove(2);
    put(&path, &taken_out);
    check_wrong(&check(&files(&path)), Some(3), "the remains of a write that was cut off");
}

#[test]
fn the_first_write_may_be_cut_off_too() {
    for length in 0..100 {
        let (_folder, path) = log(1, None);
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..length]).unwrap();
        LogFile::open(&path, None).unwrap().append(&[call("after")]).unwrap();
        check_sound(&path, if length == 0 { 1 } else { 2 });
    }
}

#[test]
fn a_crash_between_two_files_loses_nothing() {
    let (_folder, path) = log(40, Some(3_000));
    let records = check(&files(&path)).records;
    fs::rename(&path, path.with_extension("jsonl.99")).unwrap();
    LogFile::open(&path, Some(3_000)).unwrap().append(&[call("after")]).unwrap();
    check_sound(&path, records + 2);
    // The new file may be there and empty.
    fs::rename(&path, path.with_extension("jsonl.100")).unwrap();
    fs::write(&path, "").unwrap();
    LogFile::open(&path, Some(3_000)).unwrap().append(&[call("after")]).unwrap();
    check_sound(&path, records + 4);
}

#[test]
fn a_log_whose_end_was_altered_is_not_gone_on_with() {
    let (_folder, path) = log(3, None);
    let mut changed = lines(&path);
    changed[2] = changed[2].replace("tool_2", "tool_7");
    put(&path, &changed);
    let before = fs::read(&path).unwrap();
    let error = LogFile::open(&path, None).err().unwrap();
    assert!(matches!(error, LogError::Altered { .. }), "{error}");
    assert!(error.hint().contains("revarch audit verify"));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_of_others_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("contacts.csv");
    for text in ["id,email\n1,a@example.com\n", "{\"sequence\":\"mine\"}\n", "x"] {
        fs::write(&path, text).unwrap();
        let error = LogFile::open(&path, None).err().unwrap();
        assert!(matches!(error, LogError::Foreign { .. } | LogError::Altered { .. }), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    let error = LogFile::open(&folder.path().join("none/audit.jsonl"), None).err().unwrap();
    assert!(error.to_string().contains("none/audit.jsonl") && error.hint().contains("folder"), "{error}");
}
