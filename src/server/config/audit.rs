//! Whether and how an audit log is kept.

use schemars::JsonSchema;
use serde::Deserialize;
use std::path::PathBuf;

/// The log of who called what.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Audit {
    /// The file, which is only ever added to. Several servers may share one. It holds the digests of arguments, never
    /// the arguments; `revarch audit verify` checks it.
    pub(crate) file: PathBuf,
    /// From how many bytes on the file is full: it gets a number behind its name, and a new one goes on from it. Without
    /// this there is one file.
    #[serde(default)]
    pub(crate) max_bytes: Option<u64>,
    /// When a record has to be on the disk, so that it outlives a loss of power; a killed server loses none in any case.
    #[serde(default)]
    pub(crate) sync: Sync,
    /// What to do with calls while the log cannot be written. Where it cannot be when the server starts, the server does
    /// not start.
    #[serde(default)]
    pub(crate) on_failure: OnFailure,
}

/// When a record has to be on the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sync {
    /// Before the answer leaves.
    Each,
    /// A second later at the latest.
    #[default]
    Second,
    /// Whenever the system likes.
    Never,
}

/// What to do with calls while the log cannot be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OnFailure {
    /// Refuse them.
    #[default]
    Refuse,
    /// Answer them, and say so in the server's own log.
    Warn,
}
