//! Records that are the same person or company, found by joins on what both have to agree on.
//!
//! # Design
//! Values are brought to their normal form batch by batch and kept once each; a record is a row of their numbers. The
//! engine counts what each blocking rule would make, joins the records that agree on it, and compares each pair in a
//! function of its own, so that pairs are never held but where they may match. To learn the weights it is enough to
//! count how often each pattern of levels occurs. Memory follows the records, their different values and the pairs that
//! may match, not the pairs that are compared.

mod ask;
mod compare;
mod dictionary;
mod link;
mod pairs;
mod read;
mod records;
mod resolve;
mod rules;

#[cfg(test)]
mod tests;

pub use ask::{MatchAsk, Matched, Pair, Side, Used};
pub use link::{AccountLink, LinkAsk, LinkBy, Linked};
pub use records::Records;
