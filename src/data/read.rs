//! Columns as they stand in the file, for the methods that need every row.

use crate::{DataError, Run, Tables, sql::filled};
use datafusion::arrow::array::AsArray;
use revarch_domain::value::quoted_in_sql;

/// A column's cells; a cell without a usable value is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextColumn {
    /// The column's name.
    pub name: String,
    /// The cells in the order of the file.
    pub values: Vec<Option<String>>,
}

impl Tables {
    /// Reads the named columns whole. The caller answers for the memory: ask for the row count first.
    pub async fn columns(
        &self,
        table: &str,
        columns: &[&str],
        run: &Run,
    ) -> Result<Vec<TextColumn>, DataError> {
        let sql = self.filled_columns(table, columns)?;
        let batches = self.query_in_order(table, &sql, run).await?;
        let mut read: Vec<TextColumn> =
            columns.iter().map(|name| TextColumn { name: (*name).to_owned(), values: Vec::new() }).collect();
        for batch in &batches {
            for (at, column) in read.iter_mut().enumerate() {
                column
                    .values
                    .extend(batch.column(at).as_string_view().iter().map(|cell| cell.map(str::to_owned)));
            }
        }
        Ok(read)
    }
    /// The query for the named columns, with everything that only looks filled as null.
    pub(crate) fn filled_columns(&self, table: &str, columns: &[&str]) -> Result<String, DataError> {
        let known = self.table(table)?;
        let mut wanted = Vec::new();
        for column in columns {
            let column = known.require(column)?;
            wanted.push(format!("{} AS {}", filled(column), quoted_in_sql(column)));
        }
        Ok(format!("SELECT {} FROM {}", wanted.join(", "), quoted_in_sql(table)))
    }
}
