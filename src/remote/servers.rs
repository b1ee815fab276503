//! The servers that the operator's configuration names, and the one thing they may be asked.

use crate::{RemoteError, client};
use revarch_domain::nearest::nearest;
use serde_json::Value;
use std::time::Duration;

/// How a server is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transport {
    /// A program that speaks over its standard input and output.
    Stdio {
        /// The program.
        command: String,
        /// Its arguments.
        args: Vec<String>,
        /// Names of the environment variables that it is given, beside PATH and HOME.
        env: Vec<String>,
    },
    /// An address that speaks streamable HTTP.
    Http {
        /// The address.
        url: String,
        /// The environment variable that holds the bearer token.
        bearer_env: Option<String>,
        /// Whether the address may be a private one.
        allow_private: bool,
    },
}

/// A server that the operator named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its name in the configuration.
    pub name: String,
    /// The platform it belongs to, by any name the catalog knows.
    pub platform: Option<String>,
    /// How it is reached.
    pub transport: Transport,
}

/// The MCP servers the operator allowed to be inspected. By default there are none.
#[derive(Debug, Default)]
pub struct Servers {
    servers: Vec<Server>,
}

impl Servers {
    /// These servers and no others.
    pub fn new(servers: Vec<Server>) -> Self {
        Self { servers }
    }

    /// Their names, in the order of the configuration.
    pub fn names(&self) -> Vec<&str> {
        self.servers.iter().map(|server| server.name.as_str()).collect()
    }

    /// The server of that name.
    pub fn get(&self, name: &str) -> Result<&Server, RemoteError> {
        self.servers.iter().find(|server| server.name == name).ok_or_else(|| {
            let known = self.names();
            RemoteError::NotNamed {
                name: name.to_owned(),
                near: nearest(name, known.iter().copied()).into_iter().map(str::to_owned).collect(),
                known: known.into_iter().map(str::to_owned).collect(),
            }
        })
    }

    /// Asks a server for its tools, page by page, within `timeout` for the whole conversation. Nothing is
    /// contacted or started unless the configuration names the server, and no tool is called.
    pub async fn tools_list(&self, name: &str, timeout: Duration) -> Result<Vec<Value>, RemoteError> {
        client::tools_list(self.get(name)?, timeout).await
    }
}
