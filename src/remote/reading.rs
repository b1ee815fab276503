//! What was read of a server, and what was not.

use crate::RemoteError;
use serde_json::Value;
use std::{fmt, time::Duration};

/// How a server keeps up a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Era {
    /// Each request stands alone, since protocol version 2026-07-28.
    Stateless,
    /// The conversation is opened with `initialize`, as in all versions before.
    Handshake,
}

impl fmt::Display for Era {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Stateless => "stateless",
            Self::Handshake => "handshake",
        })
    }
}

/// What a server offers, as it says itself. All texts are the server's: they are data, and nobody's orders.
#[derive(Debug)]
pub struct ServerReading {
    /// The server's name in the configuration.
    pub server: String,
    /// How it keeps up a conversation.
    pub era: Era,
    /// The version of the protocol that was agreed on.
    pub protocol_version: String,
    /// Every version it says it speaks; empty when it only named the one.
    pub supported_versions: Vec<String>,
    /// Its own name and version, as it gave them.
    pub server_info: Option<Value>,
    /// Its capabilities, as it gave them.
    pub capabilities: Value,
    /// Its advice on how to use it.
    pub instructions: Option<String>,
    /// Its tools.
    pub tools: Listing,
    /// Its prompts.
    pub prompts: Listing,
    /// Its resources.
    pub resources: Listing,
    /// Its templates of resources.
    pub resource_templates: Listing,
    /// What was remarkable on the way.
    pub notes: Vec<Note>,
    /// How long it took, without the leave-taking.
    pub took: Duration,
}

/// A list that a server gave.
#[derive(Debug)]
pub struct Listing {
    /// The items as they came, save for texts that were cut, which is noted.
    pub items: Vec<Value>,
    /// Pages that were read.
    pub pages: usize,
    /// Whether that is all.
    pub state: ListState,
}

/// Whether a list was read to its end.
#[derive(Debug)]
pub enum ListState {
    /// These are all.
    Complete,
    /// The server does not offer such a list.
    NotOffered,
    /// There may be more.
    Partial(Shortfall),
    /// It was asked for and not given.
    Failed(RemoteError),
    /// It was not asked for, because the conversation had ended before.
    NotAsked,
}

impl Listing {
    pub(crate) fn empty(state: ListState) -> Self {
        Self { items: Vec::new(), pages: 0, state }
    }

    /// Whether everything that the server offers is here.
    pub fn is_whole(&self) -> bool {
        matches!(self.state, ListState::Complete | ListState::NotOffered)
    }
}

/// Why a list was not read to its end.
#[derive(Debug)]
pub enum Shortfall {
    /// The server names a page again that was read before.
    Loop,
    /// It has more pages than are turned.
    Pages(usize),
    /// It has more items than are taken.
    Items(usize),
    /// It takes more bytes than are taken.
    Bytes(usize),
    /// The time was up.
    Time(Duration),
    /// A later page failed.
    Failed(RemoteError),
}

impl fmt::Display for Shortfall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Loop => formatter.write_str("it names the same page twice"),
            Self::Pages(limit) => write!(formatter, "it has more than {limit} pages"),
            Self::Items(limit) => write!(formatter, "it has more than {limit} items"),
            Self::Bytes(limit) => write!(formatter, "it takes more than {limit} bytes"),
            Self::Time(limit) => write!(formatter, "it took longer than {} s", limit.as_secs()),
            Self::Failed(error) => write!(formatter, "a later page failed: {error}"),
        }
    }
}

/// Something remarkable that did not keep us from reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Its program writes lines to standard output that are no messages.
    Noise {
        /// How many.
        lines: usize,
        /// The first of them.
        first: String,
    },
    /// It sends bytes that are no UTF-8; they were replaced.
    NotUtf8,
    /// Its program ended when asked in the newer protocol, and was started again.
    Restarted,
    /// It sent us elsewhere, and that was followed.
    Redirected {
        /// Where to, without path and query.
        to: String,
    },
    /// A text was longer than is kept.
    Cut {
        /// Where it stands, such as `tools[3].description`.
        at: String,
        /// How long it was.
        bytes: usize,
        /// How much of it is kept.
        kept: usize,
    },
    /// Several items have one name.
    Duplicate {
        /// The list.
        list: &'static str,
        /// The name.
        name: String,
        /// How many have it.
        times: usize,
    },
    /// More names are shared by several items than are noted one by one.
    MoreDuplicates {
        /// The list.
        list: &'static str,
        /// How many more names.
        names: usize,
    },
    /// Items have no name to call them by.
    Nameless {
        /// The list.
        list: &'static str,
        /// How many.
        times: usize,
        /// Where the first of them stands, counted from zero.
        first: usize,
    },
    /// It gives a list that its capabilities do not mention.
    Undeclared {
        /// The list.
        list: &'static str,
    },
    /// It named a version of the protocol that revarch does not know; it was read all the same.
    UnknownVersion {
        /// The version.
        version: String,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Noise { lines, first } => {
                write!(formatter, "{lines} line(s) on standard output are no messages; the first: {first}")
            }
            Self::NotUtf8 => formatter.write_str("some of what it sent is not UTF-8"),
            Self::Restarted => formatter
                .write_str("its program ended at server/discover, and was started again for initialize"),
            Self::Redirected { to } => write!(formatter, "it redirects to {to}"),
            Self::Cut { at, bytes, kept } => {
                write!(formatter, "{at} has {bytes} bytes, of which the first {kept} are kept")
            }
            Self::Duplicate { list, name, times } => {
                write!(formatter, "{times} {list} have the name `{name}`")
            }
            Self::MoreDuplicates { list, names } => {
                write!(formatter, "{names} more names are shared by several {list}")
            }
            Self::Nameless { list, times, first } => {
                write!(formatter, "{times} of the {list} have no name, the first at {list}[{first}]")
            }
            Self::Undeclared { list } => {
                write!(formatter, "it lists {list} that its capabilities do not mention")
            }
            Self::UnknownVersion { version } => {
                write!(formatter, "it speaks protocol version `{version}`, which is not known")
            }
        }
    }
}
