//! Why the store could not do what was asked, and what to do about it.

use std::{
    fmt::{self, Display},
    io,
    path::{Path, PathBuf},
};

/// Faults of an import that are told; the rest are counted.
const TOLD: usize = 10;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be opened for reading and writing.
    #[error("cannot open the store {} for writing", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file was written by a newer revarch.
    #[error(
        "the store {} has version {found}, and this revarch knows versions up to {known}; it was left as it is",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version in the file.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
    /// The file is not a store of revarch's.
    #[error("{} is no store of revarch's: {reason}; it was left as it is", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        reason: String,
    },
    /// The file is damaged and could not be moved aside.
    #[error("the store {} is damaged ({reason}) and cannot be moved aside", path.display())]
    Stuck {
        /// The file.
        path: PathBuf,
        /// What is damaged in it.
        reason: String,
        /// What the system says.
        source: io::Error,
    },
    /// The file turned out to be damaged while it was in use.
    #[error("the store {} is damaged", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: sqlx::Error,
    },
    /// The file was deleted, moved away or replaced while it was in use.
    #[error("the store {} is gone: its file is not where it was when it was opened", path.display())]
    Gone {
        /// Where it was.
        path: PathBuf,
    },
    /// There is no room left for what was to be written.
    #[error("cannot write to {place}: the disk is full")]
    Full {
        /// The store.
        place: Place,
        /// What SQLite says.
        source: sqlx::Error,
    },
    /// The file or its folder may not be written.
    #[error("cannot write to {place}: it, its folder or its disk is read-only")]
    ReadOnly {
        /// The store.
        place: Place,
        /// What SQLite says.
        source: sqlx::Error,
    },
    /// Another process held the file for too long.
    #[error("cannot write to {place}: another process holds it")]
    Busy {
        /// The store.
        place: Place,
        /// What SQLite says.
        source: sqlx::Error,
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
    /// Lines that cannot be imported. Nothing of the file was.
    #[error("nothing was imported: {}", Lines(.0))]
    Lines(Vec<BadLine>),
    /// SQLite failed.
    #[error("{place} failed")]
    Sqlite {
        /// The store.
        place: Place,
        /// What SQLite says.
        source: sqlx::Error,
    },
}

/// A line of an import that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Its number, from 1.
    pub number: usize,
    /// Why.
    pub reason: String,
}

/// A store in words.
#[derive(Clone, Debug)]
pub struct Place(Option<PathBuf>);

impl Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(path) => write!(out, "the store {}", path.display()),
            None => write!(out, "the store in memory"),
        }
    }
}

struct Lines<'a>(&'a [BadLine]);

impl Display for Lines<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, BadLine { number, reason }) in self.0.iter().take(TOLD).enumerate() {
            let before = if at == 0 { "" } else { "; " };
            write!(out, "{before}line {number}: {reason}")?;
        }
        match self.0.len().saturating_sub(TOLD) {
            0 => Ok(()),
            more => write!(out, "; and {more} more lines"),
        }
    }
}

/// SQLite's primary result code, which stands in the low byte of the extended one.
pub(crate) fn code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    Some(code.parse::<u32>().ok()? & 0xff)
}

const BUSY: u32 = 5;
const LOCKED: u32 = 6;
const READ_ONLY: u32 = 8;
const INPUT_OUTPUT: u32 = 10;
pub(crate) const CORRUPT: u32 = 11;
const FULL: u32 = 13;
const CANNOT_OPEN: u32 = 14;
pub(crate) const NO_DATABASE: u32 = 26;

impl StoreError {
    /// What a failure of SQLite means.
    pub(crate) fn of(path: Option<&Path>, source: sqlx::Error) -> Self {
        let place = Place(path.map(Path::to_owned));
        match (code(&source), path) {
            // What is left of a full disk may still be too little for the files beside the store.
            (Some(FULL), _) => Self::Full { place, source },
            (Some(READ_ONLY | CANNOT_OPEN), _) => Self::ReadOnly { place, source },
            (Some(BUSY | LOCKED), _) => Self::Busy { place, source },
            (Some(CORRUPT | NO_DATABASE), Some(path)) => Self::Broken { path: path.to_owned(), source },
            _ => Self::Sqlite { place, source },
        }
    }

    /// Whether it is a fault of revarch's own, which nobody else can mend.
    pub fn is_ours(&self) -> bool {
        match self {
            Self::Damaged { .. } => true,
            Self::Sqlite { source, .. } => code(source) != Some(INPUT_OUTPUT),
            _ => false,
        }
    }

    /// What to do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Open { source, .. } => match source.kind() {
                io::ErrorKind::NotFound => "make its folder first, or name another file",
                io::ErrorKind::IsADirectory => "name a file in that folder",
                io::ErrorKind::StorageFull => FREE_ROOM,
                _ => NAME_ANOTHER,
            },
            Self::Newer { .. } => "use the newer revarch with it, or name another file",
            Self::Foreign { .. } => "name another file, which revarch makes if it is not there",
            Self::Stuck { .. } => "move it away yourself, or name another file",
            Self::Broken { .. } => "start revarch again: it moves the file aside and begins a new one",
            Self::Gone { .. } => "start revarch again, which makes a new one where there is none",
            Self::Full { .. } => FREE_ROOM,
            Self::ReadOnly { .. } => NAME_ANOTHER,
            Self::Busy { .. } => {
                "call again; if that does not help, look for a process that does not let go of it"
            }
            Self::Damaged { .. } => "delete it with `revarch store delete`, and make it anew",
            Self::Lines(_) => "mend the lines, or export anew; a file is imported whole or not at all",
            Self::Sqlite { .. } => "check the disk that the store is on",
        }
    }
}

const FREE_ROOM: &str =
    "free some room, or name a file on another disk with --store; what was kept before is still there";
const NAME_ANOTHER: &str =
    "name a file in a folder that may be written with --store, or leave --store out to remember nothing";
