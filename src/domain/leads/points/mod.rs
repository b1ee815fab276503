//! A score for leads without outcomes: points by rules that anyone can read and change.
//!
//! Nothing here is measured, and every result says so. A field that a table lacks or a lead leaves empty gives no
//! points and takes none, yet it is not held to be nought: beside the points stands what the lead could reach if
//! all that is unknown spoke for it.

pub mod lens;
mod rule;
mod sheet;

pub use lens::{PointsLens, PointsLensError};
pub use rule::{Condition, Rule};
pub use sheet::{PointReason, PointScore, PointsSheet, RuleCount, Tally};

#[cfg(test)]
mod tests;
