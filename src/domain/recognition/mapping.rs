//! What the operator says a table is, which overrides every guess.

use super::Role;
use crate::entity::Entity;
use std::{collections::BTreeMap, str::FromStr};

/// What the operator says a table holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mapped {
    /// Nothing was said: the guess stands.
    #[default]
    Unsaid,
    /// The table holds none of the entities, and its columns play no role but those that are mapped.
    Nothing,
    /// Records of an entity.
    Holds(Entity),
}

impl FromStr for Mapped {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self::Nothing);
        }
        let entity = Entity::ALL.into_iter().find(|entity| entity.name() == text);
        entity.map(Self::Holds).ok_or_else(|| {
            let known: Vec<&str> = Entity::ALL.iter().map(|entity| entity.name()).collect();
            format!("no entity `{text}`; entities are {}, or none", known.join(", "))
        })
    }
}

/// What the operator says a table is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    /// What it holds.
    pub entity: Mapped,
    /// Roles by column name; `None` says that the column has none.
    pub columns: BTreeMap<String, Option<Role>>,
}
