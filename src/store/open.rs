//! Opening a store: what may be opened, how writes are made to last, and what happens to a damaged one.

use crate::{
    Store, StoreError,
    aside::move_aside,
    error::{CORRUPT, NO_DATABASE, code},
    header::{self, Beginning},
    migration,
    presence::identity,
};
use sqlx::{
    ConnectOptions as _, Connection as _, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// How long a write waits for another process that holds the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// How long opening rests before it tries again: SQLite does not wait for the others while a file is made or mended.
const REST: Duration = Duration::from_millis(20);

/// Readers of a file at the same time; SQLite has one writer whatever this says.
const CONNECTIONS: u32 = 4;

/// Damaged stores that are moved aside before opening gives up.
const ATTEMPTS: usize = 3;

/// What is damaged in a file.
#[derive(Debug)]
pub(crate) struct Damage(pub(crate) String);

impl Store {
    /// Opens the store in the file `path`, creating it where it is missing. A damaged file is moved aside and a new one
    /// begun; [`Store::moved_aside`] tells.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let begun = Instant::now();
        let (mut moved_aside, mut attempts) = (None, 0);
        loop {
            match try_open(path).await {
                Ok(Ok(pool)) => {
                    let identity = identity(path)
                        .map_err(|source| StoreError::Open { path: path.to_owned(), source })?;
                    return Ok(Self {
                        identity,
                        ..Self::operators(pool, Some(path.to_owned()), moved_aside)
                    });
                }
                Ok(Err(damage)) if attempts < ATTEMPTS => {
                    attempts += 1;
                    moved_aside = move_aside(path, &damage).await?.or(moved_aside);
                }
                Ok(Err(Damage(reason))) => {
                    let source = std::io::Error::other("each new file is damaged again");
                    return Err(StoreError::Stuck { path: path.to_owned(), reason, source });
                }
                Err(StoreError::Busy { .. }) if begun.elapsed() < BUSY_TIMEOUT => {
                    tokio::time::sleep(REST).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// A store that is forgotten with the process.
    pub async fn in_memory() -> Result<Self, StoreError> {
        // Each connection to `:memory:` is a database of its own, so there is one that never ends.
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(SqliteConnectOptions::new().in_memory(true))
            .await
            .map_err(|error| StoreError::of(None, error))?;
        migration::run(&pool).await.map_err(|error| StoreError::of(None, error))?;
        Ok(Self::operators(pool, None, None))
    }
}

/// The store in the file, or what is damaged in it.
pub(crate) async fn try_open(path: &Path) -> Result<Result<SqlitePool, Damage>, StoreError> {
    if header::look(path)? == Beginning::Damaged {
        return Ok(Err(Damage("it does not begin as a database does".to_owned())));
    }
    if let Err(damage) = inspect(path).await? {
        return Ok(Err(damage));
    }
    let opened = async {
        let pool = connect(path).await?;
        migration::run(&pool).await?;
        Ok(pool)
    };
    match opened.await {
        Ok(pool) => Ok(Ok(pool)),
        Err(error) => damage_or(path, error),
    }
}

/// Looks at the whole file before anything about it is changed, be it only how it keeps its log.
async fn inspect(path: &Path) -> Result<Result<(), Damage>, StoreError> {
    let found = async {
        let options = SqliteConnectOptions::new().filename(path).busy_timeout(BUSY_TIMEOUT);
        let mut connection = options.connect().await?;
        let found = read(&mut connection).await;
        connection.close().await?;
        found
    };
    let (said, version, tables) = match found.await {
        Ok(found) => found,
        Err(error) => return damage_or(path, error),
    };
    if said != "ok" {
        return Ok(Err(Damage(said.replace('\n', " "))));
    }
    // The first bytes do not tell what still stands in the log.
    migration::check(path, version)?;
    if let Some(reason) = migration::foreign(version, &tables) {
        return Err(StoreError::Foreign { path: path.to_owned(), reason });
    }
    let missing = migration::missing(version, &tables);
    Ok(missing.map_or(Ok(()), |table| Err(Damage(format!("its table `{table}` is missing")))))
}

/// What a check of the file says, its version and its tables, all of one moment: another process may be making the
/// tables right now.
async fn read(connection: &mut SqliteConnection) -> sqlx::Result<(String, i64, Vec<String>)> {
    let mut transaction = connection.begin().await?;
    let said = sqlx::query_scalar("pragma quick_check(1)").fetch_one(&mut *transaction).await?;
    let version = sqlx::query_scalar("pragma user_version").fetch_one(&mut *transaction).await?;
    Ok((said, version, migration::tables(&mut transaction).await?))
}

async fn connect(path: &Path) -> sqlx::Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(BUSY_TIMEOUT)
        .journal_mode(SqliteJournalMode::Wal)
        // Each commit is synced before it is acknowledged; with less, a power cut takes back the last ones.
        .synchronous(SqliteSynchronous::Full)
        // What is deleted is overwritten, not only let go of.
        .pragma("secure_delete", "on");
    SqlitePoolOptions::new().max_connections(CONNECTIONS).connect_with(options).await
}

fn damage_or<T>(path: &Path, error: sqlx::Error) -> Result<Result<T, Damage>, StoreError> {
    match code(&error) {
        Some(CORRUPT | NO_DATABASE) => Ok(Err(Damage(error.to_string().replace('\n', " ")))),
        _ => Err(StoreError::of(Some(path), error)),
    }
}
