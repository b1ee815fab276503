//! Scopes of tokens: `revarch:data` and the like, one for each toolset, `revarch:read` and `revarch:all`.

use revarch_tools::Toolset;
use std::fmt;

const PREFIX: &str = "revarch:";
const READ: &str = "read";
const ALL: &str = "all";

/// A scope of revarch's. Those of others, which a token may carry besides, say nothing here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Every tool.
    All,
    /// The tools of every toolset that leave everything as it was.
    Read,
    /// Every tool of a toolset.
    Toolset(Toolset),
}

impl Scope {
    /// The scope by its name.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name.strip_prefix(PREFIX)? {
            ALL => Some(Self::All),
            READ => Some(Self::Read),
            name => Toolset::ALL.into_iter().find(|set| set.name() == name).map(Self::Toolset),
        }
    }

    /// Whether it opens a tool.
    pub(super) fn opens(self, toolset: Toolset, is_read_only: bool) -> bool {
        match self {
            Self::All => true,
            Self::Read => is_read_only,
            Self::Toolset(own) => own == toolset,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(PREFIX)?;
        formatter.write_str(match self {
            Self::All => ALL,
            Self::Read => READ,
            Self::Toolset(toolset) => toolset.name(),
        })
    }
}

/// Scopes as the protocols write them.
pub(super) fn joined(scopes: impl IntoIterator<Item = Scope>) -> String {
    scopes.into_iter().map(|scope| scope.to_string()).collect::<Vec<_>>().join(" ")
}
