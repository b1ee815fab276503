//! One `[mcp_servers.NAME]` table of the operator's configuration.

use crate::{RemoteError, Server, Transport, servers::HttpServer};
use schemars::JsonSchema;
use serde::Deserialize;
use std::{collections::BTreeMap, path::PathBuf};

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
    /// Names of environment variables that the program gets from revarch's own environment, besides PATH and
    /// HOME. Values never stand in the configuration.
    #[serde(default)]
    pub env: Vec<String>,
    /// The address of a server that speaks streamable HTTP.
    pub url: Option<String>,
    /// The environment variable that holds the bearer token for `url`.
    pub bearer_env: Option<String>,
    /// Other headers that `url` wants, each with the environment variable that holds its value, such as
    /// `{ "X-API-Key" = "CRM_API_KEY" }`.
    #[serde(default)]
    pub headers_env: BTreeMap<String, String>,
    /// Whether `url` may lead to a loopback, private or link-local address.
    #[serde(default)]
    pub allow_private: bool,
    /// Whether `url` may be plain HTTP over the public internet, where everybody on the way reads the token.
    #[serde(default)]
    pub allow_http: bool,
    /// A PEM file with the certificate of an authority of your own, accepted besides those of this machine.
    pub ca_file: Option<PathBuf>,
    /// Whether `url` is reached through the proxy that the environment names. The proxy then looks the host
    /// up, so what it finds cannot be checked.
    #[serde(default)]
    pub through_proxy: bool,
    /// Tools that revarch may call, by name. It calls no other.
    #[serde(default)]
    pub allow_tools: Vec<String>,
    /// The scopes that were granted to its credentials, as far as you know them; the audit judges how broad
    /// they are.
    #[serde(default)]
    pub scopes: Vec<String>,
}

/// Headers that the protocol itself sets.
const RESERVED: [&str; 9] = [
    "accept",
    "content-type",
    "content-length",
    "host",
    "mcp-session-id",
    "mcp-protocol-version",
    "mcp-method",
    "mcp-name",
    "last-event-id",
];

impl ServerConfig {
    /// The server that this table describes under its name.
    pub fn named(self, name: impl Into<String>) -> Result<Server, RemoteError> {
        let Self {
            platform,
            command,
            args,
            env,
            url,
            bearer_env,
            headers_env,
            allow_private,
            allow_http,
            ca_file,
            through_proxy,
            allow_tools,
            scopes,
        } = self;
        let name = name.into();
        let wrong = |reason: String| RemoteError::Config { name: name.clone(), reason };
        let has_http = bearer_env.is_some()
            || !headers_env.is_empty()
            || allow_private
            || allow_http
            || ca_file.is_some()
            || through_proxy;
        let transport = match (command, url) {
            (Some(_), Some(_)) => return Err(wrong("it has both `command` and `url`".to_owned())),
            (None, None) => return Err(wrong("it has neither `command` nor `url`".to_owned())),
            (Some(command), None) => {
                if has_http {
                    return Err(wrong(
                        "`bearer_env`, `headers_env`, `allow_private`, `allow_http`, `ca_file` and \
                         `through_proxy` belong to a `url`"
                            .to_owned(),
                    ));
                }
                Transport::Stdio { command, args, env, given: BTreeMap::new() }
            }
            (None, Some(url)) => {
                if !args.is_empty() || !env.is_empty() {
                    return Err(wrong("`args` and `env` belong to a `command`".to_owned()));
                }
                for header in headers_env.keys() {
                    check_header(header, bearer_env.is_some()).map_err(&wrong)?;
                }
                Transport::Http(HttpServer {
                    url,
                    bearer_env,
                    headers_env,
                    given: BTreeMap::new(),
                    allow_private,
                    allow_http,
                    ca_file,
                    through_proxy,
                })
            }
        };
        Ok(Server { name, platform, transport, allow_tools, scopes })
    }
}

fn check_header(header: &str, has_bearer: bool) -> Result<(), String> {
    if reqwest::header::HeaderName::from_bytes(header.as_bytes()).is_err() {
        return Err(format!("`{header}` under `headers_env` is no name of a header"));
    }
    if RESERVED.contains(&header.to_lowercase().as_str()) {
        return Err(format!("the header `{header}` is set by the protocol"));
    }
    if has_bearer && header.eq_ignore_ascii_case("authorization") {
        return Err("it has both `bearer_env` and an Authorization header".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

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
            allow_tools = ["list_objects"]

            [mcp_servers.linear]
            url = "https://mcp.linear.app/mcp"
            bearer_env = "LINEAR_TOKEN"
            headers_env = { "X-Workspace" = "LINEAR_WORKSPACE" }
            "#,
        )
        .unwrap();
        assert_eq!(servers[0].platform.as_deref(), Some("HubSpot"));
        assert_eq!(servers[0].allow_tools, ["list_objects"]);
        assert!(
            matches!(&servers[0].transport, Transport::Stdio { env, .. } if env == &["PRIVATE_APP_ACCESS_TOKEN"])
        );
        let Transport::Http(http) = &servers[1].transport else { panic!("{servers:?}") };
        assert!(!http.allow_private && !http.allow_http);
        assert_eq!(http.headers_env["X-Workspace"], "LINEAR_WORKSPACE");
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
        check("[mcp_servers.a]\ncommand = 'x'\nheaders_env = {a = 'A'}", "belong to a `url`");
        check("[mcp_servers.a]\nurl = 'https://x'\nenv = ['A']", "belong to a `command`");
        check("[mcp_servers.a]\nurl = 'https://x'\nheaders_env = {'a b' = 'A'}", "no name of a header");
        check("[mcp_servers.a]\nurl = 'https://x'\nheaders_env = {Mcp-Session-Id = 'A'}", "by the protocol");
        check(
            "[mcp_servers.a]\nurl = 'https://x'\nbearer_env = 'B'\nheaders_env = {Authorization = 'A'}",
            "both `bearer_env`",
        );
        check("[mcp_servers.a]\ncomand = 'x'", "unknown field `comand`");
    }
}
