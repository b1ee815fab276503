//! The result as callers see it.

use super::{
    Page,
    stack::{Failure, Reading},
};
use crate::wire::{self, ResponseFormat};
use revarch_domain::{
    coverage::{
        audit::{
            Audited, Constraint, Counts, LiveServer, OperationAudit, PlatformAudit, StackAudit, Summary,
        },
        catalog::{Mcp, Package, Platform, Source, Status},
        decision::{Action, Decision, PUBLISHED_BUY_SHARE},
        evidence::Standing,
        inspection::{Fingerprint, Inspection},
        mapping::{MappedTool, Reading as ToolReading},
        security::Suspicion,
        taxonomy::{Category, Operation},
    },
    finding::Finding,
};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Findings that a concise result shows.
const CONCISE_FINDINGS: usize = 10;
/// Findings that a detailed result shows.
const DETAILED_FINDINGS: usize = 40;
/// Tools of one server that a detailed result shows.
const DETAILED_TOOLS: usize = 40;

/// The coverage of a stack.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Output {
    /// Platforms in the stack, named or not known to the catalog.
    pub platform_count: usize,
    /// The measures, ready to be handed to `assess_maturity` under `evidence`. Their bounds hold every value
    /// that the unknowns leave possible. A measure of which nothing is known is absent.
    pub measures: Vec<wire::Measure>,
    /// What each measure counts, with the unknown beside the known.
    pub shares: Vec<Share>,
    /// How many platforms each decision falls to.
    pub decisions: Vec<DecisionCount>,
    /// The share of the stack that these decisions would have you build yourself.
    pub build_share: f64,
    /// The share to build by the published rule of thumb, four fifths bought and one fifth built.
    pub published_build_share: f64,
    /// What holds the stack back most; absent when every core operation is covered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding_constraint: Option<BindingConstraint>,
    /// The platforms of this page.
    pub platforms: Vec<PlatformCoverage>,
    /// Names that no platform of the catalog was found for. They count as unknown.
    pub unresolved: Vec<Unresolved>,
    /// Servers that were asked and did not list their tools.
    pub inspect_failures: Vec<InspectFailure>,
    /// What was found wrong in the whole stack, the gravest first.
    pub findings: Vec<wire::Finding>,
    /// Findings left out here; a detailed result shows more.
    pub findings_left_out: usize,
    /// Hand this back as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// A count behind a measure.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Share {
    /// The measure: `native_mcp_share` and `any_mcp_share` count platforms, `core_operation_share` counts
    /// core operations, implied ones among the hits.
    pub measure: String,
    /// Those that count for it.
    pub hits: u64,
    /// Those of which something is known: the denominator.
    pub known: u64,
    /// Those of which nothing is known, in neither.
    pub unknown: u64,
}

/// How often a decision was taken.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DecisionCount {
    /// The decision.
    pub action: String,
    /// Platforms it falls to.
    pub platforms: u64,
}

/// What holds the stack back most.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BindingConstraint {
    /// The platform.
    pub platform: String,
    /// What is wrong.
    pub what: String,
    /// Its core operations that an agent cannot rely on.
    pub core_operations: u64,
    /// The next step.
    pub next_step: String,
}

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
    /// What the list seen shows of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<ServerOut>,
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
    /// Named by a list or document.
    pub evidenced: Vec<String>,
    /// Following from what is named.
    pub implied: Vec<String>,
    /// Not in a list known to be whole.
    pub missing: Vec<String>,
    /// Not to be told; neither covered nor missing.
    pub unknown: Vec<String>,
}

/// One operation.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OperationOut {
    /// The operation, as object and verb.
    pub operation: String,
    /// Whether it is core to the category.
    pub core: bool,
    /// `evidenced`, `implied`, `missing` or `unknown`.
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

/// A server seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ServerOut {
    /// `pasted` by the caller or `inspected` by revarch.
    pub ground: String,
    /// Tools listed.
    pub tools: usize,
    /// Tokens the list takes in a model's context: characters of its compact JSON divided by four.
    pub context_tokens: usize,
    /// Share of tools with at least one safety hint; absent when there is no tool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annotated_share: Option<f64>,
    /// Tools that declare the shape of their results.
    pub with_output_schema: usize,
    /// `data`, `documentation` (reaches no records) or `opaque` (every tool takes any call).
    pub class: String,
    /// Whether the list is all there is. If not, what it lacks is unknown rather than missing.
    pub whole: bool,
    /// Tools that take any call and so tell nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub opaque_tools: Vec<String>,
    /// SHA-256 over all tools' definitions. When it changes, a definition did.
    pub fingerprint: String,
    /// Suspicious tools.
    pub suspicions: Vec<SuspicionOut>,
    /// Every tool; in a detailed result only, and no more than 40.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_details: Option<Vec<ToolOut>>,
    /// Tools left out of `tool_details`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tools_left_out: Option<usize>,
}

/// Something suspicious.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SuspicionOut {
    /// `hidden_unicode`, `instruction_to_model`, `understated_effect`, `unmarked_destructive` or
    /// `duplicate_name`.
    pub kind: String,
    /// The tool.
    pub tool: String,
    /// What was seen.
    pub detail: String,
}

/// One tool of a server.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ToolOut {
    /// Its name.
    pub tool: String,
    /// What it was read to offer.
    pub readings: Vec<ReadingOut>,
    /// SHA-256 of its name, description and input schema.
    pub sha256: String,
}

/// One operation read from a tool.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReadingOut {
    /// The operation.
    pub operation: String,
    /// What it does to the world.
    pub effect: String,
    /// `high` counts as evidence, `medium` as implied, `low` for nothing.
    pub confidence: String,
    /// The rules that led to it.
    pub rules: Vec<String>,
}

/// A name without a platform.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Unresolved {
    /// The name.
    pub asked: String,
    /// Platforms that may be meant.
    pub candidates: Vec<String>,
    /// What to do.
    pub hint: String,
}

/// A server that did not list its tools.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct InspectFailure {
    /// Its name in the configuration.
    pub server: String,
    /// What happened.
    pub error: String,
    /// What to do.
    pub hint: String,
}

pub(super) fn wire(
    audit: StackAudit,
    readings: &[Reading],
    failures: Vec<Failure>,
    page: &Page,
    format: ResponseFormat,
) -> Output {
    let StackAudit { platforms, summaries, findings, constraint } = audit;
    let mut decisions: BTreeMap<Action, u64> = BTreeMap::new();
    for platform in &platforms {
        *decisions.entry(platform.decision.action).or_default() += 1;
    }
    let built = decisions.get(&Action::WrapApi).copied().unwrap_or(0);
    let platform_count = platforms.len();
    let end = page.from.saturating_add(page.size);
    let shown = match format {
        ResponseFormat::Concise => CONCISE_FINDINGS,
        ResponseFormat::Detailed => DETAILED_FINDINGS,
    };
    Output {
        platform_count,
        measures: summaries.iter().filter_map(|summary| summary.measure).map(wire::Measure::of).collect(),
        shares: summaries.into_iter().map(share).collect(),
        decisions: decisions
            .into_iter()
            .map(|(action, platforms)| DecisionCount { action: action.name().to_owned(), platforms })
            .collect(),
        build_share: if platform_count == 0 { 0.0 } else { built as f64 / platform_count as f64 },
        // Rounded, since one less four fifths is not a fifth in binary.
        published_build_share: ((1.0 - PUBLISHED_BUY_SHARE) * 100.0).round() / 100.0,
        binding_constraint: constraint.map(|constraint| {
            let Constraint { platform, what, core_operations, next_step } = constraint;
            BindingConstraint { platform, what, core_operations, next_step }
        }),
        unresolved: readings.iter().filter(|reading| reading.ground.is_none()).map(unresolved).collect(),
        inspect_failures: failures
            .into_iter()
            .map(|failure| {
                let Failure { server, error, hint } = failure;
                InspectFailure { server, error, hint }
            })
            .collect(),
        findings_left_out: findings.len().saturating_sub(shown),
        findings: findings
            .into_iter()
            .take(shown)
            .map(|finding: Finding| wire::Finding::of(finding))
            .collect(),
        next_cursor: (end < platform_count).then(|| end.to_string()),
        platforms: platforms
            .into_iter()
            .enumerate()
            .skip(page.from)
            .take(page.size)
            .map(|(at, audit)| coverage(audit, readings.iter().find(|reading| reading.at == at), format))
            .collect(),
    }
}

fn share(summary: Summary) -> Share {
    let Summary { measure: _, id, hits, known, unknown } = summary;
    Share { measure: id.name().to_owned(), hits, known, unknown }
}

fn unresolved(reading: &Reading) -> Unresolved {
    let Reading { asked, at: _, ground: _, candidates } = reading;
    let hint = if candidates.is_empty() {
        "no platform of the catalog resembles it: paste its server's tools/list, or give the product's full name"
    } else {
        "if one of these is meant, give its name; otherwise paste the server's tools/list"
    };
    Unresolved { asked: asked.clone(), candidates: candidates.clone(), hint: hint.to_owned() }
}

fn coverage(audit: PlatformAudit, reading: Option<&Reading>, format: ResponseFormat) -> PlatformCoverage {
    let core = core(&audit);
    let PlatformAudit { audited, status, is_reachable, operations, disagreements, decision } = audit;
    let operations_basis = operations_basis(audited.platform, audited.data_server());
    let Audited { name, platform, live } = audited;
    let Decision { action, mut reasons, next_evidence } = decision;
    if format == ResponseFormat::Concise {
        reasons.truncate(2);
    }
    PlatformCoverage {
        read_from: reading.and_then(|reading| read_from(reading, &name)),
        id: platform.map(|platform| platform.id.clone()),
        category: platform.and_then(Platform::category).map(|category: &Category| category.name.clone()),
        status: status.name().to_owned(),
        status_basis: platform.map(|platform| basis(&platform.mcp)),
        as_of: platform.map(|platform| platform.mcp.as_of.to_string()),
        sources: platform.map(|platform| sources(&platform.mcp, format)).unwrap_or_default(),
        connect: platform.and_then(|platform| connect(&platform.mcp)),
        reachable: is_reachable,
        operations_basis,
        core,
        operations: (format == ResponseFormat::Detailed)
            .then(|| operations.into_iter().map(operation).collect()),
        decision: action.name().to_owned(),
        reasons,
        next_evidence,
        disagreements,
        server: live.map(|live| server(live, format)),
        name,
    }
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

fn sources(mcp: &Mcp, format: ResponseFormat) -> Vec<SourceOut> {
    let mut sources: Vec<&Source> = mcp.sources.iter().collect();
    sources.sort_by_key(|source| std::cmp::Reverse(source.date));
    let shown = match format {
        ResponseFormat::Concise => 1,
        ResponseFormat::Detailed => sources.len(),
    };
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
    let mut core = CoreOperations { total: Counts::total(audit.core()), ..CoreOperations::default() };
    for OperationAudit { operation, standing, .. } in
        audit.operations.iter().filter(|operation| operation.is_core)
    {
        let names = match standing {
            Standing::Evidenced => &mut core.evidenced,
            Standing::Implied { .. } => &mut core.implied,
            Standing::Missing => &mut core.missing,
            Standing::Unknown { .. } => &mut core.unknown,
        };
        names.push(operation.to_string());
    }
    core
}

fn operation(audit: OperationAudit) -> OperationOut {
    let OperationAudit { operation, is_core, standing, effect, tools, gap } = audit;
    let name = standing.name().to_owned();
    let reason = match standing {
        Standing::Implied { from, reason } => {
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
        standing: name,
        reason,
        effect: effect.map(|effect| effect.name().to_owned()),
        tools,
        gap_decision: gap.map(|(action, _)| action.name().to_owned()),
    }
}

fn server(live: LiveServer, format: ResponseFormat) -> ServerOut {
    let LiveServer { ground, inspection } = live;
    let Inspection {
        tools,
        context_tokens,
        annotated,
        with_output_schema,
        class,
        is_whole,
        mapped,
        fingerprints,
        fingerprint,
        suspicions,
        ..
    } = inspection;
    let detailed = format == ResponseFormat::Detailed;
    ServerOut {
        ground: ground.name().to_owned(),
        tools,
        context_tokens,
        annotated_share: (tools > 0).then(|| annotated as f64 / tools as f64),
        with_output_schema,
        class: class.name().to_owned(),
        whole: is_whole,
        opaque_tools: mapped.iter().filter(|tool| tool.opaque).map(|tool| tool.tool.clone()).collect(),
        fingerprint,
        suspicions: suspicions
            .into_iter()
            .take(if detailed { DETAILED_FINDINGS } else { CONCISE_FINDINGS })
            .map(|suspicion| {
                let Suspicion { kind, tool, detail } = suspicion;
                SuspicionOut { kind: kind.name().to_owned(), tool, detail }
            })
            .collect(),
        tools_left_out: (detailed && tools > DETAILED_TOOLS).then(|| tools - DETAILED_TOOLS),
        tool_details: detailed
            .then(|| mapped.into_iter().zip(fingerprints).take(DETAILED_TOOLS).map(tool_detail).collect()),
    }
}

fn tool_detail((mapped, fingerprint): (MappedTool, Fingerprint)) -> ToolOut {
    let MappedTool { tool, readings, opaque: _, verb_alone: _ } = mapped;
    let Fingerprint { tool: _, sha256 } = fingerprint;
    let readings = readings.into_iter().map(|reading| {
        let ToolReading { operation, effect, confidence, rules } = reading;
        ReadingOut {
            operation: operation.to_string(),
            effect: effect.name().to_owned(),
            confidence: confidence.name().to_owned(),
            rules: rules.into_iter().map(|rule| rule.words().to_owned()).collect(),
        }
    });
    ToolOut { tool, readings: readings.collect(), sha256 }
}
