//! Leads for scoring: their rows as a stream, their history as of the decision about each, and the file that their
//! scores are written to.

mod ask;
mod export;
pub(crate) mod history;
pub(crate) mod paths;
mod stream;

#[cfg(test)]
mod export_tests;
#[cfg(test)]
mod history_tests;

pub use ask::{Apart, Counts, History, HistoryAsk, Told};
pub use export::{ExportError, ScoreFile};
pub use stream::{TextBatch, TextStream};
