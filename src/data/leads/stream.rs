//! Rows as they come, so that a table of any length is read in memory that does not grow with it.

use crate::{DataError, Run, Tables, engine};
use datafusion::{
    arrow::{
        array::{Array, AsArray, StringViewArray},
        compute::cast,
        datatypes::DataType,
    },
    error::DataFusionError,
    execution::SendableRecordBatchStream,
};
use futures::StreamExt;

/// Rows of text, in the order of the table.
pub struct TextStream {
    about: String,
    names: Vec<String>,
    stream: SendableRecordBatchStream,
    /// The first batch, which was read to see whether the query fits in memory.
    first: Option<TextBatch>,
    run: Run,
}

impl std::fmt::Debug for TextStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TextStream").field("names", &self.names).finish_non_exhaustive()
    }
}

/// Some rows of it. A cell without a usable value is nothing.
#[derive(Clone, Debug)]
pub struct TextBatch {
    columns: Vec<StringViewArray>,
    rows: usize,
}

impl TextBatch {
    /// The number of rows.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// A cell, by column and row.
    pub fn cell(&self, column: usize, row: usize) -> Option<&str> {
        let column = &self.columns[column];
        column.is_valid(row).then(|| column.value(row))
    }
}

impl TextStream {
    /// The columns' names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The next rows, or nothing at the end.
    pub async fn next(&mut self) -> Result<Option<TextBatch>, DataError> {
        if self.run.is_cancelled() {
            return Err(DataError::Cancelled);
        }
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        let batch = read(&mut self.stream).await;
        batch.map_err(|error| engine::unreadable(&self.about, error))
    }
}

async fn read(stream: &mut SendableRecordBatchStream) -> Result<Option<TextBatch>, DataFusionError> {
    while let Some(batch) = stream.next().await {
        let batch = batch?;
        if batch.num_rows() == 0 {
            continue;
        }
        let mut columns = Vec::with_capacity(batch.num_columns());
        for column in batch.columns() {
            columns.push(cast(column, &DataType::Utf8View)?.as_string_view().clone());
        }
        return Ok(Some(TextBatch { columns, rows: batch.num_rows() }));
    }
    Ok(None)
}

impl Tables {
    /// The named columns of a table, row by row.
    pub async fn rows(&self, table: &str, columns: &[&str], run: &Run) -> Result<TextStream, DataError> {
        let sql = self.filled_columns(table, columns)?;
        self.text_stream(table, &sql, run).await
    }

    /// The rows of a query of ours. One that joins more than fits in memory begins again by sorting, which spills.
    pub(super) async fn text_stream(
        &self,
        about: &str,
        sql: &str,
        run: &Run,
    ) -> Result<TextStream, DataError> {
        if run.is_cancelled() {
            return Err(DataError::Cancelled);
        }
        tracing::debug!(sql, "stream");
        let in_order = engine::in_order(self.context());
        let opened = match open(&in_order, sql).await {
            Err(error) if matches!(error.find_root(), DataFusionError::ResourcesExhausted(_)) => {
                tracing::debug!(%error, "again, sorting");
                open(&engine::sorting(&in_order), sql).await
            }
            opened => opened,
        };
        let (stream, first) = opened.map_err(|error| engine::unreadable(about, error))?;
        let names = stream.schema().fields().iter().map(|field| field.name().clone()).collect();
        Ok(TextStream { about: about.to_owned(), names, stream, first, run: run.clone() })
    }
}

async fn open(
    context: &datafusion::execution::context::SessionContext,
    sql: &str,
) -> Result<(SendableRecordBatchStream, Option<TextBatch>), DataFusionError> {
    let mut stream = context.sql(sql).await?.execute_stream().await?;
    let first = read(&mut stream).await?;
    Ok((stream, first))
}
