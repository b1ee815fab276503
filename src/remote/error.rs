//! Why a server could not be asked for its tools.

use std::io;

/// A failure, with the server's name and the attempt in its message.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// The operator's configuration does not name it.
    #[error("no server `{name}` in the configuration")]
    NotNamed {
        /// The name asked for.
        name: String,
        /// Names like it.
        near: Vec<String>,
        /// Every name there is.
        known: Vec<String>,
    },
    /// Its table in the configuration makes no sense.
    #[error("cannot use the configuration of server `{name}`: {reason}")]
    Config {
        /// The server.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// An environment variable that it needs is not set.
    #[error("cannot start asking server `{name}`: environment variable `{variable}` is not set")]
    MissingVariable {
        /// The server.
        name: String,
        /// The variable.
        variable: String,
    },
    /// Its program does not start.
    #[error("cannot start `{command}` for server `{name}`")]
    Start {
        /// The server.
        name: String,
        /// The program.
        command: String,
        /// Why not.
        source: io::Error,
    },
    /// Its host's name leads nowhere.
    #[error("cannot find the host `{host}` of server `{name}`")]
    Resolve {
        /// The server.
        name: String,
        /// The host.
        host: String,
        /// Why not.
        source: io::Error,
    },
    /// Its host leads into a private network, and the configuration does not allow that.
    #[error("refused to contact server `{name}`: host `{host}` has a private address")]
    PrivateAddress {
        /// The server.
        name: String,
        /// The host.
        host: String,
    },
    /// It was reached and the conversation failed.
    #[error("server `{name}` failed at {attempt}: {reason}")]
    Conversation {
        /// The server.
        name: String,
        /// What was attempted.
        attempt: &'static str,
        /// What came back.
        reason: String,
    },
    /// It took too long.
    #[error("server `{name}` did not answer within {seconds} s")]
    TimedOut {
        /// The server.
        name: String,
        /// How long was waited.
        seconds: u64,
    },
    /// Its list is larger than revarch reads.
    #[error("the tools of server `{name}` take more than {limit} bytes")]
    TooLarge {
        /// The server.
        name: String,
        /// The limit.
        limit: usize,
    },
}

impl RemoteError {
    /// What to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::NotNamed { name, near, known } => {
                let near = near.first().map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
                let known = if known.is_empty() {
                    "no server is".to_owned()
                } else {
                    format!("{} are", known.join(", "))
                };
                format!(
                    "{near}{known} named in revarch.toml; to allow one, add [mcp_servers.{name}] with \
                     `command = \"...\"` or `url = \"https://...\"`, or paste its tools/list answer instead"
                )
            }
            Self::Config { name, .. } => format!("mend [mcp_servers.{name}] in revarch.toml"),
            Self::MissingVariable { variable, .. } => {
                format!("set `{variable}` in the environment in which revarch runs")
            }
            Self::Start { command, .. } => format!("check that `{command}` is installed and on the PATH"),
            Self::Resolve { .. } => {
                "check the address, and whether this machine reaches the network".to_owned()
            }
            Self::PrivateAddress { name, .. } => {
                format!("if that is meant, set `allow_private = true` in [mcp_servers.{name}]")
            }
            Self::Conversation { .. } => {
                "check the server's credentials and scopes, or paste its tools/list answer instead".to_owned()
            }
            Self::TimedOut { .. } => "try again, or paste its tools/list answer instead".to_owned(),
            Self::TooLarge { .. } => "limit the server to the toolsets your agents use".to_owned(),
        }
    }
}
