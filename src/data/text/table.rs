//! A table of text files, as the engine sees it.

use super::{
    bytes::Place,
    chunks::{CHUNK, Chunk, Chunks},
    csv,
    header::{self, HeaderError},
    json,
    left_out::LeftOut,
};
use crate::Run;
use async_trait::async_trait;
use datafusion::{
    arrow::{
        array::RecordBatch,
        datatypes::{DataType, Field, Schema, SchemaRef},
    },
    catalog::{Session, TableProvider},
    error::{DataFusionError, Result},
    execution::{SendableRecordBatchStream, TaskContext},
    logical_expr::{Expr, TableType},
    physical_plan::{
        ExecutionPlan,
        stream::RecordBatchStreamAdapter,
        streaming::{PartitionStream, StreamingTableExec},
    },
};
use futures::stream;
use std::{
    fmt, io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::task::JoinHandle;

/// One file of a table.
#[derive(Clone, Debug)]
pub(crate) struct TextFile {
    pub(crate) place: Place,
    /// What separates values, in CSV; none in JSON lines.
    pub(crate) delimiter: Option<u8>,
    /// By column of the file, the column of the table.
    pub(crate) columns: Vec<usize>,
}

/// Reads the header of a CSV file: the file, its columns and what was done to name them.
pub(crate) fn csv_file(
    place: Place,
) -> std::result::Result<(TextFile, Vec<String>, Vec<String>), HeaderError> {
    let header::Header { delimiter, columns, notes } = header::read(&place)?;
    let file = TextFile { place, delimiter: Some(delimiter), columns: (0..columns.len()).collect() };
    Ok((file, columns, notes))
}

/// Reads the field names of a file of JSON lines: the file, its columns and those left out for being nested.
pub(crate) fn json_files(place: Place) -> io::Result<(TextFile, Vec<String>, Vec<String>)> {
    let (columns, nested) = json::fields(&place)?;
    let file = TextFile { place, delimiter: None, columns: (0..columns.len()).collect() };
    Ok((file, columns, nested))
}

/// Who watches a scan.
#[derive(Clone)]
pub(crate) struct Watch {
    run: Run,
    read: Option<Arc<dyn Fn(u64) + Send + Sync>>,
}

impl Watch {
    /// Nobody.
    pub(super) fn nobody() -> Self {
        Self { run: Run::unwatched(), read: None }
    }

    /// Tells `read` how many bytes were read so far, and stops when the run is cancelled.
    pub(crate) fn new(run: Run, read: impl Fn(u64) + Send + Sync + 'static) -> Self {
        Self { run, read: Some(Arc::new(read)) }
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.run.is_cancelled()
    }

    pub(super) fn read(&self, bytes: u64) {
        if let Some(read) = &self.read {
            read(bytes);
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("run", &self.run).finish_non_exhaustive()
    }
}

/// Text files with the same columns.
#[derive(Clone, Debug)]
pub(crate) struct TextTable {
    schema: SchemaRef,
    files: Arc<[TextFile]>,
    left_out: Arc<LeftOut>,
    watch: Watch,
}

impl TextTable {
    pub(crate) fn new(columns: &[String], files: Vec<TextFile>) -> Self {
        let fields: Vec<Field> =
            columns.iter().map(|name| Field::new(name, DataType::Utf8View, true)).collect();
        Self {
            schema: Arc::new(Schema::new(fields)),
            files: files.into(),
            left_out: Arc::default(),
            watch: Watch::nobody(),
        }
    }

    /// The same table for one scan that is watched, and whose losses are told apart from those of others.
    pub(crate) fn watched(&self, watch: Watch) -> (Self, Arc<LeftOut>) {
        let left_out = Arc::new(LeftOut::default());
        (Self { left_out: Arc::clone(&left_out), watch, ..self.clone() }, left_out)
    }

    /// The files' names.
    pub(crate) fn names(&self) -> Vec<String> {
        self.files.iter().map(|file| file.place.name()).collect()
    }

    fn size(&self) -> u64 {
        self.files.iter().map(|file| file.place.size()).sum()
    }
}

#[async_trait]
impl TableProvider for TextTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let projection: Vec<usize> = match projection {
            Some(wanted) => wanted.clone(),
            None => (0..self.schema.fields().len()).collect(),
        };
        let schema = Arc::new(self.schema.project(&projection)?);
        let chunks =
            Chunks::new(Arc::clone(&self.files), Arc::clone(&self.left_out), self.watch.clone(), CHUNK);
        // What fits in one piece is not worth a second reader.
        let readers = if self.size() <= CHUNK as u64 { 1 } else { state.config().target_partitions().max(1) };
        let scan = Arc::new(Scan {
            chunks: Mutex::new(chunks),
            files: Arc::clone(&self.files),
            columns: projection.iter().map(|at| self.schema.field(*at).name().clone()).collect(),
            projection,
            schema: Arc::clone(&schema),
            left_out: Arc::clone(&self.left_out),
        });
        let partitions = (0..readers).map(|_| {
            let reader = Reader { scan: Arc::clone(&scan), is_taken: AtomicBool::new(false) };
            Arc::new(reader) as Arc<dyn PartitionStream>
        });
        let plan = StreamingTableExec::try_new(schema, partitions.collect(), None, None, false, limit)?;
        Ok(Arc::new(plan))
    }
}

/// One pass over the files, shared by its readers.
struct Scan {
    chunks: Mutex<Chunks>,
    files: Arc<[TextFile]>,
    projection: Vec<usize>,
    columns: Vec<String>,
    schema: SchemaRef,
    left_out: Arc<LeftOut>,
}

/// One of the readers of a scan.
struct Reader {
    scan: Arc<Scan>,
    /// A second execution would find the pieces gone, and silently read less.
    is_taken: AtomicBool,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("files", &self.scan.files).finish_non_exhaustive()
    }
}

impl PartitionStream for Reader {
    fn schema(&self) -> &SchemaRef {
        &self.scan.schema
    }

    /// Pieces come from a thread that may wait for the disk, one ahead; columns are made where they are used, while
    /// they are still near that core.
    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let scan = Arc::clone(&self.scan);
        let schema = Arc::clone(&scan.schema);
        let is_second = self.is_taken.swap(true, Ordering::Relaxed);
        let batches = stream::try_unfold(None, move |ahead: Option<JoinHandle<Option<Chunk>>>| {
            let scan = Arc::clone(&scan);
            async move {
                if is_second {
                    return Err(DataFusionError::Internal("a scan of text files was executed twice".into()));
                }
                let mut ahead = ahead.unwrap_or_else(|| scan.next());
                loop {
                    let chunk = ahead.await.map_err(|error| DataFusionError::External(error.into()))?;
                    let Some(chunk) = chunk else { return Ok(None) };
                    ahead = scan.next();
                    let batch = scan.columns_of(&chunk)?;
                    if batch.num_rows() > 0 {
                        return Ok(Some((batch, Some(ahead))));
                    }
                }
            }
        });
        Box::pin(RecordBatchStreamAdapter::new(schema, batches))
    }
}

impl Scan {
    /// Reads the next piece.
    fn next(self: &Arc<Self>) -> JoinHandle<Option<Chunk>> {
        let scan = Arc::clone(self);
        tokio::task::spawn_blocking(move || scan.chunks.lock().unwrap_or_else(PoisonError::into_inner).next())
    }

    fn columns_of(&self, chunk: &Chunk) -> Result<RecordBatch> {
        let file = &self.files[chunk.file];
        let schema = Arc::clone(&self.schema);
        Ok(match file.delimiter {
            Some(_) => csv::read(chunk, file, &self.projection, schema, &self.left_out)?,
            None => json::read(chunk, &self.columns, schema, &self.left_out)?,
        })
    }
}
