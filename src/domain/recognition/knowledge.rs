//! What is known of the layouts in which systems give out their records: see `layouts/*.json`.

use super::{Role, header::Handwriting};
use crate::entity::Entity;
use serde::Deserialize;
use std::{collections::BTreeMap, sync::LazyLock};

/// The records of one system and the layouts in which it, or a tool, writes them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct System {
    pub(super) system: String,
    pub(super) layouts: Vec<Written>,
    /// Columns that hardly anybody else writes: each is evidence.
    pub(super) tells: Vec<String>,
    /// Roles that hold in every table, unless the table says otherwise.
    pub(super) everywhere: Columns,
    pub(super) tables: Vec<Known>,
    pub(super) joins: Vec<Declared>,
}

/// Columns by the role they play; `none` lists those that a name would mislead about.
pub(super) type Columns = BTreeMap<RoleOrNone, Vec<String>>;

/// One way of writing the records of a system.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    pub(super) id: String,
    pub(super) name: String,
    /// Where the facts come from.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "for the reader of the file; a test looks that it is there")
    )]
    pub(super) sources: Vec<String>,
    pub(super) written: Vec<Handwriting>,
    /// Words that table names may begin with.
    #[serde(default)]
    pub(super) prefixes: Vec<String>,
    /// Columns that show the hand on any table, a known one or not.
    pub(super) marks: Vec<String>,
    /// Columns that show another hand.
    #[serde(default)]
    pub(super) contradictions: Vec<String>,
    /// Whether a tool copies the tables into a warehouse: they always bear the names they have here, and at least one
    /// of them bears a mark.
    #[serde(default)]
    pub(super) warehouse: bool,
    /// Whether a table's bearing the name it has here is evidence.
    #[serde(default)]
    pub(super) names_tell: bool,
    /// Whether keys have 15 or 18 characters, as Salesforce makes them.
    #[serde(default)]
    pub(super) salesforce_ids: bool,
}

/// A table that a system is known to have.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    pub(super) name: String,
    /// Other names; one `*` at the end stands for anything.
    #[serde(default)]
    pub(super) called: Vec<String>,
    /// What it holds; none for choices, details and other reference data.
    pub(super) entity: Option<Entity>,
    /// Columns without which it is another table.
    #[serde(default)]
    pub(super) needs: Vec<String>,
    /// Columns by which it is known whatever its name.
    #[serde(default)]
    pub(super) looks: Vec<String>,
    /// Columns that make it another table, unless its name says what it is.
    #[serde(default)]
    pub(super) lacks: Vec<String>,
    #[serde(default)]
    pub(super) columns: Columns,
}

/// A join that the system's documentation declares, `table.column` to `table` or `table.column`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Declared {
    pub(super) from: String,
    /// Without a column, to the table's own key.
    pub(super) to: String,
    /// Whether a cell may hold several keys.
    #[serde(default)]
    pub(super) many: bool,
    /// Whether the key may also be of a record in a table that the layout does not know.
    #[serde(default)]
    pub(super) elsewhere: bool,
}

/// A role as the files name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct RoleOrNone(pub(super) Option<Role>);

impl TryFrom<String> for RoleOrNone {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == "none" { Ok(Self(None)) } else { text.parse().map(|role| Self(Some(role))) }
    }
}

const FILES: [&str; 5] = [
    include_str!("layouts/hubspot_export.json"),
    include_str!("layouts/salesforce.json"),
    include_str!("layouts/fivetran_hubspot.json"),
    include_str!("layouts/fivetran_marketo.json"),
    include_str!("layouts/fivetran_pardot.json"),
];

static SYSTEMS: LazyLock<Vec<System>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|text| serde_json::from_str(text))
        .collect::<Result<_, _>>()
        .expect("the embedded layouts parse: a test reads them")
});

/// Every layout with the system whose records it writes.
pub(super) fn layouts() -> impl Iterator<Item = (&'static System, &'static Written)> {
    SYSTEMS.iter().flat_map(|system| system.layouts.iter().map(move |layout| (system, layout)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_names_its_sources_and_joins_known_tables() {
        for (system, layout) in layouts() {
            assert!(layout.sources.iter().all(|source| source.starts_with("https://")), "{}", layout.id);
            assert!(!layout.sources.is_empty(), "{}", layout.id);
            let known = |name: &str| system.tables.iter().any(|table| table.name == name);
            for join in &system.joins {
                let (from, column) = join.from.split_once('.').unwrap();
                let to = join.to.split('.').next().unwrap();
                assert!(known(from) && known(to), "{}: {} -> {}", layout.id, join.from, join.to);
                assert!(!column.is_empty());
            }
        }
    }

    #[test]
    fn a_column_of_a_table_has_one_role() {
        for (system, layout) in layouts() {
            for table in &system.tables {
                let mut names: Vec<&String> = table.columns.values().flatten().collect();
                let all = names.len();
                names.sort();
                names.dedup();
                assert_eq!(names.len(), all, "{}.{}", layout.id, table.name);
            }
        }
    }
}
