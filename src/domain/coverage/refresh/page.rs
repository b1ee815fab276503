//! Pages of the registry's answer, in the shapes that it has had.

use crate::coverage::catalog::{Package, Transport};
use jiff::civil::Date;
use serde_json::Value;

/// Whether an entry still stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryStatus {
    /// It does.
    Active,
    /// Its publisher advises against it.
    Deprecated,
    /// It was withdrawn.
    Deleted,
}

/// One server of the registry, in its newest version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryEntry {
    /// Its name, as in `com.notion/mcp`.
    pub name: String,
    /// What it says of itself.
    pub description: String,
    /// Its version.
    pub version: Option<String>,
    /// Whether this is its newest version; nothing where the registry does not say.
    pub is_latest: Option<bool>,
    /// Whether it still stands.
    pub status: EntryStatus,
    /// The day it was last changed.
    pub updated: Option<Date>,
    /// Its addresses.
    pub remotes: Vec<(Option<Transport>, String)>,
    /// Its packages.
    pub packages: Vec<Package>,
}

/// A page of the registry's answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The entries that could be read.
    pub entries: Vec<RegistryEntry>,
    /// Those that could not: which, and why.
    pub unreadable: Vec<String>,
    /// What to ask the next page with; nothing on the last.
    pub next_cursor: Option<String>,
}

/// The answer is no page of a registry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the registry's answer has no list of servers")]
pub struct NoPage;

/// Reads one page, in the registry's present shape, in the shape of its seed file, or as a bare list.
pub fn page(answer: &Value) -> Result<Page, NoPage> {
    let servers = answer.get("servers").unwrap_or(answer).as_array().ok_or(NoPage)?;
    let metadata = answer.get("metadata");
    let cursor =
        metadata.and_then(|metadata| metadata.get("nextCursor").or_else(|| metadata.get("next_cursor")));
    let next_cursor = cursor.and_then(Value::as_str).filter(|cursor| !cursor.is_empty()).map(str::to_owned);
    let mut page = Page { next_cursor, ..Page::default() };
    for (at, raw) in servers.iter().enumerate() {
        match entry(raw) {
            Some(entry) => page.entries.push(entry),
            None => page.unreadable.push(format!("server {at} has no name")),
        }
    }
    Ok(page)
}

fn entry(raw: &Value) -> Option<RegistryEntry> {
    let server = raw.get("server").unwrap_or(raw);
    let meta = raw.get("_meta").or_else(|| server.get("_meta"));
    let official = meta.and_then(|meta| meta.get("io.modelcontextprotocol.registry/official"));
    // Status fields stand in either of two places.
    let told = |names: &[&str]| -> Option<Value> {
        let places = [official, meta, server.get("version_detail"), Some(server)];
        places.into_iter().flatten().find_map(|place| names.iter().find_map(|name| place.get(*name))).cloned()
    };
    let text = |names: &[&str]| told(names).and_then(|value| value.as_str().map(str::to_owned));
    let name = server.get("name").and_then(Value::as_str).filter(|name| !name.trim().is_empty())?;
    let date = |text: String| text.get(..10).and_then(|day| day.parse::<Date>().ok());
    let list = |key: &str| server.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let field = |value: &Value, names: &[&str]| -> Option<String> {
        names.iter().find_map(|name| value.get(*name)).and_then(Value::as_str).map(str::to_owned)
    };
    let packages = list("packages").into_iter().filter_map(|package| {
        let registry = field(&package, &["registryType", "registry_type", "registry_name"])?;
        let identifier = field(&package, &["identifier", "name"])?;
        let known = ["npm", "pypi", "oci", "docker", "cargo", "nuget", "mcpb"].contains(&registry.as_str());
        known.then(|| Package {
            registry,
            name: identifier,
            version: field(&package, &["version"]).filter(|version| !version.is_empty()),
        })
    });
    let remotes = list("remotes").into_iter().filter_map(|remote| {
        let transport = match field(&remote, &["type", "transport_type"]).as_deref() {
            Some("streamable-http" | "streamable_http" | "http") => Some(Transport::StreamableHttp),
            Some("sse") => Some(Transport::Sse),
            _ => None,
        };
        Some((transport, field(&remote, &["url"])?))
    });
    Some(RegistryEntry {
        name: name.to_owned(),
        description: server.get("description").and_then(Value::as_str).unwrap_or_default().to_owned(),
        version: server
            .get("version")
            .and_then(Value::as_str)
            .map(str::to_owned)
            .or_else(|| text(&["version"])),
        is_latest: told(&["isLatest", "is_latest"]).and_then(|value| value.as_bool()),
        status: match text(&["status"]).as_deref() {
            Some("deleted") => EntryStatus::Deleted,
            Some("deprecated") => EntryStatus::Deprecated,
            _ => EntryStatus::Active,
        },
        updated: text(&["updatedAt", "updated_at", "publishedAt", "published_at", "release_date"])
            .and_then(date),
        remotes: remotes.collect(),
        packages: packages.collect(),
    })
}
