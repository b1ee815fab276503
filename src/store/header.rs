//! What the first bytes of a file say, read before SQLite touches it.

use crate::{StoreError, migration};
use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _},
    path::Path,
};

/// The mark of revarch's stores, as SQLite's `application_id`: the letters `revA`.
pub(crate) const MARK: i32 = i32::from_be_bytes(*b"revA");

/// The length of SQLite's header.
const LENGTH: usize = 100;
const MAGIC: &[u8] = b"SQLite format 3\0";
/// Where SQLite keeps `user_version` and `application_id`, each as four bytes, the highest first.
const VERSION_AT: usize = 60;
const MARK_AT: usize = 68;

/// Endings of names that are given to databases.
const DATABASES: [&str; 4] = ["db", "sqlite", "sqlite3", "store"];

/// What a file is, as far as its beginning tells.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Beginning {
    /// Nothing is in it.
    Empty,
    /// A database that may be ours.
    Database,
    /// No database, in a place where one is expected.
    Damaged,
}

/// Opens the file, creating it where it is missing, and looks at its beginning. A file of others is refused, and so is
/// one that a newer revarch wrote.
pub(crate) fn look(path: &Path) -> Result<Beginning, StoreError> {
    let failed = |source| StoreError::Open { path: path.to_owned(), source };
    let mut bytes = Vec::with_capacity(LENGTH);
    let file = open(path).map_err(failed)?;
    file.take(LENGTH as u64).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.is_empty() {
        return Ok(Beginning::Empty);
    }
    if !bytes.starts_with(MAGIC) || bytes.len() < LENGTH {
        return if is_named_as_database(path) {
            Ok(Beginning::Damaged)
        } else {
            let reason = "it does not begin as an SQLite database does".to_owned();
            Err(StoreError::Foreign { path: path.to_owned(), reason })
        };
    }
    let number =
        |at: usize| bytes[at..at + 4].iter().fold(0_i64, |number, byte| number << 8 | i64::from(*byte));
    let (version, mark) = (number(VERSION_AT), number(MARK_AT));
    if mark != 0 && mark != i64::from(MARK) {
        let reason = format!("it bears the mark of another program ({mark:#x})");
        return Err(StoreError::Foreign { path: path.to_owned(), reason });
    }
    migration::check(path, version)?;
    Ok(Beginning::Database)
}

/// Others on the machine have no business in a company's reviews, so a new file is its owner's alone.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Whether a name says that the file is a database. Only such a one is taken for a damaged store and moved; a table or
/// a report that was named by a slip of the pen stays where it is.
fn is_named_as_database(path: &Path) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| DATABASES.contains(&ending.to_ascii_lowercase().as_str()))
}
