//! Reviews, kept as they were told.

use crate::{Store, StoreError};
use serde_json::Value;
use sqlx::{Row, sqlite::SqliteRow};

/// A review as it is kept.
#[derive(Clone, Debug, PartialEq)]
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
        let ReviewRecord { id, made_at, subject, json, markdown } = record;
        sqlx::query(
            "insert into review (id, made_at_us, subject, json, markdown) values (?, ?, ?, ?, ?)
             on conflict (id) do update set made_at_us = excluded.made_at_us, subject = excluded.subject,
                 json = excluded.json, markdown = excluded.markdown",
        )
        .bind(id)
        .bind(made_at.as_microsecond())
        .bind(subject)
        .bind(json.to_string())
        .bind(markdown)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The newest reviews of any subject, newest first.
    pub async fn reviews(&self, limit: u32) -> Result<Vec<ReviewRecord>, StoreError> {
        sqlx::query("select * from review order by made_at_us desc, id limit ?")
            .bind(limit)
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(record)
            .collect()
    }

    /// The review named `id`, if there is one.
    pub async fn review(&self, id: &str) -> Result<Option<ReviewRecord>, StoreError> {
        let row =
            sqlx::query("select * from review where id = ?").bind(id).fetch_optional(&self.pool).await?;
        row.as_ref().map(record).transpose()
    }

    /// The newest review of `subject` that was made before `moment`.
    pub async fn latest_before(
        &self,
        subject: &str,
        moment: jiff::Timestamp,
    ) -> Result<Option<ReviewRecord>, StoreError> {
        let row = sqlx::query(
            "select * from review where subject = ? and made_at_us < ? order by made_at_us desc, id limit 1",
        )
        .bind(subject)
        .bind(moment.as_microsecond())
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(record).transpose()
    }
}

fn record(row: &SqliteRow) -> Result<ReviewRecord, StoreError> {
    let id: String = row.try_get("id")?;
    let damaged = |reason: String| StoreError::Damaged { what: "review", id: id.clone(), reason };
    let made_at = jiff::Timestamp::from_microsecond(row.try_get("made_at_us")?)
        .map_err(|error| damaged(error.to_string()))?;
    let json = serde_json::from_str(row.try_get("json")?).map_err(|error| damaged(error.to_string()))?;
    let (subject, markdown) = (row.try_get("subject")?, row.try_get("markdown")?);
    Ok(ReviewRecord { id, made_at, subject, json, markdown })
}
