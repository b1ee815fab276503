//! One platform as callers see it: what is published, how its operations stand, what to do.

use super::stack::Reading;
use crate::wire;
use revarch_domain::coverage::{
    audit::{Audited, Counts, LiveServer, OperationAudit, PlatformAudit},
    catalog::{Caution, FactChange, Mcp, Package, Platform, Source, Status},
    decision::Decision,
    evidence::Standing,
    matrix::Cell,
    taxonomy::{Category, Operation},
};
use schemars::JsonSchema;
use serde::Serialize;

/// One platform.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlatformCoverage {
    /// Its name.
    pub name: String,
    /// Its key in the catalog; absent for a system the catalog does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// How the name given was taken for it, where it was not its own name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_from: Option<ReadFrom>,
    /// Its category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// What is published: `official_ga` (run by the vendor, no beta label seen), `official_beta`, `community`
    /// (others' only), `none_found` (somebody looked) or `unknown` (nobody is known to have).
    pub status: String,
    /// What the status rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_basis: Option<String>,
    /// The newest day a source speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// The sources; a concise result shows the newest.
    pub sources: Vec<SourceOut>,
    /// How to connect, as far as published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connect: Option<Connect>,
    /// Whether some MCP server reaches it; absent when unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reachable: Option<bool>,
    /// What the operations rest on: a live list, or the catalog's words for its ground.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operations_basis: Option<String>,
    /// Its core operations, by how they stand.
    pub core: CoreOperations,
    /// Each operation in full, core and extended; in a detailed result only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operations: Option<Vec<OperationOut>>,
    /// What to do: `use_native`, `use_community_with_review`, `wrap_api`, `route_through_ipaas`, `replace` or
    /// `find_out`.
    pub decision: String,
    /// Why.
    pub reasons: Vec<String>,
    /// The cheapest evidence that would settle what is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_evidence: Option<String>,
    /// Where the list seen and the catalog contradict each other; the list is believed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disagreements: Vec<String>,
    /// The servers of it that were seen; `servers` tells of each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<String>,
    /// What to know before its facts are relied upon; in a detailed result only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cautions: Vec<String>,
    /// Facts that did not ship with revarch, each with who says so; in a detailed result only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub newer_facts: Vec<String>,
}

/// How a name was read.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReadFrom {
    /// The name as given.
    pub asked: String,
    /// Why it was taken for this platform.
    pub reason: String,
    /// `high`, or `medium` for a misspelling.
    pub confidence: String,
}

/// A source.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SourceOut {
    /// What it is.
    pub kind: String,
    /// Where it is.
    pub reference: String,
    /// The day it speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// True when it says that there is no server.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub negative: bool,
}

/// How to connect.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Connect {
    /// The address, or its template with what differs per customer in braces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// `streamable_http`, `sse`, `stdio`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transport: Vec<String>,
    /// The package that starts it, as registry, name and version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// How a client proves who it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth: Option<String>,
    /// The name in the official MCP registry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registry_name: Option<String>,
}

/// Core operations by how they stand.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct CoreOperations {
    /// Core operations of the category; none for a system the catalog does not know.
    pub total: u64,
    /// A list of tools shows it, or what it shows implies it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub verified_live: Vec<String>,
    /// A published source names it, or what it names implies it; or a tool's words make it likely.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claimed: Vec<String>,
    /// Not in a list known to be whole, or no server was found by somebody who looked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<String>,
    /// Not to be told; neither there nor absent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
    /// How many of those verified or claimed only follow from what is named.
    pub implied: u64,
}

/// One operation.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OperationOut {
    /// The operation, as object and verb.
    pub operation: String,
    /// Whether it is core to the category.
    pub core: bool,
    /// Its cell of the matrix: `verified_live`, `claimed`, `absent` or `unknown`.
    pub state: String,
    /// `evidenced` (named), `implied` (follows from what is named), `missing` or `unknown`.
    pub standing: String,
    /// Why, where it is implied or unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it does to the world: `read`, `write`, `destructive`, `send`, `spend`, `execute`, `admin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<String>,
    /// The tools seen that offer it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<String>,
    /// What to do about it, when it is missing or unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap_decision: Option<String>,
}

pub(super) fn coverage(
    audit: PlatformAudit,
    reading: Option<&Reading>,
    servers: Vec<String>,
    detailed: bool,
) -> PlatformCoverage {
    let core = core(&audit);
    let seen_live = audit.audited.data_server().is_some();
    let PlatformAudit { audited, status, is_reachable, operations, disagreements, decision } = audit;
    let operations_basis = operations_basis(audited.platform, audited.data_server());
    let Audited { name, platform, live: _ } = audited;
    let Decision { action, mut reasons, next_evidence } = decision;
    if !detailed {
        reasons.truncate(2);
    }
    let known = platform.filter(|_| detailed);
    PlatformCoverage {
        read_from: reading.and_then(|reading| read_from(reading, &name)),
        id: platform.map(|platform| platform.id.clone()),
        category: platform.and_then(Platform::category).map(|category: &Category| category.name.clone()),
        status: status.name().to_owned(),
        status_basis: platform.map(|platform| basis(&platform.mcp)),
        as_of: platform.map(|platform| platform.mcp.as_of.to_string()),
        sources: platform.map(|platform| sources(&platform.mcp, detailed)).unwrap_or_default(),
        connect: platform.and_then(|platform| connect(&platform.mcp)),
        reachable: is_reachable,
        operations_basis,
        core,
        operations: detailed
            .then(|| operations.into_iter().map(|audit| operation(audit, seen_live)).collect()),
        decision: action.name().to_owned(),
        reasons,
        next_evidence,
        disagreements,
        servers,
        cautions: known.map(|platform| platform.cautions().iter().map(caution).collect()).unwrap_or_default(),
        newer_facts: known
            .map(|platform| platform.mcp.changes.iter().map(newer).collect())
            .unwrap_or_default(),
        name,
    }
}

fn caution(caution: &Caution) -> String {
    let Caution { kind, words } = caution;
    format!("{}: {words}", kind.name())
}

fn newer(change: &FactChange) -> String {
    let FactChange { platform: _, field, was, now, source } = change;
    let was = was.as_ref().map(|was| format!(", before: {was}")).unwrap_or_default();
    let date = source.date.map(|date| format!(", {date}")).unwrap_or_default();
    wire::one_line(&format!("{field}: {now}{was} ({}{date})", source.reference), 300)
}

fn read_from(reading: &Reading, name: &str) -> Option<ReadFrom> {
    let (reason, confidence) = reading.ground?;
    (reading.asked != name).then(|| ReadFrom {
        asked: reading.asked.clone(),
        reason: reason.to_owned(),
        confidence: confidence.to_owned(),
    })
}

fn basis(mcp: &Mcp) -> String {
    let confirmed = match mcp.ga_confirmed {
        Some(true) => "; general availability is stated",
        Some(false) if mcp.status == Status::OfficialGa => {
            "; general availability is not stated in so many words"
        }
        _ => "",
    };
    format!("{}{confirmed}", mcp.basis.words())
}

fn operations_basis(platform: Option<&Platform>, live: Option<&LiveServer>) -> Option<String> {
    match (live, platform) {
        (Some(live), _) => Some(format!("the {} tools/list", live.ground.name())),
        (None, Some(platform)) => platform.mcp.operations_basis.map(|basis| basis.words().to_owned()),
        (None, None) => None,
    }
}

fn sources(mcp: &Mcp, detailed: bool) -> Vec<SourceOut> {
    let mut sources: Vec<&Source> = mcp.sources.iter().collect();
    sources.sort_by_key(|source| std::cmp::Reverse(source.date));
    let shown = if detailed { sources.len() } else { 1 };
    sources
        .into_iter()
        .take(shown)
        .map(|source| {
            let Source { kind, reference, date, negative } = source;
            SourceOut {
                kind: kind.words().to_owned(),
                reference: reference.clone(),
                date: date.map(|date| date.to_string()),
                negative: *negative,
            }
        })
        .collect()
}

fn connect(mcp: &Mcp) -> Option<Connect> {
    let package = mcp.package.as_ref().map(|package| {
        let Package { registry, name, version } = package;
        let version = version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
        format!("{registry} {name}{version}")
    });
    let connect = Connect {
        endpoint: mcp.endpoint.clone().or_else(|| mcp.endpoint_template.clone()),
        transport: mcp.transport.iter().map(|transport| transport.name().to_owned()).collect(),
        package,
        auth: mcp.auth.clone(),
        registry_name: mcp.registry_name.clone(),
    };
    let is_empty = connect.endpoint.is_none() && connect.package.is_none() && connect.transport.is_empty();
    (!is_empty).then_some(connect)
}

fn core(audit: &PlatformAudit) -> CoreOperations {
    let seen_live = audit.audited.data_server().is_some();
    let mut core = CoreOperations { total: Counts::total(audit.core()), ..CoreOperations::default() };
    for OperationAudit { operation, standing, .. } in
        audit.operations.iter().filter(|operation| operation.is_core)
    {
        core.implied += u64::from(matches!(standing, Standing::Implied { .. }));
        let names = match Cell::of(standing, seen_live) {
            Cell::VerifiedLive => &mut core.verified_live,
            Cell::Claimed => &mut core.claimed,
            Cell::Absent => &mut core.absent,
            Cell::Unknown => &mut core.unknown,
        };
        names.push(operation.to_string());
    }
    core
}

fn operation(audit: OperationAudit, seen_live: bool) -> OperationOut {
    let OperationAudit { operation, is_core, standing, effect, tools, gap } = audit;
    let name = standing.name().to_owned();
    let state = Cell::of(&standing, seen_live).name().to_owned();
    let reason = match standing {
        Standing::Implied { from, reason, is_sure: _ } => {
            let from: Vec<String> = from.iter().map(Operation::to_string).collect();
            Some(format!("{}: {reason}", from.join(" and ")))
        }
        Standing::Unknown { reason } => Some(reason),
        Standing::Missing => gap.as_ref().map(|(_, reason)| reason.clone()),
        Standing::Evidenced => None,
    };
    OperationOut {
        operation: operation.to_string(),
        core: is_core,
        state,
        standing: name,
        reason,
        effect: effect.map(|effect| effect.name().to_owned()),
        tools,
        gap_decision: gap.map(|(action, _)| action.name().to_owned()),
    }
}
