//! How the records of another table are reached from a lead, by the joins that were recognised.

use crate::{Recognised, sql::key_of};
use revarch_domain::{
    entity::Entity,
    recognition::{Join, Recognition, Role, SURE},
    value::quoted_in_sql,
};
use std::collections::BTreeMap;

/// Equal keys of a lead and of another table's records, perhaps through a table of pairs.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    /// The lead's key, in SQL.
    pub(crate) own: String,
    /// The other record's key, in SQL.
    pub(crate) far: String,
    /// The table of pairs: its name, the lead's key and the other record's key in it.
    pub(crate) through: Option<(String, String, String)>,
    /// Whether it is the lead that names the other record, so that a blank says there is none.
    pub(super) is_named: bool,
    /// How the two are joined, for people.
    pub(crate) by: String,
}

/// The tables that are surely recognised, and their joins.
pub(crate) struct Map<'a> {
    pub(crate) tables: BTreeMap<&'a str, &'a Recognition>,
    pub(crate) joins: Vec<&'a Join>,
}

impl<'a> Map<'a> {
    /// Everything that was recognised.
    pub(crate) fn of(recognised: &'a [Recognised]) -> Self {
        let tables = recognised.iter().flat_map(|folder| &folder.whole.tables);
        Self {
            tables: tables.map(|(name, recognition)| (name.as_str(), recognition)).collect(),
            joins: recognised.iter().flat_map(|folder| &folder.whole.joins).collect(),
        }
    }

    /// What a table surely holds.
    pub(crate) fn entity(&self, table: &str) -> Option<Entity> {
        self.tables.get(table)?.sure_entity()
    }

    /// The way from `base` to `other`: by a key of one of the other, by a table of pairs, by the person both speak
    /// of, or at last by the account.
    pub(crate) fn path(&self, base: &str, other: &str) -> Option<Path> {
        let shared = |account: bool| self.shared(base, other, account);
        self.keyed(base, other).or_else(|| shared(false)).or_else(|| shared(true))
    }

    /// The way by a key of one of the other, or by a table of pairs.
    pub(crate) fn keyed(&self, base: &str, other: &str) -> Option<Path> {
        let between = |from: &str, to: &str| self.from(from).find(|join| join.to_table == to);
        if let Some(join) = between(other, base) {
            let address = self.is_address(join);
            let (own, far) =
                (key_of(&join.to_column, address, false), key_of(&join.from_column, address, join.many));
            return Some(Path { own, far, through: None, is_named: false, by: told(join) });
        }
        if let Some(join) = between(base, other) {
            return Some(self.forward(join));
        }
        let pairs = self.tables.keys().filter(|table| self.entity(table) == Some(Entity::Link));
        for link in pairs {
            if let (Some(here), Some(there)) = (between(link, base), between(link, other)) {
                let (near, away) = (self.is_address(here), self.is_address(there));
                return Some(Path {
                    own: key_of(&here.to_column, near, false),
                    far: key_of(&there.to_column, away, false),
                    through: Some((
                        (*link).to_owned(),
                        key_of(&here.from_column, near, here.many),
                        key_of(&there.from_column, away, there.many),
                    )),
                    is_named: false,
                    by: format!("{} and {}", told(here), told(there)),
                });
            }
        }
        None
    }

    /// The way by the record that both speak of: an account, or any other.
    fn shared(&self, base: &str, other: &str, account: bool) -> Option<Path> {
        self.from(base).find_map(|here| {
            // Records of one owner or campaign need not have anything else to do with each other.
            match self.entity(&here.to_table) {
                Some(Entity::Account) if account => {}
                Some(Entity::Contact | Entity::Lead) if !account => {}
                _ => return None,
            }
            let same = |there: &&Join| there.to_table == here.to_table && there.to_column == here.to_column;
            let there = self.from(other).find(same)?;
            let address = self.is_address(here);
            let own = key_of(&here.from_column, address, here.many);
            let far = key_of(&there.from_column, address, there.many);
            let by = format!("`{}.{}` = `{}.{}`", base, here.from_column, other, there.from_column);
            Some(Path { own, far, through: None, is_named: false, by })
        })
    }

    /// The account that a lead names.
    pub(crate) fn account(&self, base: &str) -> Option<(&str, Path)> {
        let join = self.from(base).find(|join| self.entity(&join.to_table) == Some(Entity::Account))?;
        Some((join.to_table.as_str(), self.forward(join)))
    }

    fn forward(&self, join: &Join) -> Path {
        let address = self.is_address(join);
        let (own, far) =
            (key_of(&join.from_column, address, join.many), key_of(&join.to_column, address, false));
        Path { own, far, through: None, is_named: true, by: told(join) }
    }

    /// The sure joins of a table's keys.
    pub(crate) fn from(&self, table: &str) -> impl Iterator<Item = &Join> {
        self.joins.iter().copied().filter(move |join| join.from_table == table && join.confidence >= SURE)
    }

    /// Whether a key is an e-mail address, which is compared without case.
    pub(crate) fn is_address(&self, join: &Join) -> bool {
        self.tables
            .get(join.to_table.as_str())
            .is_some_and(|to| to.role(&join.to_column) == Some(Role::Email))
    }
}

impl Path {
    /// The other table's rows as the lead's key `k` and what else is asked of them.
    pub(crate) fn rows(&self, table: &str, also: &str, condition: &str) -> String {
        let (table, far) = (quoted_in_sql(table), &self.far);
        match &self.through {
            None => format!("SELECT {far} AS k, {also} FROM {table} WHERE {condition}"),
            Some((pairs, here, there)) => format!(
                "SELECT l.k AS k, x.* FROM (SELECT {here} AS k, {there} AS f FROM {pairs}) AS l \
                 JOIN (SELECT {far} AS g, {also} FROM {table} WHERE {condition}) AS x ON l.f = x.g",
                pairs = quoted_in_sql(pairs)
            ),
        }
    }
}

fn told(join: &Join) -> String {
    format!("`{}.{}` = `{}.{}`", join.from_table, join.from_column, join.to_table, join.to_column)
}
