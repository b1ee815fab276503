//! How the keys of tables join.

use super::number;
use crate::{DataError, Run, Tables, sql::key_of};
use revarch_domain::{
    entity::Entity,
    proportion::Proportion,
    readiness::facts::{Link, TableFacts},
    recognition::{Join, Role, SURE},
    value::quoted_in_sql,
};
use std::fmt::Write;

impl Tables {
    /// Joins every key of a table to the table that holds the records it speaks of. A key that may be of one of
    /// several tables is looked for in all of them.
    pub(super) async fn links(
        &self,
        table: &TableFacts,
        all: &[TableFacts],
        joins: &[Join],
        run: &Run,
    ) -> Result<Vec<Link>, DataError> {
        let mut links: Vec<Link> = Vec::new();
        let Some(from) = table.entity() else { return Ok(links) };
        let own: Vec<&Join> = joins
            .iter()
            .filter(|join| join.from_table == table.profile.name && join.confidence >= SURE)
            .collect();
        for (at, join) in own.iter().enumerate() {
            let is_later = own[..at].iter().any(|other| other.from_column == join.from_column);
            let target = all.iter().find(|target| target.profile.name == join.to_table);
            let Some((target, to)) = target.and_then(|target| Some((target, target.entity()?))) else {
                continue;
            };
            if is_later && join.either {
                continue;
            }
            let others: Vec<&Join> = if join.either {
                own.iter()
                    .skip(at + 1)
                    .copied()
                    .filter(|other| other.from_column == join.from_column)
                    .collect()
            } else {
                Vec::new()
            };
            links.push(self.link((table, from), (target, to), join, &others, run).await?);
        }
        Ok(links)
    }

    async fn link(
        &self,
        (table, from): (&TableFacts, Entity),
        (target, to): (&TableFacts, Entity),
        join: &Join,
        others: &[&Join],
        run: &Run,
    ) -> Result<Link, DataError> {
        let (column, key) = (join.from_column.as_str(), join.to_column.as_str());
        let (name, target_name) = (&table.profile.name, &target.profile.name);
        // An address is the same in any case; a key is not.
        let is_address = target.recognition.role(key) == Some(Role::Email);
        let child = quoted_in_sql(name);
        let child_key = key_of(column, is_address, join.many);
        let parents: Vec<String> = [join]
            .iter()
            .chain(others)
            .map(|join| {
                format!(
                    "SELECT {} AS k FROM {}",
                    key_of(&join.to_column, is_address, false),
                    quoted_in_sql(&join.to_table)
                )
            })
            .collect();
        let joined = format!(
            "WITH _revarch_p AS (SELECT k FROM ({parents}) WHERE k IS NOT NULL GROUP BY 1),
             _revarch_c AS (SELECT {child_key} AS k, count(*) AS n FROM {child} GROUP BY 1)
             SELECT CAST(coalesce(sum(c.n), 0) AS BIGINT), CAST(coalesce(sum(c.n) FILTER (WHERE c.k IS NULL), 0) AS BIGINT),
                    CAST(coalesce(sum(c.n) FILTER (WHERE p.k IS NOT NULL), 0) AS BIGINT), count(p.k),
                    count(p.k) FILTER (WHERE c.n IS NULL)
             FROM _revarch_c AS c FULL OUTER JOIN _revarch_p AS p ON c.k = p.k",
            parents = parents.join(" UNION ALL "),
        );
        let row = self.row(name, &joined, run).await?;
        let [rows, missing, resolved, targets, unreferenced] =
            row.as_ref().map_or([0; 5], |row| [0, 1, 2, 3, 4].map(|at| number(row, at)));
        let unresolved = rows.saturating_sub(missing + resolved);
        let restorable = if from == Entity::Contact && to == Entity::Account {
            self.restorable((table, column, join.many), (target, key), run).await?
        } else {
            None
        };
        Ok(Link {
            table: name.clone(),
            column: column.to_owned(),
            from,
            to,
            target: target_name.clone(),
            target_key: key.to_owned(),
            many: join.many,
            any_case: is_address,
            others: others.iter().map(|join| (join.to_table.clone(), join.to_column.clone())).collect(),
            rows,
            missing,
            dangling: if join.elsewhere { 0 } else { unresolved },
            elsewhere: if join.elsewhere { unresolved } else { 0 },
            targets,
            // The second and later keys of a cell are not looked at, so nothing is known of who is left.
            unreferenced: if join.many { 0 } else { unreferenced },
            restorable,
        })
    }

    /// Rows of which at least one key joins a person.
    pub(super) async fn known_person(
        &self,
        table: &TableFacts,
        links: &[Link],
        run: &Run,
    ) -> Result<Option<Proportion>, DataError> {
        let people: Vec<&Link> =
            links.iter().filter(|link| matches!(link.to, Entity::Contact | Entity::Lead)).collect();
        if people.len() < 2 {
            return Ok(people.first().map(|link| link.joined()));
        }
        let (mut joins, mut known) = (String::new(), Vec::new());
        for (at, link) in people.iter().enumerate() {
            let targets = link.others.iter().map(|(table, key)| (table, key));
            let keys: Vec<String> = std::iter::once((&link.target, &link.target_key))
                .chain(targets)
                .map(|(table, key)| {
                    format!("SELECT {} AS k FROM {}", key_of(key, link.any_case, false), quoted_in_sql(table))
                })
                .collect();
            let _ = write!(
                joins,
                " LEFT JOIN (SELECT DISTINCT k FROM ({}) WHERE k IS NOT NULL) AS p{at} ON e.k{at} = p{at}.k",
                keys.join(" UNION ALL ")
            );
            known.push(format!("p{at}.k IS NOT NULL"));
        }
        let keys: Vec<String> = people
            .iter()
            .enumerate()
            .map(|(at, link)| format!("{} AS k{at}", key_of(&link.column, link.any_case, link.many)))
            .collect();
        let name = &table.profile.name;
        let sql = format!(
            "SELECT count(*), count(*) FILTER (WHERE {}) FROM (SELECT {} FROM {}) AS e{joins}",
            known.join(" OR "),
            keys.join(", "),
            quoted_in_sql(name)
        );
        Ok(self.row(name, &sql, run).await?.map(|row| Proportion::new(number(&row, 1), number(&row, 0))))
    }
}
