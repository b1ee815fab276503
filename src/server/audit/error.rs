//! Why the log cannot be written, and what to do about it.

use std::{io, path::PathBuf};

/// Why the log cannot be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LogError {
    /// The system does not let it.
    #[error("cannot write the audit log {}", path.display())]
    Io { path: PathBuf, source: io::Error },
    /// The file is something else.
    #[error("{} is no audit log; it was left as it is", path.display())]
    Foreign { path: PathBuf },
    /// The end of the file was changed.
    #[error("the audit log {} was altered at its end, and cannot go on from there", path.display())]
    Altered { path: PathBuf },
    /// The file is not the one that was written to.
    #[error("the audit log {} was cut short or exchanged while it was in use", path.display())]
    Exchanged { path: PathBuf },
    /// A record cannot be written as JSON.
    #[error("cannot write a record as JSON")]
    Json(#[from] serde_json::Error),
    /// The thread that writes has ended.
    #[error("the audit log is closed")]
    Closed,
}

impl LogError {
    /// What to do next.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Io { .. } => "make its folder, free some room, or name another `file` under [audit]",
            Self::Foreign { .. } => {
                "name another `file` under [audit], which revarch makes if it is not there"
            }
            Self::Altered { .. } | Self::Exchanged { .. } => {
                "see what `revarch audit verify` says, keep the file as evidence, and name another `file` under [audit]"
            }
            Self::Json(_) | Self::Closed => "report this: it is a fault of revarch's own",
        }
    }
}
