//! The one thread that writes the log, so that callers wait for the disk together and not one after the other.

use super::{error::LogError, file::LogFile, record::Entry};
use crate::config::Sync;
use std::{
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// Records that are written at once.
const BATCH: usize = 256;

/// How long a written record may be kept from the disk.
const LATEST: Duration = Duration::from_secs(1);

/// Never comes.
const WITHOUT_END: Duration = Duration::from_hours(24);

/// What came of writing.
pub(super) type Written = Result<(), Arc<LogError>>;

/// A record to write; none where somebody only wants to know whether it can be done.
pub(super) struct Job {
    pub(super) entry: Option<Entry>,
    pub(super) done: oneshot::Sender<Written>,
}

/// Writes what comes until nothing more can.
pub(super) fn run(mut log: LogFile, sync: Sync, jobs: &Receiver<Job>) {
    let mut missed = 0;
    let mut unsynced: Option<Instant> = None;
    loop {
        let patience = unsynced.map_or(WITHOUT_END, |since| LATEST.saturating_sub(since.elapsed()));
        let first = match jobs.recv_timeout(patience) {
            Ok(job) => job,
            Err(RecvTimeoutError::Timeout) => {
                if unsynced.take().is_some() {
                    warn(log.sync());
                }
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => break,
        };
        let mut dones = Vec::new();
        let mut entries = Vec::new();
        if missed > 0 {
            entries.push(Entry::Resumed { missed });
        }
        for Job { entry, done } in std::iter::once(first).chain(jobs.try_iter().take(BATCH)) {
            entries.extend(entry);
            dones.push(done);
        }
        let ends = entries.iter().any(|entry| matches!(entry, Entry::Stopped { .. }));
        let told = u64::from(missed > 0);
        let mut written = log.append(&entries);
        if written.is_ok() {
            missed = 0;
            match sync {
                Sync::Each => written = log.sync(),
                // The process may be gone before a second has passed.
                Sync::Second if ends => written = log.sync(),
                Sync::Second => _ = unsynced.get_or_insert_with(Instant::now),
                Sync::Never => {}
            }
        } else {
            missed += entries.len() as u64 - told;
        }
        let written = written.map_err(Arc::new);
        for done in dones {
            // Who no longer waits had been told before.
            let _ = done.send(written.clone());
        }
    }
    if unsynced.is_some() {
        warn(log.sync());
    }
}

fn warn(synced: Result<(), LogError>) {
    if let Err(error) = synced {
        tracing::error!(%error, "the audit log may not be on the disk");
    }
}
