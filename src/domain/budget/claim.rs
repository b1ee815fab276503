//! Numbers that a source has published, kept apart from what is known, and the places where the source
//! contradicts itself.

use crate::knowledge::{Contradiction, knowledge};
use serde::Deserialize;
use std::collections::BTreeSet;

/// A number that somebody published. It is what a source says, and no result is computed as if it were true.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// A stable key.
    pub id: String,
    /// What the source says, in revarch's words.
    pub says: String,
    /// The lower end of the number.
    pub low: f64,
    /// The upper end of the number.
    pub high: f64,
    /// What the number counts.
    pub unit: String,
    /// Who published it, and where.
    pub source: String,
    /// The contradictions of the source that touch it, by key.
    pub contradictions: Vec<String>,
}

/// The contradictions with these keys, each once and in the order of their keys.
pub fn contradictions<'a>(ids: impl IntoIterator<Item = &'a str>) -> Vec<&'static Contradiction> {
    let wanted: BTreeSet<&str> = ids.into_iter().collect();
    wanted.into_iter().filter_map(|id| knowledge().contradiction(id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contradictions_come_once_and_in_order() {
        let found = contradictions(["c11", "c07", "c11", "c99"]);
        assert_eq!(found.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["c07", "c11"]);
    }
}
