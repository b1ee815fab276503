//! Configuration files of MCP clients: which servers they hold, and how careful they are with secrets.
//!
//! A server that stands in such a file is listed and nothing more. It can be inspected once the operator
//! allows it by name; only then does [`FoundServer::allowed`] make a [`Server`] of it.

mod entry;
mod files;
mod launch;
mod package;
mod relaxed;
mod shape;
mod suspect;

pub use files::{ClientFilesConfig, ReadClientFile, allowed};
pub use package::{Package, PackageRegistry, Pinning};
pub use shape::Client;
pub use suspect::ClearSecret;
pub(crate) use suspect::{secret_args, secret_parts};

use crate::{RemoteError, Secret, Server};
use std::collections::BTreeMap;

/// The largest file that is read.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// What a client's configuration file holds.
#[derive(Debug)]
pub struct ClientFile {
    /// The clients that write files of this shape.
    pub client: Client,
    /// Its servers, in the file's order.
    pub servers: Vec<FoundServer>,
    /// Entries that cannot be read, each with its reason.
    pub unread: Vec<UnreadEntry>,
}

/// An entry that describes no server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadEntry {
    /// Where it stands, such as `mcpServers.crm`.
    pub at: String,
    /// What is wrong.
    pub problem: String,
}

/// A server as a client's configuration describes it.
///
/// What is public here may be shown: values that may be secret are not among it.
#[derive(Debug)]
pub struct FoundServer {
    /// Its name in the file.
    pub name: String,
    /// Where it stands, such as `mcpServers.crm`.
    pub at: String,
    /// How it is reached.
    pub reach: Reach,
    /// Whether the file itself switches it off.
    pub is_disabled: bool,
    /// Names of the environment variables that the file sets for it.
    pub env: Vec<String>,
    /// Names of the headers that the file sets for it.
    pub headers: Vec<String>,
    /// A file with more variables, which is not read.
    pub env_file: Option<String>,
    /// Names of the variables of the environment that the file refers to.
    pub refers_to: Vec<String>,
    /// Names of what the client asks its user for.
    pub inputs: Vec<String>,
    /// Secrets that stand in the file in the clear.
    pub clear_secrets: Vec<ClearSecret>,
    /// The package that its program comes from, where one is told.
    pub package: Option<Package>,
    values: Values,
}

/// How a found server is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// A program.
    Command {
        /// The program.
        command: String,
        /// Its arguments, with what may be secret hidden.
        args: Vec<String>,
    },
    /// An address that speaks streamable HTTP.
    Http {
        /// The address, without its query.
        url: String,
    },
    /// An address that speaks the transport of 2024, events over a stream of their own, which revarch does not.
    OldEvents {
        /// The address, without its query.
        url: String,
    },
}

/// The same with its values, which are not shown.
#[derive(Debug, PartialEq, Eq)]
struct Values {
    command: String,
    args: Vec<Secret>,
    url: Secret,
    env: BTreeMap<String, Secret>,
    headers: BTreeMap<String, Secret>,
}

/// Why a file is no client's configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientFileError {
    /// It is too large to be one.
    #[error("the file has {bytes} bytes, and {limit} at most are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// It is not JSON.
    #[error("the file is not JSON: {0}")]
    NotJson(String),
    /// It has no list of servers.
    #[error("the file holds no servers: none of {looked_for} is in it")]
    NoServers {
        /// Where they were looked for.
        looked_for: String,
    },
}

/// Reads the text of a client's configuration file. Comments and commas at the end of lists are taken, as the
/// clients take them.
pub fn read_client_file(text: &str) -> Result<ClientFile, ClientFileError> {
    if text.len() > MAX_BYTES {
        return Err(ClientFileError::TooLarge { bytes: text.len(), limit: MAX_BYTES });
    }
    let root = relaxed::parse(text).map_err(|error| ClientFileError::NotJson(error.to_string()))?;
    let (client, groups) = shape::find(&root)
        .ok_or_else(|| ClientFileError::NoServers { looked_for: shape::PLACES.join(", ") })?;
    let mut file = ClientFile { client, servers: Vec::new(), unread: Vec::new() };
    for (at, servers) in groups {
        for (name, entry) in servers {
            let at = format!("{at}.{name}");
            match entry::read(name, &at, entry) {
                Ok(server) => file.servers.push(server),
                Err(problem) => file.unread.push(UnreadEntry { at, problem }),
            }
        }
    }
    Ok(file)
}

impl FoundServer {
    /// The server itself, for an operator who allowed it. Variables that the file refers to are taken from
    /// revarch's own environment; what the client asks its user for cannot be.
    pub fn allowed(&self) -> Result<Server, RemoteError> {
        launch::launch(self)
    }
}
