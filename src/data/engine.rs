//! The query engine: how much memory it may use, and what its errors mean.

use crate::{DataError, Run, functions};
use datafusion::{
    arrow::array::RecordBatch,
    error::DataFusionError,
    execution::{
        context::{SessionConfig, SessionContext},
        memory_pool::{FairSpillPool, MemoryLimit},
        runtime_env::RuntimeEnvBuilder,
    },
};
use std::sync::Arc;

/// Memory the engine may use where nobody says how much.
pub const DEFAULT_MEMORY: u64 = 1 << 30;
/// With less than this, queries cannot even begin to spill.
pub const LEAST_MEMORY: u64 = 64 << 20;

/// A context whose queries spill to temporary files rather than take more memory than they may.
pub(crate) fn context(memory: u64) -> Result<SessionContext, DataError> {
    let memory = usize::try_from(memory.max(LEAST_MEMORY)).unwrap_or(usize::MAX);
    let runtime =
        RuntimeEnvBuilder::new().with_memory_pool(Arc::new(FairSpillPool::new(memory))).build_arc()?;
    let config = SessionConfig::new()
        .with_information_schema(false)
        // Statistics of files leave out NaN; a column of one number and NaN would come out as that number alone.
        .with_collect_statistics(false);
    let context = SessionContext::new_with_config_rt(config, runtime);
    functions::register(&context);
    Ok(context)
}

/// The rows a query of ours gives. One that joins more than fits in memory is run again by sorting, which spills.
pub(crate) async fn query(
    context: &SessionContext,
    about: &str,
    sql: &str,
    run: &Run,
) -> Result<Vec<RecordBatch>, DataError> {
    if run.is_cancelled() {
        return Err(DataError::Cancelled);
    }
    tracing::debug!(sql, "query");
    let collect = async |context: &SessionContext| context.sql(sql).await?.collect().await;
    let answer = match collect(context).await {
        Err(error) if matches!(error.find_root(), DataFusionError::ResourcesExhausted(_)) => {
            tracing::debug!(%error, "again, sorting");
            collect(&sorting(context)).await
        }
        answer => answer,
    };
    answer.map_err(|error| unreadable(about, error))
}

/// The same context joining by sorting instead of in memory, with so few sorters at a time that each of them has
/// room to sort something and to merge what it has spilled.
pub(crate) fn sorting(context: &SessionContext) -> SessionContext {
    const ROOM: usize = 64 << 20;
    /// What a sorter holds back for merging; it takes this for each of its partitions before it has read a row.
    const TO_MERGE: usize = 1 << 20;
    let mut state = context.state();
    let memory = match state.runtime_env().memory_pool.memory_limit() {
        MemoryLimit::Finite(memory) => memory,
        _ => usize::MAX,
    };
    let config = state.config_mut();
    // A sorter that cannot hold one batch has nothing to spill either.
    *config = std::mem::take(config).with_batch_size(1_024);
    let options = config.options_mut();
    options.optimizer.prefer_hash_join = false;
    // With one partition the engine would join by hashing after all.
    options.execution.target_partitions = options.execution.target_partitions.min(memory / ROOM).max(2);
    options.execution.sort_spill_reservation_bytes = TO_MERGE;
    SessionContext::new_with_state(state)
}

/// The same context with one reader, which keeps rows in the order of the file.
pub(crate) fn in_order(context: &SessionContext) -> SessionContext {
    let mut state = context.state();
    state.config_mut().options_mut().execution.target_partitions = 1;
    SessionContext::new_with_state(state)
}

/// An error of the engine, told as one of the file where that is what it is.
pub(crate) fn unreadable(table: &str, error: DataFusionError) -> DataError {
    let reason = first_line(&error);
    let hint = match error.find_root() {
        DataFusionError::ArrowError(..) | DataFusionError::ParquetError(_) => {
            "write the file again; it is damaged or cut short"
        }
        DataFusionError::ObjectStore(_) | DataFusionError::IoError(_) => {
            "check that the file is still there and may be read"
        }
        DataFusionError::ResourcesExhausted(_) => {
            return DataError::Memory { table: table.to_owned(), reason };
        }
        _ => return DataError::Engine(error),
    };
    DataError::Unreadable { table: table.to_owned(), reason, hint: hint.to_owned() }
}

pub(crate) fn first_line(error: &DataFusionError) -> String {
    let text = error.find_root().to_string();
    text.lines().next().unwrap_or_default().trim_start_matches("Arrow error: ").to_owned()
}
