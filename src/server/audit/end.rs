//! Where a log ends: found from its last lines when it is opened, and by following what others wrote from then on.

use super::{
    chain::{Head, Walk, parse},
    error::LogError,
    files,
    record::seal,
};
use serde_json::{Map, Value};
use std::{
    fs::File,
    io::{self, ErrorKind, Read as _, Seek as _, SeekFrom},
    path::Path,
};

/// How much of the end of a file is read to find the last record: many times the longest line.
const TAIL: u64 = 1 << 20;

/// How every record begins.
const BEGINS: &[u8] = b"{\"sequence\":";

/// The end of a log.
#[derive(Clone, Debug, Default)]
pub(super) struct End {
    /// The last record.
    pub(super) head: Option<Head>,
    /// The length of the file that is written to.
    pub(super) length: u64,
    /// What stands behind the last record and is none, or what is missing of its line end.
    pub(super) remains: Option<Vec<u8>>,
}

/// The end of the log as it stands on the disk.
pub(super) fn find(path: &Path) -> Result<End, LogError> {
    let failed = |source| LogError::Io { path: path.to_owned(), source };
    let length = length(path).map_err(failed)?;
    let full = files::full(path).map_err(failed)?;
    // A file that was begun after a full one may be empty still.
    let last = if length == 0 { full.last().map_or(path, |last| last.as_path()) } else { path };
    let whole = self::length(last).map_err(failed)?;
    let from = whole.saturating_sub(TAIL);
    let tail = read(last, from).map_err(failed)?;
    let lines: Vec<&[u8]> = tail.split(|byte| *byte == b'\n').collect();
    let found = lines.iter().enumerate().rev().find_map(|(at, line)| Some((at, parse(line).ok()?)));
    let Some((at, record)) = found else {
        let may_be_ours = tail.starts_with(BEGINS) || BEGINS.starts_with(&tail);
        if from > 0 || !may_be_ours {
            return Err(LogError::Foreign { path: last.to_owned() });
        }
        let remains = (!tail.is_empty()).then(|| torn(path, &lines)).transpose()?;
        return Ok(End { head: None, length, remains });
    };
    let remains = match &lines[at + 1..] {
        [b""] => None,
        rest => Some(torn(path, rest)?),
    };
    Ok(End { head: Some(Head { sequence: record.sequence, hash: record.hash }), length, remains })
}

/// Lines that a write which was cut off has left. A whole line that is no record was altered: no crash leaves such a
/// one.
fn torn(path: &Path, lines: &[&[u8]]) -> Result<Vec<u8>, LogError> {
    if lines.iter().any(|line| serde_json::from_slice::<Map<String, Value>>(line).is_ok()) {
        return Err(LogError::Altered { path: path.to_owned() });
    }
    Ok(lines.join(&b'\n'))
}

/// The end of the log, found from an end that was known before.
pub(super) fn follow(path: &Path, known: &End) -> Result<End, LogError> {
    let failed = |source| LogError::Io { path: path.to_owned(), source };
    if holds(path, known).map_err(failed)? && length(path).map_err(failed)? == known.length {
        return Ok(known.clone());
    }
    let mut all = files::full(path).map_err(failed)?;
    all.push(path.to_owned());
    let exchanged = || LogError::Exchanged { path: path.to_owned() };
    let mut begin = None;
    for (at, file) in all.iter().enumerate() {
        if holds(file, known).map_err(failed)? {
            begin = Some(at);
        }
    }
    let mut walk = Walk::from(known.head.clone());
    let mut from = known.length;
    let mut is_ended = true;
    for file in &all[begin.ok_or_else(exchanged)?..] {
        let text = read(file, from).map_err(failed)?;
        let lines = text.strip_suffix(b"\n").unwrap_or(&text);
        is_ended = text.is_empty() || lines.len() < text.len();
        from = 0;
        if text.is_empty() {
            continue;
        }
        for line in lines.split(|byte| *byte == b'\n') {
            walk.line((), line).map_err(|_| exchanged())?;
        }
    }
    let (head, remains) = walk.end();
    let remains = match remains {
        Some(mut bytes) => {
            if is_ended {
                bytes.push(b'\n');
            }
            Some(torn(path, &bytes.split(|byte| *byte == b'\n').collect::<Vec<_>>())?)
        }
        None => (!is_ended).then(Vec::new),
    };
    Ok(End { head, length: length(path).map_err(failed)?, remains })
}

/// Whether the end that was known is in this file, whatever came behind it.
fn holds(file: &Path, known: &End) -> io::Result<bool> {
    let Some(head) = &known.head else { return Ok(known.length == 0) };
    let seal = seal(&head.hash) + "\n";
    let Some(from) = known.length.checked_sub(seal.len() as u64) else { return Ok(false) };
    let mut found = vec![0; seal.len()];
    match File::open(file).and_then(|mut file| {
        file.seek(SeekFrom::Start(from))?;
        file.read_exact(&mut found)
    }) {
        Ok(()) => Ok(found == seal.as_bytes()),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::UnexpectedEof) => Ok(false),
        Err(error) => Err(error),
    }
}

fn length(path: &Path) -> io::Result<u64> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        found => Ok(found?.len()),
    }
}

/// The file from a place on; nothing where there is no file.
fn read(path: &Path, from: u64) -> io::Result<Vec<u8>> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        file => file?,
    };
    file.seek(SeekFrom::Start(from))?;
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    Ok(text)
}
