//! The facts that the readiness check judges: profiles, joins, flow, scores and repeats, each one query.

use crate::{DataError, Run, Tables};
use datafusion::arrow::{
    array::{Array, AsArray, RecordBatch},
    compute::cast,
    datatypes::{DataType, Float64Type, Int64Type},
};
use revarch_domain::{
    association::{FREE_MAIL, Likeness},
    entity::Entity,
    proportion::Proportion,
    readiness::facts::{
        Applicable, EventTypes, Facts, Lags, Link, Repeats, Restorable, Score, Stream, TableFacts,
    },
    recognition::{Join, Role, SURE},
    value::quoted_in_sql,
};
use std::{collections::HashMap, fmt::Write};

/// Texts that say that a lead or deal turned out badly, lower case. Anything else, such as `open`, is no outcome yet.
const BAD: &str = "'false', 'f', '0', '0.0', 'no', 'n', 'lost', 'closed_lost', 'closedlost', 'closed lost', 'not converted', 'unconverted'";
/// Texts that say that a lead or deal turned out well, lower case.
const GOOD: &str =
    "'true', 't', '1', '1.0', 'yes', 'y', 'won', 'closed_won', 'closedwon', 'closed won', 'converted'";
/// Before this year no system recorded what people did on the web: an earlier event is a clock's error.
const FIRST_YEAR_MICROS: i64 = 631_152_000_000_000; // 1990-01-01

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

    /// Joins every key of a table to the table that holds the records it speaks of. A key that may be of one of
    /// several tables is looked for in all of them.
    async fn links(
        &self,
        table: &TableFacts,
        all: &[TableFacts],
        joins: &[Join],
        run: &Run,
    ) -> Result<Vec<Link>, DataError> {
        let mut links: Vec<Link> = Vec::new();
        let Some(from) = table.entity() else { return Ok(links) };
        let own: Vec<&Join> = joins
            .iter()
            .filter(|join| join.from_table == table.profile.name && join.confidence >= SURE)
            .collect();
        for (at, join) in own.iter().enumerate() {
            let is_later = own[..at].iter().any(|other| other.from_column == join.from_column);
            let target = all.iter().find(|target| target.profile.name == join.to_table);
            let Some((target, to)) = target.and_then(|target| Some((target, target.entity()?))) else {
                continue;
            };
            if is_later && join.either {
                continue;
            }
            let others: Vec<&Join> = if join.either {
                own.iter()
                    .skip(at + 1)
                    .copied()
                    .filter(|other| other.from_column == join.from_column)
                    .collect()
            } else {
                Vec::new()
            };
            links.push(self.link((table, from), (target, to), join, &others, run).await?);
        }
        Ok(links)
    }

    async fn link(
        &self,
        (table, from): (&TableFacts, Entity),
        (target, to): (&TableFacts, Entity),
        join: &Join,
        others: &[&Join],
        run: &Run,
    ) -> Result<Link, DataError> {
        let (column, key) = (join.from_column.as_str(), join.to_column.as_str());
        let (name, target_name) = (&table.profile.name, &target.profile.name);
        // An address is the same in any case; a key is not.
        let is_address = target.recognition.role(key) == Some(Role::Email);
        let child = quoted_in_sql(name);
        let child_key = key_of(column, is_address, join.many);
        let parents: Vec<String> = [join]
            .iter()
            .chain(others)
            .map(|join| {
                format!(
                    "SELECT {} AS k FROM {}",
                    key_of(&join.to_column, is_address, false),
                    quoted_in_sql(&join.to_table)
                )
            })
            .collect();
        let joined = format!(
            "WITH _revarch_p AS (SELECT k FROM ({parents}) WHERE k IS NOT NULL GROUP BY 1),
             _revarch_c AS (SELECT {child_key} AS k, count(*) AS n FROM {child} GROUP BY 1)
             SELECT CAST(coalesce(sum(c.n), 0) AS BIGINT), CAST(coalesce(sum(c.n) FILTER (WHERE c.k IS NULL), 0) AS BIGINT),
                    CAST(coalesce(sum(c.n) FILTER (WHERE p.k IS NOT NULL), 0) AS BIGINT), count(p.k),
                    count(p.k) FILTER (WHERE c.n IS NULL)
             FROM _revarch_c AS c FULL OUTER JOIN _revarch_p AS p ON c.k = p.k",
            parents = parents.join(" UNION ALL "),
        );
        let row = self.row(name, &joined, run).await?;
        let [rows, missing, resolved, targets, unreferenced] =
            row.as_ref().map_or([0; 5], |row| [0, 1, 2, 3, 4].map(|at| number(row, at)));
        let restorable = if from == Entity::Contact && to == Entity::Account {
            self.restorable((table, column, join.many), (target, key), run).await?
        } else {
            None
        };
        Ok(Link {
            table: name.clone(),
            column: column.to_owned(),
            from,
            to,
            target: target_name.clone(),
            target_key: key.to_owned(),
            many: join.many,
            any_case: is_address,
            others: others.iter().map(|join| (join.to_table.clone(), join.to_column.clone())).collect(),
            rows,
            missing,
            dangling: rows.saturating_sub(missing + resolved),
            targets,
            // The second and later keys of a cell are not looked at, so nothing is known of who is left.
            unreferenced: if join.many { 0 } else { unreferenced },
            restorable,
        })
    }

    /// What would give a working key to the rows that have none: exactly one account with their e-mail domain or
    /// company name.
    async fn restorable(
        &self,
        (table, column, many): (&TableFacts, &str, bool),
        (target, key): (&TableFacts, &str),
        run: &Run,
    ) -> Result<Option<Restorable>, DataError> {
        let company = table.profile.columns.iter().find(|column| is_company_name(&column.name));
        let domains = (table.recognition.column(Role::Email), target.recognition.column(Role::Domain));
        let names = (company.map(|column| column.name.as_str()), target.recognition.column(Role::Name));
        if !matches!(domains, (Some(_), Some(_))) && !matches!(names, (Some(_), Some(_))) {
            return Ok(None);
        }
        let nothing = || "CAST(NULL AS VARCHAR)".to_owned();
        let email_domain =
            domains.0.map_or_else(nothing, |email| format!("lower(split_part({}, '@', 2))", filled(email)));
        let company = names.0.map_or_else(nothing, |name| format!("company_core({})", filled(name)));
        let account_domain = domains.1.map_or_else(nothing, |domain| {
            format!("regexp_replace(lower({}), '^(https?://)?(www\\.)?([^/]*).*$', '\\3')", filled(domain))
        });
        let account_name = names.1.map_or_else(nothing, |name| format!("company_core({})", filled(name)));
        let accounts = self
            .texts(
                &target.profile.name,
                &format!(
                    "SELECT {account_domain}, {account_name}, 1 FROM {}",
                    quoted_in_sql(&target.profile.name)
                ),
                run,
            )
            .await?;
        let broken = self
            .texts(
                &table.profile.name,
                &format!(
                    "WITH _revarch_p AS (SELECT {parent_key} AS k FROM {parent} GROUP BY 1),
                     _revarch_c AS (SELECT {child_key} AS k, {email_domain} AS d, {company} AS n FROM {child})
                     SELECT c.d, c.n, count(*) FROM _revarch_c AS c LEFT JOIN _revarch_p AS p ON c.k = p.k WHERE p.k IS NULL GROUP BY 1, 2",
                    parent_key = key_of(key, false, false),
                    parent = quoted_in_sql(&target.profile.name),
                    child_key = key_of(column, false, many),
                    child = quoted_in_sql(&table.profile.name),
                ),
                run,
            )
            .await?;
        Ok(Some(restore(&accounts, &broken)))
    }

    /// The rows of a query that gives two texts and a count.
    async fn texts(
        &self,
        table: &str,
        sql: &str,
        run: &Run,
    ) -> Result<Vec<(Option<String>, Option<String>, u64)>, DataError> {
        let mut rows = Vec::new();
        for batch in self.query(table, sql, run).await? {
            let [first, second] = [0, 1].map(|at| {
                cast(batch.column(at), &DataType::Utf8View).map_err(datafusion::error::DataFusionError::from)
            });
            let (first, second) = (first?, second?);
            let texts = first.as_string_view().iter().zip(second.as_string_view());
            rows.extend(texts.enumerate().map(|(row, (first, second))| {
                (first.map(str::to_owned), second.map(str::to_owned), cell(&batch, 2, row))
            }));
        }
        Ok(rows)
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
        let by_day = format!(
            "WITH _revarch_t AS (SELECT {at} AS at FROM {from})
             SELECT CAST(floor(at / 86400000000.0) AS BIGINT) AS day, count(*), count(*) FILTER (WHERE at <= {now}),
                    max(at) FILTER (WHERE at <= {now}), count(*) FILTER (WHERE at < {FIRST_YEAR_MICROS})
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
            let key = key_of(&link.target_key, link.any_case, false);
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
            .map(|(at, link)| format!("{} AS k{at}", key_of(&link.column, link.any_case, link.many)))
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
                "WITH _revarch_t AS (SELECT TRY_CAST({} AS DOUBLE) AS s, lower({}) AS o FROM {} {decided})
                 SELECT s, count(*) FILTER (WHERE o IN ({GOOD})), count(*) FILTER (WHERE o IN ({BAD})) FROM _revarch_t
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
            "WITH _revarch_t AS (SELECT lower({}) AS v, count(*) AS n FROM {} GROUP BY 1)
             SELECT CAST(coalesce(sum(n), 0) AS BIGINT), count(*) FROM _revarch_t WHERE v IS NOT NULL",
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
    let any = ["closed%", "% closed", "won%", "%won", "lost%", "%lost"].map(like).join(" OR ");
    format!("({any}) AND NOT ({} OR {})", like("not %"), like("un%"))
}

/// A key as it is compared: of several in one cell the first, which is the record's primary one.
fn key_of(column: &str, is_address: bool, many: bool) -> String {
    let key = format!("key_text(arrow_cast({}, 'Utf8View'))", quoted_in_sql(column));
    let key = if many { format!("nullif(trim(split_part({key}, ';', 1)), '')") } else { key };
    if is_address { format!("lower({key})") } else { key }
}

/// A column with everything that only looks filled as null.
fn filled(column: &str) -> String {
    format!("filled(arrow_cast({}, 'Utf8View'))", quoted_in_sql(column))
}

/// A column of times in microseconds since 1970; what is no time is null.
fn micros(column: &str) -> String {
    format!("moment_micros({})", filled(column))
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

/// Whether a person's record names the company in this column.
fn is_company_name(column: &str) -> bool {
    let letters: String = column.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    ["company", "companyname", "accountname", "organization", "organisation", "employer"]
        .contains(&letters.as_str())
}

/// Gives each row without a working key to the first thing that would restore it.
fn restore(
    accounts: &[(Option<String>, Option<String>, u64)],
    broken: &[(Option<String>, Option<String>, u64)],
) -> Restorable {
    /// Among more accounts than this nothing is looked for that is merely alike: it would take too much memory.
    const MOST: usize = 20_000;
    let mut by_domain: HashMap<&str, u32> = HashMap::new();
    let mut by_name: HashMap<&str, u32> = HashMap::new();
    for (domain, name, _) in accounts {
        for (text, counts) in [(domain, &mut by_domain), (name, &mut by_name)] {
            if let Some(text) = text.as_deref().filter(|text| !text.is_empty()) {
                *counts.entry(text).or_default() += 1;
            }
        }
    }
    let alike = |counts: &HashMap<&str, u32>| -> Vec<String> {
        let once = counts.iter().filter(|(_, times)| **times == 1 && counts.len() <= MOST);
        once.map(|(text, _)| (*text).to_owned()).collect()
    };
    let (domains, names) = (alike(&by_domain), alike(&by_name));
    let like_domains = Likeness::new(domains.iter().map(String::as_str));
    let like_names = Likeness::new(names.iter().map(String::as_str));
    let mut restorable = Restorable::default();
    for (domain, name, rows) in broken {
        let is_free = domain.as_deref().is_some_and(|domain| FREE_MAIL.contains(&domain));
        let domain = domain.as_deref().filter(|domain| !domain.is_empty() && !is_free);
        let name = name.as_deref().filter(|name| !name.is_empty());
        let once = |text: Option<&str>, counts: &HashMap<&str, u32>| {
            text.is_some_and(|text| counts.get(text) == Some(&1))
        };
        let is_like = |text: Option<&str>, known: &Likeness<'_>, counts: &HashMap<&str, u32>| {
            text.is_some_and(|text| !counts.contains_key(text) && known.only(text).is_some())
        };
        if once(domain, &by_domain) {
            restorable.by_domain += rows;
        } else if once(name, &by_name) {
            restorable.by_name += rows;
        } else if is_like(domain, &like_domains, &by_domain) || is_like(name, &like_names, &by_name) {
            restorable.by_likeness += rows;
        } else if is_free {
            restorable.free_mail += rows;
        }
    }
    restorable
}

fn cell(batch: &RecordBatch, column: usize, row: usize) -> u64 {
    u64::try_from(batch.column(column).as_primitive::<Int64Type>().value(row)).unwrap_or(0)
}

fn number(row: &RecordBatch, column: usize) -> u64 {
    cell(row, column, 0)
}
