//! How each table of behavioural events flows, in numbers.

use super::{Facts, events, facts::Stream};

/// Types told of one table.
const SHOWN: usize = 20;

/// One table of events.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// The table.
    pub table: String,
    /// Its rows.
    pub rows: u64,
    /// The commonest types of event with their rows; nothing where no column tells.
    pub types: Option<Vec<(String, u64)>>,
    /// How many types there are; nothing where no column tells.
    pub distinct_types: Option<u64>,
    /// The share of rows that join to a known person, where a column has the key.
    pub known_person: Option<f64>,
    /// Hours until half of the rows have arrived, where a column has the arrival.
    pub lag_p50_hours: Option<f64>,
    /// Hours until 95% of the rows have arrived. The check judges this one.
    pub lag_p95_hours: Option<f64>,
    /// Days since the newest event.
    pub age_days: Option<f64>,
}

pub(super) fn list(facts: &Facts) -> Vec<Flow> {
    let behaviour = facts.streams.iter().filter(|stream| events::is_behaviour(facts, stream));
    behaviour.map(|stream| of(facts, stream)).collect()
}

fn of(facts: &Facts, stream: &Stream) -> Flow {
    let hours = |share| stream.lags.as_ref().and_then(|lags| lags.quantile_hours(share));
    let types = stream.types.as_ref();
    Flow {
        table: stream.table.clone(),
        rows: stream.rows,
        types: types.map(|types| types.seen.iter().take(SHOWN).cloned().collect()),
        distinct_types: types.map(|types| types.seen.len() as u64),
        known_person: stream.known_person.and_then(crate::proportion::Proportion::rate),
        lag_p50_hours: hours(0.5),
        lag_p95_hours: hours(0.95),
        age_days: events::age_days(facts, stream),
    }
}
