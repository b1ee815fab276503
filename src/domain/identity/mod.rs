//! Which records are the same person or company.
//!
//! # Design
//! Records are compared column by column; each comparison falls into one of a few [`likeness`] levels. After Fellegi
//! and Sunter (1969), a level speaks for a match by how much more often matches reach it than chance does: its weight is
//! log2(m / u). The chances u come from how often values occur, the chances m from expectation maximisation
//! over the pairs ([`train`]); a rare value that agrees speaks louder than a common
//! one. The weights of a pair add up to its match weight ([`model`]), and pairs above a threshold to clusters
//! ([`cluster`]). Nothing here depends on the order of the records.

pub mod blocking;
pub mod cluster;
pub mod compare;
pub mod kind;
pub mod likeness;
pub mod model;
pub mod normal;
pub mod pattern;
pub mod survivor;
pub mod train;
pub mod truth;

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod properties;
