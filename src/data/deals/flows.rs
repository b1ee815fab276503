//! What every count of a period works within.

use super::{
    MetricAsk,
    beside::Beside,
    metrics::Counts,
    stages::{numbers, texts, whole},
    table::DealTable,
};
use crate::DataError;
use datafusion::arrow::array::RecordBatch;
use revarch_domain::metrics::{Period, Quantity};

/// What every count works within.
pub(super) struct Within<'a> {
    pub(super) deals: &'a DealTable,
    pub(super) beside: &'a Beside,
    pub(super) base: &'a str,
    /// The segment of a deal, in SQL.
    pub(super) segment: &'a str,
    pub(super) periods: &'a [Period],
    pub(super) ask: &'a MetricAsk,
}

/// The period that a time falls in, by its place; null outside all of them.
pub(super) fn period(time: &str, periods: &[Period]) -> String {
    let when = |(at, period): (usize, &Period)| {
        format!("WHEN {time} >= {} AND {time} < {} THEN {at} ", period.from, period.until)
    };
    format!("CASE {}ELSE NULL END", periods.iter().enumerate().map(when).collect::<String>())
}

/// Adds the rows of an answer to the counts. Its first columns are the period and the segment; the others are named
/// with the number of rows behind each, by their place.
pub(super) fn add(
    batch: &RecordBatch,
    columns: &[(Quantity, usize, usize)],
    counts: &mut Counts,
) -> Result<(), DataError> {
    let (periods, segments) = (whole(batch, 0)?, texts(batch, 1)?);
    for (quantity, value, rows) in columns {
        let (values, rows) = (numbers(batch, *value)?, whole(batch, *rows)?);
        for (row, period) in periods.iter().enumerate() {
            let Some(period) = period.and_then(|period| usize::try_from(period).ok()) else { continue };
            let rows = rows[row].unwrap_or(0).max(0).unsigned_abs();
            counts.add(period, segments[row].as_deref(), *quantity, values[row].unwrap_or(0.0), rows);
        }
    }
    Ok(())
}
