//! How the rows of a table name the person or account they belong to.

use super::{
    ask::{Columns, Level},
    sides::refuse,
};
use crate::{
    DataError, Tables,
    leads::paths::{Map, Path},
    sql::key_of,
};
use revarch_domain::{entity::Entity, recognition::Role};

/// How the rows of a table name a person or an account.
#[derive(Clone, Debug)]
pub(super) enum Whose {
    /// By a column of their own, in SQL.
    Own(String),
    /// By a key of another table's records, which name the person or account: that table, and its column.
    Through { path: Path, base: String, key: String },
}

/// How, in SQL and for people.
type Named = (Whose, String);

/// How touches and conversions both name whose they are.
pub(super) fn whose(
    map: &Map<'_>,
    level: Option<Level>,
    (touches, of_touches): (&str, &Columns),
    (conversions, of_conversions): (&str, &Columns),
    tables: &Tables,
) -> Result<(Level, Named, Named), DataError> {
    if let (Some(touched), Some(converted)) = (&of_touches.key, &of_conversions.key) {
        let own = |table: &str, column: &str| {
            let column = tables.table(table)?.require(column)?;
            Ok::<_, DataError>((Whose::Own(key_of(column, false, false)), format!("`{table}.{column}`")))
        };
        let level = level.unwrap_or(Level::Person);
        return Ok((level, own(touches, touched)?, own(conversions, converted)?));
    }
    if of_touches.key.is_some() != of_conversions.key.is_some() {
        return Err(refuse(
            "a key is named for one of the two tables".to_owned(),
            "name `key` in both `touch_columns` and `conversion_columns`, or in neither",
        ));
    }
    let levels = level.map_or(vec![Level::Person, Level::Account], |level| vec![level]);
    for level in levels {
        if let (Some(touched), Some(converted)) = (at(map, level, touches), at(map, level, conversions)) {
            return Ok((level, touched, converted));
        }
        if let Some((touched, converted)) = same_role(map, level, touches, conversions) {
            return Ok((level, touched, converted));
        }
    }
    Err(refuse(
        format!(
            "`{touches}` and `{conversions}` name no {} in common",
            level.map_or("person or account", Level::name)
        ),
        "name the columns with `key` in `touch_columns` and `conversion_columns`, or another `level`",
    ))
}

/// How a table names persons or accounts that another table holds.
pub(super) fn at(map: &Map<'_>, level: Level, table: &str) -> Option<Named> {
    let holding =
        |entity: Entity| map.tables.keys().copied().filter(move |table| map.entity(table) == Some(entity));
    let own = |path: &Path, base: &str, key: &str| {
        let by = path.by.clone();
        if path.own == key && path.through.is_none() {
            return (Whose::Own(path.far.clone()), by);
        }
        (Whose::Through { path: path.clone(), base: base.to_owned(), key: key.to_owned() }, by)
    };
    let id = |base: &str| Some(key_of(map.tables.get(base)?.column(Role::Id)?, false, false));
    if level == Level::Account
        && let Some(found) =
            holding(Entity::Account).find_map(|base| Some(own(&map.keyed(base, table)?, base, &id(base)?)))
    {
        return Some(found);
    }
    holding(Entity::Contact).find_map(|base| {
        let path = map.keyed(base, table)?;
        match level {
            Level::Person => Some(own(&path, base, &id(base)?)),
            Level::Account => {
                let join = map.from(base).find(|join| map.entity(&join.to_table) == Some(Entity::Account))?;
                let account = key_of(&join.from_column, map.is_address(join), join.many);
                let (whose, by) = own(&path, base, &account);
                Some((whose, format!("{by} and `{base}.{}`", join.from_column)))
            }
        }
    })
}

/// Keys of one kind in both tables, where the table of the records themselves is not here.
fn same_role(map: &Map<'_>, level: Level, touches: &str, conversions: &str) -> Option<(Named, Named)> {
    let roles: &[Role] = match level {
        Level::Person => &[Role::Key(Entity::Contact), Role::Key(Entity::Lead), Role::Email],
        Level::Account => &[Role::Key(Entity::Account), Role::Domain],
    };
    roles.iter().find_map(|role| {
        let column = |table: &str| {
            let column = map.tables.get(table)?.column(*role)?;
            let by = format!("`{table}.{column}`");
            Some((Whose::Own(key_of(column, *role == Role::Email, false)), by))
        };
        Some((column(touches)?, column(conversions)?))
    })
}
