//! Models, each kept as the portable document it is.

use crate::{Store, StoreError};
use sqlx::{Row, sqlite::SqliteRow};

/// A model as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelRecord {
    /// Its name, which follows from its content: the same model has the same name everywhere.
    pub id: String,
    /// When it was kept.
    pub made_at: jiff::Timestamp,
    /// What it scores, such as the table it was trained on.
    pub subject: String,
    /// The whole document as JSON.
    pub document: String,
}

impl Store {
    /// Keeps a model; one that has the same id is replaced.
    pub async fn save_model(&self, record: &ModelRecord) -> Result<(), StoreError> {
        let ModelRecord { id, made_at, subject, document } = record;
        sqlx::query(
            "insert into model (id, made_at_us, subject, document) values (?, ?, ?, ?)
             on conflict (id) do update set made_at_us = excluded.made_at_us, subject = excluded.subject,
                 document = excluded.document",
        )
        .bind(id)
        .bind(made_at.as_microsecond())
        .bind(subject)
        .bind(document)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The newest models, newest first.
    pub async fn models(&self, limit: u32) -> Result<Vec<ModelRecord>, StoreError> {
        sqlx::query("select * from model order by made_at_us desc, id limit ?")
            .bind(limit)
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(record)
            .collect()
    }

    /// The model named `id`, if there is one.
    pub async fn model(&self, id: &str) -> Result<Option<ModelRecord>, StoreError> {
        let row = sqlx::query("select * from model where id = ?").bind(id).fetch_optional(&self.pool).await?;
        row.as_ref().map(record).transpose()
    }

    /// Forgets the model named `id`; whether there was one.
    pub async fn delete_model(&self, id: &str) -> Result<bool, StoreError> {
        let done = sqlx::query("delete from model where id = ?").bind(id).execute(&self.pool).await?;
        Ok(done.rows_affected() > 0)
    }
}

fn record(row: &SqliteRow) -> Result<ModelRecord, StoreError> {
    let id: String = row.try_get("id")?;
    let made_at = jiff::Timestamp::from_microsecond(row.try_get("made_at_us")?)
        .map_err(|error| StoreError::Damaged { what: "model", id: id.clone(), reason: error.to_string() })?;
    let (subject, document) = (row.try_get("subject")?, row.try_get("document")?);
    Ok(ModelRecord { id, made_at, subject, document })
}
