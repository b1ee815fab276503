//! Every change shows, and shows where it was made.

use super::{Expected, call, check, check_sound, check_wrong, files, lines, log, put, verify};
use crate::audit::{file::LogFile, record::Entry};
use proptest::prelude::*;
use serde_json::Value;
use std::fs;

#[test]
fn a_log_as_it_was_written_is_sound() {
    let (_folder, path) = log(5, None);
    let report = check_sound(&path, 5);
    let last: Value = serde_json::from_str(&lines(&path)[4]).unwrap();
    assert_eq!((report.first, report.last, report.recovered), (Some(1), Some(5), 0));
    assert_eq!(report.head.as_deref(), last["hash"].as_str());
    assert_eq!(report.last_time.unwrap().to_string(), last["time"]);
    for (member, value) in [
        ("event", "call"),
        ("caller", "ci"),
        ("tenant", "acme"),
        ("transport", "http"),
        ("method", "tools/call"),
        ("name", "tool_4"),
        ("outcome", "failed"),
        ("kind", "input"),
        ("request_id", "7"),
    ] {
        assert_eq!(last[member], value, "{member}");
    }
}

#[test]
fn an_empty_log_has_no_records() {
    let (_folder, path) = log(0, None);
    assert_eq!(check_sound(&path, 0).head, None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_byte_that_is_altered_shows_in_its_line(at in any::<prop::sample::Index>(), other in 1..=255_u8) {
        let (_folder, path) = log(4, None);
        let mut bytes = fs::read(&path).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= other;
        fs::write(&path, &bytes).unwrap();
        let line = bytes[..at].split(|byte| *byte == b'\n').count() as u64;
        let fault = check(&files(&path)).wrong.expect("it goes unnoticed");
        prop_assert_eq!(fault.line, Some(line));
    }

    /// Taking out, putting in and moving bytes are changes too.
    #[test]
    fn no_other_text_is_taken_for_the_log(
        from in any::<prop::sample::Index>(),
        length in 0..400_usize,
        instead in "[ -~\n]{0,40}",
    ) {
        let (_folder, path) = log(4, None);
        let before = fs::read(&path).unwrap();
        let from = from.index(before.len());
        let to = (from + length).min(before.len());
        let bytes = [&before[..from], instead.as_bytes(), &before[to..]].concat();
        let is_beginning = before.starts_with(bytes.strip_suffix(b"\n").unwrap_or(&bytes));
        prop_assume!(!is_beginning);
        fs::write(&path, &bytes).unwrap();
        prop_assert!(check(&files(&path)).wrong.is_some());
    }
}

#[test]
fn a_record_that_is_taken_out_is_missing() {
    let (_folder, path) = log(6, None);
    let whole = lines(&path);
    for at in 0..5 {
        let mut left = whole.clone();
        left.remove(at);
        put(&path, &left);
        let line = at as u64 + 1;
        check_wrong(&check(&files(&path)), Some(line), &format!("record {line} is missing before it"));
    }
    put(&path, &[&whole[..1], &whole[4..]].concat());
    check_wrong(&check(&files(&path)), Some(2), "records 2 to 4 are missing before it");
}

#[test]
fn records_that_change_places_are_out_of_order() {
    let (_folder, path) = log(6, None);
    let whole = lines(&path);
    for at in 0..5 {
        let mut swapped = whole.clone();
        swapped.swap(at, at + 1);
        put(&path, &swapped);
        check_wrong(&check(&files(&path)), Some(at as u64 + 1), "out of order");
        let mut doubled = whole.clone();
        doubled.insert(at, whole[at].clone());
        put(&path, &doubled);
        check_wrong(&check(&files(&path)), Some(at as u64 + 2), "out of order");
    }
}

#[test]
fn a_record_of_another_log_does_not_follow() {
    let ((_one, path), (_other, foreign)) = (log(4, None), log(4, None));
    let mut mixed = lines(&path);
    mixed[2].clone_from(&lines(&foreign)[2]);
    put(&path, &mixed);
    check_wrong(&check(&files(&path)), Some(3), "was written after another");
}

#[test]
fn an_end_that_is_cut_off_shows_to_those_who_kept_its_hash() {
    let (_folder, path) = log(6, None);
    let head = check_sound(&path, 6).head;
    let whole = lines(&path);
    put(&path, &whole[..4]);
    check_sound(&path, 4);
    let expect = |head, count| verify(&files(&path), &Expected { head, count }).unwrap();
    check_wrong(&expect(head.clone(), None), None, "the end of the log is missing");
    check_wrong(&expect(None, Some(6)), None, "ends with record 4, and 6 records were expected");
    put(&path, &whole);
    assert!(expect(head.clone(), Some(6)).ok);
    LogFile::open(&path, None).unwrap().append(&[call("later")]).unwrap();
    let grown = expect(head, Some(6));
    assert_eq!((grown.ok, grown.expected_head_at, grown.last), (true, Some(6), Some(7)));
}

#[test]
fn a_file_that_is_full_is_followed_by_another() {
    let (_folder, path) = log(40, Some(3_000));
    let all = files(&path);
    assert!(all.len() > 3, "{all:?}");
    for file in &all {
        assert!(fs::metadata(file).unwrap().len() < 4_000);
    }
    // Each file but the first begins with a record that names the one before.
    let report = check_sound(&path, 40 + all.len() as u64 - 1);
    assert_eq!(report.first, Some(1));
    let first: Value = serde_json::from_str(&lines(&all[1])[0]).unwrap();
    assert_eq!((&first["event"], &first["file"]), (&"continued".into(), &"audit.jsonl.1".into()));

    let later = check(&all[1..]);
    assert_eq!((later.ok, later.first), (true, first["sequence"].as_u64()));
    let without_second = [&all[..1], &all[2..]].concat();
    check_wrong(&check(&without_second), Some(1), "missing before it");
    let mut shortened = lines(&all[0]);
    shortened.pop();
    put(&all[0], &shortened);
    check_wrong(&check(&all), Some(1), "missing before it");
}

#[test]
fn a_full_file_that_lost_its_beginning_does_not_pass_for_a_later_one() {
    let (_folder, path) = log(40, Some(3_000));
    let all = files(&path);
    let mut left = lines(&all[1]);
    left.remove(0);
    put(&all[1], &left);
    check_wrong(&check(&all[1..]), Some(1), "missing before it");
}

#[test]
fn no_name_can_forge_a_line() {
    let (_folder, path) = log(1, None);
    let forged = lines(&path)[0].clone();
    let names = [
        format!("x\"}}\n{forged}\n"),
        "\u{1b}[2J\u{1b}[31mred\r\n\u{7f}\u{85}\u{2028}".to_owned(),
        "\u{202e}txt.exe\u{2066}\u{200b}\u{feff}".to_owned(),
        "\u{0}😀é".to_owned(),
        "x".repeat(10_000),
    ];
    let mut log = LogFile::open(&path, None).unwrap();
    for name in &names {
        let Entry::Call(mut record) = call("") else { unreachable!() };
        record.name = crate::audit::record::clipped(name);
        log.append(&[Entry::Call(record)]).unwrap();
    }
    check_sound(&path, 6);
    let bytes = fs::read(&path).unwrap();
    assert!(bytes.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n')), "only printable ASCII");
    for (line, name) in lines(&path)[1..].iter().zip(&names) {
        let record: Value = serde_json::from_str(line).unwrap();
        let kept = record["name"].as_str().unwrap();
        assert!(kept == name || (kept.len() < 600 && kept.ends_with("...")), "{kept}");
    }
}
