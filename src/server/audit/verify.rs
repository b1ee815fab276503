//! Whether a log is as it was written.

use super::chain::{Head, Record, Walk, Wrong, parse};
use anyhow::Context as _;
use jiff::Timestamp;
use serde::Serialize;
use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
};

/// What a log has to hold at least, as somebody knows who kept it elsewhere.
#[derive(Clone, Debug, Default)]
pub(super) struct Expected {
    /// The hash of some record.
    pub(super) head: Option<String>,
    /// So many records.
    pub(super) count: Option<u64>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Report {
    /// Whether nothing is wrong.
    pub(super) ok: bool,
    /// The records that follow on each other, up to the first that is wrong.
    pub(super) records: u64,
    /// The number of the first; not 1 where earlier files were not given.
    pub(super) first: Option<u64>,
    /// The number of the last.
    pub(super) last: Option<u64>,
    pub(super) first_time: Option<Timestamp>,
    pub(super) last_time: Option<Timestamp>,
    /// The hash of the last.
    pub(super) head: Option<String>,
    /// Writes that a crash cut off, of each of which a record tells.
    pub(super) recovered: u64,
    /// The number of the record whose hash was expected.
    pub(super) expected_head_at: Option<u64>,
    /// The first thing that is wrong.
    pub(super) wrong: Option<Fault>,
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Fault {
    pub(super) file: PathBuf,
    /// The line, from 1; none where it is the end.
    pub(super) line: Option<u64>,
    pub(super) reason: String,
}

/// The file, by its place in the list, and the line.
type At = (usize, u64);

/// Follows the chain through files that were sorted by age.
pub(super) fn verify(files: &[PathBuf], expected: &Expected) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let mut walk = Walk::from(None);
    let mut wrong = None;
    for (at, file) in files.iter().enumerate() {
        if let Err(found) = follow(file, at, &mut walk, expected, &mut report)? {
            wrong = Some(found);
            break;
        }
    }
    report.recovered = walk.recovered;
    report.head = walk.end().0.map(|Head { hash, .. }| hash);
    report.wrong = match wrong {
        Some(((file, line), wrong)) => {
            let reason = described(files, &wrong)?;
            Some(Fault { file: files[file].clone(), line: Some(line), reason })
        }
        None => files.last().and_then(|file| {
            let reason = cut_off(&report, expected)?;
            Some(Fault { file: file.clone(), line: None, reason })
        }),
    };
    report.ok = report.wrong.is_none();
    Ok(report)
}

/// Follows the chain through one file.
fn follow(
    file: &Path,
    at: usize,
    walk: &mut Walk<At>,
    expected: &Expected,
    report: &mut Report,
) -> anyhow::Result<Result<(), (At, Wrong)>> {
    let mut is_ended = true;
    let followed = each_line(file, |number, line| {
        let text = line.strip_suffix(b"\n");
        is_ended = text.is_some();
        let found = walk.line((at, number), text.unwrap_or(line))?;
        if let Some(record) = found {
            count(&record, expected, report);
        }
        Ok(())
    })?;
    Ok(followed.and_then(|()| match walk.broken_off() {
        Some((at, _)) if !is_ended => Err((at, Wrong::Unfinished)),
        Some(found) => Err(found),
        None => Ok(()),
    }))
}

fn count(record: &Record, expected: &Expected, report: &mut Report) {
    let Record { sequence, time, hash, .. } = record;
    report.records += 1;
    report.first.get_or_insert(*sequence);
    report.first_time.get_or_insert(*time);
    report.last = Some(*sequence);
    report.last_time = Some(*time);
    if expected.head.as_ref() == Some(hash) {
        report.expected_head_at = Some(*sequence);
    }
}

/// Hands over each line with its number and its end.
fn each_line<E>(
    file: &Path,
    mut take: impl FnMut(u64, &[u8]) -> Result<(), E>,
) -> anyhow::Result<Result<(), E>> {
    let failed = || format!("cannot read {}", file.display());
    let mut reader = BufReader::new(File::open(file).with_context(failed)?);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if reader.read_until(b'\n', &mut line).with_context(failed)? == 0 {
            break;
        }
        if let Err(stop) = take(number, &line) {
            return Ok(Err(stop));
        }
    }
    Ok(Ok(()))
}

/// What is wrong in words. A record that is missing here may stand elsewhere.
fn described(files: &[PathBuf], wrong: &Wrong) -> anyhow::Result<String> {
    let Wrong::Missing { from, .. } = wrong else { return Ok(wrong.to_string()) };
    for file in files {
        let looked = each_line(file, |number, line| match parse(line.trim_ascii_end()) {
            Ok(record) if record.sequence == *from => Err(number),
            _ => Ok(()),
        })?;
        if let Err(number) = looked {
            let file = file.display();
            return Ok(format!(
                "it is out of order: record {from} should stand here, and is in line {number} of {file}"
            ));
        }
    }
    Ok(wrong.to_string())
}

/// Why a whole chain is not all that was expected.
fn cut_off(report: &Report, expected: &Expected) -> Option<String> {
    let last = report.last.unwrap_or(0);
    if let Some(count) = expected.count.filter(|count| *count > last) {
        return Some(format!(
            "the log ends with record {last}, and {count} records were expected: its end is missing"
        ));
    }
    let head = expected.head.as_ref().filter(|_| report.expected_head_at.is_none())?;
    Some(format!("no record has the hash {head}: the end of the log is missing, or the log was written anew"))
}
