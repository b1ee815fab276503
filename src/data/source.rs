//! Which data the operator named, and what the operator says it is.

use crate::DataError;
use revarch_domain::{
    entity::Entity,
    recognition::{Mapping, Role},
};
use schemars::JsonSchema;
use serde::Deserialize;
use std::{collections::BTreeMap, path::PathBuf};

/// The data that revarch may read.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Folders whose files become tables.
    pub folders: Vec<PathBuf>,
    /// What the operator says a table is, by the table's name.
    pub mappings: BTreeMap<String, TableMapping>,
}

/// What the operator says a table is: overrides what revarch would guess.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableMapping {
    /// The entity the table holds, such as `contact` or `deal`.
    pub entity: Option<String>,
    /// The role of a column by its name, such as `email`, `account_key` or `outcome`; `none` for no role.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
}

impl TableMapping {
    /// The mapping with its names understood.
    pub(crate) fn understood(&self, table: &str) -> Result<Mapping, DataError> {
        let refuse = |reason: String| DataError::Mapping { table: table.to_owned(), reason };
        let entity = self
            .entity
            .as_deref()
            .map(|name| {
                Entity::ALL.into_iter().find(|entity| entity.name() == name).ok_or_else(|| {
                    let known: Vec<&str> = Entity::ALL.iter().map(|entity| entity.name()).collect();
                    refuse(format!("no entity `{name}`; entities are {}", known.join(", ")))
                })
            })
            .transpose()?;
        let mut columns = BTreeMap::new();
        for (column, role) in &self.columns {
            let role = if role == "none" { None } else { Some(role.parse::<Role>().map_err(refuse)?) };
            columns.insert(column.clone(), role);
        }
        Ok(Mapping { entity, columns })
    }
}
