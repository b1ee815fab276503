//! The stream of everything that happened, made into journeys one person or account at a time.

use super::{
    ask::{JourneyAsk, LeftOut},
    people::{People, Reading},
    sides::Plan,
};
use crate::{DataError, Run, Tables, engine, leads::history::whole};
use datafusion::{
    arrow::{
        array::{AsArray, RecordBatch},
        compute::cast,
        datatypes::DataType,
    },
    error::DataFusionError,
    execution::{SendableRecordBatchStream, context::SessionContext},
};
use futures::StreamExt;
use revarch_domain::{
    attribution::{
        channels::{Channels, UNKNOWN},
        collect::Collector,
    },
    value::MICROS_PER_DAY,
};

/// Bytes that one held touch, share or journey comes to, told generously.
const BYTES_HELD: usize = 48;

impl Tables {
    /// The channels of the touches that count, and the touches that do not.
    pub(super) async fn channels(
        &self,
        plan: &Plan,
        most: usize,
        end: i64,
        run: &Run,
    ) -> Result<(Channels, LeftOut), DataError> {
        let (mut counts, mut left_out) = (Vec::new(), LeftOut::default());
        for batch in self.query(&plan.touches.table, &plan.channels(end), run).await? {
            let names = cast(batch.column(0), &DataType::Utf8View).map_err(arrow)?;
            let mut counted = Vec::new();
            for column in 1..6 {
                counted.push(whole(&batch, column)?);
            }
            for (row, name) in names.as_string_view().iter().enumerate() {
                let count = |column: usize| u64::try_from(counted[column][row].unwrap_or(0)).unwrap_or(0);
                left_out.touches += count(1);
                left_out.touches_without_key += count(2);
                left_out.touches_undated += count(3);
                left_out.touches_future += count(4);
                let name = name.unwrap_or(UNKNOWN);
                left_out.touches_without_channel += if name == UNKNOWN { count(0) } else { 0 };
                if count(0) > 0 {
                    counts.push((name.to_owned(), count(0)));
                }
            }
        }
        let channels = Channels::of(counts.iter().map(|(name, count)| (name.as_str(), *count)), most);
        Ok((channels, left_out))
    }

    /// Reads everything that happened into the collectors: the first as asked, the last without part of the touches'
    /// identity where there are several.
    pub(super) async fn collect_journeys(
        &self,
        plan: &Plan,
        ask: &JourneyAsk,
        end: i64,
        channels: &Channels,
        collectors: Vec<Collector>,
        run: &Run,
    ) -> Result<Reading, DataError> {
        let (sql, about) = (plan.stream(end), &plan.touches.table);
        tracing::debug!(sql, "stream");
        let opened = match open(self.context(), &sql).await {
            Err(error) if matches!(error.find_root(), DataFusionError::ResourcesExhausted(_)) => {
                tracing::debug!(%error, "again, sorting");
                open(&engine::sorting(self.context()), &sql).await
            }
            opened => opened,
        };
        let (mut stream, first) = opened.map_err(|error| engine::unreadable(about, error))?;
        // Of a conversion only the day may be known, and then it is put at the end of that day.
        let end_of_day = end - end.rem_euclid(MICROS_PER_DAY) + MICROS_PER_DAY;
        let end = if plan.conversions.by_day { end_of_day } else { end };
        let mut people = People::new(channels, &ask.rates, end, ask.seed, collectors);
        let mut rows = 0;
        let most = usize::try_from(self.memory()).unwrap_or(usize::MAX) / BYTES_HELD;
        let mut next = first.map(Ok);
        while let Some(batch) = next {
            if run.is_cancelled() {
                return Err(DataError::Cancelled);
            }
            let batch = batch.map_err(|error| engine::unreadable(about, error))?;
            rows += batch.num_rows() as u64;
            people.add(&batch)?;
            run.progress(rows, None, "reading journeys");
            if people.held() > most {
                let reason = "its journeys differ too much to be merged; ask for a shorter window or `collapse_repeats`";
                return Err(DataError::Memory { table: about.clone(), reason: reason.to_owned() });
            }
            next = stream.next().await;
        }
        Ok(people.finish())
    }
}

async fn open(
    context: &SessionContext,
    sql: &str,
) -> Result<(SendableRecordBatchStream, Option<RecordBatch>), DataFusionError> {
    let mut stream = context.sql(sql).await?.execute_stream().await?;
    let first = stream.next().await.transpose()?;
    Ok((stream, first))
}

/// An error of the engine's arrays.
pub(super) fn arrow(error: datafusion::arrow::error::ArrowError) -> DataError {
    DataError::Engine(error.into())
}
