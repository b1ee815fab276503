//! How a platform's operations stand, and where a list seen and the catalog contradict each other.

use super::{Audited, LiveServer, OperationAudit, is_native};
use crate::coverage::{
    catalog::{OperationsBasis, Platform, Status},
    evidence::{Evidence, Standing},
    inspection::ServerClass,
    mapping::{Confidence, MappedTool},
    taxonomy::{Category, Effect, Operation},
};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of a platform's operations: what its list or the catalog names, and whether that is all.
struct Ground<'a> {
    live: Option<&'a LiveServer>,
    status: Status,
    evidence: Evidence,
    is_whole: bool,
}

impl<'a> Ground<'a> {
    fn of(platform: Option<&Platform>, live: Option<&'a LiveServer>, status: Status) -> Self {
        let category = platform.and_then(Platform::category);
        let (evidence, is_whole) = match (live, platform) {
            (Some(LiveServer { inspection, .. }), _) => {
                let readings = inspection.mapped.iter().flat_map(|tool| &tool.readings);
                let read = readings.map(|reading| (reading.operation.clone(), reading.confidence));
                let why_likely = "a tool was read to offer it, with medium confidence";
                (Evidence::new(read, why_likely, category), inspection.is_whole)
            }
            (None, Some(platform)) => {
                let mcp = &platform.mcp;
                let of_another = is_native(status) && is_community_list(platform);
                let confidence = if of_another { Confidence::Medium } else { Confidence::High };
                let named = mcp.operations().into_iter().map(|operation| (operation, confidence));
                let why_likely = "a community package offers it; the vendor's own list has not been seen";
                (Evidence::new(named, why_likely, category), mcp.operations_complete && !mcp.opaque)
            }
            (None, None) => (Evidence::new([], "", None), false),
        };
        Self { live, status, evidence, is_whole }
    }

    fn standing(&self, operation: &Operation) -> Standing {
        let mut standing = self.evidence.standing(operation, self.is_whole);
        if standing == Standing::Missing
            && let Some(tool) = self.live.and_then(|live| live.inspection.uncertain_tool_for(operation))
        {
            standing = Standing::Unknown {
                reason: format!("tool `{tool}` may offer it and could not be read for sure"),
            };
        }
        if self.live.is_none() && self.status == Status::NoneFound {
            standing = Standing::Missing;
        }
        standing
    }
}

/// How any operations of a platform stand, also those that its category does not ask for.
pub(super) fn standings(
    audited: &Audited,
    status: Status,
    wanted: &BTreeSet<Operation>,
) -> BTreeMap<Operation, Standing> {
    let ground = Ground::of(audited.platform, audited.data_server(), status);
    wanted.iter().map(|operation| (operation.clone(), ground.standing(operation))).collect()
}

pub(super) fn operations(
    platform: Option<&'static Platform>,
    live: Option<&LiveServer>,
    status: Status,
) -> Vec<OperationAudit> {
    let Some(Category { core, extended, .. }) = platform.and_then(Platform::category) else {
        return Vec::new();
    };
    let ground = Ground::of(platform, live, status);
    let one = |operation: &Operation, is_core: bool| {
        let standing = ground.standing(operation);
        let (tools, effect) =
            live.map(|live| tools_for(operation, &standing, &live.inspection.mapped)).unwrap_or_default();
        OperationAudit { operation: operation.clone(), is_core, standing, effect, tools, gap: None }
    };
    core.iter()
        .map(|core| one(core, true))
        .chain(extended.iter().map(|extended| one(extended, false)))
        .collect()
}

/// Whether the operations that the catalog names were listed by somebody else's package.
fn is_community_list(platform: &Platform) -> bool {
    platform.mcp.operations_basis == Some(OperationsBasis::CapturedCommunityList)
}

/// The listed tools behind an operation, and the gravest of their effects.
fn tools_for(
    operation: &Operation,
    standing: &Standing,
    mapped: &[MappedTool],
) -> (Vec<String>, Option<Effect>) {
    let wanted: Vec<&Operation> = match standing {
        Standing::Evidenced => vec![operation],
        Standing::Implied { from, .. } => from.iter().collect(),
        Standing::Unknown { .. } | Standing::Missing => return (Vec::new(), None),
    };
    let mut tools = Vec::new();
    let mut effect = None;
    for tool in mapped {
        let reading = tool
            .readings
            .iter()
            .find(|reading| reading.confidence > Confidence::Low && wanted.contains(&&reading.operation));
        if let Some(reading) = reading {
            tools.push(tool.tool.clone());
            effect = effect.max(Some(reading.effect));
        }
    }
    (tools, effect)
}

pub(super) fn disagreements(
    platform: Option<&'static Platform>,
    live: Option<&LiveServer>,
    status: Status,
) -> Vec<String> {
    let (Some(platform), Some(live)) = (platform, live) else { return Vec::new() };
    let mut told = Vec::new();
    if live.inspection.class == ServerClass::Documentation {
        let what = "the list seen is of a server for documentation or developers: it tells nothing about the \
                    platform's records, so what is published stands";
        return vec![what.to_owned()];
    }
    if matches!(status, Status::NoneFound) {
        told.push(format!(
            "the catalog says that no server was found (as of {}), and here is one",
            platform.mcp.as_of
        ));
    }
    let seen: BTreeSet<&Operation> = live
        .inspection
        .mapped
        .iter()
        .flat_map(|tool| &tool.readings)
        .map(|reading| &reading.operation)
        .collect();
    let absent: Vec<String> = platform
        .mcp
        .operations()
        .iter()
        .filter(|operation| !seen.contains(operation))
        .map(ToString::to_string)
        .collect();
    if !is_community_list(platform) && live.inspection.is_whole && !absent.is_empty() {
        let shown: Vec<&str> = absent.iter().take(6).map(String::as_str).collect();
        told.push(format!(
            "{} operation(s) that the catalog names are not in this list, among them {}: scopes, flags or versions may differ",
            absent.len(),
            shown.join(", ")
        ));
    }
    told
}
