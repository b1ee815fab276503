//! What became of the records at each value of a score.

use super::{cell, deals::closed};
use crate::{DataError, Run, Tables, sql::filled};
use datafusion::arrow::{array::AsArray, datatypes::Float64Type};
use revarch_domain::{
    outcome,
    readiness::facts::{Score, TableFacts},
    recognition::Role,
    value::quoted_in_sql,
};

impl Tables {
    /// Good and bad outcomes at each value of an existing score.
    pub(super) async fn scores(&self, table: &TableFacts, run: &Run) -> Result<Vec<Score>, DataError> {
        let mut scores = Vec::new();
        let Some(outcome) = table.recognition.column(Role::Outcome) else { return Ok(scores) };
        let name = &table.profile.name;
        let [good, bad] = [outcome::GOOD.as_slice(), outcome::BAD.as_slice()].map(outcome::in_sql);
        // An open deal has not been lost.
        let decided = closed(table, filled).map(|closed| format!("WHERE {closed}")).unwrap_or_default();
        for column in &table.profile.columns {
            if table.recognition.role(&column.name) != Some(Role::Score) {
                continue;
            }
            let sql = format!(
                "WITH _revarch_t AS (SELECT TRY_CAST({} AS DOUBLE) AS s, lower({}) AS o FROM {} {decided})
                 SELECT s, count(*) FILTER (WHERE o IN ({good})), count(*) FILTER (WHERE o IN ({bad})) FROM _revarch_t
                 WHERE s IS NOT NULL AND (o IN ({good}) OR o IN ({bad})) GROUP BY s ORDER BY s",
                filled(&column.name),
                filled(outcome),
                quoted_in_sql(name),
            );
            let mut counts = Vec::new();
            for batch in self.query(name, &sql, run).await? {
                let values = batch.column(0).as_primitive::<Float64Type>();
                counts.extend(
                    (0..batch.num_rows())
                        .map(|row| (values.value(row), cell(&batch, 1, row), cell(&batch, 2, row))),
                );
            }
            scores.push(Score {
                table: name.clone(),
                column: column.name.clone(),
                outcome: outcome.to_owned(),
                counts,
            });
        }
        Ok(scores)
    }
}
