//! How often values repeat that should tell people or companies apart.

use super::number;
use crate::{DataError, Run, Tables, sql::filled};
use revarch_domain::{
    entity::Entity,
    readiness::facts::{Repeats, TableFacts},
    recognition::Role,
    value::quoted_in_sql,
};

impl Tables {
    /// How often the value repeats that should tell people or companies apart.
    pub(super) async fn repeats(&self, table: &TableFacts, run: &Run) -> Result<Option<Repeats>, DataError> {
        let (entity, role) = match table.entity() {
            Some(entity @ Entity::Contact) => (entity, Role::Email),
            Some(entity @ Entity::Account) => (entity, Role::Domain),
            _ => return Ok(None),
        };
        let Some(column) = table.recognition.column(role) else { return Ok(None) };
        let name = &table.profile.name;
        let sql = format!(
            "WITH _revarch_t AS (SELECT lower({}) AS v, count(*) AS n FROM {} GROUP BY 1)
             SELECT CAST(coalesce(sum(n), 0) AS BIGINT), count(*) FROM _revarch_t WHERE v IS NOT NULL",
            filled(column),
            quoted_in_sql(name)
        );
        Ok(self.row(name, &sql, run).await?.map(|row| Repeats {
            table: name.clone(),
            entity,
            column: column.to_owned(),
            with_value: number(&row, 0),
            distinct: number(&row, 1),
        }))
    }
}
