//! Models, each kept as the portable document it is.

use crate::{Clash, Kind, Store, StoreError, row::Row, tenant};
use serde::{Deserialize, Serialize};
use sqlx::{SqliteConnection, sqlite::SqliteRow};

/// A model as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
        let mut connection = self.pool.acquire().await.map_err(self.failed())?;
        put(&mut connection, &self.tenant, record, Clash::Replace).await.map_err(self.failed())?;
        self.still_there()
    }

    /// The newest models, newest first.
    pub async fn models(&self, limit: u32) -> Result<Vec<ModelRecord>, StoreError> {
        let asked = self
            .query("select * from model where tenant = ? order by made_at_us desc, id limit ?")
            .bind(limit);
        self.all(asked, record).await
    }

    /// The model named `id`, if there is one.
    pub async fn model(&self, id: &str) -> Result<Option<ModelRecord>, StoreError> {
        let asked = self.query("select * from model where tenant = ? and id = ?").bind(id);
        self.one(asked, record).await
    }

    /// Forgets the model named `id`; whether there was one.
    pub async fn delete_model(&self, id: &str) -> Result<bool, StoreError> {
        Ok(self.delete(Kind::Model, id).await? > 0)
    }
}

/// Whether the record was taken.
pub(crate) async fn put(
    connection: &mut SqliteConnection,
    tenant: &str,
    record: &ModelRecord,
    clash: Clash,
) -> sqlx::Result<bool> {
    let ModelRecord { id, made_at, subject, document } = record;
    let done = tenant::query(
        tenant,
        "insert into model (tenant, id, made_at_us, subject, document) values (?, ?, ?, ?, ?)
         on conflict (tenant, id) do update set made_at_us = excluded.made_at_us, subject = excluded.subject,
             document = excluded.document
         where ? or excluded.made_at_us > model.made_at_us",
    )
    .bind(id)
    .bind(made_at.as_microsecond())
    .bind(subject)
    .bind(document)
    .bind(clash == Clash::Replace)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(crate) fn record(row: &SqliteRow) -> Result<ModelRecord, StoreError> {
    let row = Row { row, what: "model", named_by: "id" };
    Ok(ModelRecord {
        id: row.get("id")?,
        made_at: row.moment("made_at_us")?,
        subject: row.get("subject")?,
        document: row.get("document")?,
    })
}
