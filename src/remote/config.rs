//! One `[mcp_servers.NAME]` table of the operator's configuration.

use crate::{RemoteError, Server, Transport};
use schemars::JsonSchema;
use serde::Deserialize;

/// A server as the configuration writes it: either `command` or `url`, and what goes with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServerConfig {
    /// The platform it belongs to, by any name the catalog knows; the server's own name when absent.
    pub platform: Option<String>,
    /// The program that starts it.
    pub command: Option<String>,
    /// The program's arguments.
    #[serde(default)]
    pub args: Vec<String>,
    /// Names of environment variables that the program gets from revarch's own environment. Values never
    /// stand in the configuration.
    #[serde(default)]
    pub env: Vec<String>,
    /// The address of a server that speaks streamable HTTP.
    pub url: Option<String>,
    /// The environment variable that holds the bearer token for `url`.
    pub bearer_env: Option<String>,
    /// Whether `url` may lead to a loopback, private or link-local address.
    #[serde(default)]
    pub allow_private: bool,
}

impl ServerConfig {
    /// The server that this table describes under its name.
    pub fn named(self, name: impl Into<String>) -> Result<Server, RemoteError> {
        let Self { platform, command, args, env, url, bearer_env, allow_private } = self;
        let name = name.into();
        let wrong = |reason: &str| RemoteError::Config { name: name.clone(), reason: reason.to_owned() };
        let transport = match (command, url) {
            (Some(_), Some(_)) => return Err(wrong("it has both `command` and `url`")),
            (None, None) => return Err(wrong("it has neither `command` nor `url`")),
            (Some(command), None) => {
                if bearer_env.is_some() || allow_private {
                    return Err(wrong("`bearer_env` and `allow_private` belong to a `url`"));
                }
                Transport::Stdio { command, args, env }
            }
            (None, Some(url)) => {
                if !args.is_empty() || !env.is_empty() {
                    return Err(wrong("`args` and `env` belong to a `command`"));
                }
                Transport::Http { url, bearer_env, allow_private }
            }
        };
        Ok(Server { name, platform, transport })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn read(text: &str) -> Result<Vec<Server>, String> {
        #[derive(Deserialize)]
        struct File {
            mcp_servers: BTreeMap<String, ServerConfig>,
        }
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        file.mcp_servers
            .into_iter()
            .map(|(name, config)| config.named(name).map_err(|error| error.to_string()))
            .collect()
    }

    #[test]
    fn both_transports_are_read() {
        let servers = read(
            r#"
            [mcp_servers.crm]
            platform = "HubSpot"
            command = "npx"
            args = ["-y", "@hubspot/mcp-server"]
            env = ["PRIVATE_APP_ACCESS_TOKEN"]

            [mcp_servers.linear]
            url = "https://mcp.linear.app/mcp"
            bearer_env = "LINEAR_TOKEN"
            "#,
        )
        .unwrap();
        assert_eq!(servers[0].platform.as_deref(), Some("HubSpot"));
        assert!(
            matches!(&servers[0].transport, Transport::Stdio { env, .. } if env == &["PRIVATE_APP_ACCESS_TOKEN"])
        );
        assert!(matches!(&servers[1].transport, Transport::Http { allow_private: false, .. }));
    }

    #[test]
    fn a_table_that_makes_no_sense_is_refused() {
        let check = |text: &str, reason: &str| {
            let error = read(text).unwrap_err();
            assert!(error.contains(reason), "{error}");
        };
        check("[mcp_servers.a]\nplatform = 'x'", "neither `command` nor `url`");
        check("[mcp_servers.a]\ncommand = 'x'\nurl = 'https://x'", "both `command` and `url`");
        check("[mcp_servers.a]\ncommand = 'x'\nallow_private = true", "belong to a `url`");
        check("[mcp_servers.a]\nurl = 'https://x'\nenv = ['A']", "belong to a `command`");
        check("[mcp_servers.a]\ncomand = 'x'", "unknown field `comand`");
    }
}
