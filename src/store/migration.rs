//! The steps from an empty file to today's tables. They lead forward only.

use crate::{StoreError, header::MARK};
use sqlx::{AssertSqlSafe, SqliteConnection, SqlitePool};
use std::path::Path;

/// Step `n` brings a file from version `n` to `n + 1`. A step that has been released is never edited.
pub(crate) const STEPS: &[&str] = &[
    "
    create table review (
        id text primary key not null,
        made_at_us integer not null,
        subject text not null,
        json text not null,
        markdown text not null
    ) strict;
    create index review_by_subject on review (subject, made_at_us);
    pragma user_version = 1;
",
    "
    create table model (
        id text primary key not null,
        made_at_us integer not null,
        subject text not null,
        document text not null
    ) strict;
    pragma user_version = 2;
",
    "
    create table tool_list (
        id integer primary key not null,
        server text not null,
        first_seen_us integer not null,
        last_seen_us integer not null,
        digest text not null,
        prints text not null
    ) strict;
    create index tool_list_by_server on tool_list (server, id);
    pragma user_version = 3;
",
    "
    create table answer (
        subject text not null,
        lens text not null,
        question text not null,
        respondent text not null,
        answer text not null,
        note text,
        answered_at_us integer not null,
        primary key (subject, lens, question, respondent)
    ) strict;
    create table evidence (
        subject text not null,
        name text not null,
        source text not null,
        measured_at_us integer not null,
        value text not null,
        primary key (subject, name, source, measured_at_us)
    ) strict;
    pragma user_version = 4;
",
    // Whose a row is. What was there before belongs to the operator, whose name is empty.
    "
    create table kept_review (
        tenant text not null,
        id text not null,
        made_at_us integer not null,
        subject text not null,
        json text not null,
        markdown text not null,
        primary key (tenant, id)
    ) strict;
    insert into kept_review select '', id, made_at_us, subject, json, markdown from review;
    drop table review;
    alter table kept_review rename to review;
    create index review_by_subject on review (tenant, subject, made_at_us);
    create index review_by_time on review (tenant, made_at_us);
    create table kept_model (
        tenant text not null,
        id text not null,
        made_at_us integer not null,
        subject text not null,
        document text not null,
        primary key (tenant, id)
    ) strict;
    insert into kept_model select '', id, made_at_us, subject, document from model;
    drop table model;
    alter table kept_model rename to model;
    create table kept_tool_list (
        tenant text not null,
        id integer primary key not null,
        server text not null,
        first_seen_us integer not null,
        last_seen_us integer not null,
        digest text not null,
        prints text not null
    ) strict;
    insert into kept_tool_list select '', id, server, first_seen_us, last_seen_us, digest, prints from tool_list;
    drop table tool_list;
    alter table kept_tool_list rename to tool_list;
    create index tool_list_by_server on tool_list (tenant, server, id);
    create table kept_answer (
        tenant text not null,
        subject text not null,
        lens text not null,
        question text not null,
        respondent text not null,
        answer text not null,
        note text,
        answered_at_us integer not null,
        primary key (tenant, subject, lens, question, respondent)
    ) strict;
    insert into kept_answer
        select '', subject, lens, question, respondent, answer, note, answered_at_us from answer;
    drop table answer;
    alter table kept_answer rename to answer;
    create table kept_evidence (
        tenant text not null,
        subject text not null,
        name text not null,
        source text not null,
        measured_at_us integer not null,
        value text not null,
        primary key (tenant, subject, name, source, measured_at_us)
    ) strict;
    insert into kept_evidence select '', subject, name, source, measured_at_us, value from evidence;
    drop table evidence;
    alter table kept_evidence rename to evidence;
    pragma user_version = 5;
",
    "
    create table task (
        tenant text not null,
        id text not null,
        caller text not null,
        tool text not null,
        begun_at_us integer not null,
        changed_at_us integer not null,
        expires_at_us integer not null,
        alive_until_us integer not null,
        state text not null,
        message text,
        outcome text,
        primary key (tenant, id)
    ) strict;
    create index task_by_caller on task (tenant, caller);
    pragma user_version = 6;
",
];

/// The table that each version brought, oldest first; the fourth brought two.
const TABLES: &[(i64, &str)] =
    &[(1, "review"), (2, "model"), (3, "tool_list"), (4, "answer"), (4, "evidence"), (6, "task")];

fn known() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// Refuses a file that a newer revarch wrote.
pub(crate) fn check(path: &Path, found: i64) -> Result<(), StoreError> {
    let known = known();
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    Ok(())
}

/// The tables there are.
pub(crate) async fn tables(connection: &mut SqliteConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar("select name from sqlite_schema where type = 'table' and name not like 'sqlite%'")
        .fetch_all(connection)
        .await
}

/// Why a database of that version with these tables is somebody else's.
pub(crate) fn foreign(version: i64, tables: &[String]) -> Option<String> {
    let ours = tables.iter().any(|table| TABLES.iter().any(|(_, ours)| ours == table));
    let table = tables.first()?;
    (version <= 0 || !ours).then(|| format!("it is a database with other tables, such as `{table}`"))
}

/// A table that a database of that version should have and has not.
pub(crate) fn missing(version: i64, tables: &[String]) -> Option<&'static str> {
    let due = TABLES.iter().filter(|(since, _)| *since <= version);
    due.map(|(_, table)| *table).find(|due| !tables.iter().any(|table| table == due))
}

/// Takes the steps that are still to be taken, all of them or none.
pub(crate) async fn run(pool: &SqlitePool) -> sqlx::Result<()> {
    // Two processes may open a new file at once: the second waits here and finds the work done.
    let mut transaction = pool.begin_with("begin immediate").await?;
    let found: i64 = sqlx::query_scalar("pragma user_version").fetch_one(&mut *transaction).await?;
    let todo = usize::try_from(found).ok().and_then(|found| STEPS.get(found..)).unwrap_or_default();
    for step in todo {
        sqlx::raw_sql(*step).execute(&mut *transaction).await?;
    }
    if !todo.is_empty() {
        sqlx::raw_sql(AssertSqlSafe(format!("pragma application_id = {MARK}")))
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await
}
