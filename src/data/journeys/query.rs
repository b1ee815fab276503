//! The queries that a plan comes to.

use super::{
    sides::{Plan, Side},
    whose::Whose,
};
use crate::sql::{filled, micros};
use revarch_domain::{
    attribution::channels::UNKNOWN,
    value::{MICROS_PER_DAY, quoted_in_sql},
};

/// What a row of the stream is.
pub(super) const TOUCH: i64 = 0;
/// A conversion.
pub(super) const CONVERSION: i64 = 1;
/// The moment a lead was made.
pub(super) const LEAD: i64 = 2;

impl Side {
    /// The rows of the table with their key `k`, the people they name as `people`, and what else is asked of them, in
    /// SQL and by name. A row that names several people has the first of them, or stands once for each.
    fn rows(&self, also: &[(String, &str)], condition: &str, for_each: bool) -> String {
        let table = quoted_in_sql(&self.table);
        let columns: Vec<String> = also.iter().map(|(sql, name)| format!("{sql} AS {name}")).collect();
        let columns = columns.join(", ");
        let Whose::Through { path, base, key } = &self.whose else {
            let Whose::Own(own) = &self.whose else { return String::new() };
            return format!("SELECT {own} AS k, 1 AS people, {columns} FROM {table} WHERE {condition}");
        };
        let base =
            format!("SELECT {} AS f, min({key}) AS c FROM {} GROUP BY 1", path.own, quoted_in_sql(base));
        let map = match &path.through {
            None => format!("SELECT f, c, 1 AS n FROM ({base}) AS b"),
            Some((pairs, here, there)) => {
                let pairs = format!(
                    "SELECT DISTINCT l.there AS f, b.c AS c FROM (SELECT {here} AS here, {there} AS there FROM {}) AS l \
                     JOIN ({base}) AS b ON l.here = b.f",
                    quoted_in_sql(pairs)
                );
                if for_each {
                    format!("SELECT f, c, 1 AS n FROM ({pairs}) AS p")
                } else {
                    format!("SELECT f, min(c) AS c, count(c) AS n FROM ({pairs}) AS p GROUP BY 1")
                }
            }
        };
        let names: Vec<String> = also.iter().map(|(_, name)| format!("x.{name} AS {name}")).collect();
        format!(
            "SELECT m.c AS k, coalesce(m.n, 0) AS people, {} FROM (SELECT {} AS f, {columns} FROM {table} WHERE {condition}) AS x \
             LEFT JOIN ({map}) AS m ON x.f = m.f",
            names.join(", "),
            path.far
        )
    }

    /// The time of a row as it is compared with touches: of a day its end, since what touched on that day came before.
    fn end_of(&self) -> String {
        end_of(&self.time, self.by_day)
    }
}

fn end_of(column: &str, by_day: bool) -> String {
    let at = micros(column);
    if by_day { format!("({at} + {})", MICROS_PER_DAY - 1) } else { at }
}

impl Plan {
    fn touch_rows(&self) -> String {
        let channel = format!("coalesce({}, '{UNKNOWN}')", filled(&self.channel));
        self.touches.rows(&[(micros(&self.touches.time), "at"), (channel, "channel")], "true", true)
    }

    /// The touches by channel: those that count, all, those without a key, without a time, and after the end.
    pub(super) fn channels(&self, end: i64) -> String {
        format!(
            "SELECT channel, count(*) FILTER (WHERE k IS NOT NULL AND at <= {end}), count(*), \
             count(*) FILTER (WHERE k IS NULL), count(*) FILTER (WHERE at IS NULL), count(*) FILTER (WHERE at > {end}) \
             FROM ({}) AS t GROUP BY 1 ORDER BY 1",
            self.touch_rows()
        )
    }

    /// Everything that happened, in the order of whose it is.
    pub(super) fn stream(&self, end: i64) -> String {
        let none = || "CAST(NULL AS VARCHAR)".to_owned();
        let value = self.value.as_deref().map_or_else(none, filled);
        let currency = self.currency.as_deref().map_or_else(none, filled);
        let nowhen = || "CAST(NULL AS BIGINT)".to_owned();
        let opened = self.opened.as_ref().map_or_else(nowhen, |(column, by_day)| end_of(column, *by_day));
        let conversions = self.conversions.rows(
            &[
                (self.conversions.end_of(), "at"),
                (value, "value"),
                (currency, "currency"),
                (opened, "opened"),
            ],
            &self.condition,
            false,
        );
        let leads = self.leads.as_ref().map_or_else(String::new, |leads| {
            format!(
                " UNION ALL SELECT k, min(at), {LEAD}, NULL, NULL, NULL, NULL, 1 FROM ({}) AS l \
                 WHERE k IS NOT NULL AND at IS NOT NULL GROUP BY 1",
                leads.rows(&[(leads.end_of(), "at")], "true", true)
            )
        });
        format!(
            "SELECT k, at, kind, channel, value, currency, opened, people FROM (\
             SELECT k, at, {TOUCH} AS kind, CAST(channel AS VARCHAR) AS channel, {text} AS value, {text} AS currency, \
             {whole} AS opened, 1 AS people FROM ({touches}) AS t WHERE k IS NOT NULL AND at <= {end} \
             UNION ALL SELECT k, at, {CONVERSION}, {text}, CAST(value AS VARCHAR), CAST(currency AS VARCHAR), opened, people \
             FROM ({conversions}) AS c{leads}) AS u ORDER BY k NULLS FIRST",
            text = none(),
            whole = nowhen(),
            touches = self.touch_rows(),
        )
    }
}
