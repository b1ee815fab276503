//! `revarch.toml`: where data comes from, and what is allowed.

mod audit;
mod auth;
mod http;
mod limits;
mod show;
mod tasks;
mod tenants;
mod tls;

pub(crate) use audit::{Audit, OnFailure, Sync};
pub(crate) use auth::{Auth, SigningAlgorithm, StaticToken};
pub(crate) use http::Http;
pub(crate) use limits::{Limits, count, seconds};
pub(crate) use show::{Command, run as show};
pub(crate) use tasks::Tasks;
pub(crate) use tenants::Tenant;
pub(crate) use tls::Tls;

use crate::failure::Failure;
use anyhow::Context as _;
use revarch_data::TableMapping;
use revarch_domain::nearest::nearest;
use revarch_remote::{ServerConfig, clients::ClientFilesConfig, registry::RegistryConfig};
use revarch_tools::Toolset;
use schemars::JsonSchema;
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// The file that is read where no other is named.
const DEFAULT_FILE: &str = "revarch.toml";

/// The configuration of revarch. Relative paths are relative to the file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// Folders and files with tables.
    pub(crate) data: Vec<PathBuf>,
    /// What a table is, by its name: overrides what revarch would guess.
    pub(crate) tables: BTreeMap<String, TableMapping>,
    /// The most memory that reading data may take in one call, such as `512MB`; what needs more spills to temporary
    /// files. Each call has a pool of its own, so that all calls together take at most this times
    /// `limits.heavy_calls`.
    pub(crate) memory: Option<String>,
    /// Lens files that take the place of those revarch ships, or stand beside them.
    pub(crate) lenses: Lenses,
    /// The seed of everything random.
    pub(crate) seed: Option<u64>,
    /// The file that keeps reviews and models. Without one they are kept in memory and forgotten at the end.
    pub(crate) store: Option<PathBuf>,
    /// The folder that scores may be written to. Without one nothing is written.
    pub(crate) output: Option<PathBuf>,
    /// MCP servers that may be asked what they offer, by name: each has `command` (with `args`, and `env`, the
    /// names of variables it gets) or `url` (with `bearer_env`, the name of the variable that holds its token,
    /// and `allow_private`), and may say its `platform`.
    pub(crate) mcp_servers: BTreeMap<String, ServerConfig>,
    /// Configuration files of MCP clients whose servers are listed, and which of these may be asked too.
    pub(crate) mcp_clients: ClientFilesConfig,
    /// The MCP registry that `revarch catalog refresh` reads.
    pub(crate) registry: RegistryConfig,
    /// What is known of platforms besides what ships with revarch.
    pub(crate) catalog: CatalogFiles,
    /// A file of agentic workflows of your own, judged beside those that ship; `schemas/workflows.json` says how it
    /// is written.
    pub(crate) workflows: Option<PathBuf>,
    /// The groups of tools that are offered; all but `knowledge` unless given.
    pub(crate) toolsets: Option<Vec<Toolset>>,
    /// Whether only tools are offered that leave everything as it was.
    pub(crate) read_only: bool,
    /// Who may reach the server over HTTP.
    pub(crate) http: Http,
    /// The log of who called what. Without it none is kept.
    pub(crate) audit: Option<Audit>,
    /// Others whom this server serves, by the name that their callers' tokens give: each sees data, servers, reviews and
    /// models of its own and nothing else. What stands outside of `tenants` is the operator's own; shared with all are
    /// what is published of platforms (`catalog`, `registry`), `seed`, and the file of the `store`, in which each row
    /// belongs to one of them.
    pub(crate) tenants: BTreeMap<String, Tenant>,
    /// Long calls, which clients that know the tasks extension follow as tasks.
    pub(crate) tasks: Tasks,
    /// How much callers may ask of the server.
    pub(crate) limits: Limits,
}

/// Lens files of the operator's own.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Lenses {
    /// What data readiness is held against; `schemas/readiness_lens.json` says how such a file is written.
    pub(crate) readiness: Option<PathBuf>,
    /// What a lead score is held against; `schemas/lead_score_lens.json` says how such a file is written.
    pub(crate) lead_score: Option<PathBuf>,
    /// The points of leads without outcomes; `schemas/points_lens.json` says how such a file is written.
    pub(crate) points: Option<PathBuf>,
    /// Maturity lenses beside those that ship, used by their `id`; `schemas/lens.json` says how such a file is
    /// written, and `revarch lens check` tells every error in one.
    pub(crate) maturity: Vec<PathBuf>,
}

impl Lenses {
    /// The paths, to be made relative to the file.
    fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let Self { readiness, lead_score, points, maturity } = self;
        [readiness, lead_score, points].into_iter().flatten().chain(maturity)
    }
}

/// What is known of platforms besides what ships with revarch.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct CatalogFiles {
    /// Additions and corrections of your own, as JSON or TOML; `schemas/own_catalog.json` says how they are written.
    pub(crate) own: Option<PathBuf>,
    /// The copy of the MCP registry that `revarch catalog refresh` keeps. Where it is named, what it says of
    /// platforms is used, fact by fact and never against a firmer one.
    pub(crate) registry_copy: Option<PathBuf>,
}

impl Config {
    /// Reads the file named, or `revarch.toml` where there is one.
    pub(crate) fn read(named: Option<&Path>) -> Result<Self, Failure> {
        let path = named.unwrap_or(Path::new(DEFAULT_FILE));
        let text = match fs::read_to_string(path) {
            Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            read => read.with_context(|| format!("cannot read the configuration {}", path.display()))?,
        };
        let config = Self::understood(&text).map_err(|reason| {
            Failure::Usage(format!("cannot use the configuration {}: {reason}", path.display()))
        })?;
        Ok(config.relative_to(path.parent().unwrap_or(Path::new(""))))
    }

    /// What a text configures, or why it does not.
    pub(crate) fn understood(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| explain(&error))
    }

    /// The toolsets to offer: those asked for, or those of the file, or the usual ones.
    pub(crate) fn offered(&self, asked: &[Toolset]) -> Result<Vec<Toolset>, Failure> {
        match &self.toolsets {
            _ if !asked.is_empty() => Ok(asked.to_vec()),
            Some(none) if none.is_empty() => Err(Failure::Usage(
                "`toolsets` of the configuration is empty, so that no tool would be offered\nhint: name some, or \
                 leave it out for all but `knowledge`"
                    .to_owned(),
            )),
            Some(chosen) => Ok(chosen.clone()),
            None => Ok(Toolset::DEFAULT.to_vec()),
        }
    }

    fn relative_to(mut self, folder: &Path) -> Self {
        let authorities = self.mcp_servers.values_mut().filter_map(|server| server.ca_file.as_mut());
        let paths = self
            .data
            .iter_mut()
            .chain(&mut self.store)
            .chain(&mut self.output)
            .chain(self.lenses.paths())
            .chain(&mut self.mcp_clients.files)
            .chain(&mut self.registry.ca_file)
            .chain(&mut self.catalog.own)
            .chain(&mut self.catalog.registry_copy)
            .chain(&mut self.workflows)
            .chain(self.audit.as_mut().map(|audit| &mut audit.file))
            .chain(self.http.tls.iter_mut().flat_map(|tls| [&mut tls.certificate, &mut tls.key]))
            .chain(authorities)
            .chain(self.tenants.values_mut().flat_map(Tenant::paths));
        for path in paths {
            *path = folder.join(&*path);
        }
        self
    }
}

/// The parser's words, which show the line, and the name that was probably meant.
fn explain(error: &toml::de::Error) -> String {
    let text = error.to_string();
    let mut names = error.message().split('`').skip(1).step_by(2);
    let unknown = names.next().filter(|_| error.message().starts_with("unknown "));
    match unknown.and_then(|unknown| nearest(unknown, names).first().copied()) {
        Some(near) => format!("{}\nhint: did you mean `{near}`?", text.trim_end()),
        None => text.trim_end().to_owned(),
    }
}

#[cfg(test)]
mod tests;
