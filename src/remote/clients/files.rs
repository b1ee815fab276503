//! The client configuration files that the operator named.

use super::{ClientFile, FoundServer, MAX_BYTES, read_client_file};
use crate::{RemoteError, Server};
use revarch_domain::nearest::nearest;
use schemars::JsonSchema;
use serde::Deserialize;
use std::{
    collections::BTreeSet,
    io::Read as _,
    path::{Path, PathBuf},
};

/// Client configuration files, as the configuration names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClientFilesConfig {
    /// Files of MCP clients, such as `.mcp.json` or `claude_desktop_config.json`, whose servers are listed.
    pub files: Vec<PathBuf>,
    /// Names of servers in these files that may also be started or contacted. No other one is.
    pub allow: Vec<String>,
}

/// A file that the operator named, and what is in it.
#[derive(Debug)]
pub struct ReadClientFile {
    /// The file.
    pub path: PathBuf,
    /// What it holds, or why that cannot be told.
    pub content: Result<ClientFile, String>,
}

impl ClientFilesConfig {
    /// Reads all the files. None of their servers is started or contacted.
    pub fn read(&self) -> Vec<ReadClientFile> {
        let read = |path: &PathBuf| ReadClientFile { path: path.clone(), content: read_file(path) };
        self.files.iter().map(read).collect()
    }
}

fn read_file(path: &Path) -> Result<ClientFile, String> {
    let failed = |error: std::io::Error| format!("cannot read {}: {error}", path.display());
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    // One byte more than is taken tells a file that is too large.
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{} is not UTF-8", path.display()))?;
    read_client_file(&text).map_err(|error| format!("cannot use {}: {error}", path.display()))
}

/// The servers that the operator allowed by name, ready to be inspected, each with why it is not otherwise. A
/// name that stands in several files with different content is refused, since nobody could say which is meant.
pub fn allowed(files: &[ReadClientFile], names: &[String]) -> Vec<Result<Server, RemoteError>> {
    let found: Vec<&FoundServer> =
        files.iter().filter_map(|file| file.content.as_ref().ok()).flat_map(|file| &file.servers).collect();
    let pick = |name: &String| {
        let mut matching = found.iter().filter(|server| server.name == *name);
        let Some(first) = matching.next() else {
            let known: BTreeSet<&str> = found.iter().map(|server| server.name.as_str()).collect();
            return Err(RemoteError::NotNamed {
                name: name.clone(),
                near: nearest(name, known.iter().copied()).into_iter().map(str::to_owned).collect(),
                known: known.into_iter().map(str::to_owned).collect(),
            });
        };
        if matching.any(|other| other.values != first.values) {
            let reason = "several client files have a server of that name, and they differ".to_owned();
            return Err(RemoteError::Config { name: name.clone(), reason });
        }
        first.allowed()
    };
    names.iter().map(pick).collect()
}
