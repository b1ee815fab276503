//! Leads as they were when the decision about each was due.
//!
//! # Design
//! Every row of another table counts only if it lies strictly before the decision about the lead; where its times are
//! days, only if its day does. Columns of the lead itself and of its account are as of today, so only those are taken
//! that tell who the lead is, which seldom changes; counts that a system keeps up to date are left to the rows they
//! were counted from. A lead is labelled only when its whole window has passed, converted or not: to keep the young
//! ones that converted would make the latest months look better than they are.

use super::{
    Counts, History, HistoryAsk, Told,
    paths::{Map, Path},
    sql::{filled, micros, moment},
    stream::TextStream,
};
use crate::{DataError, Run, Tables};
use datafusion::arrow::{
    array::{Array, AsArray, RecordBatch},
    compute::cast,
    datatypes::{DataType, Int64Type},
};
use revarch_domain::{
    entity::Entity,
    leads::{
        history::{Conversion, Terms, window},
        words::Side,
    },
    outcome,
    profile::{TableProfile, ValueType},
    recognition::{Recognition, Role},
    value::{MICROS_PER_DAY, quoted_in_sql},
};
use std::fmt::Write;

/// Days before the decision over which rows of another table are counted.
const SPANS: [i64; 3] = [7, 30, 90];
/// Tables that are counted, the largest first.
const MOST_SOURCES: usize = 6;
/// Text that is longer than this somewhere is prose, of which only the length is taken.
const PROSE: u64 = 100;

/// The tables and columns that a history is read from.
struct Plan {
    base: String,
    deals: String,
    created: String,
    deals_path: Path,
    /// When a deal counts, and which do.
    deal_time: String,
    deal_condition: String,
    /// Whether the times of deals are days.
    deal_by_day: bool,
    /// Columns that show until when deals were recorded.
    deal_times: Vec<String>,
    /// Columns of the base: in SQL, and what they are called.
    own: Vec<(String, String)>,
    account: Option<Account>,
    sources: Vec<Source>,
    id: Option<String>,
    also: Vec<String>,
}

/// How far the records go, in microseconds since 1970.
#[derive(Clone, Copy)]
struct Newest {
    /// Those of leads and deals.
    all: i64,
    /// Those of deals alone.
    deals: i64,
}

/// The table of accounts.
struct Account {
    table: String,
    path: Path,
    /// Its columns: in SQL, and what they are called.
    columns: Vec<(String, String)>,
}

struct Source {
    table: String,
    path: Path,
    time: String,
    by_day: bool,
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

    async fn plan(&self, ask: &HistoryAsk, run: &Run) -> Result<Plan, DataError> {
        let recognised = self.recognised(run).await?;
        let tables = recognised.iter().flat_map(|folder| &folder.whole.tables);
        let map = Map {
            tables: tables.map(|(name, recognition)| (name.as_str(), recognition)).collect(),
            joins: recognised.iter().flat_map(|folder| &folder.whole.joins).collect(),
        };
        let deals = match &ask.deals {
            Some(deals) => self.table(deals)?.name.clone(),
            None => self.largest(&map, Entity::Deal, run).await?.ok_or_else(|| {
                refuse(
                    "no table is recognised as deals".to_owned(),
                    "name it in `deals`; describe_data shows the tables",
                )
            })?,
        };
        let (base, deals_path) = self.base(&map, ask, &deals, run).await?;
        let recognition = self.recognition(&base, run).await?;
        let created = recognition.column(Role::Created).map(str::to_owned).ok_or_else(|| {
            refuse(
                format!("no column of `{base}` is recognised as the creation time"),
                "say which it is under [tables] in revarch.toml: its role is `created`",
            )
        })?;
        let profile = self.profile(&base, run).await?;
        for column in &ask.also {
            self.table(&base)?.require(column)?;
        }
        let of_deals = self.recognition(&deals, run).await?;
        let (deal_time, deal_condition) = deal(&of_deals, &deals, ask.conversion)?;
        let others = [Role::Created, Role::Updated, Role::Loaded].map(|role| of_deals.column(role));
        let mut deal_times = vec![deal_time.clone()];
        deal_times.extend(others.into_iter().flatten().map(str::to_owned));
        let deal_by_day = by_day(self.profile(&deals, run).await?.as_ref(), &deal_time);
        let account = match map.account(&base) {
            Some((table, path)) => {
                let profile = self.profile(table, run).await?;
                let columns = who(&profile, &self.recognition(table, run).await?);
                let named = columns.into_iter().map(|(sql, name)| (sql, of_account(&name))).collect();
                Some(Account { table: table.to_owned(), path, columns: named })
            }
            None => None,
        };
        Ok(Plan {
            own: who(&profile, &recognition),
            id: recognition.column(Role::Id).map(str::to_owned),
            sources: self.sources(&map, &base, run).await?,
            also: ask.also.clone(),
            base,
            deals,
            created,
            deals_path,
            deal_time,
            deal_condition,
            deal_by_day,
            deal_times,
            account,
        })
    }

    /// The table of leads that the deals can be joined to: the one named, or leads before contacts.
    async fn base(
        &self,
        map: &Map<'_>,
        ask: &HistoryAsk,
        deals: &str,
        run: &Run,
    ) -> Result<(String, Path), DataError> {
        let mut candidates = Vec::new();
        if let Some(table) = &ask.table {
            candidates.push(self.table(table)?.name.clone());
        } else {
            for entity in [Entity::Lead, Entity::Contact] {
                candidates.extend(self.largest(map, entity, run).await?);
            }
        }
        let joined = candidates.iter().find_map(|base| Some((base.clone(), map.path(base, deals)?)));
        joined.ok_or_else(|| {
            let of = match candidates.as_slice() {
                [] => "no table is recognised as leads or contacts".to_owned(),
                some => format!("no key joins `{}` to `{deals}`", some.join("` or `")),
            };
            refuse(of, "say in revarch.toml which columns are keys, such as role `contact_key`")
        })
    }

    async fn largest(&self, map: &Map<'_>, entity: Entity, run: &Run) -> Result<Option<String>, DataError> {
        let mut best: Option<(u64, String)> = None;
        for table in map.tables.keys().filter(|table| map.entity(table) == Some(entity)) {
            let rows = self.profile(table, run).await?.rows;
            if best.as_ref().is_none_or(|(most, _)| rows > *most) {
                best = Some((rows, (*table).to_owned()));
            }
        }
        Ok(best.map(|(_, table)| table))
    }

    /// The tables of what leads did and what was done with them.
    async fn sources(&self, map: &Map<'_>, base: &str, run: &Run) -> Result<Vec<Source>, DataError> {
        let mut found = Vec::new();
        for table in map.tables.keys().filter(|table| **table != base) {
            if !matches!(map.entity(table), Some(Entity::Activity | Entity::Event)) {
                continue;
            }
            let recognition = self.recognition(table, run).await?;
            let time = recognition.column(Role::Occurred).or_else(|| recognition.column(Role::Created));
            let (Some(time), Some(path)) = (time, map.path(base, table)) else { continue };
            let profile = self.profile(table, run).await?;
            let by_day = by_day(&profile, time);
            let source = Source { table: (*table).to_owned(), path, time: time.to_owned(), by_day };
            found.push((profile.rows, source));
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.table.cmp(&b.1.table)));
        Ok(found.into_iter().take(MOST_SOURCES).map(|(_, source)| source).collect())
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

impl Plan {
    /// The leads with the first deal after their creation and what became of them, as the table `r`.
    fn states(&self, terms: Terms, newest: Newest) -> String {
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
        format!(
            "WITH _revarch_b AS (SELECT {columns} FROM {base}),
             _revarch_x AS ({deals}),
             _revarch_d AS (SELECT b.kd AS k, b.created AS c, min(x.at) AS conv
                   FROM (SELECT DISTINCT kd, created FROM _revarch_b WHERE kd IS NOT NULL AND created IS NOT NULL) AS b
                   JOIN _revarch_x AS x ON b.kd = x.k AND x.at >= {from} AND x.at <= {newest} GROUP BY 1, 2),
             _revarch_r AS (SELECT b.*, d.conv AS conv, CASE
                     WHEN b.created IS NULL THEN 'undated'
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
    fn rows(&self, states: &str, label: &str, time: &str) -> String {
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
        wanted.push(String::new());
        let wanted = wanted.join(", ");
        format!(
            "{states}{with} SELECT {wanted}{time} AS {time_name}, \
             CASE r.state WHEN 'converted' THEN 'true' WHEN 'unconverted' THEN 'false' END AS {label} \
             FROM _revarch_r AS r{joins} WHERE r.state IN ('converted', 'unconverted', 'young') \
             ORDER BY r.decided, r.name, r.kd",
            time = moment("r.decided"),
            time_name = quoted_in_sql(time),
            label = quoted_in_sql(label),
        )
    }

    fn told(&self) -> Vec<Told> {
        let account = self.account.iter().map(|account| (&account.table, &account.path));
        let sources = self.sources.iter().map(|source| (&source.table, &source.path));
        account
            .chain(sources)
            .map(|(table, path)| Told { table: table.clone(), by: path.by.clone() })
            .collect()
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

/// The time from which a deal counts, and the condition on those that do.
fn deal(
    recognition: &Recognition,
    deals: &str,
    conversion: Conversion,
) -> Result<(String, String), DataError> {
    let (role, words) = match conversion {
        Conversion::Deal => (Role::Created, "when each deal was made"),
        Conversion::Won => (Role::Closed, "when each deal was closed"),
    };
    let time = recognition.column(role).map(str::to_owned).ok_or_else(|| {
        refuse(
            format!("no column of `{deals}` says {words}"),
            "say which it is under [tables] in revarch.toml: its role is `created` or `closed`",
        )
    })?;
    if conversion == Conversion::Deal {
        return Ok((time, "true".to_owned()));
    }
    let won = recognition
        .column(Role::Outcome)
        .map(|column| format!("lower({}) IN ({})", filled(column), outcome::in_sql(&outcome::GOOD)));
    let stage = || {
        let stage = filled(recognition.column(Role::Stage)?);
        Some(format!("lower({stage}) LIKE '%won%'"))
    };
    let condition = won.or_else(stage).ok_or_else(|| {
        refuse(
            format!("no column of `{deals}` says whether a deal was won"),
            "leave `conversion` out to count every deal, or say in revarch.toml which column is the `stage`",
        )
    })?;
    Ok((time, condition))
}

/// Columns that tell who a lead or account is, and how long its prose is.
fn who(profile: &TableProfile, recognition: &Recognition) -> Vec<(String, String)> {
    let mut columns = Vec::new();
    for column in &profile.columns {
        let name = &column.name;
        let fits = match recognition.role(name) {
            Some(Role::Source | Role::JobTitle | Role::Industry) => true,
            Some(_) => false,
            None => Side::of(name) == Side::Fit,
        };
        let is_prose = column.value_type() == ValueType::Text && column.longest > PROSE;
        if is_prose && recognition.role(name).is_none() {
            columns.push((format!("character_length({})", filled(name)), format!("{name}_length")));
        } else if fits && column.filled() > 0 {
            columns.push((filled(name), name.clone()));
        }
    }
    columns
}

fn of_account(name: &str) -> String {
    if name.to_lowercase().starts_with("account") { name.to_owned() } else { format!("account_{name}") }
}

fn by_day(profile: &TableProfile, column: &str) -> bool {
    profile.column(column).is_some_and(|column| column.value_type() == ValueType::Date)
}

fn refuse(reason: String, hint: &str) -> DataError {
    DataError::History { reason, hint: hint.to_owned() }
}

fn engine(error: datafusion::arrow::error::ArrowError) -> DataError {
    DataError::Engine(error.into())
}

/// A column of whole numbers.
fn whole(batch: &RecordBatch, column: usize) -> Result<Vec<Option<i64>>, DataError> {
    let cells = cast(batch.column(column), &DataType::Int64).map_err(engine)?;
    let cells = cells.as_primitive::<Int64Type>();
    Ok((0..cells.len()).map(|row| cells.is_valid(row).then(|| cells.value(row))).collect())
}
