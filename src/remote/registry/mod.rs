//! The official MCP Registry: which servers are published, by whom, and how they are reached.
//!
//! What is read here are publishers' claims. What they are worth beside other facts is decided elsewhere.

mod cache;
mod client;
mod entry;
mod wait;

pub use client::{DEFAULT_REGISTRY, KeptRegistry, Registry, RegistryConfig, RegistryLimits};
pub use entry::{
    RegistryEntry, RegistryInput, RegistryPackage, RegistryRemote, RegistryRepository, RegistryStatus,
};

pub(crate) use wait::seconds_to_wait;

use crate::RemoteError;
use std::{fmt, time::Duration};

/// What was read of a registry.
#[derive(Debug)]
pub struct RegistryReading {
    /// Where it was read.
    pub base: String,
    /// The servers, by name.
    pub entries: Vec<RegistryEntry>,
    /// Names of servers that were in the copy and are in the registry no more. Only a full reading tells, and one
    /// is made every week.
    pub gone: Vec<String>,
    /// Servers among them that were told now; the others come from the copy that was kept.
    pub told_now: usize,
    /// Pages that were read now.
    pub pages: usize,
    /// Whether these are all servers there are.
    pub state: RegistryState,
    /// Entries that could not be read at all, each with its page and the reason.
    pub unread: Vec<String>,
    /// When the copy that was kept had been read, in seconds since 1970; absent where there was none.
    pub kept_since: Option<u64>,
    /// Why the copy could not be used or kept, if so.
    pub copy_problem: Option<String>,
}

/// How far a registry was read.
#[derive(Debug)]
pub enum RegistryState {
    /// To the end.
    Complete,
    /// There is nothing new since the copy was kept.
    Unchanged,
    /// There is more that was not read.
    Partial(RegistryShortfall),
    /// Nothing was read; all there is comes from the copy, and where there is none there is nothing.
    Offline(RegistryShortfall),
}

/// Why a registry was not read to its end.
#[derive(Debug)]
pub enum RegistryShortfall {
    /// It did not answer, or with an error, however often it was asked.
    Failed(RemoteError),
    /// It wants us to wait longer than the time allows.
    WaitTooLong {
        /// How long it wants us to wait.
        seconds: u64,
    },
    /// A page makes no sense.
    Garbled {
        /// The page, counted from one.
        page: usize,
        /// What is wrong.
        reason: String,
    },
    /// It names the same page again, or pages without end on which nothing is new.
    Loop {
        /// The page, counted from one.
        page: usize,
    },
    /// It has more pages than are read.
    Pages(usize),
    /// It has more servers than are read.
    Entries(usize),
    /// The time was up.
    Time(Duration),
}

impl fmt::Display for RegistryShortfall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => write!(formatter, "{error}"),
            Self::WaitTooLong { seconds } => {
                write!(formatter, "the registry asks to wait {seconds} s, longer than there is time")
            }
            Self::Garbled { page, reason } => {
                write!(formatter, "page {page} of the registry makes no sense: {reason}")
            }
            Self::Loop { page } => {
                write!(formatter, "page {page} of the registry leads back to earlier ones")
            }
            Self::Pages(limit) => write!(formatter, "the registry has more than {limit} pages"),
            Self::Entries(limit) => write!(formatter, "the registry has more than {limit} servers"),
            Self::Time(limit) => {
                write!(formatter, "the registry was not read to its end within {} s", limit.as_secs())
            }
        }
    }
}

impl RegistryShortfall {
    /// What to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::Failed(error) => match error {
                RemoteError::PrivateAddress { .. } => {
                    "if that is meant, set `allow_private = true` under [registry]".to_owned()
                }
                RemoteError::Redirect { .. } => {
                    "if that is where it lives, write the new address as `url` under [registry]".to_owned()
                }
                RemoteError::Certificate { .. } => {
                    "name the certificate of an authority of your own as `ca_file` under [registry]"
                        .to_owned()
                }
                RemoteError::Config { .. } => "mend [registry] in revarch.toml".to_owned(),
                RemoteError::Status { status: 404, .. } => {
                    "check `url` under [registry]: it is the address before /v0.1/servers".to_owned()
                }
                _ => "try again later; until then the copy that was kept is used".to_owned(),
            },
            Self::WaitTooLong { seconds } => format!("try again after {seconds} s"),
            Self::Garbled { .. } | Self::Loop { .. } => {
                "check `url` under [registry]; if it is right, tell those who run the registry".to_owned()
            }
            Self::Pages(_) | Self::Entries(_) | Self::Time(_) => {
                "what was read is kept; raise the limit to read on".to_owned()
            }
        }
    }
}
