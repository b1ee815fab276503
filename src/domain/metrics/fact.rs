//! What is known of the quantities, per period and segment.

use super::quantity::Quantity;
use crate::provenance::Provenance;
use std::collections::BTreeMap;

/// A quantity that is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Its value.
    pub value: f64,
    /// Rows it was counted from; none where it was said.
    pub rows: Option<u64>,
    /// The ground it stands on.
    pub provenance: Provenance,
}

impl Known {
    /// A number that was counted from so many rows.
    pub const fn counted(value: f64, rows: u64) -> Self {
        Self { value, rows: Some(rows), provenance: Provenance::Measured }
    }

    /// A number that somebody said.
    pub const fn said(value: f64) -> Self {
        Self { value, rows: None, provenance: Provenance::Attested }
    }
}

/// Why a quantity is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The quantity, or the part of a metric that cannot be worked out.
    pub what: String,
    /// Why, and what would provide it.
    pub why: String,
}

/// A quantity, or why it is not known.
pub type Fact = Result<Known, Missing>;

/// The quantities of one period and segment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    facts: BTreeMap<Quantity, Fact>,
}

impl Facts {
    /// Puts a quantity down. One that is known is not replaced by the reason why it could be unknown.
    pub fn put(&mut self, quantity: Quantity, fact: Fact) {
        if fact.is_ok() || !self.facts.get(&quantity).is_some_and(Result::is_ok) {
            self.facts.insert(quantity, fact);
        }
    }

    /// A quantity.
    pub fn get(&self, quantity: Quantity) -> Fact {
        self.facts.get(&quantity).cloned().unwrap_or_else(|| {
            let how = if quantity.is_only_given() {
                "no table holds it; give it in `given`"
            } else {
                "no table tells it"
            };
            Err(Missing { what: quantity.name().to_owned(), why: how.to_owned() })
        })
    }
}
