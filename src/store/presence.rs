//! Whether the file that is open still is the one that others find under its name.
//!
//! A file that is deleted or moved away while it is open goes on taking writes, which nobody would ever read again.

use crate::{Store, StoreError};
use std::{io, path::Path, sync::atomic::Ordering};

/// What tells a file from another one that has taken its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity(u64, u64);

#[cfg(unix)]
pub(crate) fn identity(path: &Path) -> io::Result<Option<Identity>> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).map(|found| Some(Identity(found.dev(), found.ino())))
}

/// Elsewhere an open file can be neither deleted nor moved.
#[cfg(not(unix))]
pub(crate) fn identity(_path: &Path) -> io::Result<Option<Identity>> {
    Ok(None)
}

impl Store {
    /// Refuses to acknowledge what was written to a file that is not where it was.
    pub(crate) fn still_there(&self) -> Result<(), StoreError> {
        let Some(path) = &self.path else { return Ok(()) };
        let found = identity(path);
        if found.as_ref().is_ok_and(|found| *found != self.identity) {
            // A connection may have been made to the other file by now, and would go on writing to it.
            self.replaced.store(true, Ordering::Relaxed);
        }
        if found.is_ok() && !self.replaced.load(Ordering::Relaxed) {
            Ok(())
        } else {
            Err(StoreError::Gone { path: path.clone() })
        }
    }
}
