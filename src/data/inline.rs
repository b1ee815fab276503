//! Small tables that come with a call: what an agent got from a system revarch cannot read itself.

use crate::{DataError, Format, names::on_one_line};
use serde_json::{Map, Value};

/// A table in the call.
#[derive(Clone, Debug)]
pub struct InlineTable {
    pub(crate) name: String,
    pub(crate) format: Format,
    pub(crate) text: String,
    pub(crate) rows_in_all: Option<u64>,
}

impl InlineTable {
    /// The most that a call can carry; more belongs in a file.
    pub const MOST_BYTES: usize = 1 << 20;

    /// A table as CSV, its first line the header. `rows_in_all` says of how many rows it is a sample.
    pub fn csv(name: &str, csv: String, rows_in_all: Option<u64>) -> Result<Self, DataError> {
        Self::of(name, Format::Csv, csv, rows_in_all)
    }

    /// A table as objects.
    pub fn rows(
        name: &str,
        rows: Vec<Map<String, Value>>,
        rows_in_all: Option<u64>,
    ) -> Result<Self, DataError> {
        let lines: Vec<String> = rows.into_iter().map(|row| Value::Object(row).to_string()).collect();
        Self::of(name, Format::JsonLines, lines.join("\n"), rows_in_all)
    }

    fn of(name: &str, format: Format, text: String, rows_in_all: Option<u64>) -> Result<Self, DataError> {
        let refuse =
            |reason: &str| Err(DataError::Inline { table: name.to_owned(), reason: reason.to_owned() });
        if name.trim().is_empty() {
            return refuse("it has no name");
        }
        if text.trim().is_empty() {
            return refuse("it is empty");
        }
        if text.len() > Self::MOST_BYTES {
            return refuse("it is larger than 1 MB; write it to a file in a data folder");
        }
        Ok(Self { name: on_one_line(name).into_owned(), format, text, rows_in_all })
    }
}
