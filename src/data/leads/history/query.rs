//! The queries that a plan comes to.

use super::{
    super::{Told, paths::Path},
    Newest,
    plan::{Account, Kept, Plan, Source},
};
use crate::sql::{filled, micros, moment};
use revarch_domain::{
    leads::history::Terms,
    value::{MICROS_PER_DAY, quoted_in_sql},
};
use std::fmt::Write;

/// Days before the decision over which rows of another table are counted.
const SPANS: [i64; 3] = [7, 30, 90];
impl Plan {
    /// The leads with the first deal after their creation and what became of them, as the table `r`.
    pub(super) fn states(&self, terms: Terms, newest: Newest) -> String {
        let Newest { all, deals: newest } = newest;
        let decide = i64::from(terms.decide_after_days) * MICROS_PER_DAY;
        let within = i64::from(terms.within_days) * MICROS_PER_DAY;
        let mut columns = format!(
            "{} AS name, {created} AS created, {created} + {decide} AS decided, {} AS kd",
            self.id.as_deref().map_or_else(|| "NULL".to_owned(), filled),
            self.deals_path.own,
            created = micros(&self.created),
        );
        for (at, source) in self.sources.iter().enumerate() {
            let _ = write!(columns, ", {} AS k{at}", source.path.own);
        }
        if let Some(Account { path, .. }) = &self.account {
            let _ = write!(columns, ", {} AS ka", path.own);
        }
        if let Some(Kept { path, .. }) = &self.apart {
            let _ = write!(columns, ", {} AS ks", path.own);
        }
        for (at, (sql, _)) in self.own.iter().enumerate() {
            let _ = write!(columns, ", {sql} AS c{at}");
        }
        for (at, column) in self.also.iter().enumerate() {
            let _ = write!(columns, ", {} AS z{at}", filled(column));
        }
        // Where deals have days, one made on the day of the lead counts as made after it.
        let day = |at: &str, by_day: bool| {
            if by_day { format!("({at} - {at} % {MICROS_PER_DAY})") } else { at.to_owned() }
        };
        // Of a lead without the key nobody knows whether a deal followed.
        let unjoined = if self.deals_path.is_named { "" } else { "WHEN b.kd IS NULL THEN 'unjoined'" };
        format!(
            "WITH _revarch_b AS (SELECT {columns} FROM {base}),
             _revarch_x AS ({deals}),
             _revarch_d AS (SELECT b.kd AS k, b.created AS c, min(x.at) AS conv
                   FROM (SELECT DISTINCT kd, created FROM _revarch_b WHERE kd IS NOT NULL AND created IS NOT NULL) AS b
                   JOIN _revarch_x AS x ON b.kd = x.k AND x.at >= {from} AND x.at <= {newest} GROUP BY 1, 2),
             _revarch_r AS (SELECT b.*, d.conv AS conv, CASE
                     WHEN b.created IS NULL THEN 'undated'
                     {unjoined}
                     WHEN b.decided > {all} THEN 'not_due'
                     WHEN d.conv < {due} THEN 'early'
                     WHEN b.created + {within} > {newest} AND d.conv IS NOT NULL THEN 'young_converted'
                     WHEN b.created + {within} > {newest} THEN 'young'
                     WHEN d.conv <= b.created + {within} THEN 'converted'
                     ELSE 'unconverted' END AS state
                   FROM _revarch_b AS b LEFT JOIN _revarch_d AS d ON b.kd = d.k AND b.created = d.c)",
            base = quoted_in_sql(&self.base),
            deals = self.deals_path.rows(
                &self.deals,
                &format!("{} AS at", micros(&self.deal_time)),
                &self.deal_condition
            ),
            from = day("b.created", self.deal_by_day),
            due = day("b.decided", self.deal_by_day),
        )
    }

    /// The leads that can train or be scored.
    pub(super) fn rows(&self, states: &str, label: &str, time: &str) -> String {
        let mut with = String::new();
        let mut joins = String::new();
        let mut wanted = Vec::new();
        let mut names: Vec<String> = vec![label.to_owned(), time.to_owned()];
        let mut want = |sql: String, name: String, wanted: &mut Vec<String>| {
            if !names.contains(&name) {
                wanted.push(format!("{sql} AS {}", quoted_in_sql(&name)));
                names.push(name);
            }
        };
        if let Some(id) = &self.id {
            want("r.name".to_owned(), id.clone(), &mut wanted);
        }
        for (at, column) in self.also.iter().enumerate() {
            want(format!("r.z{at}"), column.clone(), &mut wanted);
        }
        if let Some(kept) = &self.apart {
            let _ = write!(with, ", {}", kept.values());
            joins.push_str(" LEFT JOIN _revarch_s AS s ON r.ks = s.k AND r.decided = s.d");
            want("s.value".to_owned(), kept.column.clone(), &mut wanted);
        }
        for (at, (_, name)) in self.own.iter().enumerate() {
            want(format!("r.c{at}"), name.clone(), &mut wanted);
        }
        if let Some(Account { table, path, columns }) = &self.account
            && !columns.is_empty()
        {
            let all: Vec<String> =
                columns.iter().enumerate().map(|(at, (sql, _))| format!("{sql} AS a{at}")).collect();
            let one: Vec<String> = (0..columns.len()).map(|at| format!("min(a{at}) AS a{at}")).collect();
            let _ = write!(
                with,
                ", _revarch_acc AS (SELECT k, {} FROM ({}) GROUP BY k)",
                one.join(", "),
                path.rows(table, &all.join(", "), "true")
            );
            joins.push_str(" LEFT JOIN _revarch_acc AS acc ON r.ka = acc.k");
            for (at, (_, name)) in columns.iter().enumerate() {
                want(format!("acc.a{at}"), name.clone(), &mut wanted);
            }
        }
        for (at, source) in self.sources.iter().enumerate() {
            let (counts, table) = (source.counts(at), &source.table);
            let _ = write!(with, ", {counts}");
            let _ = write!(
                joins,
                " LEFT JOIN _revarch_f{at} AS f{at} ON r.k{at} = f{at}.k AND r.decided = f{at}.d"
            );
            // A lead without a key cannot be joined, so its counts are unknown, not nought.
            let known =
                |sql: &str| format!("CASE WHEN r.k{at} IS NULL THEN NULL ELSE coalesce({sql}, 0) END");
            want(known(&format!("f{at}.n")), format!("{table}_before"), &mut wanted);
            for days in SPANS {
                want(known(&format!("f{at}.n{days}")), format!("{table}_{days}_days"), &mut wanted);
            }
            want(
                format!("round((r.decided - f{at}.last) / {MICROS_PER_DAY}.0, 3)"),
                format!("days_since_{table}"),
                &mut wanted,
            );
        }
        wanted.push(format!("{} AS {}", moment("r.decided"), quoted_in_sql(time)));
        wanted.push(format!(
            "CASE r.state WHEN 'converted' THEN 'true' WHEN 'unconverted' THEN 'false' END AS {}",
            quoted_in_sql(label)
        ));
        format!(
            "{states}{with} SELECT {} FROM _revarch_r AS r{joins} WHERE r.state IN ('converted', 'unconverted', 'young') \
             ORDER BY r.decided, r.name, r.kd",
            wanted.join(", ")
        )
    }

    pub(super) fn told(&self) -> Vec<Told> {
        let account = self.account.iter().map(|account| (&account.table, &account.path));
        let sources = self.sources.iter().map(|source| (&source.table, &source.path));
        let told = |(table, path): (&String, &Path)| Told { table: table.clone(), by: path.by.clone() };
        account.chain(sources).map(told).chain(self.apart.iter().map(Kept::told)).collect()
    }
}

impl Kept {
    /// The value that stood at the decision, by the lead's key and the decision. Where values bear no time, only one
    /// that no other contradicts.
    fn values(&self) -> String {
        let (at, one, due) = match &self.time {
            Some(time) => (micros(time), "last_value(x.value ORDER BY x.at)", "x.at <= b.d"),
            None => ("0".to_owned(), "CASE WHEN min(x.value) = max(x.value) THEN min(x.value) END", "true"),
        };
        format!(
            "_revarch_s AS (SELECT b.k AS k, b.d AS d, {one} AS value
                       FROM (SELECT DISTINCT ks AS k, decided AS d FROM _revarch_r WHERE ks IS NOT NULL) AS b
                       JOIN ({rows}) AS x ON b.k = x.k AND {due} GROUP BY 1, 2)",
            rows = self.path.rows(
                &self.table,
                &format!("{} AS value, {at} AS at", filled(&self.column)),
                &format!("{} IS NOT NULL", filled(&self.column))
            ),
        )
    }

    fn told(&self) -> Told {
        let as_of = match &self.time {
            Some(time) => format!("as it stood at the decision, by `{time}`"),
            None => "as it stands today, since no column says when it was written".to_owned(),
        };
        Told { table: self.table.clone(), by: format!("{}, `{}` {as_of}", self.path.by, self.column) }
    }
}

impl Source {
    /// What lies strictly before the decision, by the lead's key and the decision.
    fn counts(&self, at: usize) -> String {
        let due = if self.by_day { format!("(b.d - b.d % {MICROS_PER_DAY})") } else { "b.d".to_owned() };
        let mut spans = String::new();
        for days in SPANS {
            let from = days * MICROS_PER_DAY;
            let _ = write!(spans, ", count(*) FILTER (WHERE x.at >= b.d - {from}) AS n{days}");
        }
        format!(
            "_revarch_f{at} AS (SELECT b.k AS k, b.d AS d, count(*) AS n{spans}, max(x.at) AS last
                       FROM (SELECT DISTINCT k{at} AS k, decided AS d FROM _revarch_r WHERE k{at} IS NOT NULL) AS b
                       JOIN ({rows}) AS x ON b.k = x.k AND x.at < {due} GROUP BY 1, 2)",
            rows = self.path.rows(&self.table, &format!("{} AS at", micros(&self.time)), "true"),
        )
    }
}
