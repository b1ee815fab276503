//! What went wrong with a server, why, and what to do next.

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
    /// The operator did not allow this tool to be called.
    #[error("refused to call tool `{tool}` of server `{name}`")]
    ToolNotAllowed {
        /// The server.
        name: String,
        /// The tool.
        tool: String,
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
    /// Its program ended while it was waited for.
    #[error("the program of server `{name}` ended ({status}) at {attempt}{said}")]
    Ended {
        /// The server.
        name: String,
        /// What was attempted.
        attempt: String,
        /// How it ended.
        status: String,
        /// The end of what it wrote to standard error, led in by a colon; empty when it wrote nothing.
        said: String,
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
    /// It sent us elsewhere, where we do not go.
    #[error("server `{name}` redirects to {to}, which is not followed: {reason}")]
    Redirect {
        /// The server.
        name: String,
        /// Where to, without path and query.
        to: String,
        /// Why not.
        reason: String,
    },
    /// No connection to it could be made.
    #[error("cannot connect to `{host}` for server `{name}`: {reason}")]
    Connect {
        /// The server.
        name: String,
        /// The host.
        host: String,
        /// Why not.
        reason: String,
    },
    /// Its certificate is not accepted: expired, for another host, or of an authority nobody knows.
    #[error("the certificate of `{host}` for server `{name}` is not accepted: {reason}")]
    Certificate {
        /// The server.
        name: String,
        /// The host.
        host: String,
        /// Why not.
        reason: String,
    },
    /// It answered with an HTTP status that is no success.
    #[error("server `{name}` answered {attempt} with HTTP {status}{said}")]
    Status {
        /// The server.
        name: String,
        /// What was attempted.
        attempt: String,
        /// The status.
        status: u16,
        /// What it said with it, led in by a colon; empty when it said nothing.
        said: String,
        /// The scope that it asks for, where it names one.
        scope: Option<String>,
        /// How many seconds it asks to wait, where it says so.
        wait_seconds: Option<u64>,
    },
    /// It answered with an error of the protocol.
    #[error("server `{name}` refused {attempt}: {message} (code {code})")]
    Refused {
        /// The server.
        name: String,
        /// What was attempted.
        attempt: String,
        /// The code of JSON-RPC.
        code: i64,
        /// Its words.
        message: String,
    },
    /// It was reached and what it said makes no sense.
    #[error("server `{name}` failed at {attempt}: {reason}")]
    Conversation {
        /// The server.
        name: String,
        /// What was attempted.
        attempt: String,
        /// What came back.
        reason: String,
    },
    /// It speaks only versions of the protocol that revarch does not.
    #[error("server `{name}` speaks no version of the protocol that revarch speaks, but {offered}")]
    NoCommonVersion {
        /// The server.
        name: String,
        /// The versions it names.
        offered: String,
    },
    /// It took too long.
    #[error("server `{name}` did not answer within {seconds} s")]
    TimedOut {
        /// The server.
        name: String,
        /// How long was waited.
        seconds: u64,
    },
    /// It says more than revarch reads.
    #[error("server `{name}` sent more than {limit} bytes at {attempt}")]
    TooLarge {
        /// The server.
        name: String,
        /// What was attempted.
        attempt: String,
        /// The limit.
        limit: usize,
    },
}

impl RemoteError {
    /// What to do next.
    pub fn hint(&self) -> String {
        const PASTE: &str = "or paste its tools/list answer instead";
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
                     `command = \"...\"` or `url = \"https://...\"`, {PASTE}"
                )
            }
            Self::Config { name, .. } => format!("mend [mcp_servers.{name}] in revarch.toml"),
            Self::MissingVariable { variable, .. } => {
                format!("set `{variable}` in the environment in which revarch runs")
            }
            Self::ToolNotAllowed { name, tool } => {
                format!("the operator may allow it with `allow_tools = [\"{tool}\"]` in [mcp_servers.{name}]")
            }
            Self::Start { command, .. } => format!("check that `{command}` is installed and on the PATH"),
            Self::Ended { .. } => format!(
                "start the program by hand to see why it ends: a missing variable under `env` is usual, {PASTE}"
            ),
            Self::Resolve { .. } => {
                "check the address, and whether this machine reaches the network".to_owned()
            }
            Self::PrivateAddress { name, .. } => {
                format!("if that is meant, set `allow_private = true` in [mcp_servers.{name}]")
            }
            Self::Redirect { name, .. } => {
                format!("if that is where it lives, write the new address as `url` in [mcp_servers.{name}]")
            }
            Self::Connect { .. } => {
                "check that the server runs and that this machine reaches it over the network".to_owned()
            }
            Self::Certificate { name, .. } => format!(
                "have the server's certificate renewed; one of your own authority is accepted with `ca_file` \
                 in [mcp_servers.{name}]"
            ),
            Self::Status { name, status, scope, wait_seconds, .. } => {
                status_hint(name, *status, scope.as_deref(), *wait_seconds)
            }
            Self::Refused { .. } | Self::Conversation { .. } => {
                format!("check the server's version, credentials and scopes, {PASTE}")
            }
            Self::NoCommonVersion { .. } => format!("update the server or revarch, {PASTE}"),
            Self::TimedOut { .. } => format!("try again, {PASTE}"),
            Self::TooLarge { .. } => "limit the server to the toolsets your agents use".to_owned(),
        }
    }
}

fn status_hint(name: &str, status: u16, scope: Option<&str>, wait_seconds: Option<u64>) -> String {
    match status {
        401 => format!(
            "name the variable that holds a valid token as `bearer_env` in [mcp_servers.{name}], or renew the \
             token"
        ),
        403 => match scope {
            Some(scope) => format!("give the token the scope `{scope}`"),
            None => "give the token the scopes and the role that listing tools needs".to_owned(),
        },
        404 | 405 => {
            "check the path of the `url`: streamable HTTP mostly ends in /mcp; the older transport that ends \
             in /sse is not spoken"
                .to_owned()
        }
        429 => match wait_seconds {
            Some(seconds) => format!("try again after {seconds} s"),
            None => "try again later".to_owned(),
        },
        500.. => "try again later; if it stays, tell those who run the server".to_owned(),
        _ => "check the server's address and credentials".to_owned(),
    }
}
