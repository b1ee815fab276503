//! The user's tables, read through DataFusion. The only crate that names DataFusion or Arrow.
//!
//! [`Tables`] is a folder opened for reading: what files there are, what they hold, and the few questions
//! that the tools ask of them. Nothing is ever written, and nothing outside the named folders is read.

mod discover;
mod error;
mod facts;
mod header;
mod profile;
mod quotes;
mod read;
mod run;
mod source;
mod tables;

#[cfg(test)]
mod tests;

pub use error::DataError;
pub use read::TextColumn;
pub use run::{Progress, Run};
pub use source::{Sources, TableMapping};
pub use tables::{Format, Problem, Table, Tables};
