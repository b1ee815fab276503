//! A table's profile: every fact about every column, from one pass over the rows.
//!
//! One aggregate function per column does all the counting, so that the engine reads each cell once, on all
//! cores, and merges what the partitions found.

mod function;
mod hyperloglog;
mod sketch;

use crate::{DataError, Run, Table, tables::unreadable};
use datafusion::{
    arrow::{array::AsArray, datatypes::DataType},
    common::{Column, ScalarValue, TableReference},
    error::DataFusionError,
    functions_aggregate::expr_fn::count,
    logical_expr::{Expr, ScalarUDF, cast, lit},
    prelude::SessionContext,
};
use revarch_domain::profile::TableProfile;
use sketch::Sketch;

/// Makes our functions known to the engine.
pub(crate) fn register(context: &SessionContext) {
    context.register_udf(ScalarUDF::from(function::Filled::default()));
}

/// Reads a table once and says what it holds.
pub(crate) async fn of(
    context: &SessionContext,
    table: &Table,
    run: &Run,
) -> Result<TableProfile, DataError> {
    if run.is_cancelled() {
        return Err(DataError::Cancelled);
    }
    let broken = |error: DataFusionError| unreadable(&table.name, error);
    let frame = context.table(TableReference::bare(table.name.as_str())).await.map_err(broken)?;
    let profile = function::profile();
    let mut wanted = vec![count(lit(1_i64)).alias("rows")];
    for (at, column) in table.columns.iter().enumerate() {
        let text = cast(Expr::Column(Column::new_unqualified(column)), DataType::Utf8View);
        wanted.push(profile.call(vec![text]).alias(format!("c{at}")));
    }
    let batches = frame.aggregate(vec![], wanted).map_err(broken)?.collect().await.map_err(broken)?;
    let Some(row) = batches.iter().find(|batch| batch.num_rows() > 0) else {
        return Ok(TableProfile { name: table.name.clone(), rows: 0, columns: Vec::new() });
    };
    let rows = match ScalarValue::try_from_array(row.column(0), 0).map_err(broken)? {
        ScalarValue::Int64(Some(rows)) => u64::try_from(rows).unwrap_or(0),
        _ => 0,
    };
    let mut columns = Vec::new();
    for (at, name) in table.columns.iter().enumerate() {
        let sketch = Sketch::from_bytes(row.column(at + 1).as_binary::<i32>().value(0)).map_err(broken)?;
        columns.push(sketch.into_profile(name, rows));
    }
    Ok(TableProfile { name: table.name.clone(), rows, columns })
}
