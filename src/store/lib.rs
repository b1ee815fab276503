//! What revarch remembers, in SQLite: the reviews it has made, the models it has trained, and what the tools of audited
//! servers were.
//!
//! A store lives in memory unless the operator names a file, so that nothing stays on a machine unasked.

mod migration;
mod model;
mod review;
mod tool_list;

pub use model::ModelRecord;
pub use review::ReviewRecord;
pub use tool_list::{Seen, ToolListRecord};

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions},
};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// How long a write waits for another process that holds the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Readers of a file at the same time; SQLite has one writer whatever this says.
const CONNECTIONS: u32 = 4;

/// What revarch remembers.
#[derive(Clone, Debug)]
pub struct Store {
    pool: SqlitePool,
}

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is not there, not ours or not readable.
    #[error("cannot open the store {}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: sqlx::Error,
    },
    /// The file was written by a newer revarch.
    #[error("the store has version {found}, and this revarch knows versions up to {known}")]
    Newer {
        /// The version in the file.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
    /// A row holds something that revarch does not write.
    #[error("{what} `{id}` in the store cannot be read: {reason}")]
    Damaged {
        /// What kind of thing it is.
        what: &'static str,
        /// Its name.
        id: String,
        /// What is wrong with it.
        reason: String,
    },
    /// SQLite failed.
    #[error("the store failed")]
    Sqlite(#[from] sqlx::Error),
}

impl Store {
    /// Opens the store in the file `path`, creating it where it is missing.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            // One file, so that copying it copies the reviews.
            .journal_mode(SqliteJournalMode::Truncate)
            .busy_timeout(BUSY_TIMEOUT);
        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS)
            .connect_with(options)
            .await
            .map_err(|source| StoreError::Open { path: path.to_owned(), source })?;
        migration::run(&pool).await?;
        Ok(Self { pool })
    }

    /// A store that is forgotten with the process.
    pub async fn in_memory() -> Result<Self, StoreError> {
        // Each connection to `:memory:` is a database of its own, so there is one that never ends.
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(SqliteConnectOptions::new().in_memory(true))
            .await?;
        migration::run(&pool).await?;
        Ok(Self { pool })
    }
}

#[cfg(test)]
mod tests;
