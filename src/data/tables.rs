//! The tables of the folders the operator named.

use crate::{
    DataError, Run, Sources,
    discover::{self, Found},
    header, profile, quotes,
};
use datafusion::{
    arrow::{
        array::RecordBatch,
        datatypes::{DataType, Field, Schema},
    },
    common::TableReference,
    datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl},
    error::DataFusionError,
    execution::{
        context::{SessionConfig, SessionContext},
        options::{CsvReadOptions, JsonReadOptions, ParquetReadOptions, ReadOptions},
    },
};
use revarch_domain::{
    profile::TableProfile,
    recognition::{Mapping, Recognition, recognise},
};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
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
    /// The format that a file's ending speaks of.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" | "tsv" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            _ => None,
        }
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

/// An entry of a data folder that could not be made a table.
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
        Self { file: file.to_owned(), reason: reason.into(), hint: hint.into() }
    }
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
    files: Vec<PathBuf>,
    /// The folder the operator named.
    root: PathBuf,
    /// What separates values, in a CSV file.
    delimiter: u8,
    mapping: Mapping,
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

    /// The folder the operator named.
    pub(crate) fn source(&self) -> String {
        self.root.display().to_string()
    }

    /// What tells this state of the files from a later one.
    fn stamp(&self) -> Vec<(PathBuf, u64, Option<SystemTime>)> {
        self.files
            .iter()
            .map(|file| {
                let metadata = std::fs::metadata(file).ok();
                let size = metadata.as_ref().map_or(0, std::fs::Metadata::len);
                (file.clone(), size, metadata.and_then(|metadata| metadata.modified().ok()))
            })
            .collect()
    }
}

/// What making a table of files came to.
struct Registered {
    columns: Vec<String>,
    notes: Vec<String>,
    delimiter: u8,
}

type Stamp = Vec<(PathBuf, u64, Option<SystemTime>)>;
type Profiles = Arc<Mutex<HashMap<Stamp, Arc<TableProfile>>>>;

/// The tables the operator named, open for reading.
#[derive(Default)]
pub struct Tables {
    sources: Sources,
    context: SessionContext,
    opened: Vec<Table>,
    problems: Vec<Problem>,
    /// Profiles by the state of the files they were made from, kept when the folders are opened again.
    profiles: Profiles,
}

impl std::fmt::Debug for Tables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tables")
            .field("tables", &self.opened)
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}

impl Tables {
    /// Opens every table in the folders. A file that cannot be one becomes a problem, not an error.
    pub async fn open(sources: Sources) -> Result<Self, DataError> {
        Box::pin(Self::opened(sources, Profiles::default())).await
    }

    /// Opens the same folders again, as they are now. What was learnt of unchanged files is kept.
    pub async fn reopen(&self) -> Result<Self, DataError> {
        Box::pin(Self::opened(self.sources.clone(), Arc::clone(&self.profiles))).await
    }

    async fn opened(sources: Sources, profiles: Profiles) -> Result<Self, DataError> {
        let (found, problems) = discover::discover(&sources.folders)?;
        let context = SessionContext::new_with_config(SessionConfig::new().with_information_schema(false));
        profile::register(&context);
        let mut opened = Self { sources, context, opened: Vec::new(), problems, profiles };
        for found in found {
            opened.add(found).await?;
        }
        if let Some(name) = opened.sources.mappings.keys().find(|name| !opened.names().contains(name)) {
            let reason = format!("there is no such table; tables are {}", opened.names().join(", "));
            return Err(DataError::Mapping { table: name.clone(), reason });
        }
        Ok(opened)
    }

    async fn add(&mut self, found: Found) -> Result<(), DataError> {
        let file = found
            .files
            .first()
            .and_then(|file| file.file_name())
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let mapping = match self.sources.mappings.get(&found.name) {
            Some(mapping) => mapping.understood(&found.name)?,
            None => Mapping::default(),
        };
        match self.register(&found).await {
            Ok(Registered { columns, notes, delimiter }) => {
                if let Some(unknown) = mapping.columns.keys().find(|column| !columns.contains(column)) {
                    let reason = format!("it has no column `{unknown}`; columns are {}", columns.join(", "));
                    return Err(DataError::Mapping { table: found.name, reason });
                }
                self.opened.push(Table {
                    name: found.name,
                    format: found.format,
                    columns,
                    notes,
                    files: found.files,
                    root: found.root,
                    delimiter,
                    mapping,
                });
            }
            Err(problem) => self.problems.push(Problem { file, ..problem }),
        }
        Ok(())
    }

    /// Makes the files a table of the engine; gives its columns and what was done to read them.
    async fn register(&self, found: &Found) -> Result<Registered, Problem> {
        let config = self.context.copied_config();
        let options = self.context.copied_table_options();
        let mut delimiter = b',';
        let (listing, schema, mut notes): (ListingOptions, Option<Schema>, Vec<String>) = match found.format {
            Format::Csv => {
                let first = found.files.first().map_or_else(|| Path::new(""), PathBuf::as_path);
                let header = header::read(first).map_err(|error| {
                    let hint = match error {
                        header::HeaderError::Empty => "write at least a header line, or remove the file",
                        header::HeaderError::Encoding(_) => {
                            "save it as UTF-8, for instance with: iconv -f WINDOWS-1252 -t UTF-8"
                        }
                        header::HeaderError::Io(_) => "check that the file may be read",
                    };
                    Problem::new("", error.to_string(), hint)
                })?;
                delimiter = header.delimiter;
                let schema = Schema::new(
                    header
                        .columns
                        .iter()
                        .map(|name| Field::new(name, DataType::Utf8View, true))
                        .collect::<Vec<_>>(),
                );
                let read = CsvReadOptions::new().delimiter(header.delimiter).newlines_in_values(true);
                (
                    read.to_listing_options(&config, options).with_file_extension(""),
                    Some(schema),
                    header.notes,
                )
            }
            Format::Parquet => (
                ParquetReadOptions::default().to_listing_options(&config, options).with_file_extension(""),
                None,
                Vec::new(),
            ),
            Format::JsonLines => (
                // The file is read whole anyway, and a field may come late.
                JsonReadOptions { schema_infer_max_records: usize::MAX, ..JsonReadOptions::default() }
                    .to_listing_options(&config, options)
                    .with_file_extension(""),
                None,
                Vec::new(),
            ),
        };
        let (columns, nested) = self.list(found, listing, schema).await.map_err(|error| {
            let hint = match found.format {
                Format::Parquet => "write the file again; it is not Parquet or is cut short",
                _ => "write one JSON object a line, with the same type for a field in every line",
            };
            Problem::new("", first_line(&error), hint)
        })?;
        notes.extend(
            nested.iter().map(|name| format!("column `{name}` holds lists or objects and is left out")),
        );
        Ok(Registered { columns, notes, delimiter })
    }

    async fn list(
        &self,
        found: &Found,
        listing: ListingOptions,
        schema: Option<Schema>,
    ) -> Result<(Vec<String>, Vec<String>), DataFusionError> {
        let urls = found
            .files
            .iter()
            .map(|file| {
                let url = url::Url::from_file_path(file)
                    .map_err(|()| DataFusionError::External("a path that is no address".into()))?;
                ListingTableUrl::parse(url)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let config = ListingTableConfig::new_with_multi_paths(urls).with_listing_options(listing);
        let config = match schema {
            Some(schema) => config.with_schema(Arc::new(schema)),
            None => config.infer_schema(&self.context.state()).await?,
        };
        let fields = config.file_schema.iter().flat_map(|schema| schema.fields());
        let (nested, flat): (Vec<&Arc<Field>>, Vec<&Arc<Field>>) =
            fields.partition(|field| field.data_type().is_nested());
        let names = |fields: Vec<&Arc<Field>>| fields.into_iter().map(|field| field.name().clone()).collect();
        let found_columns = (names(flat), names(nested));
        self.context.register_table(
            TableReference::bare(found.name.as_str()),
            Arc::new(ListingTable::try_new(config)?),
        )?;
        Ok(found_columns)
    }

    /// The tables in the order of their folders and names.
    pub fn all(&self) -> &[Table] {
        &self.opened
    }

    /// What could not be made a table.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The tables' names.
    pub fn names(&self) -> Vec<String> {
        self.opened.iter().map(|table| table.name.clone()).collect()
    }

    /// Why there is no table at all.
    pub fn nothing(&self) -> DataError {
        let folders: Vec<String> =
            self.sources.folders.iter().map(|folder| folder.display().to_string()).collect();
        if folders.is_empty() {
            DataError::NoData
        } else {
            DataError::NoTables { folders: folders.join(", ") }
        }
    }

    /// The table of that name, or an error that offers the nearest.
    pub fn table(&self, name: &str) -> Result<&Table, DataError> {
        if self.opened.is_empty() {
            return Err(self.nothing());
        }
        self.opened
            .iter()
            .find(|table| table.name == name)
            .ok_or_else(|| DataError::UnknownTable { asked: name.to_owned(), known: self.names() })
    }

    /// The profile of a table: read in one pass over all its rows, or kept from when the files were the same.
    pub async fn profile(&self, name: &str, run: &Run) -> Result<Arc<TableProfile>, DataError> {
        let table = self.table(name)?;
        let stamp = table.stamp();
        if let Some(known) = self.kept(&stamp) {
            return Ok(known);
        }
        self.refuse_unclosed(table).await?;
        let profile = Arc::new(profile::of(&self.context, table, run).await?);
        self.profiles.lock().unwrap_or_else(PoisonError::into_inner).insert(stamp, Arc::clone(&profile));
        Ok(profile)
    }

    /// Refuses a CSV file in which a quotation mark is never closed: the engine would read the rest as one cell.
    async fn refuse_unclosed(&self, table: &Table) -> Result<(), DataError> {
        if table.format != Format::Csv {
            return Ok(());
        }
        let (files, delimiter) = (table.files.clone(), table.delimiter);
        let scan =
            move || files.iter().find_map(|file| quotes::unclosed(file, delimiter).transpose()).transpose();
        let unreadable = |reason: String, hint: &str| DataError::Unreadable {
            table: table.name.clone(),
            reason,
            hint: hint.to_owned(),
        };
        match tokio::task::spawn_blocking(scan).await {
            Ok(Ok(None)) => Ok(()),
            Ok(Ok(Some(line))) => Err(unreadable(
                format!(
                    "the quotation mark opened in line {line} is never closed, and swallows all rows behind it"
                ),
                "close it, or double it where it belongs to the text",
            )),
            Ok(Err(error)) => {
                Err(unreadable(error.to_string(), "check that the file is still there and may be read"))
            }
            Err(_) => Err(DataError::Cancelled),
        }
    }

    fn kept(&self, stamp: &Stamp) -> Option<Arc<TableProfile>> {
        self.profiles.lock().unwrap_or_else(PoisonError::into_inner).get(stamp).cloned()
    }

    /// What a table was recognised as, the operator's mapping included.
    pub async fn recognition(&self, name: &str, run: &Run) -> Result<Recognition, DataError> {
        let profile = self.profile(name, run).await?;
        Ok(recognise(&profile, &self.table(name)?.mapping))
    }

    /// The rows a query of ours gives.
    pub(crate) async fn query(
        &self,
        about: &str,
        sql: &str,
        run: &Run,
    ) -> Result<Vec<RecordBatch>, DataError> {
        query(&self.context, about, sql, run).await
    }

    /// The same with the rows in the order of the file, which several readers at once do not keep.
    pub(crate) async fn query_in_order(
        &self,
        about: &str,
        sql: &str,
        run: &Run,
    ) -> Result<Vec<RecordBatch>, DataError> {
        let mut state = self.context.state();
        state.config_mut().options_mut().execution.target_partitions = 1;
        query(&SessionContext::new_with_state(state), about, sql, run).await
    }
}

async fn query(
    context: &SessionContext,
    about: &str,
    sql: &str,
    run: &Run,
) -> Result<Vec<RecordBatch>, DataError> {
    if run.is_cancelled() {
        return Err(DataError::Cancelled);
    }
    tracing::debug!(sql, "query");
    let work = async { context.sql(sql).await?.collect().await };
    work.await.map_err(|error| unreadable(about, error))
}

/// An error of the engine, told as one of the file where that is what it is.
pub(crate) fn unreadable(table: &str, error: DataFusionError) -> DataError {
    let reason = first_line(&error);
    let hint = if reason.contains("incorrect number of fields") {
        "a line has more or fewer values than the header; quote values that hold the delimiter"
    } else if reason.contains("UTF-8") {
        "save the file as UTF-8, for instance with: iconv -f WINDOWS-1252 -t UTF-8"
    } else if matches!(error.find_root(), DataFusionError::ArrowError(..) | DataFusionError::ParquetError(_))
    {
        "write the file again; it is damaged or cut short"
    } else if matches!(error.find_root(), DataFusionError::ObjectStore(_) | DataFusionError::IoError(_)) {
        "check that the file is still there and may be read"
    } else {
        return DataError::Engine(error);
    };
    DataError::Unreadable { table: table.to_owned(), reason, hint: hint.to_owned() }
}

fn first_line(error: &DataFusionError) -> String {
    let text = error.find_root().to_string();
    text.lines().next().unwrap_or_default().trim_start_matches("Arrow error: ").to_owned()
}
