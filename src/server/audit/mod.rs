//! The audit log: who called what, when, and how it ended, as JSON lines that are chained by their hashes.
//!
//! # Design
//! A record is written before the answer leaves, and where it cannot be, the answer does not leave either, unless the
//! operator wants it so. Arguments are data of the company: their digest tells whether two calls were the same, and lets
//! whoever has the arguments prove it. Nothing that is in the file is ever changed or taken away. The chain shows every
//! change but one: whoever may write the file can cut off its end, or write all of it anew. Against that the newest hash
//! has to be kept elsewhere; `revarch audit head` tells it, and `revarch audit verify --head` looks for it.
//!
//! Calls from the shell are not in the log: they are made by whoever may read the data anyway.

mod admission;
mod chain;
mod command;
mod end;
mod error;
mod file;
mod files;
mod handler;
mod record;
mod under_way;
mod verify;
mod writer;

pub(crate) use admission::tell_refused;
pub(crate) use command::{Command, run};
pub(crate) use handler::Audited;
pub(crate) use record::Refusal;
pub(crate) use under_way::tell;

use crate::{
    config::{Audit, OnFailure},
    failure::Failure,
};
use admission::Flood;
use error::LogError;
use file::LogFile;
use record::Entry;
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::Instant,
};
use tokio::sync::oneshot;
use writer::{Job, Written};

/// The log, as those see it who have something to tell.
#[derive(Clone)]
pub(crate) struct Log {
    jobs: mpsc::Sender<Job>,
    on_failure: OnFailure,
    /// Whether the last record could not be written.
    fails: Arc<AtomicBool>,
    refusals: Arc<Mutex<Flood>>,
}

impl Log {
    /// Opens the log and tells it that a server starts.
    pub(crate) async fn open(config: &Audit) -> Result<Self, Failure> {
        let Audit { file, max_bytes, sync, on_failure } = config;
        let log = LogFile::open(file, *max_bytes).map_err(|error| refused(&error))?;
        let (jobs, received) = mpsc::channel();
        let sync = *sync;
        std::thread::Builder::new()
            .name("audit".to_owned())
            .spawn(move || writer::run(log, sync, &received))?;
        let log = Self { jobs, on_failure: *on_failure, fails: Arc::default(), refusals: Arc::default() };
        let (version, process) = (env!("CARGO_PKG_VERSION"), std::process::id());
        log.record(Entry::Started { version, process }).await.map_err(|error| refused(&error))?;
        Ok(log)
    }

    /// Tells that the server ends as it should.
    pub(crate) async fn close(&self) {
        let unlisted_refusals = self.refusals().rest();
        let _ = self.record(Entry::Stopped { process: std::process::id(), unlisted_refusals }).await;
    }

    /// Tells that somebody was not let in. They are not let in either where this cannot be told.
    pub(crate) async fn refuse(&self, refusal: Refusal) {
        let listed = self.refusals().count(Instant::now());
        let Some(unlisted) = listed else { return };
        if let Err(error) = self.record(Entry::Refused(refusal.after(unlisted))).await {
            tracing::error!(%error, "a refusal is not in the audit log");
        }
    }

    fn refusals(&self) -> MutexGuard<'_, Flood> {
        self.refusals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether calls may be made: a log that failed is tried first, so that nothing is done which could not be told.
    async fn ready(&self) -> Written {
        if self.fails.load(Ordering::Relaxed) { self.write(None).await } else { Ok(()) }
    }

    /// Writes a record; whether the answer that it tells of may leave.
    async fn record(&self, entry: Entry) -> Written {
        self.write(Some(entry)).await
    }

    async fn write(&self, entry: Option<Entry>) -> Written {
        let (done, written) = oneshot::channel();
        let written = match self.jobs.send(Job { entry, done }) {
            Ok(()) => written.await.unwrap_or_else(|_| Err(Arc::new(LogError::Closed))),
            Err(_) => Err(Arc::new(LogError::Closed)),
        };
        self.fails.store(written.is_err(), Ordering::Relaxed);
        match written {
            Err(error) if self.on_failure == OnFailure::Warn => {
                tracing::warn!(%error, "a call is not in the audit log");
                Ok(())
            }
            written => written,
        }
    }

    /// Writes a record that nobody waits for.
    fn record_late(&self, entry: Entry) {
        let (done, _) = oneshot::channel();
        if self.jobs.send(Job { entry: Some(entry), done }).is_err() {
            tracing::error!("a call is not in the audit log");
        }
    }
}

fn refused(error: &LogError) -> Failure {
    let cause = std::error::Error::source(error).map_or_else(String::new, |cause| format!(": {cause}"));
    Failure::Usage(format!("{error}{cause}\nhint: {}", error.hint()))
}

#[cfg(test)]
mod tests;
