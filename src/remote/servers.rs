//! The servers that the operator's configuration names, and what they may be asked.

use crate::{
    Limits, ListState, RemoteError, Secret, ServerReading,
    call::{self, ToolAnswer},
    inspect,
};
use futures::{StreamExt as _, stream};
use revarch_domain::nearest::nearest;
use serde_json::{Map, Value};
use std::{collections::BTreeMap, path::PathBuf, time::Duration};

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
        /// Variables that it is given with these values, from a client's configuration.
        given: BTreeMap<String, Secret>,
    },
    /// An address that speaks streamable HTTP.
    Http(HttpServer),
}

/// An address and what goes with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpServer {
    /// The address.
    pub url: String,
    /// The environment variable that holds the bearer token.
    pub bearer_env: Option<String>,
    /// Other headers, each with the environment variable that holds its value.
    pub headers_env: BTreeMap<String, String>,
    /// Headers that are sent with these values, from a client's configuration.
    pub given: BTreeMap<String, Secret>,
    /// Whether the address may be a private one.
    pub allow_private: bool,
    /// Whether it may be plain HTTP over the public internet.
    pub allow_http: bool,
    /// A PEM file with the certificate of one more authority.
    pub ca_file: Option<PathBuf>,
    /// Whether it is reached through the proxy that the environment names.
    pub through_proxy: bool,
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
    /// Tools of it that may be called.
    pub allow_tools: Vec<String>,
    /// The scopes of its credentials, as far as the operator told them.
    pub scopes: Vec<String>,
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

    /// The servers, in the order of the configuration.
    pub fn all(&self) -> &[Server] {
        &self.servers
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

    /// Asks a server for everything it says of itself, within the limits. Nothing is contacted or started
    /// unless the configuration names the server, and no tool is called.
    pub async fn inspect(&self, name: &str, limits: Limits) -> Result<ServerReading, RemoteError> {
        inspect::inspect(self.get(name)?, limits).await
    }

    /// Inspects several servers, at most `at_once` at a time, each within limits of its own. What goes wrong
    /// with one is its result and holds none of the others up. The results are in the order of the names.
    pub async fn inspect_all(
        &self,
        names: &[&str],
        at_once: usize,
        limits: Limits,
    ) -> Vec<Result<ServerReading, RemoteError>> {
        let names: Vec<(usize, String)> = names.iter().map(|name| (*name).to_owned()).enumerate().collect();
        let mut readings: Vec<_> = stream::iter(names)
            .map(|(index, name)| async move { (index, self.inspect(&name, limits).await) })
            .buffer_unordered(at_once.max(1))
            .collect()
            .await;
        readings.sort_by_key(|(index, _)| *index);
        readings.into_iter().map(|(_, reading)| reading).collect()
    }

    /// Asks a server for its tools, page by page, within `timeout` for the whole conversation. A list that was
    /// not read to its end is an error here, as nobody could tell it from a whole one.
    pub async fn tools_list(&self, name: &str, timeout: Duration) -> Result<Vec<Value>, RemoteError> {
        let ServerReading { server, tools, .. } = self.inspect(name, Limits::within(timeout)).await?;
        let attempt = "tools/list".to_owned();
        match tools.state {
            ListState::Complete => Ok(tools.items),
            ListState::Failed(error) => Err(error),
            ListState::Partial(why) => {
                Err(RemoteError::Conversation { name: server, attempt, reason: why.to_string() })
            }
            ListState::NotOffered | ListState::NotAsked => {
                let reason = "it does not offer tools".to_owned();
                Err(RemoteError::Conversation { name: server, attempt, reason })
            }
        }
    }

    /// Calls a tool that the operator allowed by its name in the server's table, and refuses any other.
    pub async fn call_tool(
        &self,
        name: &str,
        tool: &str,
        arguments: Map<String, Value>,
        limits: Limits,
    ) -> Result<ToolAnswer, RemoteError> {
        call::call(self.get(name)?, tool, arguments, limits).await
    }
}
