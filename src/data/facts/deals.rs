//! Which deals are closed, and what is asked only of those that are or are not.

use super::number;
use crate::{
    DataError, Run, Tables,
    sql::{filled, stage_is_closed},
};
use revarch_domain::{
    entity::Entity,
    outcome,
    proportion::Proportion,
    readiness::facts::{Applicable, TableFacts},
    recognition::Role,
    value::quoted_in_sql,
};

impl Tables {
    /// Close reasons are asked of closed deals, next steps of open ones.
    pub(super) async fn applicable(
        &self,
        table: &TableFacts,
        run: &Run,
    ) -> Result<Vec<Applicable>, DataError> {
        let mut found = Vec::new();
        let (Some(engine), Some(plain)) = (closed(table, filled), closed(table, quoted_in_sql)) else {
            return Ok(found);
        };
        for (role, not, words) in
            [(Role::CloseReason, "", "closed deals"), (Role::NextStep, "NOT ", "open deals")]
        {
            let Some(column) = table.recognition.column(role) else { continue };
            let name = &table.profile.name;
            let sql = format!(
                "SELECT count(*), count({}) FROM {} WHERE {not}({})",
                filled(column),
                quoted_in_sql(name),
                engine
            );
            if let Some(row) = self.row(name, &sql, run).await? {
                found.push(Applicable {
                    column: column.to_owned(),
                    condition: words.to_owned(),
                    condition_sql: format!("{not}({plain})"),
                    filled: Proportion::new(number(&row, 1), number(&row, 0)),
                });
            }
        }
        Ok(found)
    }
}

/// The condition that a deal is closed: by its flag, or else by its stage. Other records are never closed.
pub(super) fn closed(table: &TableFacts, cell: fn(&str) -> String) -> Option<String> {
    if table.entity() != Some(Entity::Deal) {
        return None;
    }
    let flag = table.recognition.column(Role::ClosedFlag);
    flag.map(|flag| format!("lower({}) IN ({})", cell(flag), outcome::in_sql(&outcome::GOOD)))
        .or_else(|| table.recognition.column(Role::Stage).map(|stage| stage_is_closed(&cell(stage))))
}
