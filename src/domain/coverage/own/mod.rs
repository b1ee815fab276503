//! The operator's own additions and corrections to the catalog, from a file.
//!
//! The file is JSON or, with the same shape, TOML. Each entry names a platform by its key and says who knows it
//! and since when; what it leaves out stays as it was. A key that the catalog does not have makes a platform,
//! which then needs a name, a vendor, a category and a status.
//!
//! ```json
//! { "platforms": [
//!   { "id": "salesforce", "source": "our Salesforce administrator", "date": "2026-11-02",
//!     "mcp": { "status": "official_ga", "endpoint": "https://api.salesforce.example/mcp", "operations": ["deal.search"] } },
//!   { "id": "acme-quotes", "name": "Acme Quotes", "vendor": "Acme", "category": "crm", "aliases": ["AQ"],
//!     "source": "built by our own team", "date": "2026-10-15", "mcp": { "status": "none_found" } }
//! ] }
//! ```

mod merge;

pub(super) use merge::Changes;

use super::{
    catalog::{Package, Status, Transport, catalog},
    listed::{self, Entry},
    taxonomy::{Operation, taxonomy},
    words::plain,
};
use crate::nearest::nearest;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de::Error};

/// A file of additions and corrections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnFile {
    /// The platforms that are added or corrected.
    #[serde(deserialize_with = "listed::checked")]
    pub platforms: Vec<OwnPlatform>,
}

/// A platform that is added or corrected.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnPlatform {
    /// The key, in lower case with hyphens. One that the catalog has is corrected, another is added.
    pub id: String,
    /// The name people read.
    pub name: Option<String>,
    /// More names it goes by.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Who makes it.
    pub vendor: Option<String>,
    /// The key of its category, such as `crm`.
    #[serde(default, deserialize_with = "known_category")]
    pub category: Option<String>,
    /// Who knows this.
    #[serde(deserialize_with = "listed::said")]
    pub source: String,
    /// Since when, as `2026-11-22`.
    #[schemars(with = "String")]
    pub date: Date,
    /// What is known of its MCP server.
    #[serde(default)]
    pub mcp: OwnMcp,
}

/// What is known of a platform's MCP server. What is left out stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnMcp {
    /// `official_ga`, `official_beta`, `community`, `none_found` or `unknown`.
    #[schemars(with = "Option<String>")]
    pub status: Option<Status>,
    /// Its address, with what differs per customer in braces. No key may stand in it.
    #[serde(default, deserialize_with = "address")]
    pub endpoint: Option<String>,
    /// How a client proves who it is.
    pub auth: Option<String>,
    /// `stdio`, `streamable_http`, `sse`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub transport: Vec<Transport>,
    /// The package that starts it.
    #[schemars(with = "Option<std::collections::BTreeMap<String, String>>")]
    pub package: Option<Package>,
    /// What it offers, such as `deal.search`. They replace those of the catalog.
    #[serde(default, deserialize_with = "known_operations")]
    #[schemars(with = "Vec<String>")]
    pub operations: Vec<Operation>,
    /// Whether these are all that it offers.
    pub operations_complete: Option<bool>,
}

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot use the own catalog at `{path}`")]
pub struct OwnError {
    /// The field, as in `platforms[0].mcp.status`.
    pub path: String,
    /// What is wrong there, with its line and column.
    pub source: serde_json::Error,
}

/// The additions and corrections written in `text` as JSON, or which part cannot be used, where and why.
pub fn parse(text: &str) -> Result<OwnFile, OwnError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let file = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| OwnError { path: error.path().to_string(), source: error.into_inner() })?;
    reader.end().map_err(|source| OwnError { path: "the end".to_owned(), source })?;
    Ok(file)
}

impl Entry for OwnPlatform {
    const NAME: &'static str = "platforms";

    fn refused(&self, before: &[Self]) -> Option<String> {
        let Self { id, name, aliases, vendor, category, mcp, .. } = self;
        let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if id.is_empty() || !id.chars().all(fits) {
            return Some(format!("`{id}` is no key in lower case with hyphens"));
        }
        if before.iter().any(|other| other.id == *id) {
            return Some(format!("the platform `{id}` stands twice"));
        }
        let blank = |text: &Option<String>| text.as_ref().is_some_and(|text| text.trim().is_empty());
        if blank(name) || blank(vendor) || aliases.iter().any(|alias| alias.trim().is_empty()) {
            return Some(format!("a name, vendor or alias of `{id}` is empty"));
        }
        if catalog().platform(id).is_none() {
            let missing: Vec<&str> = [
                ("name", name.is_none()),
                ("vendor", vendor.is_none()),
                ("category", category.is_none()),
                ("mcp.status", mcp.status.is_none()),
            ]
            .into_iter()
            .filter(|(_, missing)| *missing)
            .map(|(field, _)| field)
            .collect();
            if !missing.is_empty() {
                let near = nearest(id, catalog().platforms().iter().map(|platform| platform.id.as_str()));
                let hint = if near.is_empty() {
                    String::new()
                } else {
                    format!("; to correct one, its key may be `{}`", near.join("`, `"))
                };
                return Some(format!("`{id}` is new to the catalog and lacks {}{hint}", missing.join(", ")));
            }
        }
        self.clash(before)
    }
}

impl OwnPlatform {
    /// A name that some other platform has already.
    fn clash(&self, before: &[Self]) -> Option<String> {
        let names = [Some(&self.id), self.name.as_ref()].into_iter().flatten().chain(&self.aliases);
        for name in names {
            let wanted = plain(name);
            let known = catalog().platforms().iter().filter(|platform| platform.id != self.id);
            let mut holders = known.filter(|platform| {
                [&platform.id, &platform.name]
                    .into_iter()
                    .chain(&platform.aliases)
                    .any(|other| plain(other) == wanted)
            });
            if let Some(holder) = holders.next() {
                return Some(format!("`{name}` of `{}` is a name of `{}` already", self.id, holder.id));
            }
            let own = before.iter().find(|other| {
                [Some(&other.id), other.name.as_ref()]
                    .into_iter()
                    .flatten()
                    .chain(&other.aliases)
                    .any(|own| plain(own) == wanted)
            });
            if let Some(own) = own {
                return Some(format!("`{name}` of `{}` is a name of `{}` already", self.id, own.id));
            }
        }
        None
    }
}

fn known_category<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let Some(slug) = Option::<String>::deserialize(from)? else { return Ok(None) };
    if taxonomy().category(&slug).is_some() {
        return Ok(Some(slug));
    }
    let near = nearest(&slug, taxonomy().categories.iter().map(|category| category.slug.as_str()));
    let hint =
        if near.is_empty() { String::new() } else { format!("; did you mean `{}`?", near.join("`, `")) };
    Err(D::Error::custom(format!("no category `{slug}`{hint}")))
}

fn known_operations<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Operation>, D::Error> {
    let operations = Vec::<Operation>::deserialize(from)?;
    match operations.iter().find_map(|operation| taxonomy().stranger(operation)) {
        Some(reason) => Err(D::Error::custom(reason)),
        None => Ok(operations),
    }
}

fn address<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let Some(text) = Option::<String>::deserialize(from)? else { return Ok(None) };
    if !text.starts_with("https://") || text.len() < 12 {
        return Err(D::Error::custom("the address does not begin with https://"));
    }
    if text.contains(['?', '@', '#', ' ']) {
        return Err(D::Error::custom("the address holds a query, a user or a blank; no key may stand in it"));
    }
    Ok(Some(text))
}

#[cfg(test)]
mod tests;
