//! How often the close date of a deal was put off, and how its amount changed.

use super::{
    history::{DAY, History, Property},
    stages::{numbers, texts, whole},
};
use crate::{DataError, Run, Tables};
use revarch_domain::risk::{Change, Pushes};

impl Tables {
    /// The pushes of each deal whose close date ever changed or was set.
    pub(super) async fn pushes(
        &self,
        history: &History,
        now: i64,
        run: &Run,
    ) -> Result<Vec<(String, Pushes)>, DataError> {
        let Some(values) = history.values(Property::CloseDate, now) else { return Ok(Vec::new()) };
        let sql = format!(
            "SELECT k, count(*) FILTER (WHERE v >= b + {DAY}) AS times, \
             CAST(last_value(v ORDER BY at, v) - first_value(coalesce(b, v) ORDER BY at, v) AS DOUBLE) / {DAY} AS days FROM \
             (SELECT k, v, at, coalesce(o, lag(v) OVER (PARTITION BY k ORDER BY at, v)) AS b FROM ({values})) GROUP BY k"
        );
        let mut pushes = Vec::new();
        for batch in self.query(&history.table, &sql, run).await? {
            let (keys, times, days) = (texts(&batch, 0)?, whole(&batch, 1)?, numbers(&batch, 2)?);
            for ((key, times), days) in keys.into_iter().zip(times).zip(days) {
                let times = times.and_then(|times| u64::try_from(times).ok()).unwrap_or(0);
                pushes.extend(key.map(|key| (key, Pushes { times, days: days.unwrap_or(0.0) })));
            }
        }
        Ok(pushes)
    }

    /// The first and the last amount of each deal.
    pub(super) async fn amount_changes(
        &self,
        history: &History,
        now: i64,
        run: &Run,
    ) -> Result<Vec<(String, Change)>, DataError> {
        let Some(values) = history.values(Property::Amount, now) else { return Ok(Vec::new()) };
        let sql = format!(
            "SELECT k, first_value(coalesce(o, v) ORDER BY at, v) AS a, last_value(v ORDER BY at, v) AS z FROM ({values}) GROUP BY k"
        );
        let mut changes = Vec::new();
        for batch in self.query(&history.table, &sql, run).await? {
            let (keys, from, to) = (texts(&batch, 0)?, numbers(&batch, 1)?, numbers(&batch, 2)?);
            for ((key, from), to) in keys.into_iter().zip(from).zip(to) {
                changes.extend(key.zip(from.zip(to)).map(|(key, (from, to))| (key, Change { from, to })));
            }
        }
        Ok(changes)
    }
}
