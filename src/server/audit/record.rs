//! One line of the audit log: what it says, and how it is sealed to the line before.
//!
//! # Design
//! A line is a JSON object of printable ASCII whose last member is `hash`: the SHA-256 of the line without that member.
//! The member before it, `before`, is the hash of the line before. What callers name is escaped wherever it is no
//! printable ASCII, so that neither a line break nor a letter that turns the reading order can pass for something else.

use jiff::Timestamp;
use revarch_domain::fingerprint::sha256_hex;
use serde::Serialize;
use std::fmt::Write as _;

/// What stands for the hash of a line before the first.
pub(super) const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The most letters of a name that are kept; its digest stands for the rest.
const LONGEST_NAME: usize = 512;

/// What happened.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Entry {
    /// A server began to serve.
    Started { version: &'static str, process: u32 },
    /// It ended as it should.
    Stopped {
        process: u32,
        /// Refusals since the last that is listed.
        #[serde(skip_serializing_if = "is_none")]
        unlisted_refusals: u64,
    },
    /// A request was answered.
    Call(Call),
    /// Somebody was not let in.
    Refused(Refusal),
    /// The file before this one is full; stands first in this one.
    Continued { file: String },
    /// So many bytes before this line were left by a write that was cut off. They stay where they are.
    Recovered { bytes: u64, sha256: String },
    /// The log could not be written for a while, and so many records are missing.
    Resumed { missed: u64 },
}

/// A request that was answered, or whose caller left.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Call {
    pub(super) caller: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tenant: Option<String>,
    pub(super) transport: &'static str,
    pub(super) method: String,
    /// The tool, prompt or address.
    pub(super) name: String,
    /// The digest of the arguments, their objects sorted by name.
    pub(super) arguments_sha256: String,
    pub(super) request_id: String,
    #[serde(flatten)]
    pub(super) outcome: Outcome,
    pub(super) duration_us: u64,
    /// The size of the result or error as JSON; none where nobody waited for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) result_bytes: Option<u64>,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// It was answered.
    Ok,
    /// It was answered with a question.
    Asked,
    /// It goes on as a task.
    Deferred,
    /// The tool failed, and told why.
    Failed { kind: &'static str },
    /// It was answered with an error of the protocol.
    Error { code: i32 },
    /// The caller no longer wanted it, or left.
    Cancelled,
}

/// Somebody who was not let in.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Refusal {
    /// The status of the answer.
    pub(crate) status: u16,
    /// Why, in words that hold no secret.
    pub(crate) reason: String,
    /// The caller, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) caller: Option<String>,
    /// The caller's tenant, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tenant: Option<String>,
    /// Refusals since the last that is listed, which were too many to list each.
    #[serde(skip_serializing_if = "is_none")]
    pub(super) unlisted: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_none(count: &u64) -> bool {
    *count == 0
}

impl Refusal {
    /// A refusal with this status, for this reason.
    pub(crate) fn new(status: u16, reason: &str) -> Self {
        Self { status, reason: reason.to_owned(), caller: None, tenant: None, unlisted: 0 }
    }

    /// The same as it is kept, after so many that are not listed.
    pub(super) fn after(self, unlisted: u64) -> Self {
        let Self { status, reason, caller, tenant, .. } = self;
        let kept = |name: Option<String>| name.as_deref().map(clipped);
        Self { status, reason: clipped(&reason), caller: kept(caller), tenant: kept(tenant), unlisted }
    }
}

/// As much of a name as is kept.
pub(super) fn clipped(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}...", &name[..end]),
        None => name.to_owned(),
    }
}

#[derive(Serialize)]
struct Content<'a> {
    sequence: u64,
    time: Timestamp,
    #[serde(flatten)]
    entry: &'a Entry,
    before: &'a str,
}

/// Writes the line of a record, with its end, behind `text`, and gives its hash.
pub(super) fn write(
    text: &mut String,
    sequence: u64,
    time: Timestamp,
    entry: &Entry,
    before: &str,
) -> Result<String, serde_json::Error> {
    let content = ascii(&serde_json::to_string(&Content { sequence, time, entry, before })?);
    let hash = sha256_hex(content.as_bytes());
    text.push_str(content.strip_suffix('}').unwrap_or(&content));
    text.push_str(&seal(&hash));
    text.push('\n');
    Ok(hash)
}

/// The end of a line that has this hash.
pub(super) fn seal(hash: &str) -> String {
    format!(",\"hash\":\"{hash}\"}}")
}

/// The same JSON in printable ASCII: what is none can stand in strings only.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        if matches!(letter, ' '..='~') {
            text.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}
