//! The tables of the folders the operator named.

use crate::{
    DataError, Format, InlineTable, Problem, Run, Sources, Table,
    discover::{self, Found},
    engine,
    profile::{self, Read},
    register::{self, Registered},
    table::{Provider, Stamp},
    text::Place,
};
use datafusion::{arrow::array::RecordBatch, common::TableReference, execution::context::SessionContext};
use revarch_domain::{
    profile::TableProfile,
    readiness::facts::Scanned,
    recognition::{self, Mapped, Mapping, Recognition, Whole},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

/// A folder's tables as they were read, each with what the operator says of it.
type FolderRead<'a> = (&'a str, Vec<(Arc<TableProfile>, &'a Mapping)>);

/// What the tables of a folder were recognised as together.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// The folder the operator named, or the call the tables came with.
    pub source: String,
    /// The layout, what each table is, and how they join.
    pub whole: Whole,
}

/// What was learnt of tables, by folder and name, with the state of the files it was learnt from. Kept when the
/// folders are opened again.
type Learnt = Arc<Mutex<HashMap<(String, String), (Stamp, Arc<Read>)>>>;

/// The tables the operator named, open for reading.
pub struct Tables {
    sources: Sources,
    context: SessionContext,
    opened: Vec<Table>,
    problems: Vec<Problem>,
    learnt: Learnt,
    /// The same of tables that came with the call, which are forgotten with it.
    of_call: Mutex<HashMap<String, Arc<Read>>>,
    recognised: OnceLock<Arc<Vec<Recognised>>>,
    /// The tables that came with the call.
    inline: Vec<InlineTable>,
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
        Box::pin(Self::opened(sources, Learnt::default())).await
    }

    /// Opens the same folders again, as they are now. What was learnt of unchanged files is kept.
    pub async fn reopen(&self) -> Result<Self, DataError> {
        Box::pin(Self::opened(self.sources.clone(), Arc::clone(&self.learnt))).await
    }

    /// The same tables and those that came with a call.
    pub async fn with(&self, inline: Vec<InlineTable>) -> Result<Self, DataError> {
        let mut tables = self.reopen().await?;
        for table in &inline {
            tables.add_inline(table)?;
        }
        tables.inline = inline;
        Ok(tables)
    }

    async fn opened(sources: Sources, learnt: Learnt) -> Result<Self, DataError> {
        let (found, problems) = discover::discover(&sources.folders)?;
        let context = engine::context(sources.memory)?;
        let mut opened = Self {
            sources,
            context,
            opened: Vec::new(),
            problems,
            learnt,
            of_call: Mutex::default(),
            recognised: OnceLock::new(),
            inline: Vec::new(),
        };
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
        let mapping = match self.sources.mappings.get(&found.name) {
            Some(mapping) => mapping.understood(&found.name)?,
            None => Mapping::default(),
        };
        match register::register(&self.context, &found).await {
            Ok(registered) => {
                if let Some(unknown) =
                    mapping.columns.keys().find(|column| !registered.columns.contains(column))
                {
                    let reason = format!(
                        "it has no column `{unknown}`; columns are {}",
                        registered.columns.join(", ")
                    );
                    return Err(DataError::Mapping { table: found.name, reason });
                }
                let source = found.root.display().to_string();
                let Found { name, format, files, .. } = found;
                self.push(Table {
                    name,
                    format,
                    files,
                    source,
                    mapping,
                    inline: None,
                    ..of_registered(registered)
                })?;
            }
            Err(problem) => {
                let file = found.files.first().and_then(|file| file.file_name());
                let file = file.map_or_else(String::new, |name| name.to_string_lossy().into_owned());
                let file = if found.files.len() > 1 { found.name } else { file };
                self.problems.push(Problem { file, ..problem });
            }
        }
        Ok(())
    }

    fn add_inline(&mut self, inline: &InlineTable) -> Result<(), DataError> {
        let InlineTable { name, format, text, rows_in_all } = inline.clone();
        let refuse = |reason: String| DataError::Inline { table: name.clone(), reason };
        if self.opened.iter().any(|table| table.name == name) {
            return Err(refuse("there is a table of that name already; call it by another".to_owned()));
        }
        let bytes = text.len() as u64;
        let place = Place::Inline(text.into_bytes().into());
        let registered = register::text(format, vec![place]).map_err(|problem| refuse(problem.reason))?;
        let source = "handed in with the call".to_owned();
        self.push(Table {
            name,
            format,
            source,
            inline: Some((bytes, rows_in_all)),
            ..of_registered(registered)
        })
    }

    fn push(&mut self, table: Table) -> Result<(), DataError> {
        let provider = match &table.provider {
            Provider::Text(text) => Arc::new(text.clone()),
            Provider::Engine(provider) => Arc::clone(provider),
        };
        self.context.register_table(TableReference::bare(table.name.as_str()), provider)?;
        self.opened.push(table);
        Ok(())
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

    /// Whether the operator named any data at all.
    pub fn has_sources(&self) -> bool {
        !self.sources.folders.is_empty()
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

    /// What one pass over a table's rows tells, or told when its files were the same.
    async fn read(&self, name: &str, run: &Run) -> Result<Arc<Read>, DataError> {
        let table = self.table(name)?;
        let (key, stamp) = ((table.source.clone(), table.name.clone()), table.stamp());
        let known = if table.inline.is_some() {
            self.of_call.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
        } else {
            let learnt = self.learnt.lock().unwrap_or_else(PoisonError::into_inner);
            learnt.get(&key).filter(|(then, _)| *then == stamp).map(|(_, read)| Arc::clone(read))
        };
        if let Some(known) = known {
            return Ok(known);
        }
        let read = Arc::new(profile::read(&self.context, table, self.sources.memory, run).await?);
        if table.inline.is_some() {
            let mut of_call = self.of_call.lock().unwrap_or_else(PoisonError::into_inner);
            of_call.insert(name.to_owned(), Arc::clone(&read));
        } else {
            let mut learnt = self.learnt.lock().unwrap_or_else(PoisonError::into_inner);
            learnt.insert(key, (stamp, Arc::clone(&read)));
        }
        Ok(read)
    }

    /// The profile of a table, from one pass over all its rows.
    pub async fn profile(&self, name: &str, run: &Run) -> Result<Arc<TableProfile>, DataError> {
        Ok(Arc::clone(&self.read(name, run).await?.profile))
    }

    /// What of a table was read, and what was not.
    pub async fn scanned(&self, name: &str, run: &Run) -> Result<Scanned, DataError> {
        Ok(self.read(name, run).await?.scanned.clone())
    }

    /// What was done to read a table, for its owner.
    pub async fn notes(&self, name: &str, run: &Run) -> Result<Vec<String>, DataError> {
        let mended = &self.read(name, run).await?.mended;
        Ok(self.table(name)?.notes.iter().chain(mended).cloned().collect())
    }

    /// What the tables of each folder were recognised as together, the operator's mapping included.
    pub async fn recognised(&self, run: &Run) -> Result<Arc<Vec<Recognised>>, DataError> {
        if let Some(known) = self.recognised.get() {
            return Ok(Arc::clone(known));
        }
        let bytes = self.opened.iter().map(Table::bytes).sum();
        let mut done = 0;
        let mut folders: Vec<FolderRead> = Vec::new();
        for table in &self.opened {
            match self.profile(&table.name, &run.part(done, bytes)).await {
                Ok(profile) => match folders.iter_mut().find(|(source, _)| *source == table.source) {
                    Some((_, tables)) => tables.push((profile, &table.mapping)),
                    None => folders.push((&table.source, vec![(profile, &table.mapping)])),
                },
                // What cannot be read says nothing of the rest.
                Err(DataError::Unreadable { .. }) => {}
                Err(error) => return Err(error),
            }
            done += table.bytes();
        }
        let tables: Vec<Vec<(&TableProfile, &Mapping)>> = folders
            .iter()
            .map(|(_, tables)| tables.iter().map(|(profile, mapping)| (profile.as_ref(), *mapping)).collect())
            .collect();
        let folders_of_tables: Vec<&recognition::Folder> = tables.iter().map(Vec::as_slice).collect();
        let recognised: Vec<Recognised> = recognition::recognise_folders(&folders_of_tables)
            .into_iter()
            .zip(&folders)
            .map(|(whole, (source, _))| Recognised { source: (*source).to_owned(), whole })
            .collect();
        Ok(Arc::clone(self.recognised.get_or_init(|| Arc::new(recognised))))
    }

    /// What a table was recognised as.
    pub async fn recognition(&self, name: &str, run: &Run) -> Result<Recognition, DataError> {
        self.profile(name, run).await?;
        let recognised = self.recognised(run).await?;
        Ok(recognised.iter().find_map(|folder| folder.whole.tables.get(name)).cloned().unwrap_or_default())
    }

    /// The same tables, with what a person said in the call beside what the operator said before.
    pub async fn confirmed(&self, said: &[(String, Mapping)]) -> Result<Self, DataError> {
        let mut tables = self.with(self.inline.clone()).await?;
        tables.of_call = Mutex::new(self.of_call.lock().unwrap_or_else(PoisonError::into_inner).clone());
        for (name, said) in said {
            let Some(table) = tables.opened.iter_mut().find(|table| table.name == *name) else { continue };
            if said.entity != Mapped::Unsaid {
                table.mapping.entity = said.entity;
            }
            table.mapping.columns.extend(said.columns.clone());
        }
        Ok(tables)
    }

    /// Bytes of memory that the operator allows.
    pub(crate) const fn memory(&self) -> u64 {
        self.sources.memory
    }

    /// What queries run on.
    pub(crate) const fn context(&self) -> &SessionContext {
        &self.context
    }

    /// The rows a query of ours gives.
    pub(crate) async fn query(
        &self,
        about: &str,
        sql: &str,
        run: &Run,
    ) -> Result<Vec<RecordBatch>, DataError> {
        engine::query(&self.context, about, sql, run).await
    }

    /// The same with the rows in the order of the file, which several readers at once do not keep.
    pub(crate) async fn query_in_order(
        &self,
        about: &str,
        sql: &str,
        run: &Run,
    ) -> Result<Vec<RecordBatch>, DataError> {
        engine::query(&engine::in_order(&self.context), about, sql, run).await
    }
}

impl Default for Tables {
    /// No tables at all.
    fn default() -> Self {
        Self {
            sources: Sources::default(),
            context: SessionContext::new(),
            opened: Vec::new(),
            problems: Vec::new(),
            learnt: Learnt::default(),
            of_call: Mutex::default(),
            recognised: OnceLock::new(),
            inline: Vec::new(),
        }
    }
}

/// A table of what was registered, without a name or place yet.
fn of_registered(registered: Registered) -> Table {
    let Registered { provider, columns, notes, unopened } = registered;
    Table {
        name: String::new(),
        format: Format::Csv,
        columns,
        notes,
        unopened,
        files: Vec::new(),
        source: String::new(),
        provider,
        mapping: Mapping::default(),
        inline: None,
    }
}
