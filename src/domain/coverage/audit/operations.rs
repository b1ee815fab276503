//! How a platform's operations stand, and where a list seen and the catalog contradict each other.

use super::{LiveServer, OperationAudit};
use crate::coverage::{
    catalog::{OperationsBasis, Platform, Status},
    evidence::{Evidence, Standing},
    inspection::ServerClass,
    mapping::{Confidence, MappedTool},
    taxonomy::{Category, Effect, Operation},
};
use std::collections::BTreeSet;

pub(super) fn operations(
    platform: Option<&'static Platform>,
    live: Option<&LiveServer>,
    status: Status,
) -> Vec<OperationAudit> {
    let category = platform.and_then(Platform::category);
    let (evidence, is_whole) = match (live, platform) {
        (Some(LiveServer { inspection, .. }), _) => {
            let credited = inspection.class == ServerClass::Data;
            let readings = inspection.mapped.iter().filter(|_| credited).flat_map(|tool| &tool.readings);
            let read = readings.map(|reading| (reading.operation.clone(), reading.confidence));
            (Evidence::new(read, category), inspection.is_whole && inspection.class != ServerClass::Opaque)
        }
        (None, Some(platform)) => {
            let named = platform.mcp.operations().into_iter().map(|operation| (operation, Confidence::High));
            let mcp = &platform.mcp;
            (
                Evidence::new(named, category),
                mcp.operations_complete && !mcp.opaque && status != Status::Unknown,
            )
        }
        (None, None) => (Evidence::new([], None), false),
    };
    let Some(Category { core, extended, .. }) = category else { return Vec::new() };
    let one = |operation: &Operation, is_core: bool| {
        let mut standing = evidence.standing(operation, is_whole);
        if standing == Standing::Missing
            && let Some(tool) = live.and_then(|live| live.inspection.uncertain_tool_about(&operation.object))
        {
            standing = Standing::Unknown {
                reason: format!("tool `{tool}` may offer it and could not be read for sure"),
            };
        }
        if live.is_none() && status == Status::NoneFound {
            standing = Standing::Missing;
        }
        let (tools, effect) =
            live.map(|live| tools_for(operation, &standing, &live.inspection.mapped)).unwrap_or_default();
        OperationAudit { operation: operation.clone(), is_core, standing, effect, tools, gap: None }
    };
    core.iter()
        .map(|core| one(core, true))
        .chain(extended.iter().map(|extended| one(extended, false)))
        .collect()
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
    if matches!(status, Status::NoneFound) {
        told.push(format!(
            "the catalog says that no server was found (as of {}), and here is one",
            platform.mcp.as_of
        ));
    }
    let community = platform.mcp.operations_basis == Some(OperationsBasis::CapturedCommunityList);
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
    if !community && live.inspection.is_whole && !absent.is_empty() {
        let shown: Vec<&str> = absent.iter().take(6).map(String::as_str).collect();
        told.push(format!(
            "{} operation(s) that the catalog names are not in this list, among them {}: scopes, flags or versions may differ",
            absent.len(),
            shown.join(", ")
        ));
    }
    told
}
