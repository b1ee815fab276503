//! Where each client keeps its servers.

use serde_json::{Map, Value};
use std::fmt;

/// The clients that write files of one shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// `{"mcpServers": ...}`: Claude Desktop, Claude Code, Cursor, Windsurf, Cline, Gemini CLI and others.
    McpServers,
    /// `{"servers": ..., "inputs": ...}`: Visual Studio Code's `mcp.json`.
    VsCode,
    /// `{"mcp": {"servers": ...}}`: the settings of Visual Studio Code.
    VsCodeSettings,
    /// `{"context_servers": ...}`: Zed's settings.
    Zed,
}

impl fmt::Display for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::McpServers => "mcpServers file",
            Self::VsCode => "VS Code mcp.json",
            Self::VsCodeSettings => "VS Code settings",
            Self::Zed => "Zed settings",
        })
    }
}

/// Where servers are looked for.
pub(super) const PLACES: [&str; 5] =
    ["`mcpServers`", "`projects.*.mcpServers`", "`servers`", "`mcp.servers`", "`context_servers`"];

type Servers<'a> = &'a Map<String, Value>;

/// The lists of servers in a file, each with its place.
pub(super) fn find(root: &Value) -> Option<(Client, Vec<(String, Servers<'_>)>)> {
    let at = |pointer: &str| root.pointer(pointer).and_then(Value::as_object);
    let mut groups = Vec::new();
    if let Some(servers) = at("/mcpServers") {
        groups.push(("mcpServers".to_owned(), servers));
    }
    // Claude Code keeps the servers of each project beside those of the user.
    for (path, project) in at("/projects").into_iter().flatten() {
        if let Some(servers) = project["mcpServers"].as_object() {
            groups.push((format!("projects.{path}.mcpServers"), servers));
        }
    }
    if !groups.is_empty() {
        return Some((Client::McpServers, groups));
    }
    let others = [
        ("/servers", "servers", Client::VsCode),
        ("/mcp/servers", "mcp.servers", Client::VsCodeSettings),
        ("/context_servers", "context_servers", Client::Zed),
    ];
    let found = others.into_iter().find_map(|(pointer, place, client)| Some((at(pointer)?, place, client)));
    found.map(|(servers, place, client)| (client, vec![(place.to_owned(), servers)]))
}
