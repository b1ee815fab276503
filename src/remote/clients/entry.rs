//! One server's entry.

use super::{FoundServer, Reach, Values, package, suspect};
use crate::Secret;
use reqwest::Url;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Reads an entry, or says what is wrong with it.
pub(super) fn read(name: &str, at: &str, entry: &Value) -> Result<FoundServer, String> {
    let fields = entry.as_object().ok_or("it is no object")?;
    // Zed keeps program, arguments and variables one level deeper.
    let nested = fields.get("command").and_then(Value::as_object);
    let program = nested.unwrap_or(fields);
    let command = text(program, &[if nested.is_some() { "path" } else { "command" }])?;
    let args = texts(program.get("args"), "args")?;
    let env = pairs(program.get("env"), "env")?;
    let headers = pairs(fields.get("headers"), "headers")?;
    let url = text(fields, &["url", "serverUrl", "httpUrl"])?;
    let kind = text(fields, &["type", "transport"])?.map(str::to_lowercase).unwrap_or_default();
    let reach = match (command, url) {
        (Some(_), Some(_)) => return Err("it has both a command and an address".to_owned()),
        (None, None) => return Err("it has neither `command` nor `url`".to_owned()),
        (Some(command), None) => {
            Reach::Command { command: command.to_owned(), args: suspect::without_secrets(&args) }
        }
        (None, Some(url)) => {
            let shown = shown(url)?;
            if kind == "sse" { Reach::OldEvents { url: shown } } else { Reach::Http { url: shown } }
        }
    };
    let all: Vec<&str> =
        env.iter().chain(&headers).map(|(_, value)| *value).chain(args.iter().copied()).collect();
    let all = || all.iter().copied().chain(url);
    let env_file = text(fields, &["envFile"])?.map(str::to_owned);
    Ok(FoundServer {
        name: name.to_owned(),
        at: at.to_owned(),
        is_disabled: flag(fields, "disabled") || fields.get("enabled") == Some(&Value::Bool(false)),
        env: env.iter().map(|(name, _)| (*name).to_owned()).collect(),
        headers: headers.iter().map(|(name, _)| (*name).to_owned()).collect(),
        env_file,
        refers_to: references(all().flat_map(variables)),
        inputs: references(all().flat_map(inputs)),
        clear_secrets: suspect::clear_secrets(&env, &headers, &args, url),
        package: command.and_then(|command| package::package(command, &args)),
        values: Values {
            command: command.unwrap_or_default().to_owned(),
            args: args.iter().map(|arg| Secret::new(*arg)).collect(),
            url: Secret::new(url.unwrap_or_default()),
            env: secrets(&env),
            headers: secrets(&headers),
        },
        reach,
    })
}

type Pairs<'a> = Vec<(&'a str, &'a str)>;

fn secrets(pairs: &Pairs<'_>) -> BTreeMap<String, Secret> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), Secret::new(*value))).collect()
}

fn text<'a>(fields: &'a Map<String, Value>, names: &[&str]) -> Result<Option<&'a str>, String> {
    for name in names {
        match fields.get(*name) {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) => return Ok(Some(text.as_str())),
            Some(_) => return Err(format!("`{name}` is no text")),
        }
    }
    Ok(None)
}

fn texts<'a>(value: Option<&'a Value>, name: &str) -> Result<Vec<&'a str>, String> {
    match value {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => {
            let items: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            items.ok_or_else(|| format!("`{name}` holds something that is no text"))
        }
        Some(_) => Err(format!("`{name}` is no list")),
    }
}

/// Names and values; a value that is absent, or no text, is told by its name only.
fn pairs<'a>(value: Option<&'a Value>, name: &str) -> Result<Pairs<'a>, String> {
    match value {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Object(fields)) => Ok(fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default()))
            .collect()),
        Some(_) => Err(format!("`{name}` is no object")),
    }
}

fn flag(fields: &Map<String, Value>, name: &str) -> bool {
    fields.get(name) == Some(&Value::Bool(true))
}

/// An address without what may be secret in it: its user, query, fragment and the random parts of its path.
fn shown(url: &str) -> Result<String, String> {
    if url.contains("${") {
        let bare = url.split(['?', '#']).next().unwrap_or_default();
        let host = bare.split_once('@').map_or(bare, |(_, host)| host);
        return Ok(host.to_owned());
    }
    let secrets = suspect::secret_parts(url);
    let mut url = Url::parse(url).map_err(|error| format!("`url` is no address: {error}"))?;
    url.set_query(None);
    url.set_fragment(None);
    // An address that cannot have a user has none to remove.
    let _ = (url.set_username(""), url.set_password(None));
    Ok(secrets.iter().fold(url.to_string(), |url, secret| url.replace(secret, suspect::HIDDEN)))
}

fn references<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    names.map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
}

/// What stands in `${...}`.
pub(super) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|rest| rest.split_once('}').map(|(inner, _)| inner))
}

/// The variable that a placeholder refers to: `NAME`, `NAME:-default` or `env:NAME`.
pub(super) fn variable(placeholder: &str) -> Option<&str> {
    let name = placeholder.strip_prefix("env:").unwrap_or(placeholder);
    let name = name.split(":-").next().unwrap_or(name);
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    // The clients' own words, which stand for folders and have no variable.
    let is_own = matches!(name, "workspaceFolder" | "workspaceFolderBasename" | "userHome" | "pathSeparator");
    (is_name && !is_own).then_some(name)
}

fn variables(text: &str) -> impl Iterator<Item = &str> {
    placeholders(text).filter_map(variable)
}

fn inputs(text: &str) -> impl Iterator<Item = &str> {
    placeholders(text).filter_map(|placeholder| placeholder.strip_prefix("input:"))
}
