//! What there is in a store, and how it is forgotten.

use crate::{Store, StoreError};
use sqlx::{AssertSqlSafe, Row as _};

/// A kind of thing that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Reviews.
    Review,
    /// Measured evidence.
    Evidence,
    /// Answers of people.
    Answer,
    /// Models.
    Model,
    /// Fingerprints of servers' tools.
    ToolList,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Review, Self::Evidence, Self::Answer, Self::Model, Self::ToolList];

    /// The table, the column that names a thing in it, and the column of its time.
    const fn columns(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Review => ("review", "id", "made_at_us"),
            Self::Evidence => ("evidence", "subject", "measured_at_us"),
            Self::Answer => ("answer", "subject", "answered_at_us"),
            Self::Model => ("model", "id", "made_at_us"),
            Self::ToolList => ("tool_list", "server", "last_seen_us"),
        }
    }

    /// The kind's name, one and many.
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Review => ("review", "reviews"),
            Self::Evidence => ("piece of evidence", "pieces of evidence"),
            Self::Answer => ("answer", "answers"),
            Self::Model => ("model", "models"),
            Self::ToolList => ("list of tools", "lists of tools"),
        }
    }
}

/// How much there is of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The kind.
    pub kind: Kind,
    /// How many there are.
    pub count: u64,
    /// The time of the oldest.
    pub oldest: Option<jiff::Timestamp>,
    /// The time of the newest.
    pub newest: Option<jiff::Timestamp>,
}

/// What there is in a store. Version, trouble and size are of the whole file, the kinds are the tenant's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// The version of its tables.
    pub version: i64,
    /// What a check of everything in it says; nothing where all is well.
    pub trouble: Option<String>,
    /// What it takes on the disk, or in memory.
    pub bytes: u64,
    /// Each kind.
    pub extents: Vec<Extent>,
}

impl Store {
    /// What there is.
    pub async fn overview(&self) -> Result<Overview, StoreError> {
        let number = async |sql: &'static str| {
            let number: i64 = sqlx::query_scalar(sql).fetch_one(&self.pool).await.map_err(self.failed())?;
            Ok::<_, StoreError>(number)
        };
        let version = number("pragma user_version").await?;
        let bytes = number("pragma page_size").await? * number("pragma page_count").await?;
        let said: String = sqlx::query_scalar("pragma integrity_check(1)")
            .fetch_one(&self.pool)
            .await
            .map_err(self.failed())?;
        let mut extents = Vec::new();
        for kind in Kind::ALL {
            let (table, _, time) = kind.columns();
            let sql = format!("select count(*), min({time}), max({time}) from {table} where tenant = ?");
            let asked = self.query(AssertSqlSafe(sql));
            let row = asked.fetch_one(&self.pool).await.map_err(self.failed())?;
            let moment = |at: usize| {
                let microseconds: Option<i64> = row.try_get(at).map_err(self.failed())?;
                Ok::<_, StoreError>(microseconds.and_then(|at| jiff::Timestamp::from_microsecond(at).ok()))
            };
            let count: i64 = row.try_get(0).map_err(self.failed())?;
            extents.push(Extent {
                kind,
                count: count.unsigned_abs(),
                oldest: moment(1)?,
                newest: moment(2)?,
            });
        }
        Ok(Overview {
            version,
            trouble: (said != "ok").then_some(said),
            bytes: bytes.unsigned_abs(),
            extents,
        })
    }

    /// Forgets what is named `id`: a review or model by its id, answers and evidence by their subject, lists of tools
    /// by their server. How much there was.
    pub async fn delete(&self, kind: Kind, id: &str) -> Result<u64, StoreError> {
        let (table, name, _) = kind.columns();
        let sql = format!("delete from {table} where tenant = ? and {name} = ?");
        let asked = self.query(AssertSqlSafe(sql)).bind(id);
        let done = asked.execute(&self.pool).await.map_err(self.failed())?;
        self.wipe().await;
        self.still_there()?;
        Ok(done.rows_affected())
    }

    /// Forgets what is older than `moment`; how much there was.
    pub async fn delete_older(&self, kind: Kind, moment: jiff::Timestamp) -> Result<u64, StoreError> {
        let (table, _, time) = kind.columns();
        let sql = format!("delete from {table} where tenant = ? and {time} < ?");
        let asked = self.query(AssertSqlSafe(sql)).bind(moment.as_microsecond());
        let done = asked.execute(&self.pool).await.map_err(self.failed())?;
        self.wipe().await;
        self.still_there()?;
        Ok(done.rows_affected())
    }
}
