//! Those whom the server serves besides the operator, each with a workplace of its own.
//!
//! # Design
//! Everything that is opened or learnt belongs to one workplace: tables with what was learnt of them and the memory they
//! may take, servers, lenses, output, and the view of the store. A caller whose tenant is not configured is refused, so
//! that a slip in a token or in the configuration never ends in the operator's own data.

use crate::{caller::Caller, cli::Options, config::Config, failure::Failure, workplace::Workplace};
use rmcp::ErrorData;
use std::{collections::BTreeMap, sync::Arc};

/// The tenants by their names.
#[derive(Clone, Default)]
pub(crate) struct Tenants(Arc<BTreeMap<String, Workplace>>);

/// Opens what the operator works with, and what each tenant does.
pub(crate) async fn open(options: Options) -> Result<(Workplace, Tenants), Failure> {
    let mut config = Config::read(options.config.as_deref())?;
    let offered = config.offered(&options.toolsets)?;
    let of_tenants = config.of_tenants(&offered)?;
    let operators = Workplace::of(config, options.clone()).await?;
    let mut tenants = BTreeMap::new();
    // The command line names the operator's own data and output.
    let options = Options { data: Vec::new(), output: None, toolsets: Vec::new(), ..options };
    for (name, config) in of_tenants {
        let workplace = operators.of_tenant(&name, config, options.clone()).await;
        let workplace = workplace.map_err(|failure| failure.within(&format!("[tenants.{name}]")))?;
        tenants.insert(name, workplace);
    }
    Ok((operators, Tenants(Arc::new(tenants))))
}

impl Tenants {
    /// What the caller works with, where `operators` is what the operator does.
    pub(crate) fn workplace<'a>(
        &'a self,
        caller: &Caller,
        operators: &'a Workplace,
    ) -> Result<&'a Workplace, ErrorData> {
        let Some(name) = caller.tenant.as_deref() else { return Ok(operators) };
        self.0.get(name).ok_or_else(|| {
            tracing::warn!(caller = &*caller.name, tenant = name, "a caller was refused: its tenant is not configured");
            ErrorData::invalid_request(
                "the tenant that your token names is not served here\nhint: ask the operator to add it under [tenants] \
                 of the configuration, or for another token",
                None,
            )
        })
    }
}

#[cfg(test)]
mod tests;
