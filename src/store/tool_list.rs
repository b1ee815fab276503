//! What the tools of a server were whenever it was audited, so that a later audit tells what became of them.
//!
//! A list is kept once for as long as it stays the same. A new row is a change, and the rows of a server are
//! its history.

use crate::{Store, StoreError, import::Fault, row::Row, tenant};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{SqliteConnection, sqlite::SqliteRow};

/// The lists of one server that are kept; the oldest go first.
const KEPT: i64 = 20;

/// A server's list of tools as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolListRecord {
    /// The server.
    pub server: String,
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
        let mut transaction = self.pool.begin_with("begin immediate").await.map_err(self.failed())?;
        let rows = self
            .query("select * from tool_list where tenant = ? and server = ? order by id desc limit 2")
            .bind(server)
            .fetch_all(&mut *transaction)
            .await
            .map_err(self.failed())?;
        let mut known = rows.iter().map(record).collect::<Result<Vec<_>, _>>()?.into_iter();
        let seen = match known.next() {
            Some(same) if same.digest == digest => {
                self.query(
                    "update tool_list set last_seen_us = ?3
                     where id = (select max(id) from tool_list where tenant = ?1 and server = ?2)",
                )
                .bind(server)
                .bind(now.as_microsecond())
                .execute(&mut *transaction)
                .await
                .map_err(self.failed())?;
                Seen::Same { same, before: known.next() }
            }
            newest => {
                let (server, digest, prints) = (server.to_owned(), digest.to_owned(), prints.clone());
                let seen = ToolListRecord { server, first_seen: now, last_seen: now, digest, prints };
                insert(&mut transaction, &self.tenant, &seen).await.map_err(self.failed())?;
                newest.map_or(Seen::Never, Seen::Other)
            }
        };
        transaction.commit().await.map_err(self.failed())?;
        self.still_there()?;
        Ok(seen)
    }
}

/// Adds a list as its server's newest.
async fn insert(
    connection: &mut SqliteConnection,
    tenant: &str,
    record: &ToolListRecord,
) -> sqlx::Result<()> {
    let ToolListRecord { server, first_seen, last_seen, digest, prints } = record;
    tenant::query(
        tenant,
        "insert into tool_list (tenant, server, first_seen_us, last_seen_us, digest, prints)
         values (?, ?, ?, ?, ?, ?)",
    )
    .bind(server)
    .bind(first_seen.as_microsecond())
    .bind(last_seen.as_microsecond())
    .bind(digest)
    .bind(prints.to_string())
    .execute(&mut *connection)
    .await?;
    tenant::query(
        tenant,
        "delete from tool_list where tenant = ?1 and server = ?2 and id not in
             (select id from tool_list where tenant = ?1 and server = ?2 order by id desc limit ?3)",
    )
    .bind(server)
    .bind(KEPT)
    .execute(connection)
    .await?;
    Ok(())
}

/// Brings lists from elsewhere into the history of `server`; how many of them were not known.
pub(crate) async fn merge(
    connection: &mut SqliteConnection,
    tenant: &str,
    server: &str,
    lists: &[&ToolListRecord],
) -> Result<u64, Fault> {
    let rows = tenant::query(tenant, "select * from tool_list where tenant = ? and server = ? order by id")
        .bind(server)
        .fetch_all(&mut *connection)
        .await?;
    let mut history = rows.iter().map(record).collect::<Result<Vec<_>, _>>()?;
    let before = history.clone();
    let mut taken = 0;
    for list in lists {
        let same = history
            .iter_mut()
            .find(|known| (known.first_seen, &known.digest) == (list.first_seen, &list.digest));
        match same {
            Some(known) if known.last_seen >= list.last_seen => {}
            Some(known) => {
                known.last_seen = list.last_seen;
                taken += 1;
            }
            None => {
                history.push((*list).clone());
                taken += 1;
            }
        }
    }
    // Of lists first seen at the same time, those that were here stay the earlier ones.
    history.sort_by_key(|list| list.first_seen);
    if history != before {
        tenant::query(tenant, "delete from tool_list where tenant = ? and server = ?")
            .bind(server)
            .execute(&mut *connection)
            .await?;
        for list in &history {
            insert(connection, tenant, list).await?;
        }
    }
    Ok(taken)
}

pub(crate) fn record(row: &SqliteRow) -> Result<ToolListRecord, StoreError> {
    let row = Row { row, what: "list of tools of", named_by: "server" };
    Ok(ToolListRecord {
        server: row.get("server")?,
        first_seen: row.moment("first_seen_us")?,
        last_seen: row.moment("last_seen_us")?,
        digest: row.get("digest")?,
        prints: row.json("prints")?,
    })
}
