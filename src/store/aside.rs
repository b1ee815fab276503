//! A damaged store is moved aside, with the files that belong to it, for somebody who knows how to read what is left.

use crate::{
    StoreError,
    open::{Damage, try_open},
};
use std::{
    ffi::OsString,
    fmt::{self, Display},
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// What SQLite keeps beside a database; the log has to follow it under its new name.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// What became of a damaged store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedAside {
    /// Where the store was, and where a new one was begun.
    pub path: PathBuf,
    /// Where it is now.
    pub to: PathBuf,
    /// What is damaged in it.
    pub reason: String,
}

impl Display for MovedAside {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "the store {} was damaged ({}); it was moved to {} and a new one was begun, so what was kept before is \
             missing here; an export may bring it back (`revarch store import`), or `sqlite3 {} .recover`",
            self.path.display(),
            self.reason,
            self.to.display(),
            self.to.display()
        )
    }
}

/// Moves the file away, unless another process has done so in the meantime.
pub(crate) async fn move_aside(path: &Path, damage: &Damage) -> Result<Option<MovedAside>, StoreError> {
    let stuck = |source| StoreError::Stuck { path: path.to_owned(), reason: damage.0.clone(), source };
    let lock = lock(path).map_err(stuck)?;
    // Whoever waited here may find a whole store: moving that one would lose what was just written to it.
    if let Ok(Ok(pool)) = try_open(path).await {
        pool.close().await;
        return Ok(None);
    }
    let to = rename(path).map_err(stuck)?;
    drop(lock);
    Ok(Some(MovedAside { path: path.to_owned(), to, reason: damage.0.clone() }))
}

/// Held by the one process that moves a store. The file stays, because taking it away would let two hold it.
fn lock(path: &Path) -> io::Result<File> {
    let file = File::options().create(true).truncate(false).write(true).open(with(path, ".lock"))?;
    file.lock()?;
    Ok(file)
}

fn rename(path: &Path) -> io::Result<PathBuf> {
    let moment = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut to = with(path, &format!(".damaged-{moment}"));
    let mut count = 1;
    while to.exists() {
        count += 1;
        to = with(path, &format!(".damaged-{moment}-{count}"));
    }
    // The log first: a new store must never find the log of the old one.
    for ending in BESIDE {
        match fs::rename(with(path, ending), with(&to, ending)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::rename(path, &to)?;
    Ok(to)
}

fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}
