//! The facts that the readiness check judges: profiles, joins, flow, scores and repeats, each one query.

use crate::{DataError, Run, Tables};
use datafusion::arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{Float64Type, Int64Type},
};
use revarch_domain::{
    entity::Entity,
    proportion::Proportion,
    readiness::facts::{Applicable, Facts, Lags, Link, Repeats, Score, Stream, TableFacts},
    recognition::Role,
    value::quoted_in_sql,
};
use std::fmt::Write;

/// Mail providers whose domain says nothing about an employer.
const FREE_MAIL: &str = "'gmail.com', 'googlemail.com', 'yahoo.com', 'hotmail.com', 'outlook.com', 'live.com', \
                         'icloud.com', 'me.com', 'aol.com', 'gmx.de', 'gmx.net', 'web.de', 'proton.me', 'protonmail.com'";
/// Texts that say that a lead or deal turned out badly, lower case. Anything else, such as `open`, is no outcome yet.
const BAD: &str = "'false', 'f', '0', '0.0', 'no', 'n', 'lost', 'closed_lost', 'closedlost', 'closed lost', 'not converted', 'unconverted'";
/// Texts that say that a lead or deal turned out well, lower case.
const GOOD: &str =
    "'true', 't', '1', '1.0', 'yes', 'y', 'won', 'closed_won', 'closedwon', 'closed won', 'converted'";
impl Tables {
    /// Reads everything the readiness check asks for, of all tables, whole.
    pub async fn facts(&self, now_micros: i64, run: &Run) -> Result<Facts, DataError> {
        if self.all().is_empty() && self.problems().is_empty() {
            return Err(self.nothing());
        }
        let mut facts = Facts { now: now_micros, ..Facts::default() };
        facts.unread =
            self.problems().iter().map(|problem| (problem.file.clone(), problem.reason.clone())).collect();
        let steps = self.all().len() as u64 * 2;
        for (done, table) in self.all().iter().enumerate() {
            run.progress(done as u64, Some(steps), format!("profiling {}", table.name));
            match self.profile(&table.name, run).await {
                Ok(profile) => {
                    let recognition = self.recognition(&table.name, run).await?;
                    facts.tables.push(TableFacts {
                        profile: (*profile).clone(),
                        recognition,
                        source: table.source(),
                        applicable: Vec::new(),
                    });
                }
                Err(error @ DataError::Unreadable { .. }) => {
                    facts.unread.push((table.name.clone(), error.to_string()));
                }
                Err(error) => return Err(error),
            }
        }
        for at in 0..facts.tables.len() {
            run.progress(
                (self.all().len() + at) as u64,
                Some(steps),
                format!("joining {}", facts.tables[at].profile.name),
            );
            let applicable = self.applicable(&facts.tables[at], run).await?;
            facts.tables[at].applicable = applicable;
            let table = &facts.tables[at];
            let links = self.links(table, &facts.tables, run).await?;
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

    /// Close reasons are asked of closed deals, next steps of open ones.
    async fn applicable(&self, table: &TableFacts, run: &Run) -> Result<Vec<Applicable>, DataError> {
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

    /// Joins every key of a table to the table that holds the records it speaks of.
    async fn links(&self, table: &TableFacts, all: &[TableFacts], run: &Run) -> Result<Vec<Link>, DataError> {
        let mut links = Vec::new();
        let Some(from) = table.entity() else { return Ok(links) };
        for column in &table.profile.columns {
            let to = match table.recognition.role(&column.name) {
                Some(Role::Key(to)) => to,
                Some(Role::Owner) => Entity::User,
                _ => continue,
            };
            let Some((target, key)) = target(all, to, table) else { continue };
            links.push(self.link((table, from, &column.name), (target, to, key), run).await?);
        }
        Ok(links)
    }

    async fn link(
        &self,
        (table, from, column): (&TableFacts, Entity, &str),
        (target, to, key): (&TableFacts, Entity, &str),
        run: &Run,
    ) -> Result<Link, DataError> {
        let (name, target_name) = (&table.profile.name, &target.profile.name);
        let (child, parent) = (quoted_in_sql(name), quoted_in_sql(target_name));
        let (child_key, parent_key) = (filled(column), filled(key));
        let joined = format!(
            "WITH p AS (SELECT DISTINCT {parent_key} AS k FROM {parent} WHERE {parent_key} IS NOT NULL),
             c AS (SELECT {child_key} AS k FROM {child})
             SELECT (SELECT count(*) FROM c) AS child_rows, (SELECT count(*) FROM c WHERE k IS NULL) AS missing,
                    (SELECT count(*) FROM c JOIN p ON c.k = p.k) AS resolved, (SELECT count(*) FROM p) AS targets,
                    (SELECT count(*) FROM p WHERE k NOT IN (SELECT k FROM c WHERE k IS NOT NULL)) AS unreferenced"
        );
        let row = self.row(name, &joined, run).await?;
        let [rows, missing, resolved, targets, unreferenced] =
            row.as_ref().map_or([0; 5], |row| [0, 1, 2, 3, 4].map(|at| number(row, at)));
        let restorable_by_domain =
            match (table.recognition.column(Role::Email), target.recognition.column(Role::Domain)) {
                (Some(email), Some(domain)) if to == Entity::Account => Some(
                    self.restorable(name, (&child, &child_key, email), (&parent, &parent_key, domain), run)
                        .await?,
                ),
                _ => None,
            };
        Ok(Link {
            table: name.clone(),
            column: column.to_owned(),
            from,
            to,
            target: target_name.clone(),
            target_key: key.to_owned(),
            rows,
            missing,
            dangling: rows.saturating_sub(missing + resolved),
            targets,
            unreferenced,
            restorable_by_domain,
        })
    }

    /// Rows without a working key whose e-mail domain is exactly one account's, free mail aside.
    async fn restorable(
        &self,
        name: &str,
        (child, child_key, email): (&str, &str, &str),
        (parent, parent_key, domain): (&str, &str, &str),
        run: &Run,
    ) -> Result<u64, DataError> {
        let sql = format!(
            "WITH p AS (SELECT DISTINCT {parent_key} AS k FROM {parent} WHERE {parent_key} IS NOT NULL),
             d AS (SELECT regexp_replace(lower({domain}), '^(https?://)?(www\\.)?', '') AS d FROM {parent}
                   WHERE {domain} IS NOT NULL),
             one AS (SELECT d FROM d GROUP BY d HAVING count(*) = 1),
             c AS (SELECT {child_key} AS k, lower(split_part({email}, '@', 2)) AS d FROM {child})
             SELECT count(*) FROM c LEFT JOIN p ON c.k = p.k JOIN one ON c.d = one.d
             WHERE p.k IS NULL AND c.d NOT IN ({FREE_MAIL})",
            domain = filled(domain),
            email = filled(email),
        );
        Ok(self.row(name, &sql, run).await?.map_or(0, |row| number(&row, 0)))
    }

    /// How the rows of an event or activity table flow.
    async fn stream(
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
        let sql = format!(
            "WITH t AS (SELECT {at} AS at FROM {from})
             SELECT count(*), count(at), count(*) FILTER (WHERE at > {now}), max(at) FILTER (WHERE at <= {now}) FROM t"
        );
        let row = self.row(name, &sql, run).await?;
        let known_person = self.known_person(table, links, run).await?;
        let days = format!(
            "SELECT CAST(floor({at} / 86400000000.0) AS BIGINT) AS day, count(*) FROM {from}
             WHERE {at} <= {now} GROUP BY 1 ORDER BY 1"
        );
        let lags = match table.recognition.column(Role::Loaded) {
            Some(column) => Some(Lags {
                column: column.to_owned(),
                minutes: self
                    .pairs(
                        name,
                        &format!(
                            "WITH t AS (SELECT {at} AS at, {loaded} AS loaded FROM {from})
                     SELECT CAST(floor((loaded - at) / 60000000.0) AS BIGINT), count(*) FROM t
                     WHERE at IS NOT NULL AND loaded IS NOT NULL GROUP BY 1 ORDER BY 1",
                            loaded = micros(column),
                        ),
                        run,
                    )
                    .await?,
            })
            .filter(|lags| !lags.minutes.is_empty()),
            None => None,
        };
        Ok(Some(Stream {
            table: name.clone(),
            time_column: time.to_owned(),
            rows: row.as_ref().map_or(0, |row| number(row, 0)),
            timed: row.as_ref().map_or(0, |row| number(row, 1)),
            future: row.as_ref().map_or(0, |row| number(row, 2)),
            newest: row.as_ref().and_then(|row| signed(row, 3)),
            known_person,
            lags,
            days: self.pairs(name, &days, run).await?,
        }))
    }

    /// Rows of which at least one key joins a person.
    async fn known_person(
        &self,
        table: &TableFacts,
        links: &[Link],
        run: &Run,
    ) -> Result<Option<Proportion>, DataError> {
        let people: Vec<&Link> =
            links.iter().filter(|link| matches!(link.to, Entity::Contact | Entity::Lead)).collect();
        if people.len() < 2 {
            return Ok(people.first().map(|link| link.joined()));
        }
        let (mut joins, mut known) = (String::new(), Vec::new());
        for (at, link) in people.iter().enumerate() {
            let key = filled(&link.target_key);
            let _ = write!(
                joins,
                " LEFT JOIN (SELECT DISTINCT {key} AS k FROM {} WHERE {key} IS NOT NULL) AS p{at} ON e.k{at} = p{at}.k",
                quoted_in_sql(&link.target)
            );
            known.push(format!("p{at}.k IS NOT NULL"));
        }
        let keys: Vec<String> = people
            .iter()
            .enumerate()
            .map(|(at, link)| format!("{} AS k{at}", filled(&link.column)))
            .collect();
        let name = &table.profile.name;
        let sql = format!(
            "SELECT count(*), count(*) FILTER (WHERE {}) FROM (SELECT {} FROM {}) AS e{joins}",
            known.join(" OR "),
            keys.join(", "),
            quoted_in_sql(name)
        );
        Ok(self.row(name, &sql, run).await?.map(|row| Proportion::new(number(&row, 1), number(&row, 0))))
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

    /// Good and bad outcomes at each value of an existing score.
    async fn scores(&self, table: &TableFacts, run: &Run) -> Result<Vec<Score>, DataError> {
        let mut scores = Vec::new();
        let Some(outcome) = table.recognition.column(Role::Outcome) else { return Ok(scores) };
        let name = &table.profile.name;
        // An open deal has not been lost.
        let decided = closed(table, filled).map(|closed| format!("WHERE {closed}")).unwrap_or_default();
        for column in &table.profile.columns {
            if table.recognition.role(&column.name) != Some(Role::Score) {
                continue;
            }
            let sql = format!(
                "WITH t AS (SELECT TRY_CAST({} AS DOUBLE) AS s, lower({}) AS o FROM {} {decided})
                 SELECT s, count(*) FILTER (WHERE o IN ({GOOD})), count(*) FILTER (WHERE o IN ({BAD})) FROM t
                 WHERE s IS NOT NULL AND (o IN ({GOOD}) OR o IN ({BAD})) GROUP BY s ORDER BY s",
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

    /// How often the value repeats that should tell people or companies apart.
    async fn repeats(&self, table: &TableFacts, run: &Run) -> Result<Option<Repeats>, DataError> {
        let (entity, role) = match table.entity() {
            Some(entity @ Entity::Contact) => (entity, Role::Email),
            Some(entity @ Entity::Account) => (entity, Role::Domain),
            _ => return Ok(None),
        };
        let Some(column) = table.recognition.column(role) else { return Ok(None) };
        let name = &table.profile.name;
        let sql = format!(
            "WITH t AS (SELECT lower({}) AS v FROM {}) SELECT count(v), count(DISTINCT v) FROM t",
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

/// The condition that a deal is closed: by its flag, or else by its stage. Other records are never closed.
fn closed(table: &TableFacts, cell: fn(&str) -> String) -> Option<String> {
    if table.entity() != Some(Entity::Deal) {
        return None;
    }
    let flag = table.recognition.column(Role::ClosedFlag);
    flag.map(|flag| format!("lower({}) IN ({GOOD})", cell(flag)))
        .or_else(|| table.recognition.column(Role::Stage).map(|stage| stage_is_closed(&cell(stage))))
}

/// A stage that no deal leaves.
fn stage_is_closed(stage: &str) -> String {
    let like = |pattern: &str| format!("lower({stage}) LIKE '{pattern}'");
    ["closed%", "% closed", "won%", "%won", "lost%", "%lost"].map(like).join(" OR ")
}

/// The table that holds the records of an entity: one of the same folder before any other, then the surest, of
/// equals the largest.
fn target<'a>(all: &'a [TableFacts], entity: Entity, from: &TableFacts) -> Option<(&'a TableFacts, &'a str)> {
    let rank = |table: &TableFacts| {
        let sure = table.recognition.entity.as_ref().map_or(0.0, |guess| guess.confidence);
        (table.source == from.source, sure, table.profile.rows)
    };
    all.iter()
        .filter(|table| table.entity() == Some(entity) && table.profile.name != from.profile.name)
        .filter_map(|table| Some((table, table.recognition.column(Role::Id)?)))
        .max_by(|(a, _), (b, _)| {
            let ((near, sure, rows), (other_near, other_sure, other_rows)) = (rank(a), rank(b));
            near.cmp(&other_near)
                .then(sure.total_cmp(&other_sure))
                .then(rows.cmp(&other_rows))
                .then(b.profile.name.cmp(&a.profile.name))
        })
}

/// A column with everything that only looks filled as null.
fn filled(column: &str) -> String {
    format!("filled(arrow_cast({}, 'Utf8View'))", quoted_in_sql(column))
}

/// A column of times in microseconds since 1970; what is no time is null.
fn micros(column: &str) -> String {
    format!("CAST(TRY_CAST({} AS TIMESTAMP(6)) AS BIGINT)", filled(column))
}

fn signed(row: &RecordBatch, column: usize) -> Option<i64> {
    let values = row.column(column).as_primitive::<Int64Type>();
    values.is_valid(0).then(|| values.value(0))
}

fn cell(batch: &RecordBatch, column: usize, row: usize) -> u64 {
    u64::try_from(batch.column(column).as_primitive::<Int64Type>().value(row)).unwrap_or(0)
}

fn number(row: &RecordBatch, column: usize) -> u64 {
    cell(row, column, 0)
}
