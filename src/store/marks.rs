//! How to see that something was added, replaced or deleted, whichever process did it.

use crate::{Store, StoreError};
use sqlx::{AssertSqlSafe, Row as _};

/// What differs whenever the reviews or the models do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Of the reviews.
    pub reviews: Mark,
    /// Of the models.
    pub models: Mark,
}

/// What differs whenever what is in a table does: how much there is, and which of it from when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    count: i64,
    rows: i64,
    times: i64,
}

impl Store {
    /// The marks of now.
    pub async fn marks(&self) -> Result<Marks, StoreError> {
        Ok(Marks { reviews: self.mark("review").await?, models: self.mark("model").await? })
    }

    async fn mark(&self, table: &'static str) -> Result<Mark, StoreError> {
        // Milliseconds, of which millions can be added up.
        let sql = format!(
            "select count(*), coalesce(sum(rowid), 0), coalesce(sum(made_at_us / 1000), 0) from {table}
             where tenant = ?"
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(&*self.tenant)
            .fetch_one(&self.pool)
            .await
            .map_err(self.failed())?;
        let number = |at: usize| row.try_get::<i64, _>(at).map_err(self.failed());
        Ok(Mark { count: number(0)?, rows: number(1)?, times: number(2)? })
    }
}
