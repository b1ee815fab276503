//! The user's tables, read through DataFusion. The only crate that names DataFusion or Arrow.
//!
//! [`Tables`] is a folder opened for reading: what files there are, what they hold, and the few questions
//! that the tools ask of them. Nothing outside the named folders is read, and nothing is written but a [`ScoreFile`],
//! in the folder that the operator named for it.

mod deals;
mod discover;
mod engine;
mod error;
mod facts;
mod functions;
mod identity;
mod inline;
mod journeys;
mod leads;
mod names;
mod profile;
mod read;
mod register;
mod run;
mod source;
mod sql;
mod table;
mod tables;
mod text;

#[cfg(test)]
mod bad_input_tests;
#[cfg(test)]
mod same_answer_tests;
#[cfg(test)]
mod tests;

pub use deals::{CurrencyAsk, DealAsk, DealFacts, DealRead, MetricAsk, MetricFacts, Segment, SegmentFacts};
pub use engine::{DEFAULT_MEMORY, LEAST_MEMORY};
pub use error::DataError;
pub use identity::{AccountLink, LinkAsk, LinkBy, Linked, MatchAsk, Matched, Pair, Records, Side, Used};
pub use inline::InlineTable;
pub use journeys::{
    Columns, JourneyAsk, JourneyTerms, Journeys, JourneysTold, LeftOut, Level, SpendAsk, SpendRead,
};
pub use leads::{Apart, Counts, ExportError, History, HistoryAsk, ScoreFile, TextBatch, TextStream, Told};
pub use read::TextColumn;
pub use run::{Progress, Run};
pub use source::{Sources, TableMapping};
pub use table::{Format, Problem, Table};
pub use tables::{Recognised, Tables};
