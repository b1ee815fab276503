//! The file that scores are written to: in the folder that the operator named, under a name that is free.

use datafusion::{
    arrow::{
        array::{ArrayRef, Float64Array, RecordBatch, StringArray},
        datatypes::{DataType, Field, Schema, SchemaRef},
    },
    parquet::arrow::ArrowWriter,
};
use std::{
    borrow::Cow,
    fs::{self, File},
    io::{self, BufWriter},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Why scores cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The name is more than a file's name, or ends in nothing that is written.
    #[error("`{name}` cannot be the name of a file of scores: {reason}")]
    Name {
        /// The name.
        name: String,
        /// Why not.
        reason: &'static str,
    },
    /// There is such a file already.
    #[error("there is a file `{0}` in the output folder already")]
    Taken(String),
    /// The file system refuses.
    #[error("cannot write `{name}` in the output folder: {source}")]
    Write {
        /// The name.
        name: String,
        /// What it says.
        source: io::Error,
    },
}

/// A file of scores that is being written. It takes its name when it is whole; one that is dropped before leaves
/// nothing behind.
pub struct ScoreFile {
    name: String,
    whole: PathBuf,
    begun: PathBuf,
    schema: SchemaRef,
    form: Form,
    rows: u64,
    is_whole: bool,
}

enum Form {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Parquet(Option<Box<ArrowWriter<File>>>),
}

impl std::fmt::Debug for ScoreFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScoreFile")
            .field("whole", &self.whole)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

impl ScoreFile {
    /// Begins a file. The first columns hold text, the rest numbers.
    pub fn create(folder: &Path, name: &str, texts: &[&str], numbers: &[&str]) -> Result<Self, ExportError> {
        let refuse = |reason| ExportError::Name { name: name.to_owned(), reason };
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "._- ".contains(letter);
        if name.len() > 100 || !name.chars().all(plain) || name.starts_with(['.', ' ', '-']) {
            return Err(refuse("it may hold letters, digits, dots, dashes and underscores, and no folder"));
        }
        let ending = Path::new(name).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if !matches!(ending, "csv" | "parquet") {
            return Err(refuse("it must end in .csv or .parquet"));
        }
        let whole = folder.join(name);
        if whole.symlink_metadata().is_ok() {
            return Err(ExportError::Taken(name.to_owned()));
        }
        let begun = folder.join(format!(".{name}.{}.begun", std::process::id()));
        let failed = |source| ExportError::Write { name: name.to_owned(), source };
        let file = File::options().write(true).create_new(true).open(&begun).map_err(failed)?;
        let text = texts.iter().map(|name| Field::new(*name, DataType::Utf8, true));
        let number = numbers.iter().map(|name| Field::new(*name, DataType::Float64, true));
        let schema: SchemaRef = Arc::new(Schema::new(text.chain(number).collect::<Vec<_>>()));
        let form = if ending == "csv" {
            Ok(Form::Csv(Box::new(csv::Writer::from_writer(BufWriter::new(file)))))
        } else {
            let writer = ArrowWriter::try_new(file, Arc::clone(&schema), None);
            writer.map(|writer| Form::Parquet(Some(Box::new(writer)))).map_err(io::Error::other)
        };
        let form = form.inspect_err(|_| drop(fs::remove_file(&begun))).map_err(failed)?;
        let mut created =
            Self { name: name.to_owned(), whole, begun, schema, form, rows: 0, is_whole: false };
        if let Form::Csv(csv) = &mut created.form {
            let header: Vec<&str> = texts.iter().chain(numbers).copied().collect();
            csv.write_record(header).map_err(|error| failed(error.into()))?;
        }
        Ok(created)
    }

    /// Writes some rows, column by column. A number that is none is left empty.
    pub fn write(&mut self, texts: &[Vec<&str>], numbers: &[Vec<f64>]) -> Result<(), ExportError> {
        let rows = texts.first().map_or_else(|| numbers.first().map_or(0, Vec::len), Vec::len);
        let done = match &mut self.form {
            Form::Csv(csv) => (0..rows).try_for_each(|row| {
                let texts = texts.iter().map(|column| harmless(column[row]).into_owned());
                let number = |column: &Vec<f64>| {
                    if column[row].is_finite() { column[row].to_string() } else { String::new() }
                };
                csv.write_record(texts.chain(numbers.iter().map(number))).map_err(io::Error::from)
            }),
            Form::Parquet(None) => Ok(()),
            Form::Parquet(Some(writer)) => {
                let texts =
                    texts.iter().map(|column| Arc::new(StringArray::from(column.clone())) as ArrayRef);
                let number = |column: &Vec<f64>| {
                    let cells = column.iter().map(|cell| cell.is_finite().then_some(*cell));
                    Arc::new(cells.collect::<Float64Array>()) as ArrayRef
                };
                let columns = texts.chain(numbers.iter().map(number)).collect();
                RecordBatch::try_new(Arc::clone(&self.schema), columns)
                    .map_err(io::Error::other)
                    .and_then(|batch| writer.write(&batch).map_err(io::Error::other))
            }
        };
        self.rows += rows as u64;
        done.map_err(|source| self.failed(source))
    }

    /// Closes the file and gives it its name; tells how many rows it holds.
    pub fn finish(mut self) -> Result<u64, ExportError> {
        let closed = match &mut self.form {
            Form::Csv(csv) => csv.flush(),
            Form::Parquet(writer) => match writer.take() {
                Some(writer) => writer.close().map(drop).map_err(io::Error::other),
                None => Ok(()),
            },
        };
        closed.map_err(|source| self.failed(source))?;
        // A link is refused where the name has been taken meanwhile; a rename would write over it.
        match fs::hard_link(&self.begun, &self.whole) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(ExportError::Taken(self.name.clone()));
            }
            // Some file systems know no links.
            Err(_) => {
                fs::rename(&self.begun, &self.whole).map_err(|source| self.failed(source))?;
                self.is_whole = true;
            }
        }
        Ok(self.rows)
    }

    fn failed(&self, source: io::Error) -> ExportError {
        ExportError::Write { name: self.name.clone(), source }
    }
}

/// A cell as a spreadsheet does not compute it: what begins like a formula gets the mark of text in front. Numbers with
/// their sign are none.
fn harmless(cell: &str) -> Cow<'_, str> {
    let begins = cell.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if begins && cell.parse::<f64>().is_err() { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

impl Drop for ScoreFile {
    fn drop(&mut self) {
        if !self.is_whole {
            // Nobody is left to be told that this failed.
            let _ = fs::remove_file(&self.begun);
        }
    }
}
