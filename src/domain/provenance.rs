//! Where a number or a statement comes from. Every one that revarch prints carries it.

use serde::{Deserialize, Serialize};

/// The ground a number stands on, from firmest to none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// Computed by revarch from data it read.
    Measured,
    /// Said by a person.
    Attested,
    /// Claimed by a published source, which is named beside it.
    Published,
    /// A rule of revarch's own, labelled as such.
    Authored,
    /// Nothing is known.
    Unknown,
}
