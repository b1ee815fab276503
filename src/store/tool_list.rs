//! What the tools of a server were whenever it was audited, so that a later audit tells what became of them.
//!
//! A list is kept once for as long as it stays the same. A new row is a change, and the rows of a server are
//! its history.

use crate::{Store, StoreError};
use serde_json::Value;
use sqlx::{Row, sqlite::SqliteRow};

/// The lists of one server that are kept; the oldest go first.
const KEPT: i64 = 20;

/// A server's list of tools as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolListRecord {
    /// When it was seen for the first time.
    pub first_seen: jiff::Timestamp,
    /// When it was seen last.
    pub last_seen: jiff::Timestamp,
    /// A number that is equal for equal lists.
    pub digest: String,
    /// The fingerprints of its tools.
    pub prints: Value,
}

/// What the store knew of a server when its list was handed in.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// Nothing.
    Never,
    /// The same list, and the one that it took the place of, if there was one.
    Same {
        /// The list.
        same: ToolListRecord,
        /// The one before it.
        before: Option<ToolListRecord>,
    },
    /// Another list, last.
    Other(ToolListRecord),
}

impl Store {
    /// Keeps what the list of `server` is now, and tells what it was before.
    pub async fn see_tool_list(
        &self,
        server: &str,
        now: jiff::Timestamp,
        digest: &str,
        prints: &Value,
    ) -> Result<Seen, StoreError> {
        let mut transaction = self.pool.begin_with("begin immediate").await?;
        let rows = sqlx::query("select * from tool_list where server = ? order by id desc limit 2")
            .bind(server)
            .fetch_all(&mut *transaction)
            .await?;
        let known = rows.iter().map(|row| record(server, row)).collect::<Result<Vec<_>, _>>()?;
        let ids = rows.iter().map(|row| row.try_get("id")).collect::<Result<Vec<i64>, _>>()?;
        let mut known = known.into_iter();
        let seen = match (known.next(), ids.first()) {
            (Some(same), Some(id)) if same.digest == digest => {
                sqlx::query("update tool_list set last_seen_us = ? where id = ?")
                    .bind(now.as_microsecond())
                    .bind(id)
                    .execute(&mut *transaction)
                    .await?;
                Seen::Same { same, before: known.next() }
            }
            (newest, _) => {
                sqlx::query(
                    "insert into tool_list (server, first_seen_us, last_seen_us, digest, prints)
                     values (?, ?, ?, ?, ?)",
                )
                .bind(server)
                .bind(now.as_microsecond())
                .bind(now.as_microsecond())
                .bind(digest)
                .bind(prints.to_string())
                .execute(&mut *transaction)
                .await?;
                sqlx::query(
                    "delete from tool_list where server = ? and id not in
                         (select id from tool_list where server = ? order by id desc limit ?)",
                )
                .bind(server)
                .bind(server)
                .bind(KEPT)
                .execute(&mut *transaction)
                .await?;
                newest.map_or(Seen::Never, Seen::Other)
            }
        };
        transaction.commit().await?;
        Ok(seen)
    }
}

fn record(server: &str, row: &SqliteRow) -> Result<ToolListRecord, StoreError> {
    let damaged =
        |reason: String| StoreError::Damaged { what: "list of tools of", id: server.to_owned(), reason };
    let moment = |column: &str| {
        jiff::Timestamp::from_microsecond(row.try_get(column)?).map_err(|error| damaged(error.to_string()))
    };
    Ok(ToolListRecord {
        first_seen: moment("first_seen_us")?,
        last_seen: moment("last_seen_us")?,
        digest: row.try_get("digest")?,
        prints: serde_json::from_str(row.try_get("prints")?).map_err(|error| damaged(error.to_string()))?,
    })
}
