//! Leads as they were when the decision about each was due.
//!
//! # Design
//! Every row of another table counts only if it lies strictly before the decision about the lead; where its times are
//! days, only if its day does. Columns of the lead itself and of its account are as of today, so only those are taken
//! that tell who the lead is, which seldom changes; counts that a system keeps up to date are left to the rows they
//! were counted from. A lead is labelled only when its whole window has passed, converted or not: to keep the young
//! ones that converted would make the latest months look better than they are.

pub(crate) mod plan;
mod query;

use super::{Counts, History, HistoryAsk, stream::TextStream};
use crate::{DataError, Run, Tables, sql::micros};
use datafusion::arrow::{
    array::{Array, AsArray, RecordBatch},
    compute::cast,
    datatypes::{DataType, Int64Type},
};
use plan::Plan;
use revarch_domain::{
    leads::history::{Terms, window},
    value::{MICROS_PER_DAY, quoted_in_sql},
};

/// How far the records go, in microseconds since 1970.
#[derive(Clone, Copy)]
struct Newest {
    /// Those of leads and deals.
    all: i64,
    /// Those of deals alone.
    deals: i64,
}

impl Tables {
    /// What became of leads by the deals that followed, and what was known of them when the decision was due.
    pub async fn history(&self, ask: &HistoryAsk, now_micros: i64, run: &Run) -> Result<History, DataError> {
        let plan = self.plan(ask, run).await?;
        let about = plan.base.clone();
        let leads = self.newest(&plan.base, std::slice::from_ref(&plan.created), now_micros, run).await?;
        let Some(leads) = leads else {
            return Err(refuse(
                format!("no lead in `{about}` has a creation time before now"),
                "check the column with the creation time",
            ));
        };
        let deals = self.newest(&plan.deals, &plan.deal_times, now_micros, run).await?;
        // What is known of deals ends with the newest sign of one, however far the leads go on.
        let newest =
            Newest { all: deals.map_or(leads, |deals| deals.max(leads)), deals: deals.unwrap_or(leads) };
        let mut terms = Terms {
            conversion: ask.conversion,
            within_days: ask.within_days.unwrap_or(0),
            decide_after_days: ask.decide_after_days,
        };
        if ask.within_days.is_none() {
            let delays = self.delays(&plan, terms, newest, run).await?;
            terms.within_days = window(&delays, terms.decide_after_days).ok_or_else(|| {
                refuse(
                    format!("no lead in `{about}` has a deal in `{}` after its creation", plan.deals),
                    "check that both tables cover the same time, or give `within_days` to see the leads counted",
                )
            })?;
        }
        if terms.within_days <= terms.decide_after_days {
            return Err(refuse(
                format!(
                    "the decision after {} days comes no earlier than the end of the {} days to convert in",
                    terms.decide_after_days, terms.within_days
                ),
                "give a larger `within_days` or a smaller `decide_after_days`",
            ));
        }
        let states = plan.states(terms, newest);
        let sql = format!(
            "{states} SELECT CAST(state AS VARCHAR), count(*) FROM _revarch_r AS r GROUP BY 1 ORDER BY 1"
        );
        let mut counts = Counts::default();
        for (state, count) in self.counted(&about, &sql, run).await? {
            counts.add(&state, count);
        }
        let label = format!("converted_within_{}_days", terms.within_days);
        let time = "decided_at".to_owned();
        let sql = plan.rows(&states, &label, &time);
        let (sources, newest) = (plan.told(), newest.deals);
        let Plan { base, deals, deals_path, id, .. } = plan;
        let (is_chosen, deals_by) = (ask.within_days.is_none(), deals_path.by);
        Ok(History {
            table: base,
            deals,
            deals_by,
            terms,
            is_chosen,
            newest,
            id,
            time,
            label,
            sources,
            counts,
            sql,
        })
    }

    /// The leads of a history that can train or be scored, in the order of their decisions.
    pub async fn history_rows(&self, history: &History, run: &Run) -> Result<TextStream, DataError> {
        self.text_stream(&history.table, &history.sql, run).await
    }

    /// The newest time in some columns of a table that is not after now.
    async fn newest(
        &self,
        table: &str,
        columns: &[String],
        now: i64,
        run: &Run,
    ) -> Result<Option<i64>, DataError> {
        let mut newest = None;
        for column in columns {
            let sql = format!(
                "SELECT max(at) FROM (SELECT {} AS at FROM {}) WHERE at <= {now}",
                micros(column),
                quoted_in_sql(table)
            );
            for batch in self.query(table, &sql, run).await? {
                newest = newest.max(whole(&batch, 0)?.first().copied().flatten());
            }
        }
        Ok(newest)
    }

    /// How many leads took how many days to convert. Leads of the last year have not had the time to take longer, so
    /// they speak only where the older ones are silent.
    async fn delays(
        &self,
        plan: &Plan,
        terms: Terms,
        newest: Newest,
        run: &Run,
    ) -> Result<Vec<(i64, u64)>, DataError> {
        let year = newest.deals - 365 * MICROS_PER_DAY;
        let sql = format!(
            "{} SELECT CAST(floor((conv - created) / {MICROS_PER_DAY}.0) AS BIGINT), count(*), \
             count(*) FILTER (WHERE created <= {year}) FROM _revarch_r AS r WHERE conv IS NOT NULL GROUP BY 1 ORDER BY 1",
            plan.states(terms, newest)
        );
        let (mut all, mut old) = (Vec::new(), Vec::new());
        for batch in self.query(&plan.base, &sql, run).await? {
            let (days, counts, of_old) = (whole(&batch, 0)?, whole(&batch, 1)?, whole(&batch, 2)?);
            for ((day, count), old_count) in days.into_iter().zip(counts).zip(of_old) {
                let known = |count: Option<i64>| u64::try_from(count.unwrap_or(0)).unwrap_or(0);
                let day = day.unwrap_or(0).max(0);
                all.push((day, known(count)));
                old.push((day, known(old_count)));
            }
        }
        let enough = old.iter().map(|(_, count)| count).sum::<u64>() >= 50;
        Ok(if enough { old } else { all })
    }

    async fn counted(&self, about: &str, sql: &str, run: &Run) -> Result<Vec<(String, u64)>, DataError> {
        let mut counted = Vec::new();
        for batch in self.query(about, sql, run).await? {
            let names = cast(batch.column(0), &DataType::Utf8View).map_err(engine)?;
            let counts = whole(&batch, 1)?;
            counted.extend(
                names
                    .as_string_view()
                    .iter()
                    .zip(counts)
                    .filter_map(|(name, count)| Some((name?.to_owned(), u64::try_from(count?).ok()?))),
            );
        }
        Ok(counted)
    }
}

fn refuse(reason: String, hint: &str) -> DataError {
    DataError::History { reason, hint: hint.to_owned() }
}

fn engine(error: datafusion::arrow::error::ArrowError) -> DataError {
    DataError::Engine(error.into())
}

/// A column of whole numbers.
pub(crate) fn whole(batch: &RecordBatch, column: usize) -> Result<Vec<Option<i64>>, DataError> {
    let cells = cast(batch.column(column), &DataType::Int64).map_err(engine)?;
    let cells = cells.as_primitive::<Int64Type>();
    Ok((0..cells.len()).map(|row| cells.is_valid(row).then(|| cells.value(row))).collect())
}
