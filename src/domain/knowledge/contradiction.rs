//! Where the sources contradict themselves or each other.

use serde::{Deserialize, Serialize};

/// Two statements that cannot both be followed, or that only seem to clash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contradiction {
    /// The contradiction's id, such as `c07`.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// The statements, side by side.
    pub statement: String,
    /// How revarch reads it; this is its own rule.
    pub reading: String,
    /// The entries it touches, by id.
    pub entries: Vec<String>,
}
