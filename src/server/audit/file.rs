//! The log, written at its end only and by one process at a time.
//!
//! # Design
//! Several servers may share a log, because each client of stdio starts one of its own. Whoever writes holds the lock of
//! a file beside the log and first catches up with what the others wrote. A file that was cut short or exchanged in the
//! meantime is not written to, because the chain could not go on from where it was.

use super::{
    chain::Head,
    end::{self, End},
    error::LogError,
    files,
    record::{self, BEGINNING, Entry},
};
use jiff::Timestamp;
use revarch_domain::fingerprint::sha256_hex;
use std::{
    fs::File,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// The log, open for writing.
pub(super) struct LogFile {
    path: PathBuf,
    /// From how many bytes on a file is full.
    max_bytes: Option<u64>,
    lock: File,
    /// The end when this process last wrote.
    known: Option<End>,
    written: Option<File>,
}

impl LogFile {
    /// Opens the log, where it can be written and its end can be gone on from.
    pub(super) fn open(path: &Path, max_bytes: Option<u64>) -> Result<Self, LogError> {
        let failed = |source| LogError::Io { path: path.to_owned(), source };
        let lock = files::open(&files::with(path, ".lock")).map_err(failed)?;
        let mut log = Self { path: path.to_owned(), max_bytes, lock, known: None, written: None };
        log.locked(|log| {
            end::find(&log.path)?;
            files::open(&log.path).map(drop).map_err(|source| log.failed(source))
        })?;
        Ok(log)
    }

    /// Writes records behind all others.
    pub(super) fn append(&mut self, entries: &[Entry]) -> Result<(), LogError> {
        self.locked(|log| log.write(entries))
    }

    /// Waits until everything written is on the disk.
    pub(super) fn sync(&self) -> Result<(), LogError> {
        let synced = self.written.as_ref().map_or(Ok(()), File::sync_data);
        synced.map_err(|source| self.failed(source))
    }

    fn failed(&self, source: io::Error) -> LogError {
        LogError::Io { path: self.path.clone(), source }
    }

    /// Keeps other processes out for as long as `work` takes.
    fn locked<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, LogError>) -> Result<T, LogError> {
        self.lock.lock().map_err(|source| self.failed(source))?;
        let done = work(self);
        self.lock.unlock().map_err(|source| self.failed(source))?;
        done
    }

    fn write(&mut self, entries: &[Entry]) -> Result<(), LogError> {
        let found = match &self.known {
            Some(known) => end::follow(&self.path, known)?,
            None => end::find(&self.path)?,
        };
        let mut lines = Lines { head: found.head, text: String::new() };
        let mut length = found.length;
        if let Some(remains) = found.remains {
            lines.text.push('\n');
            lines.add(&Entry::Recovered { bytes: remains.len() as u64, sha256: sha256_hex(&remains) })?;
            length = self.put(&mut lines)?;
        }
        if self.max_bytes.is_some_and(|most| length >= most.max(1)) {
            self.sync()?;
            files::turn_over(&self.path).map_err(|source| self.failed(source))?;
            length = 0;
        }
        if length == 0 {
            let full = files::full(&self.path).map_err(|source| self.failed(source))?;
            if let Some(name) = full.last().and_then(|full| full.file_name()) {
                lines.add(&Entry::Continued { file: name.to_string_lossy().into_owned() })?;
            }
        }
        for entry in entries {
            lines.add(entry)?;
        }
        self.put(&mut lines)?;
        if length == 0 {
            files::sync_folder(&self.path);
        }
        Ok(())
    }

    /// Puts lines at the end of the file, and gives its length.
    fn put(&mut self, lines: &mut Lines) -> Result<u64, LogError> {
        let mut file = files::open(&self.path).map_err(|source| self.failed(source))?;
        file.write_all(lines.text.as_bytes()).map_err(|source| self.failed(source))?;
        let length = file.metadata().map_err(|source| self.failed(source))?.len();
        lines.text.clear();
        self.known = Some(End { head: lines.head.clone(), length, remains: None });
        self.written = Some(file);
        Ok(length)
    }
}

/// Lines on their way to the file.
struct Lines {
    head: Option<Head>,
    text: String,
}

impl Lines {
    fn add(&mut self, entry: &Entry) -> Result<(), LogError> {
        let (sequence, before) = match &self.head {
            Some(head) => (head.sequence + 1, head.hash.as_str()),
            None => (1, BEGINNING),
        };
        let hash = record::write(&mut self.text, sequence, Timestamp::now(), entry, before)?;
        self.head = Some(Head { sequence, hash });
        Ok(())
    }
}
