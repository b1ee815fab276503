//! Which data the operator named, and what the operator says it is.

use crate::{DEFAULT_MEMORY, DataError};
use revarch_domain::recognition::{Mapped, Mapping, Role};
use schemars::JsonSchema;
use serde::Deserialize;
use std::{collections::BTreeMap, path::PathBuf};

/// The data that revarch may read.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Folders whose files become tables.
    pub folders: Vec<PathBuf>,
    /// What the operator says a table is, by the table's name.
    pub mappings: BTreeMap<String, TableMapping>,
    /// Bytes of memory that reading may take; what needs more spills to temporary files.
    pub memory: u64,
}

impl Default for Sources {
    fn default() -> Self {
        Self { folders: Vec::new(), mappings: BTreeMap::new(), memory: DEFAULT_MEMORY }
    }
}

/// What the operator says a table is: overrides what revarch would guess.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableMapping {
    /// The entity the table holds, such as `contact` or `deal`; `none` for a table that holds no entity.
    pub entity: Option<String>,
    /// The role of a column by its name, such as `email`, `account_key` or `outcome`; `none` for no role.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
}

impl TableMapping {
    /// The mapping with its names understood.
    pub(crate) fn understood(&self, table: &str) -> Result<Mapping, DataError> {
        let refuse = |reason: String| DataError::Mapping { table: table.to_owned(), reason };
        let entity = self.entity.as_deref().map(str::parse::<Mapped>).transpose().map_err(refuse)?;
        let entity = entity.unwrap_or_default();
        let mut columns = BTreeMap::new();
        for (column, role) in &self.columns {
            let role = if role == "none" { None } else { Some(role.parse::<Role>().map_err(refuse)?) };
            columns.insert(column.clone(), role);
        }
        Ok(Mapping { entity, columns })
    }
}
