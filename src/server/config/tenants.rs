//! Whose data stands where, besides the operator's own.

use super::{Config, Lenses};
use crate::failure::Failure;
use revarch_data::TableMapping;
use revarch_remote::{ServerConfig, clients::ClientFilesConfig};
use revarch_tools::Toolset;
use schemars::JsonSchema;
use serde::Deserialize;
use std::{collections::BTreeMap, path::PathBuf};

/// The longest name of a tenant.
const LONGEST_NAME: usize = 64;

/// One whom the server serves besides the operator. Nothing of the operator's own is seen by it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Tenant {
    /// Folders and files with tables.
    pub(crate) data: Vec<PathBuf>,
    /// What a table is, by its name: overrides what revarch would guess.
    pub(crate) tables: BTreeMap<String, TableMapping>,
    /// The most memory that reading this tenant's data may take; that of the operator unless given. None takes from
    /// another's, so all of them together may take the sum.
    pub(crate) memory: Option<String>,
    /// Lens files that take the place of those revarch ships, or stand beside them.
    pub(crate) lenses: Lenses,
    /// The folder that scores may be written to. Without one nothing is written.
    pub(crate) output: Option<PathBuf>,
    /// MCP servers that may be asked what they offer, by name.
    pub(crate) mcp_servers: BTreeMap<String, ServerConfig>,
    /// Configuration files of MCP clients whose servers are listed, and which of these may be asked too.
    pub(crate) mcp_clients: ClientFilesConfig,
    /// A file of agentic workflows of its own, judged beside those that ship.
    pub(crate) workflows: Option<PathBuf>,
    /// The groups of tools that this tenant may use, of those that the server offers; all of them unless given.
    pub(crate) toolsets: Option<Vec<Toolset>>,
}

impl Config {
    /// What each tenant works with, as though it were alone, where all of them can be served by a server that offers
    /// `offered`.
    pub(crate) fn of_tenants(&mut self, offered: &[Toolset]) -> Result<Vec<(String, Self)>, Failure> {
        let tenants = std::mem::take(&mut self.tenants);
        tenants
            .into_iter()
            .map(|(name, tenant)| {
                check_name(&name)?;
                check_toolsets(&name, tenant.toolsets.as_deref().unwrap_or_default(), offered)?;
                Ok((name, self.of_tenant(tenant, offered)))
            })
            .collect()
    }

    fn of_tenant(&self, tenant: Tenant, offered: &[Toolset]) -> Self {
        let Tenant { data, tables, memory, lenses, output, mcp_servers, mcp_clients, workflows, toolsets } =
            tenant;
        Self {
            data,
            tables,
            memory: memory.or_else(|| self.memory.clone()),
            lenses,
            seed: self.seed,
            output,
            mcp_servers,
            mcp_clients,
            workflows,
            toolsets: Some(toolsets.unwrap_or_else(|| offered.to_vec())),
            ..Self::default()
        }
    }
}

impl Tenant {
    /// The paths, to be made relative to the file.
    pub(super) fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let Self { data, lenses, output, mcp_servers, mcp_clients, workflows, .. } = self;
        let authorities = mcp_servers.values_mut().filter_map(|server| server.ca_file.as_mut());
        let named = data.iter_mut().chain(output).chain(lenses.paths()).chain(&mut mcp_clients.files);
        named.chain(workflows).chain(authorities)
    }
}

/// Names are printed, and typed after `--tenant`.
fn check_name(name: &str) -> Result<(), Failure> {
    if !name.is_empty() && name.len() <= LONGEST_NAME && name.bytes().all(|letter| letter.is_ascii_graphic())
    {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "{name:?} under [tenants] cannot be the name of a tenant\nhint: use up to {LONGEST_NAME} printable \
         ASCII letters without spaces"
    )))
}

fn check_toolsets(name: &str, chosen: &[Toolset], offered: &[Toolset]) -> Result<(), Failure> {
    match chosen.iter().find(|toolset| !offered.contains(toolset)) {
        None => Ok(()),
        Some(toolset) => Err(Failure::Usage(format!(
            "[tenants.{name}] names the toolset `{toolset}`, which this server does not offer\nhint: name it under \
             `toolsets` at the top of the configuration or after --toolsets, or take it out",
            toolset = toolset.name()
        ))),
    }
}
