//! What closes which kind of finding: who does it, how much work it is, and how one tells that it is done.

use super::{exit::ExitRule, item::Kind, situation::Gap};
use crate::{coverage::decision::Effort, provenance::Provenance};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// The deliverable that settles the stage.
pub(super) const SETTLE: &str = "settle_stage";
/// The deliverable of a workflow whose agent works on records only.
pub(super) const AGENT: &str = "agent_on_records";
/// The deliverable of a workflow whose agent reaches people or does what cannot be undone.
pub(super) const AGENT_REACHES: &str = "agent_that_reaches_people";
/// The deliverable that keeps agents in bounds.
pub(super) const BOUNDS: &str = "bound_agents";

/// The deliverables.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deliverables {
    /// The version of the file, which changes whenever a plan could.
    pub version: String,
    /// Whose they are.
    pub provenance: Provenance,
    /// The deliverables.
    pub deliverables: Vec<Deliverable>,
}

/// One deliverable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deliverable {
    /// Its key in `snake_case`.
    pub id: String,
    /// What is done.
    pub title: String,
    /// What is there when it is done.
    pub deliverable: String,
    /// What kind of work it is.
    pub kind: Kind,
    /// The phase it belongs to; a gate's own where it raises one. Nothing for what is due in any phase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<u8>,
    /// Who does it, as a role.
    pub owner_role: String,
    /// How much work it is.
    pub effort: Effort,
    /// Whether that is the effort for each finding.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub each: bool,
    /// The kinds of finding that it closes, such as `fill` or `events.person`; the longest that fits counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closes: Vec<String>,
    /// The kinds of finding that it keeps from coming back; an empty one stands for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub eases: Vec<String>,
    /// The dimension of maturity that it raises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raises: Option<String>,
    /// What has to be done before, where it is in the plan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// How to tell that it is done, besides its findings being gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exits: Vec<ExitRule>,
    /// The tool that tells whether its findings are gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retest: Option<String>,
    /// Whether everything of a later kind that somebody adds waits for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub spine: bool,
    /// Whether it lets an agent act.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ai: bool,
}

static SHIPPED: LazyLock<Deliverables> = LazyLock::new(|| {
    serde_json::from_str(include_str!("deliverables.json"))
        .expect("the embedded deliverables parse: a test reads them")
});

impl Deliverables {
    /// The deliverables that ship with revarch.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// The deliverable with a key.
    pub fn get(&self, id: &str) -> Option<&Deliverable> {
        self.deliverables.iter().find(|deliverable| deliverable.id == id)
    }

    /// The deliverable that closes a finding: the one that names its kind most closely.
    pub fn closing(&self, gap: &Gap) -> Option<&Deliverable> {
        let fitting = self.deliverables.iter().flat_map(|deliverable| {
            deliverable
                .closes
                .iter()
                .filter(|kind| gap.is_of(kind))
                .map(move |kind| (kind.len(), deliverable))
        });
        fitting.max_by_key(|(length, _)| *length).map(|(_, deliverable)| deliverable)
    }
}

impl Deliverable {
    /// Whether it keeps such a finding from coming back.
    pub(super) fn eases(&self, gap: &Gap) -> bool {
        self.eases.iter().any(|kind| kind.is_empty() || gap.is_of(kind))
    }
}
