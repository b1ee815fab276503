//! A table's profile: every fact about every column, from one pass over the rows.
//!
//! One aggregate function per column does all the counting, so that the engine reads each cell once, on all
//! cores, and merges what the partitions found.

mod frequent;
mod function;
mod histogram;
mod hyperloglog;
mod recent;
mod sketch;
mod tally;
mod typed;
mod waiting;

use crate::{
    DataError, Run, Table,
    engine::unreadable,
    table::Provider,
    text::{LeftOut, Watch},
};
use datafusion::{
    arrow::array::{AsArray, RecordBatch},
    common::{Column, ScalarValue},
    dataframe::DataFrame,
    error::DataFusionError,
    functions_aggregate::expr_fn::count,
    logical_expr::{Expr, lit},
    physical_plan::{ExecutionPlan, collect},
    prelude::SessionContext,
};
use revarch_domain::{profile::TableProfile, readiness::facts::Scanned};
use sketch::Sketch;
use std::{sync::Arc, time::Duration};

/// What one pass over a table told.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) profile: Arc<TableProfile>,
    pub(crate) scanned: Scanned,
    /// What had to be mended to read it.
    pub(crate) mended: Vec<String>,
}

/// Up to so many different values of a column are counted one by one.
const COUNTED: usize = 20_000;
/// However little memory there is, a list of choices can be counted.
const LEAST_COUNTED: usize = 256;
/// What a counted value takes, with its text and its place in the table of counts.
const VALUE_BYTES: u64 = 128;
/// Of the memory, the part that values may take while they are counted.
const SHARE: u64 = 8;

/// How many values are counted so that all columns together stay within their part of the memory. It does not
/// depend on how many cores count, so neither does the answer.
fn capacity(memory: u64, columns: usize) -> usize {
    let fits = memory / SHARE / VALUE_BYTES / (columns.max(1) as u64);
    usize::try_from(fits).unwrap_or(COUNTED).clamp(LEAST_COUNTED, COUNTED)
}

/// Reads a table once and says what it holds.
pub(crate) async fn read(
    context: &SessionContext,
    table: &Table,
    memory: u64,
    run: &Run,
) -> Result<Read, DataError> {
    if run.is_cancelled() {
        return Err(DataError::Cancelled);
    }
    let broken = |error: DataFusionError| unreadable(&table.name, error);
    let bytes = table.bytes();
    let (frame, left_out) = open(context, table, bytes, run).map_err(broken)?;
    let profile = function::profile(capacity(memory, table.columns.len()));
    let mut wanted = vec![count(lit(1_i64)).alias("rows")];
    for (at, column) in table.columns.iter().enumerate() {
        let column = Expr::Column(Column::new_unqualified(column));
        wanted.push(profile.call(vec![column]).alias(format!("c{at}")));
    }
    let plan = async { frame.aggregate(vec![], wanted)?.create_physical_plan().await };
    let plan = plan.await.map_err(broken)?;
    let batches = watched(context, &plan, table, bytes, run).await.map_err(broken)?;
    // A reader that was told to stop gives what it has.
    if run.is_cancelled() {
        return Err(DataError::Cancelled);
    }
    let profile = profiled(table, &batches).map_err(broken)?;
    let mut unread: Vec<String> = table.unopened.clone();
    let mut mended = Vec::new();
    if let (Some(left_out), Provider::Text(text)) = (left_out, &table.provider) {
        refuse_misread(table, &profile, &left_out)?;
        unread.extend(left_out.told(&text.names()));
        mended = left_out.mended();
    }
    let scanned = Scanned {
        files: if table.inline.is_some() { 0 } else { table.files.len() as u64 },
        bytes,
        left_out: unread,
        rows_in_all: table.inline.and_then(|(_, rows)| rows),
    };
    Ok(Read { profile: Arc::new(profile), scanned, mended })
}

fn open(
    context: &SessionContext,
    table: &Table,
    bytes: u64,
    run: &Run,
) -> Result<(DataFrame, Option<Arc<LeftOut>>), DataFusionError> {
    match &table.provider {
        Provider::Engine(provider) => Ok((context.read_table(Arc::clone(provider))?, None)),
        Provider::Text(text) => {
            let (told, name) = (run.clone(), table.name.clone());
            let watch = Watch::new(run.clone(), move |read| told.progress(read, Some(bytes), reading(&name)));
            let (text, left_out) = text.watched(watch);
            Ok((context.read_table(Arc::new(text))?, Some(left_out)))
        }
    }
}

fn reading(table: &str) -> String {
    format!("reading {table}")
}

/// Runs the plan, telling how many bytes the engine's own readers have read.
async fn watched(
    context: &SessionContext,
    plan: &Arc<dyn ExecutionPlan>,
    table: &Table,
    bytes: u64,
    run: &Run,
) -> Result<Vec<RecordBatch>, DataFusionError> {
    const INTERVAL: Duration = Duration::from_millis(100);
    let mut work = std::pin::pin!(collect(Arc::clone(plan), context.task_ctx()));
    loop {
        tokio::select! {
            batches = &mut work => return batches,
            () = tokio::time::sleep(INTERVAL) => {
                if matches!(table.provider, Provider::Engine(_)) {
                    run.progress(scanned(plan).min(bytes), Some(bytes), reading(&table.name));
                }
            }
        }
    }
}

fn scanned(plan: &Arc<dyn ExecutionPlan>) -> u64 {
    let own = plan.metrics().and_then(|metrics| metrics.sum_by_name("bytes_scanned"));
    let own = own.map_or(0, |value| value.as_usize() as u64);
    own + plan.children().into_iter().map(scanned).sum::<u64>()
}

fn profiled(table: &Table, batches: &[RecordBatch]) -> Result<TableProfile, DataFusionError> {
    let mut profile = TableProfile { name: table.name.clone(), ..TableProfile::default() };
    let Some(row) = batches.iter().find(|batch| batch.num_rows() > 0) else { return Ok(profile) };
    if let ScalarValue::Int64(Some(rows)) = ScalarValue::try_from_array(row.column(0), 0)? {
        profile.rows = u64::try_from(rows).unwrap_or(0);
    }
    for (at, name) in table.columns.iter().enumerate() {
        let sketch = Sketch::from_bytes(row.column(at + 1).as_binary::<i32>().value(0))?;
        profile.columns.push(sketch.into_profile(name, profile.rows));
    }
    Ok(profile)
}

/// Where most records do not fit, the file was not understood, and the rest of it says nothing.
fn refuse_misread(table: &Table, profile: &TableProfile, left_out: &LeftOut) -> Result<(), DataError> {
    if left_out.records() <= profile.rows {
        return Ok(());
    }
    let told = left_out.told(&[String::new()]);
    Err(DataError::Unreadable {
        table: table.name.clone(),
        reason: format!("most of its records do not fit its columns: {}", told.join("; ")),
        hint:
            "give every line a value for each column of the header, and quote values that hold the delimiter"
                .to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::{COUNTED, LEAST_COUNTED, capacity};

    #[test]
    fn many_columns_share_the_memory() {
        assert_eq!(capacity(1 << 30, 20), COUNTED);
        assert_eq!(capacity(1 << 30, 5_000), LEAST_COUNTED);
        assert_eq!(capacity(1 << 30, 500), 2_097);
        assert_eq!(capacity(0, 0), LEAST_COUNTED);
    }
}
