//! A published server.
//!
//! The registry's form has changed twice. All three are read: what it is called now, what it was called
//! before, and the seed with which it began.

use crate::wire::brief;
use serde_json::Value;

/// The longest text that is kept.
const MAX_TEXT: usize = 4_000;
/// Packages, remotes and inputs of one entry that are kept.
const MAX_PARTS: usize = 100;

/// A published server, as its publisher describes it. What is absent was not told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegistryEntry {
    /// Its name, such as `com.example/crm`: the part before the slash belongs to the publisher.
    pub name: String,
    /// Its name for people.
    pub title: Option<String>,
    /// What it says it does.
    pub description: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Its page.
    pub website: Option<String>,
    /// Its source.
    pub repository: Option<RegistryRepository>,
    /// The packages that it can be started from.
    pub packages: Vec<RegistryPackage>,
    /// The addresses at which it runs.
    pub remotes: Vec<RegistryRemote>,
    /// Whether it is still meant to be used.
    pub status: Option<RegistryStatus>,
    /// Whether this is its newest version.
    pub is_latest: Option<bool>,
    /// When it was published, as the registry writes it.
    pub published_at: Option<String>,
    /// When it was changed last, as the registry writes it.
    pub updated_at: Option<String>,
    /// Parts of it that could not be read, each with the reason.
    pub unread: Vec<String>,
}

/// Whether a server is still meant to be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistryStatus {
    /// It is.
    Active,
    /// It is not, but still there.
    Deprecated,
    /// It was taken back.
    Deleted,
    /// A word that is not known here.
    Other(String),
}

/// Where the source of a server is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegistryRepository {
    /// Its address.
    pub url: Option<String>,
    /// The host, such as `github`.
    pub source: Option<String>,
    /// Its identity there, which outlives a change of names.
    pub id: Option<String>,
}

/// A package that a server can be started from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegistryPackage {
    /// Where it comes from, such as `npm`, `pypi` or `oci`.
    pub registry: Option<String>,
    /// Its name there.
    pub identifier: String,
    /// Its version.
    pub version: Option<String>,
    /// How the started server speaks, such as `stdio`.
    pub transport: Option<String>,
    /// The environment variables that it reads.
    pub environment: Vec<RegistryInput>,
}

/// An address at which a server runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegistryRemote {
    /// How it speaks, such as `streamable-http` or `sse`.
    pub transport: Option<String>,
    /// The address.
    pub url: String,
    /// The headers that it wants.
    pub headers: Vec<RegistryInput>,
}

/// Something that has to be told to a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegistryInput {
    /// Its name.
    pub name: String,
    /// Whether it is needed.
    pub is_required: Option<bool>,
    /// Whether it is a secret.
    pub is_secret: Option<bool>,
}

/// Reads one item of a page, or says why it is no server.
pub(super) fn read(item: &Value) -> Result<RegistryEntry, String> {
    let server = item.get("server").unwrap_or(item);
    let Some(name) = text(server, &["name"]) else { return Err("it has no name".to_owned()) };
    // The registry's own facts stand in the outer `_meta`, either directly or under its name.
    let outer = &item["_meta"];
    let inner = &outer["io.modelcontextprotocol.registry/official"];
    let own = [inner, outer, &server["_meta"]["io.modelcontextprotocol.registry/official"], server];
    let own_text = |names: &[&str]| own.iter().find_map(|place| text(place, names));
    let mut unread = Vec::new();
    let packages = parts(server, "packages", &mut unread, package);
    let remotes = parts(server, "remotes", &mut unread, remote);
    let detail = &server["version_detail"];
    let repository = &server["repository"];
    Ok(RegistryEntry {
        name,
        title: text(server, &["title"]),
        description: text(server, &["description"]),
        version: text(server, &["version"]).or_else(|| text(detail, &["version"])),
        website: text(server, &["websiteUrl", "website_url"]),
        repository: repository.is_object().then(|| RegistryRepository {
            url: text(repository, &["url"]),
            source: text(repository, &["source"]),
            id: text(repository, &["id"]),
        }),
        packages,
        remotes,
        status: own_text(&["status"]).map(status),
        is_latest: own
            .iter()
            .find_map(|place| flag(place, &["isLatest", "is_latest"]))
            .or(flag(detail, &["is_latest"])),
        published_at: own_text(&["publishedAt", "published_at"]).or_else(|| text(detail, &["release_date"])),
        updated_at: own_text(&["updatedAt", "updated_at"]),
        unread,
    })
}

fn status(word: String) -> RegistryStatus {
    match word.as_str() {
        "active" => RegistryStatus::Active,
        "deprecated" => RegistryStatus::Deprecated,
        "deleted" => RegistryStatus::Deleted,
        _ => RegistryStatus::Other(word),
    }
}

fn package(value: &Value) -> Result<RegistryPackage, &'static str> {
    let identifier = text(value, &["identifier", "name"]).ok_or("has no identifier")?;
    let environment = value.get("environmentVariables").or_else(|| value.get("environment_variables"));
    let transport = &value["transport"];
    Ok(RegistryPackage {
        registry: text(value, &["registryType", "registry_type", "registry_name"])
            .filter(|name| name != "unknown"),
        identifier,
        version: text(value, &["version"]),
        transport: text(transport, &["type"]).or_else(|| text(value, &["transport"])),
        environment: inputs(environment),
    })
}

fn remote(value: &Value) -> Result<RegistryRemote, &'static str> {
    let url = text(value, &["url"]).ok_or("has no url")?;
    let transport = text(value, &["type", "transport_type", "transport"]);
    Ok(RegistryRemote { transport, url, headers: inputs(value.get("headers")) })
}

fn inputs(list: Option<&Value>) -> Vec<RegistryInput> {
    let items = list.and_then(Value::as_array).into_iter().flatten().take(MAX_PARTS);
    let input = |item: &Value| {
        Some(RegistryInput {
            name: text(item, &["name"])?,
            is_required: flag(item, &["isRequired", "is_required"]),
            is_secret: flag(item, &["isSecret", "is_secret"]),
        })
    };
    items.filter_map(input).collect()
}

fn parts<T>(
    server: &Value,
    name: &str,
    unread: &mut Vec<String>,
    read: fn(&Value) -> Result<T, &'static str>,
) -> Vec<T> {
    let items = match server.get(name) {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Array(items)) => items,
        Some(_) => {
            unread.push(format!("{name} is no list"));
            return Vec::new();
        }
    };
    if items.len() > MAX_PARTS {
        unread.push(format!("{name} has {} items, of which the first {MAX_PARTS} are kept", items.len()));
    }
    let mut found = Vec::new();
    for (index, item) in items.iter().take(MAX_PARTS).enumerate() {
        match read(item) {
            Ok(part) => found.push(part),
            Err(problem) => unread.push(format!("{name}[{index}] {problem}")),
        }
    }
    found
}

/// A text that is there and not empty, cut where it is too long to be one.
fn text(value: &Value, names: &[&str]) -> Option<String> {
    let found = names.iter().find_map(|name| value.get(*name)?.as_str())?.trim();
    (!found.is_empty()).then(|| found.chars().take(MAX_TEXT).collect())
}

fn flag(value: &Value, names: &[&str]) -> Option<bool> {
    names.iter().find_map(|name| value.get(*name)?.as_bool())
}

/// An item for a message: its name, or how it begins.
pub(super) fn shown(item: &Value) -> String {
    brief(&item.to_string()).chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_entry_of_today_is_read() {
        let item = json!({
            "server": {
                "name": "com.example/crm", "title": "CRM", "description": "d", "version": "1.2.0",
                "repository": {"url": "https://github.com/example/crm", "source": "github", "id": "7"},
                "websiteUrl": "https://example.com",
                "packages": [
                    {"registryType": "npm", "identifier": "@example/crm", "version": "1.2.0",
                     "transport": {"type": "stdio"},
                     "environmentVariables": [{"name": "TOKEN", "isRequired": true, "isSecret": true}, {}]},
                    {"registryType": "npm"}
                ],
                "remotes": [{"type": "streamable-http", "url": "https://mcp.example.com/mcp",
                             "headers": [{"name": "Authorization", "isSecret": true}]}, 3],
            },
            "_meta": {"io.modelcontextprotocol.registry/official":
                {"status": "deprecated", "publishedAt": "2025-09-01T00:00:00Z", "updatedAt": "2026-01-02T03:04:05.6Z",
                 "isLatest": true}},
        });
        let entry = read(&item).unwrap();
        assert_eq!((entry.name.as_str(), entry.version.as_deref()), ("com.example/crm", Some("1.2.0")));
        assert_eq!((entry.status, entry.is_latest), (Some(RegistryStatus::Deprecated), Some(true)));
        assert_eq!(entry.updated_at.as_deref(), Some("2026-01-02T03:04:05.6Z"));
        let [package] = &entry.packages[..] else { panic!("{:?}", entry.packages) };
        assert_eq!((package.registry.as_deref(), package.transport.as_deref()), (Some("npm"), Some("stdio")));
        let token =
            RegistryInput { name: "TOKEN".to_owned(), is_required: Some(true), is_secret: Some(true) };
        assert_eq!(package.environment, [token]);
        assert_eq!(entry.remotes[0].headers[0].is_required, None);
        assert_eq!(entry.unread, ["packages[1] has no identifier", "remotes[1] has no url"]);
    }

    #[test]
    fn facts_of_the_registry_may_stand_directly_in_the_meta() {
        let item = json!({"server": {"name": "a/b"}, "_meta": {"status": "active", "updatedAt": "t"}});
        let entry = read(&item).unwrap();
        assert_eq!((entry.status, entry.updated_at.as_deref()), (Some(RegistryStatus::Active), Some("t")));
        assert_eq!((entry.version, entry.is_latest), (None, None));
    }

    #[test]
    fn an_entry_of_the_seed_is_read() {
        let item = json!({
            "id": "1", "name": "io.github.x/y", "description": "d", "repository": {"url": "u", "source": "github"},
            "version_detail": {"version": "0.0.1-seed", "release_date": "2025-05-16T18:56:49Z", "is_latest": true},
            "packages": [{"registry_name": "unknown", "name": "y", "version": "1",
                          "environment_variables": [{"name": "K"}]}],
        });
        let entry = read(&item).unwrap();
        assert_eq!((entry.version.as_deref(), entry.is_latest), (Some("0.0.1-seed"), Some(true)));
        assert_eq!(entry.published_at.as_deref(), Some("2025-05-16T18:56:49Z"));
        assert_eq!((entry.packages[0].registry.as_deref(), entry.packages[0].environment.len()), (None, 1));
    }

    #[test]
    fn what_is_no_entry_is_told() {
        for item in [json!(3), json!({}), json!({"server": {"name": ""}}), json!({"server": {"name": 3}})] {
            assert_eq!(read(&item), Err("it has no name".to_owned()), "{item}");
        }
        let entry = read(&json!({"name": "a/b", "packages": {}, "description": "x".repeat(9_000)})).unwrap();
        assert_eq!(entry.unread, ["packages is no list"]);
        assert_eq!(entry.description.unwrap().len(), MAX_TEXT);
    }
}
