//! The files of a log: the one that is written to, and the full ones before it, whose names end with a number.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

/// The file with this ending behind its whole name.
pub(super) fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

/// Opens a file to write at its end. Others on the machine have no business in it, so a new one is its owner's alone.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The full files, oldest first.
pub(super) fn full(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut numbered = numbered(path)?;
    numbered.sort_unstable();
    Ok(numbered.into_iter().map(|number| with(path, &format!(".{number}"))).collect())
}

/// Gives the file that is full a name of its own, so that a new one can be begun.
pub(super) fn turn_over(path: &Path) -> io::Result<()> {
    let last = numbered(path)?.into_iter().max().unwrap_or(0);
    fs::rename(path, with(path, &format!(".{}", last + 1)))
}

/// Puts the names of a folder's files on the disk, where the system can.
pub(super) fn sync_folder(path: &Path) {
    #[cfg(unix)]
    if let Ok(folder) = File::open(folder(path)) {
        let _ = folder.sync_all();
    }
    #[cfg(not(unix))]
    let _ = path;
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn numbered(path: &Path) -> io::Result<Vec<u64>> {
    let mut begins = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    begins.push('.');
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder(path))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let number =
            name.strip_prefix(&begins).filter(|number| number.bytes().all(|digit| digit.is_ascii_digit()));
        numbers.extend(number.and_then(|number| number.parse::<u64>().ok()));
    }
    Ok(numbers)
}
