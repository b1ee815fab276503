//! The coverage of a whole stack: each platform's operations, the decision about it, and the measures that
//! other tools take as evidence.
//!
//! # Design
//!
//! A stack is counted in full, not sampled, so the interval beside each measure is no sampling error. It holds
//! every value the measure could take once the unknowns are known: its low end counts them all against, its
//! high end all in favour.

mod findings;
mod operations;
mod summary;

pub use summary::{Constraint, Counts, Summary};

use super::{
    catalog::{Platform, Status},
    decision::{self, Action, Decision, Situation},
    evidence::Standing,
    inspection::{Inspection, ServerClass},
    taxonomy::{Effect, Operation},
};
use crate::{finding::Finding, provenance::Provenance};
use std::collections::{BTreeMap, BTreeSet};

/// How a list of tools came to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The caller handed it in.
    Pasted,
    /// revarch asked the server itself.
    Inspected,
}

impl Ground {
    /// The ground's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pasted => "pasted",
            Self::Inspected => "inspected",
        }
    }

    const fn provenance(self) -> Provenance {
        match self {
            Self::Pasted => Provenance::Attested,
            Self::Inspected => Provenance::Measured,
        }
    }
}

/// A server of which a list of tools is at hand.
#[derive(Clone, Debug)]
pub struct LiveServer {
    /// How the list came to be known.
    pub ground: Ground,
    /// What it shows.
    pub inspection: Inspection,
}

/// A platform to be audited.
#[derive(Clone, Debug)]
pub struct Audited {
    /// The name to use for it.
    pub name: String,
    /// Its entry in the catalog; none for a system that the catalog does not know and whose list was handed in.
    pub platform: Option<&'static Platform>,
    /// Its server, if its list of tools is at hand.
    pub live: Option<LiveServer>,
}

impl Audited {
    /// Its server, unless that serves documentation or developers only, which neither offers nor denies
    /// anything about the platform's records.
    pub fn data_server(&self) -> Option<&LiveServer> {
        self.live.as_ref().filter(|live| live.inspection.class != ServerClass::Documentation)
    }
}

/// One operation of a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationAudit {
    /// The operation.
    pub operation: Operation,
    /// Whether it is core to the category.
    pub is_core: bool,
    /// How it stands.
    pub standing: Standing,
    /// What it does to the world, where a list of tools says so.
    pub effect: Option<Effect>,
    /// The listed tools that offer it.
    pub tools: Vec<String>,
    /// What to do about it, when it is missing or unknown.
    pub gap: Option<(Action, String)>,
}

/// One platform's audit.
#[derive(Clone, Debug)]
pub struct PlatformAudit {
    /// What was audited.
    pub audited: Audited,
    /// The published status.
    pub status: Status,
    /// Whether an agent can reach it by some MCP server, as far as is known.
    pub is_reachable: Option<bool>,
    /// Its core operations, then the extended ones.
    pub operations: Vec<OperationAudit>,
    /// Where the live list and the catalog contradict each other.
    pub disagreements: Vec<String>,
    /// What to do.
    pub decision: Decision,
}

/// The audit of a stack.
#[derive(Clone, Debug)]
pub struct StackAudit {
    /// Each platform.
    pub platforms: Vec<PlatformAudit>,
    /// The measures.
    pub summaries: Vec<Summary>,
    /// What was found wrong, the gravest first.
    pub findings: Vec<Finding>,
    /// What holds the stack back most; nothing when every core operation is covered.
    pub constraint: Option<Constraint>,
}

/// Audits a stack.
pub fn audit(stack: Vec<Audited>) -> StackAudit {
    let natives: Vec<&'static Platform> = stack
        .iter()
        .filter_map(|audited| audited.platform)
        .filter(|platform| is_native(platform.mcp.status))
        .collect();
    let platforms: Vec<PlatformAudit> =
        stack.into_iter().map(|audited| audit_one(audited, &natives)).collect();
    let mut findings: Vec<Finding> = platforms.iter().flat_map(findings::findings_of).collect();
    findings.sort_by(|a, b| a.severity.cmp(&b.severity).then_with(|| a.id.cmp(&b.id)));
    StackAudit {
        summaries: summary::summaries(&platforms),
        constraint: summary::constraint(&platforms),
        findings,
        platforms,
    }
}

impl StackAudit {
    /// The way around a platform, or around one operation that it lacks.
    pub fn way_around(&self, platform: &PlatformAudit) -> (Action, String) {
        if platform.is_reachable == Some(false) {
            let reason = platform.decision.reasons.last().cloned().unwrap_or_default();
            return (platform.decision.action, reason);
        }
        let others = self.platforms.iter().filter_map(|audit| audit.audited.platform);
        let mut ipaas =
            others.filter(|other| is_native(other.mcp.status) && other.category_slug() == "ipaas");
        decision::around(&Situation {
            status: platform.status,
            seen_live: platform.audited.data_server().is_some(),
            is_in_doubt: false,
            customer_defined: false,
            missing: 0,
            unknown: 0,
            ipaas: ipaas.find(|other| other.id != platform.key()).map(|other| other.name.as_str()),
            alternative: None,
        })
    }
}

const fn is_native(status: Status) -> bool {
    matches!(status, Status::OfficialGa | Status::OfficialBeta)
}

impl PlatformAudit {
    /// How its core operations stand, counted.
    pub fn core(&self) -> Counts {
        let mut counts = Counts::default();
        self.operations.iter().filter(|audit| audit.is_core).for_each(|audit| counts.add(&audit.standing));
        counts
    }

    /// How any operations stand on it, also those that its category does not ask for.
    pub fn standings(&self, wanted: &BTreeSet<Operation>) -> BTreeMap<Operation, Standing> {
        operations::standings(&self.audited, self.status, wanted)
    }

    /// The key under which findings name it.
    pub fn key(&self) -> &str {
        self.audited.platform.map_or(self.audited.name.as_str(), |platform| platform.id.as_str())
    }
}

fn audit_one(audited: Audited, natives: &[&'static Platform]) -> PlatformAudit {
    let platform = audited.platform;
    let status = platform.map_or(Status::Unknown, |platform| platform.mcp.status);
    let live = audited.data_server();
    // A vendor's server that was published may be the very one for documentation that was seen.
    let is_in_doubt = audited.live.is_some()
        && live.is_none()
        && platform.is_none_or(|platform| platform.mcp.operations().is_empty() && !platform.mcp.opaque);
    let is_reachable = match (live, status) {
        (Some(_), _) => Some(true),
        (None, Status::NoneFound) => Some(false),
        (None, Status::Unknown) => None,
        (None, Status::OfficialGa | Status::OfficialBeta | Status::Community) => {
            (!is_in_doubt).then_some(true)
        }
    };
    let mut operations = operations::operations(platform, live, status);
    let counts = |standing: &str| {
        let core = operations.iter().filter(|audit| audit.is_core);
        core.filter(|audit| audit.standing.name() == standing).count()
    };
    let other = |wanted: &dyn Fn(&Platform) -> bool| {
        let mut others =
            natives.iter().filter(|other| platform.is_none_or(|platform| platform.id != other.id));
        others.find(|other| wanted(other)).map(|other| other.name.as_str())
    };
    let situation = Situation {
        status,
        seen_live: live.is_some(),
        is_in_doubt: is_in_doubt && is_reachable.is_none(),
        customer_defined: platform.is_some_and(Platform::is_customer_defined),
        missing: counts("missing"),
        unknown: counts("unknown"),
        ipaas: other(&|other| other.category_slug() == "ipaas"),
        alternative: other(&|other| {
            platform.is_some_and(|platform| platform.category_slug() == other.category_slug())
        }),
    };
    let decision = decision::decide(&situation);
    // A platform that is reached is not replaced for the sake of one operation.
    let alternative = situation.alternative.filter(|_| is_reachable != Some(true));
    let around = decision::around(&Situation { alternative, ..situation });
    for audit in &mut operations {
        audit.gap = match &audit.standing {
            Standing::Missing => Some(around.clone()),
            Standing::Unknown { reason } => Some((Action::FindOut, reason.clone())),
            Standing::Evidenced | Standing::Implied { .. } => None,
        };
    }
    let disagreements = operations::disagreements(platform, audited.live.as_ref(), status);
    PlatformAudit { audited, status, is_reachable, operations, disagreements, decision }
}

#[cfg(test)]
mod tests;
