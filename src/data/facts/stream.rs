//! How events and activities flow in.

use super::cell;
use crate::{DataError, Run, Tables, sql::micros};
use datafusion::arrow::{
    array::{Array, AsArray},
    datatypes::Int64Type,
};
use revarch_domain::{
    entity::Entity,
    readiness::{
        FIRST_EVENT,
        facts::{EventTypes, Lags, Link, Stream, TableFacts},
    },
    recognition::Role,
    value::quoted_in_sql,
};

impl Tables {
    /// How the rows of an event or activity table flow.
    pub(super) async fn stream(
        &self,
        table: &TableFacts,
        links: &[Link],
        now: i64,
        run: &Run,
    ) -> Result<Option<Stream>, DataError> {
        let event = matches!(table.entity(), Some(Entity::Event | Entity::Activity));
        let Some(time) = table.recognition.column(Role::Occurred).filter(|_| event) else { return Ok(None) };
        let name = &table.profile.name;
        let (from, at) = (quoted_in_sql(name), micros(time));
        let by_day = format!(
            "WITH _revarch_t AS (SELECT {at} AS at FROM {from})
             SELECT CAST(floor(at / 86400000000.0) AS BIGINT) AS day, count(*), count(*) FILTER (WHERE at <= {now}),
                    max(at) FILTER (WHERE at <= {now}), count(*) FILTER (WHERE at < {FIRST_EVENT})
             FROM _revarch_t GROUP BY 1 ORDER BY 1"
        );
        let mut stream = Stream {
            table: name.clone(),
            time_column: time.to_owned(),
            rows: table.profile.rows,
            timed: 0,
            future: 0,
            ancient: 0,
            newest: None,
            known_person: self.known_person(table, links, run).await?,
            types: types(table),
            lags: None,
            days: Vec::new(),
        };
        for batch in self.query(name, &by_day, run).await? {
            let days = batch.column(0).as_primitive::<Int64Type>();
            for row in (0..batch.num_rows()).filter(|row| days.is_valid(*row)) {
                let (all, past) = (cell(&batch, 1, row), cell(&batch, 2, row));
                stream.timed += all;
                stream.future += all - past;
                stream.ancient += cell(&batch, 4, row);
                let newest = batch.column(3).as_primitive::<Int64Type>();
                stream.newest = stream.newest.max(newest.is_valid(row).then(|| newest.value(row)));
                if past > 0 {
                    stream.days.push((days.value(row), past));
                }
            }
        }
        stream.lags = self.lags(table, &at, run).await?;
        Ok(Some(stream))
    }

    /// Rows by whole minutes from happening to arrival.
    async fn lags(&self, table: &TableFacts, at: &str, run: &Run) -> Result<Option<Lags>, DataError> {
        let Some(column) = table.recognition.column(Role::Loaded) else { return Ok(None) };
        let name = &table.profile.name;
        let sql = format!(
            "WITH _revarch_t AS (SELECT {at} AS at, {loaded} AS loaded FROM {from})
             SELECT CAST(floor((loaded - at) / 60000000.0) AS BIGINT), count(*) FROM _revarch_t
             WHERE at IS NOT NULL AND loaded IS NOT NULL GROUP BY 1 ORDER BY 1",
            loaded = micros(column),
            from = quoted_in_sql(name),
        );
        let minutes = self.pairs(name, &sql, run).await?;
        Ok((!minutes.is_empty()).then(|| Lags { column: column.to_owned(), minutes }))
    }

    /// The rows of a query that gives a number and a count.
    async fn pairs(&self, table: &str, sql: &str, run: &Run) -> Result<Vec<(i64, u64)>, DataError> {
        let mut pairs = Vec::new();
        for batch in self.query(table, sql, run).await? {
            let keys = batch.column(0).as_primitive::<Int64Type>();
            let counts = batch.column(1).as_primitive::<Int64Type>();
            pairs.extend(
                keys.iter().zip(counts).filter_map(|(key, count)| Some((key?, u64::try_from(count?).ok()?))),
            );
        }
        Ok(pairs)
    }
}

/// The types of event that were seen, where they were counted.
fn types(table: &TableFacts) -> Option<EventTypes> {
    let column = table.column(Role::Type)?;
    let is_list = column.top_exact && column.distinct == column.top.len() as u64;
    is_list.then(|| EventTypes {
        column: column.name.clone(),
        seen: column.top.clone(),
        untyped: column.empty(),
    })
}
