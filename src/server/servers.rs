//! The MCP servers that the operator allows to be asked.

use crate::failure::Failure;
use revarch_remote::{RemoteError, Server, ServerConfig, clients};
use std::collections::BTreeMap;

/// The servers that may be asked: those of the configuration, and those of client files that it allows. One name
/// means one server.
pub(crate) fn open(
    named: BTreeMap<String, ServerConfig>,
    client_files: &clients::ClientFilesConfig,
) -> Result<Vec<Server>, Failure> {
    let refused = |error: RemoteError| Failure::Usage(format!("{error}\nhint: {}", error.hint()));
    let named = named.into_iter().map(|(name, server)| server.named(name));
    let mut servers = named.collect::<Result<Vec<_>, _>>().map_err(refused)?;
    if client_files.allow.is_empty() {
        return Ok(servers);
    }
    let files = client_files.read();
    for found in clients::allowed(&files, &client_files.allow) {
        let server = found.map_err(|error| match error {
            RemoteError::NotNamed { name, near, known } => Failure::Usage(not_found(&name, &near, &known)),
            other => refused(other),
        })?;
        if servers.iter().any(|other| other.name == server.name) {
            return Err(Failure::Usage(format!(
                "the server `{}` is named twice: under [mcp_servers] and in `allow` of [mcp_clients], or twice in \
                 the latter\nhint: rename the one under [mcp_servers], or take it out of `allow`",
                server.name
            )));
        }
        servers.push(server);
    }
    Ok(servers)
}

fn not_found(name: &str, near: &[String], known: &[String]) -> String {
    let near = near.first().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    format!(
        "`allow` of [mcp_clients] names `{name}`, which stands in none of its files{near}\nhint: in them are {known}"
    )
}
