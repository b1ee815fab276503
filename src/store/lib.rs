//! What revarch remembers, in SQLite: the reviews it has made and the evidence in them, what people answered, the
//! models it has trained, what the tools of audited servers were, and what came of long calls.
//!
//! A store lives in memory unless the operator names a file, so that nothing stays on a machine unasked.
//!
//! # Design
//! What a call acknowledged is on the disk: a write returns after its commit has been synced to the write-ahead log, so
//! neither a killed process nor a lost power line takes it back. Several processes may share a file; one writes at a
//! time, and the others wait for it. A file that is damaged is moved aside, never deleted; one that is somebody
//! else's or that a newer revarch wrote is refused, and not a byte of it is touched.
//!
//! Each row belongs to a tenant. A [`Store`] is one tenant's view of the file: every query begins with the tenant, and
//! no call takes another's name. Only the operator's own view gives out those of tenants.

mod answer;
mod aside;
mod error;
mod evidence;
mod export;
mod head;
mod header;
mod import;
mod marks;
mod migration;
mod model;
mod open;
mod overview;
mod presence;
mod review;
mod row;
mod task;
mod tenant;
mod tool_list;

pub use answer::AnswerRecord;
pub use aside::MovedAside;
pub use error::{BadLine, StoreError};
pub use evidence::EvidenceRecord;
pub use head::{Behind, Head};
pub use import::Imported;
pub use marks::{Mark, Marks};
pub use model::ModelRecord;
pub use overview::{Extent, Kind, Overview};
pub use review::ReviewRecord;
pub use task::{TaskOutcome, TaskRecord};
pub use tool_list::{Seen, ToolListRecord};

use sqlx::SqlitePool;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};

/// What revarch remembers of one tenant.
#[derive(Clone, Debug)]
pub struct Store {
    /// Empty where it is the operator's own.
    tenant: Arc<str>,
    pool: SqlitePool,
    path: Option<PathBuf>,
    identity: Option<presence::Identity>,
    replaced: Arc<AtomicBool>,
    moved_aside: Option<MovedAside>,
}

/// What becomes of a record whose place is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clash {
    /// It replaces the one that is there.
    Replace,
    /// The newer of the two stays, and of two of the same time the one that is there.
    NewerStays,
}

impl Store {
    /// The file; nothing where the store lives in memory.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What became of the file that was found at this place, where it was damaged.
    pub fn moved_aside(&self) -> Option<&MovedAside> {
        self.moved_aside.as_ref()
    }

    /// Ends all connections, so that everything stands in the one file and none is left beside it. A store that is
    /// not closed loses nothing: the next one to open it reads what stands beside. The views of tenants end with it.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// What a failure of SQLite means for the caller.
    fn failed(&self) -> impl Fn(sqlx::Error) -> StoreError {
        // A file that is not there fails in many ways, of which this is the reason.
        |error| self.still_there().err().unwrap_or_else(|| StoreError::of(self.path.as_deref(), error))
    }

    /// Takes what was deleted out of the write-ahead log too. Another process that reads may keep it from that; then
    /// the next one to close the store does it.
    async fn wipe(&self) {
        let _ = sqlx::query("pragma wal_checkpoint(truncate)").fetch_all(&self.pool).await;
    }
}

#[cfg(test)]
mod tests;
