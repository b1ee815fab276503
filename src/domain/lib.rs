//! The pure rules of revarch: facts in, findings out.
//!
//! Nothing here reads a file, a clock, the environment or the network, so nothing here can fail for a
//! reason outside its arguments, and the same facts, time and seed always give the same answer.

pub mod association;
pub mod attribution;
pub mod budget;
pub mod coverage;
pub mod entity;
pub mod finding;
pub mod fingerprint;
pub mod identity;
pub mod knowledge;
pub mod leads;
pub mod maturity;
pub mod measure;
pub mod metrics;
pub mod nearest;
pub mod outcome;
pub mod profile;
pub mod proportion;
pub mod provenance;
pub mod readiness;
pub mod recognition;
pub mod review;
pub mod risk;
pub mod roadmap;
pub mod secret;
pub mod stack;
pub mod value;
pub mod verdict;
pub mod workflow;
