//! From folders to files: what may be read, and what is passed over and why.

use crate::{DataError, Format, Problem, names::on_one_line};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// Endings of files that hold tables and are not read: passed over in silence, they would be missed.
const UNREAD: [&str; 9] = ["xlsx", "xls", "ods", "avro", "orc", "arrow", "feather", "sqlite", "zip"];

/// One table to be: its files all hold the same columns.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) name: String,
    pub(crate) format: Format,
    pub(crate) files: Vec<PathBuf>,
    /// The folder the operator named.
    pub(crate) root: PathBuf,
}

/// The tables in the folders, and the entries that cannot be one.
///
/// A file is a table, and so is a folder of files inside one of the folders, as engines write them.
pub(crate) fn discover(folders: &[PathBuf]) -> Result<(Vec<Found>, Vec<Problem>), DataError> {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    for folder in folders {
        let unusable = |source: io::Error| DataError::Folder { folder: folder.display().to_string(), source };
        let root = fs::canonicalize(folder).map_err(unusable)?;
        if !root.is_dir() {
            return Err(unusable(io::Error::new(io::ErrorKind::NotADirectory, "it is not a folder")));
        }
        let label = root.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        for entry in sorted(&root).map_err(unusable)? {
            match table(&root, &entry) {
                Ok(Some(table)) => found.push((label.clone(), table)),
                Ok(None) => {}
                Err(problem) => problems.push(problem),
            }
        }
    }
    Ok((unique(found), problems))
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    entries.sort();
    Ok(entries)
}

fn table(root: &Path, entry: &Path) -> Result<Option<Found>, Problem> {
    let Some(name) = entry.file_name().map(|name| name.to_string_lossy().into_owned()) else {
        return Ok(None);
    };
    if name.starts_with('.') {
        return Ok(None);
    }
    let real = inside(root, entry, &name)?;
    if real.is_dir() {
        return parts(root, &real, name);
    }
    let Some(format) = Format::of(&real) else {
        return match real.extension().and_then(|ending| ending.to_str()) {
            Some(ending) if UNREAD.contains(&ending.to_ascii_lowercase().as_str()) => Err(Problem::new(
                &name,
                format!("{ending} files are not read"),
                "export it as CSV, JSON lines or Parquet, or move it away",
            )),
            _ => Ok(None),
        };
    };
    let stem = Format::stem(entry).unwrap_or_else(|| name.clone());
    Ok(Some(Found {
        name: on_one_line(&stem).into_owned(),
        format,
        files: vec![real],
        root: root.to_owned(),
    }))
}

/// A folder of files of one format is one table in parts.
fn parts(root: &Path, folder: &Path, name: String) -> Result<Option<Found>, Problem> {
    let mut formats: Vec<(Format, PathBuf)> = Vec::new();
    within(root, folder, &name, 0, &mut formats)?;
    let Some((format, _)) = formats.first() else { return Ok(None) };
    let format = *format;
    if formats.iter().any(|(other, _)| *other != format) {
        return Err(Problem::new(
            &name,
            "it holds files of several formats, so it is not one table in parts",
            "name the folder with --data to read each of its files as a table",
        ));
    }
    let files: Result<Vec<PathBuf>, Problem> =
        formats.iter().map(|(_, part)| inside(root, part, &name)).collect();
    let table =
        Path::new(&name).extension().and(Format::of(Path::new(&name))).and(Format::stem(Path::new(&name)));
    let name = on_one_line(&table.unwrap_or(name)).into_owned();
    Ok(Some(Found { name, format, files: files?, root: root.to_owned() }))
}

/// The files in a folder and in the folders within, as engines nest them by day or region.
fn within(
    root: &Path,
    folder: &Path,
    name: &str,
    depth: u8,
    found: &mut Vec<(Format, PathBuf)>,
) -> Result<(), Problem> {
    const DEEPEST: u8 = 8;
    let entries = sorted(folder)
        .map_err(|error| Problem::new(name, format!("cannot list it: {error}"), "check its permissions"))?;
    for entry in entries {
        if entry.file_name().is_none_or(|name| name.to_string_lossy().starts_with(['.', '_'])) {
            continue;
        }
        if entry.is_dir() {
            if depth == DEEPEST {
                return Err(Problem::new(
                    name,
                    "its folders are nested too deep",
                    "name the inner folder with --data",
                ));
            }
            within(root, &inside(root, &entry, name)?, name, depth + 1, found)?;
        } else if let Some(format) = Format::of(&entry) {
            found.push((format, entry));
        }
    }
    Ok(())
}

/// The entry's real path, refused when a link leads out of the folder the operator named.
fn inside(root: &Path, entry: &Path, name: &str) -> Result<PathBuf, Problem> {
    let real = fs::canonicalize(entry).map_err(|error| {
        Problem::new(name, format!("cannot open it: {error}"), "mend or remove the link or file")
    })?;
    if real.starts_with(root) {
        Ok(real)
    } else {
        Err(Problem::new(
            name,
            "it is a link that leads out of the data folder, and was not followed",
            "name the folder it leads to with --data, or copy the file in",
        ))
    }
}

/// Tables of equal name get the name of their folder in front, and a number behind where that is not enough, so that none hides another.
fn unique(found: Vec<(String, Found)>) -> Vec<Found> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (_, table) in &found {
        *seen.entry(table.name.clone()).or_default() += 1;
    }
    let mut taken: Vec<String> =
        seen.iter().filter(|(_, times)| **times == 1).map(|(name, _)| name.clone()).collect();
    found
        .into_iter()
        .map(|(label, mut table)| {
            if seen[&table.name] > 1 {
                let base = format!("{label}_{}", table.name);
                let mut name = base.clone();
                let mut n = 2;
                while taken.contains(&name) {
                    name = format!("{base}_{n}");
                    n += 1;
                }
                table.name = name;
            }
            taken.push(table.name.clone());
            table
        })
        .collect()
}
