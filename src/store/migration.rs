//! The steps from an empty file to today's tables.

use crate::StoreError;
use sqlx::SqlitePool;

/// Step `n` brings a file from version `n` to `n + 1`. A step that has been released is never edited.
const STEPS: &[&str] = &[
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
];

pub(crate) async fn run(pool: &SqlitePool) -> Result<(), StoreError> {
    // Two processes may open a new file at once: the second waits here and finds the work done.
    let mut transaction = pool.begin_with("begin immediate").await?;
    let found: i64 = sqlx::query_scalar("pragma user_version").fetch_one(&mut *transaction).await?;
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    let todo = usize::try_from(found).ok().and_then(|found| STEPS.get(found..));
    let Some(todo) = todo else { return Err(StoreError::Newer { found, known }) };
    for step in todo {
        sqlx::raw_sql(*step).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(())
}
