//! Reviews and models without what is in them, for lists of any length.

use crate::{Store, StoreError, row::Row};
use sqlx::{AssertSqlSafe, sqlite::SqliteRow};

/// What a list says of a review or model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its name.
    pub id: String,
    /// When it was made.
    pub made_at: jiff::Timestamp,
    /// What it is about.
    pub subject: String,
    /// The length of a review's report, or of a model's file.
    pub bytes: u64,
}

/// A place in a list, newest first: behind what was made at that time and has that id. It stays where it is when
/// something is added or deleted.
pub type Behind<'a> = Option<(jiff::Timestamp, &'a str)>;

impl Store {
    /// Reviews from a place on, newest first.
    pub async fn review_heads(&self, behind: Behind<'_>, limit: u32) -> Result<Vec<Head>, StoreError> {
        self.heads("review", "markdown", behind, limit).await
    }

    /// Models from a place on, newest first.
    pub async fn model_heads(&self, behind: Behind<'_>, limit: u32) -> Result<Vec<Head>, StoreError> {
        self.heads("model", "document", behind, limit).await
    }

    async fn heads(
        &self,
        table: &'static str,
        body: &'static str,
        behind: Behind<'_>,
        limit: u32,
    ) -> Result<Vec<Head>, StoreError> {
        let sql = format!(
            "select id, made_at_us, subject, length(cast({body} as blob)) as bytes from {table}
             where tenant = ?4 and (?1 is null or made_at_us < ?1 or (made_at_us = ?1 and id > ?2))
             order by made_at_us desc, id limit ?3"
        );
        let asked = sqlx::query(AssertSqlSafe(sql))
            .bind(behind.map(|(moment, _)| moment.as_microsecond()))
            .bind(behind.map(|(_, id)| id))
            .bind(limit)
            .bind(&*self.tenant);
        self.all(asked, head).await
    }
}

fn head(row: &SqliteRow) -> Result<Head, StoreError> {
    let row = Row { row, what: "entry", named_by: "id" };
    Ok(Head {
        id: row.get("id")?,
        made_at: row.moment("made_at_us")?,
        subject: row.get("subject")?,
        bytes: row.get::<i64>("bytes")?.unsigned_abs(),
    })
}
