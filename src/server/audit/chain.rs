//! The chain of records: each names the hash of the one before, so that none can be altered, taken out, put in or moved
//! unnoticed.

use super::record::{BEGINNING, seal};
use jiff::Timestamp;
use revarch_domain::fingerprint::sha256_hex;
use serde::Deserialize;

/// The length of [`seal`].
const SEAL: usize = 75;

/// The most bytes that a write which was cut off can have left.
const LONGEST_REMAINS: usize = 1 << 20;

/// What of a record concerns the chain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Record {
    pub(super) sequence: u64,
    pub(super) time: Timestamp,
    event: String,
    before: String,
    bytes: Option<u64>,
    sha256: Option<String>,
    #[serde(skip)]
    pub(super) hash: String,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Wrong {
    #[error("it is no record of an audit log")]
    NoRecord,
    #[error("it was altered: its hash is not that of what it says")]
    Altered,
    #[error("the record before it was exchanged: this one was written after another")]
    Exchanged,
    #[error("{} before it", missing(*from, *to))]
    Missing { from: u64, to: u64 },
    #[error("it is out of order: record {sequence} stands here, and {expected} should")]
    Moved { sequence: u64, expected: u64 },
    #[error("the remains of a write that was cut off, of which it tells, do not stand before it")]
    NoRemains,
    #[error(
        "it has no end: a write was cut off here, or the file was; the next start of the server records it"
    )]
    Unfinished,
}

fn missing(from: u64, to: u64) -> String {
    if from == to {
        format!("record {from} is missing")
    } else {
        format!("records {from} to {to} are missing")
    }
}

/// The record in a line, without its end.
pub(super) fn parse(line: &[u8]) -> Result<Record, Wrong> {
    let at = line.len().checked_sub(SEAL).ok_or(Wrong::NoRecord)?;
    let (begun, end) = line.split_at(at);
    let content = [begun, b"}"].concat();
    let hash = sha256_hex(&content);
    if end != seal(&hash).as_bytes() {
        return Err(if line.starts_with(b"{\"sequence\":") { Wrong::Altered } else { Wrong::NoRecord });
    }
    let record: Record = serde_json::from_slice(&content).map_err(|_| Wrong::NoRecord)?;
    Ok(Record { hash, ..record })
}

/// Where a chain has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) sequence: u64,
    pub(super) hash: String,
}

/// Follows a chain line by line. `At` is where a line stands.
pub(super) struct Walk<At> {
    head: Option<Head>,
    remains: Option<Remains<At>>,
    /// Writes that were cut off, of which a record tells.
    pub(super) recovered: u64,
}

/// Lines that are no records, until a record tells of them.
struct Remains<At> {
    at: At,
    why: Wrong,
    bytes: Vec<u8>,
}

impl<At: Copy> Walk<At> {
    /// Goes on from `head`; from the beginning of a file where there is none.
    pub(super) fn from(head: Option<Head>) -> Self {
        Self { head, remains: None, recovered: 0 }
    }

    /// The record in the next line, if it is one that follows.
    pub(super) fn line(&mut self, at: At, line: &[u8]) -> Result<Option<Record>, (At, Wrong)> {
        let record = match (parse(line), &mut self.remains) {
            (Ok(record), _) => record,
            (Err(why), None) => {
                self.remains = Some(Remains { at, why, bytes: line.to_vec() });
                return Ok(None);
            }
            (Err(_), Some(remains)) if remains.bytes.len() + line.len() < LONGEST_REMAINS => {
                remains.bytes.push(b'\n');
                remains.bytes.extend_from_slice(line);
                return Ok(None);
            }
            (Err(_), Some(remains)) => return Err((remains.at, remains.why.clone())),
        };
        match self.remains.take() {
            Some(remains) if !record.tells_of(&remains.bytes) => return Err((remains.at, remains.why)),
            None if record.bytes.is_some_and(|bytes| bytes > 0) => return Err((at, Wrong::NoRemains)),
            _ => {}
        }
        self.check(&record).map_err(|wrong| (at, wrong))?;
        self.recovered += u64::from(record.event == "recovered");
        self.head = Some(Head { sequence: record.sequence, hash: record.hash.clone() });
        Ok(Some(record))
    }

    fn check(&self, record: &Record) -> Result<(), Wrong> {
        let (expected, before) = match &self.head {
            Some(head) => (head.sequence.saturating_add(1), head.hash.as_str()),
            // The files before this one may not be at hand.
            None if record.event == "continued" => return Ok(()),
            None => (1, BEGINNING),
        };
        match record.sequence {
            sequence if sequence > expected => Err(Wrong::Missing { from: expected, to: sequence - 1 }),
            sequence if sequence < expected => Err(Wrong::Moved { sequence, expected }),
            _ if record.before != before => Err(Wrong::Exchanged),
            _ => Ok(()),
        }
    }

    /// The first of the lines that are no records and of which no record has told yet.
    pub(super) fn broken_off(&self) -> Option<(At, Wrong)> {
        self.remains.as_ref().map(|remains| (remains.at, remains.why.clone()))
    }

    /// Where the chain has come to, and what stands behind it that is no record.
    pub(super) fn end(self) -> (Option<Head>, Option<Vec<u8>>) {
        (self.head, self.remains.map(|remains| remains.bytes))
    }
}

impl Record {
    fn tells_of(&self, remains: &[u8]) -> bool {
        self.event == "recovered"
            && self.bytes == Some(remains.len() as u64)
            && self.sha256.as_deref() == Some(sha256_hex(remains).as_str())
    }
}
