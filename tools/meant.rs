//! Tables that come with a call, and what the caller says that columns are for.

use crate::{Context, ToolError, check_data_readiness};
use revarch_data::Tables;
use revarch_domain::recognition::{Mapping, Role};
use schemars::JsonSchema;
use serde::Deserialize;
use std::{collections::BTreeMap, sync::Arc};

/// What a column is for, where it was not recognised or wrongly so.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnRole {
    /// The table, as `describe_data` names it.
    pub table: String,
    /// The column.
    pub column: String,
    /// Its role, such as `id`, `stage`, `amount`, `created`, `closed`, `outcome`, `source`, `next_step`, `occurred`,
    /// `deal_key`, `contact_key`, `account_key`; or `none`.
    pub role: String,
}

/// The operator's tables and those of the call, understood as the caller says.
pub(crate) async fn tables(
    context: &Context,
    inline: Vec<check_data_readiness::Table>,
    said: &[ColumnRole],
) -> Result<Arc<Tables>, ToolError> {
    let tables = if inline.is_empty() {
        Arc::clone(&context.tables)
    } else {
        let inline = inline.into_iter().map(check_data_readiness::inline).collect::<Result<Vec<_>, _>>()?;
        Arc::new(context.tables.with(inline).await?)
    };
    if tables.all().is_empty() {
        return Err(tables.nothing().into());
    }
    if said.is_empty() {
        return Ok(tables);
    }
    let mut mappings: BTreeMap<String, Mapping> = BTreeMap::new();
    for ColumnRole { table, column, role } in said {
        tables.table(table)?.require(column)?;
        let role = match role.as_str() {
            "none" => None,
            role => Some(role.parse::<Role>().map_err(|reason| {
                ToolError::input(format!("cannot use the role of `{table}.{column}`: {reason}"))
                    .hint("describe_data shows the roles that were recognised")
            })?),
        };
        mappings.entry(table.clone()).or_default().columns.insert(column.clone(), role);
    }
    let said: Vec<(String, Mapping)> = mappings.into_iter().collect();
    Ok(Arc::new(tables.confirmed(&said).await?))
}
