//! Deals as the rules of risk and the metrics need them: their present state, the stages they went through, how their
//! close dates and amounts were changed, and what is counted of them by period.

mod beside;
mod changes;
mod closed;
mod created;
mod currency;
mod flows;
mod history;
mod metrics;
mod people;
mod risk;
mod spend;
mod stages;
mod subscriptions;
mod table;

#[cfg(test)]
mod metrics_tests;
#[cfg(test)]
mod tests;

pub use currency::CurrencyAsk;
pub use metrics::{MetricAsk, MetricFacts, Segment, SegmentFacts};
pub use risk::{DealFacts, DealRead};
pub use table::DealAsk;

use crate::DataError;

/// What the tables do not tell, with the next step.
fn refuse(reason: String, hint: &str) -> DataError {
    DataError::History { reason, hint: hint.to_owned() }
}
