//! What the published guide says of roadmaps. It stands beside a plan and decides nothing in it.

use crate::maturity::lens::Fact;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// The published plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedPlan {
    /// The phases.
    pub phases: Vec<PublishedPhase>,
    /// What else is said, each with its source.
    pub claims: Vec<Fact>,
    /// Where the sources contradict themselves or each other.
    pub contradictions: Vec<Contradiction>,
}

/// A published phase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedPhase {
    /// Its number.
    pub phase: u8,
    /// Its name.
    pub name: String,
    /// Its months, where the roadmap begins with the first phase.
    pub months: String,
    /// Its deliverables.
    pub deliverables: Vec<String>,
    /// What it adds of AI.
    pub ai: Vec<String>,
}

/// Two claims that cannot both hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contradiction {
    /// Its key.
    pub id: String,
    /// What is claimed against what.
    pub claims: String,
    /// What a plan does about it.
    pub here: String,
}

static SHIPPED: LazyLock<PublishedPlan> = LazyLock::new(|| {
    serde_json::from_str(include_str!("published.json"))
        .expect("the embedded claims parse: a test reads them")
});

impl PublishedPlan {
    /// The published plan.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// The phase with a number.
    pub fn phase(&self, number: u8) -> Option<&PublishedPhase> {
        self.phases.iter().find(|phase| phase.phase == number)
    }
}
