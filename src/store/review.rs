//! Reviews, kept as they were told.

use crate::{Clash, Store, StoreError, row::Row, tenant};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{SqliteConnection, sqlite::SqliteRow};

/// A review as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewRecord {
    /// Its name, by which a client reads it again.
    pub id: String,
    /// When it was made.
    pub made_at: jiff::Timestamp,
    /// What was reviewed; reviews of one subject are compared with each other.
    pub subject: String,
    /// The whole result.
    pub json: Value,
    /// The report a person reads.
    pub markdown: String,
}

impl Store {
    /// Keeps a review; one that has the same id is replaced.
    pub async fn save_review(&self, record: &ReviewRecord) -> Result<(), StoreError> {
        let mut connection = self.pool.acquire().await.map_err(self.failed())?;
        put(&mut connection, &self.tenant, record, Clash::Replace).await.map_err(self.failed())?;
        self.still_there()
    }

    /// The newest reviews of any subject, newest first.
    pub async fn reviews(&self, limit: u32) -> Result<Vec<ReviewRecord>, StoreError> {
        let asked = self
            .query("select * from review where tenant = ? order by made_at_us desc, id limit ?")
            .bind(limit);
        self.all(asked, record).await
    }

    /// The review named `id`, if there is one.
    pub async fn review(&self, id: &str) -> Result<Option<ReviewRecord>, StoreError> {
        let asked = self.query("select * from review where tenant = ? and id = ?").bind(id);
        self.one(asked, record).await
    }

    /// The newest review of `subject` that was made before `moment`.
    pub async fn latest_before(
        &self,
        subject: &str,
        moment: jiff::Timestamp,
    ) -> Result<Option<ReviewRecord>, StoreError> {
        let asked = self.query(
            "select * from review where tenant = ? and subject = ? and made_at_us < ?
             order by made_at_us desc, id limit 1",
        );
        let asked = asked.bind(subject).bind(moment.as_microsecond());
        self.one(asked, record).await
    }
}

/// Whether the record was taken.
pub(crate) async fn put(
    connection: &mut SqliteConnection,
    tenant: &str,
    record: &ReviewRecord,
    clash: Clash,
) -> sqlx::Result<bool> {
    let ReviewRecord { id, made_at, subject, json, markdown } = record;
    let done = tenant::query(
        tenant,
        "insert into review (tenant, id, made_at_us, subject, json, markdown) values (?, ?, ?, ?, ?, ?)
         on conflict (tenant, id) do update set made_at_us = excluded.made_at_us, subject = excluded.subject,
             json = excluded.json, markdown = excluded.markdown
         where ? or excluded.made_at_us > review.made_at_us",
    )
    .bind(id)
    .bind(made_at.as_microsecond())
    .bind(subject)
    .bind(json.to_string())
    .bind(markdown)
    .bind(clash == Clash::Replace)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(crate) fn record(row: &SqliteRow) -> Result<ReviewRecord, StoreError> {
    let row = Row { row, what: "review", named_by: "id" };
    Ok(ReviewRecord {
        id: row.get("id")?,
        made_at: row.moment("made_at_us")?,
        subject: row.get("subject")?,
        json: row.json("json")?,
        markdown: row.get("markdown")?,
    })
}
