//! The facts that the readiness check judges, each one query: what a profile of a table alone does not tell.

mod deals;
mod links;
mod repeats;
mod restorable;
mod scores;
mod stream;

use crate::{DataError, Run, Tables};
use datafusion::arrow::{
    array::{AsArray, RecordBatch},
    datatypes::Int64Type,
};
use revarch_domain::{
    readiness::facts::{Facts, TableFacts},
    recognition::Join,
};

impl Tables {
    /// Reads everything the readiness check asks for, of all tables, whole.
    pub async fn facts(&self, now_micros: i64, run: &Run) -> Result<Facts, DataError> {
        let mut facts = Facts { now: now_micros, ..Facts::default() };
        facts.unread =
            self.problems().iter().map(|problem| (problem.file.clone(), problem.reason.clone())).collect();
        let recognised = self.recognised(run).await?;
        let joins: Vec<Join> = recognised.iter().flat_map(|folder| folder.whole.joins.clone()).collect();
        for table in self.all() {
            match self.profile(&table.name, run).await {
                Ok(profile) => facts.tables.push(TableFacts {
                    profile: (*profile).clone(),
                    recognition: self.recognition(&table.name, run).await?,
                    source: table.source.clone(),
                    applicable: Vec::new(),
                    scanned: self.scanned(&table.name, run).await?,
                }),
                Err(error @ DataError::Unreadable { .. }) => {
                    facts.unread.push((table.name.clone(), error.to_string()));
                }
                Err(error) => return Err(error),
            }
        }
        let steps = facts.tables.len() as u64;
        for at in 0..facts.tables.len() {
            run.progress(at as u64, Some(steps), format!("joining {}", facts.tables[at].profile.name));
            let applicable = self.applicable(&facts.tables[at], run).await?;
            facts.tables[at].applicable = applicable;
            let table = &facts.tables[at];
            let links = self.links(table, &facts.tables, &joins, run).await?;
            facts.streams.extend(self.stream(table, &links, now_micros, run).await?);
            facts.scores.extend(self.scores(table, run).await?);
            facts.repeats.extend(self.repeats(table, run).await?);
            facts.links.extend(links);
        }
        run.progress(steps, Some(steps), "judging");
        Ok(facts)
    }

    async fn row(&self, table: &str, sql: &str, run: &Run) -> Result<Option<RecordBatch>, DataError> {
        Ok(self.query(table, sql, run).await?.into_iter().find(|batch| batch.num_rows() > 0))
    }
}

fn cell(batch: &RecordBatch, column: usize, row: usize) -> u64 {
    u64::try_from(batch.column(column).as_primitive::<Int64Type>().value(row)).unwrap_or(0)
}

fn number(row: &RecordBatch, column: usize) -> u64 {
    cell(row, column, 0)
}
