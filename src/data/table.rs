//! One table, and what of a folder is none.

use crate::{DataError, names::on_one_line, text::is_packed_ending};
use datafusion::catalog::TableProvider;
use revarch_domain::recognition::Mapping;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

/// The file formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Values separated by commas, semicolons, tabs or bars.
    Csv,
    /// Apache Parquet.
    Parquet,
    /// One JSON object a line.
    JsonLines,
}

impl Format {
    /// The format that a file's ending speaks of; text may be packed.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        if is_packed_ending(&ending) {
            return Self::of(Path::new(path.file_stem()?)).filter(|format| *format != Self::Parquet);
        }
        match ending.as_str() {
            "csv" | "tsv" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            _ => None,
        }
    }

    /// A file's name without what speaks of its format.
    pub(crate) fn stem(path: &Path) -> Option<String> {
        let stem = Path::new(path.file_stem()?);
        let packed = path.extension().and_then(|ending| ending.to_str()).is_some_and(is_packed_ending);
        let stem = if packed { stem.file_stem()? } else { stem.as_os_str() };
        Some(stem.to_string_lossy().into_owned())
    }

    /// The format's name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::JsonLines => "json_lines",
        }
    }
}

/// An entry of a data folder that could not be made a table, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file's name.
    pub file: String,
    /// Why it cannot be read.
    pub reason: String,
    /// What its owner can do.
    pub hint: String,
}

impl Problem {
    pub(crate) fn new(file: &str, reason: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { file: on_one_line(file).into_owned(), reason: reason.into(), hint: hint.into() }
    }
}

/// What tells one state of a table's files from a later one.
pub(crate) type Stamp = Vec<(PathBuf, u64, Option<SystemTime>)>;

/// What the engine reads a table through.
#[derive(Clone, Debug)]
pub(crate) enum Provider {
    /// Files of text, read by our own reader, which can be watched.
    Text(crate::text::TextTable),
    /// Files that the engine reads itself.
    Engine(Arc<dyn TableProvider>),
}

/// One table.
#[derive(Debug)]
pub struct Table {
    /// The name that tools use.
    pub name: String,
    /// The format of its files.
    pub format: Format,
    /// Its columns in the order of the file.
    pub columns: Vec<String>,
    /// What was done to read it, for its owner.
    pub notes: Vec<String>,
    /// Files of it that could not be opened.
    pub(crate) unopened: Vec<String>,
    pub(crate) files: Vec<PathBuf>,
    /// The folder the operator named, or the call it came with.
    pub(crate) source: String,
    pub(crate) provider: Provider,
    pub(crate) mapping: Mapping,
    /// Bytes in it, where it came with the call, and rows of the whole it is a sample of.
    pub(crate) inline: Option<(u64, Option<u64>)>,
}

impl Table {
    /// The column of that name, or an error that offers the nearest.
    pub fn require(&self, column: &str) -> Result<&str, DataError> {
        self.columns.iter().find(|known| *known == column).map(String::as_str).ok_or_else(|| {
            DataError::UnknownColumn {
                asked: column.to_owned(),
                table: self.name.clone(),
                known: self.columns.clone(),
            }
        })
    }

    /// Its size in bytes, as it lies there.
    pub fn bytes(&self) -> u64 {
        match self.inline {
            Some((bytes, _)) => bytes,
            None => self.stamp().iter().map(|(_, bytes, _)| bytes).sum(),
        }
    }

    pub(crate) fn stamp(&self) -> Stamp {
        stamp(&self.files)
    }
}

pub(crate) fn stamp(files: &[PathBuf]) -> Stamp {
    files
        .iter()
        .map(|file| {
            let metadata = std::fs::metadata(file).ok();
            let size = metadata.as_ref().map_or(0, std::fs::Metadata::len);
            (file.clone(), size, metadata.and_then(|metadata| metadata.modified().ok()))
        })
        .collect()
}
