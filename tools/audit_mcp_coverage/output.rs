//! The result as callers see it.

use super::{
    Audited as Measured, Page,
    found::FoundOut,
    gaps::{self, Cells, GapOut, Line, Way},
    gaps_of,
    graded::{self, ServerOut, ToolOut},
    servers::Failure,
    stack::Reading,
};
use crate::{
    Context, ToolError,
    page::{Window, fitting},
    wire,
};
use revarch_domain::coverage::{
    audit::{Audited, Constraint, Counts, LiveServer, OperationAudit, PlatformAudit, Summary},
    catalog::{Caution, FactChange, Mcp, Package, Platform, Source, Status},
    decision::{Action, Decision, PUBLISHED_BUY_SHARE},
    evidence::Standing,
    matrix::Cell,
    taxonomy::{Category, Operation},
};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// What the lists of a concise result may take.
const GAPS: usize = 1_300;
const LINES: usize = 900;
const SERVERS: usize = 1_600;
const FINDINGS: usize = 1_500;
const FOUND: usize = 600;
const UNRESOLVED: usize = 500;
const FAILURES: usize = 600;
const PROBLEMS: usize = 300;

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
    /// The matrix of platforms and operations, counted by how its cells stand.
    pub matrix: Cells,
    /// The matrix by operation, for the operations that workflows ask for: who is known to offer each, the scarcest
    /// first. The platforms below hold it by platform.
    pub workflow_operations: Vec<Line>,
    /// What agents cannot do, or what nobody knows, by platform; what blocks most workflows comes first.
    pub gaps: Vec<GapOut>,
    /// Gaps there are.
    pub gaps_total: usize,
    /// What each way of closing a gap takes.
    pub ways: Vec<Way>,
    /// The servers whose tools were seen, with their grades.
    pub servers: Vec<ServerOut>,
    /// Servers seen.
    pub servers_total: usize,
    /// Tokens that the tools of all servers seen take together.
    pub context_tokens: usize,
    /// Every tool of these servers; in a detailed result only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<ToolOut>,
    /// The platforms of this page.
    pub platforms: Vec<PlatformCoverage>,
    /// Servers that stand in the configuration files of MCP clients. None was started unless `inspect` names it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub found_servers: Vec<FoundOut>,
    /// What could not be read of these files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub client_file_problems: Vec<String>,
    /// Names that no platform of the catalog was found for. They count as unknown.
    pub unresolved: Vec<Unresolved>,
    /// Servers that were asked and did not list their tools.
    pub inspect_failures: Vec<InspectFailure>,
    /// What was found wrong in the whole stack, the gravest first.
    pub findings: Vec<wire::Finding>,
    /// Findings there are.
    pub findings_total: usize,
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
    /// A published source names it, or what it names implies it.
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

pub(super) fn wire(measured: Measured, context: &Context, page: &Page) -> Result<Output, ToolError> {
    let (gaps, demands) = gaps_of(&measured.audit, context);
    let Measured { stack, files, audit, grades, compared, rule_findings } = measured;
    let Page { from, most, detailed } = *page;
    let mut decisions: BTreeMap<Action, u64> = BTreeMap::new();
    for platform in &audit.platforms {
        *decisions.entry(platform.decision.action).or_default() += 1;
    }
    let platform_count = audit.platforms.len();
    let name_of =
        |at: usize| audit.platforms.get(at).map(|platform| platform.audited.name.clone()).unwrap_or_default();
    let graded = || stack.held.iter().zip(&grades.servers);
    let servers: Vec<ServerOut> = graded()
        .zip(compared)
        .map(|((held, grade), compared)| {
            graded::server(held, name_of(held.at), grade, &rule_findings, compared, detailed)
        })
        .collect();
    let tools: Vec<ToolOut> = if detailed {
        graded().flat_map(|(held, grade)| graded::tools(held, grade)).collect()
    } else {
        Vec::new()
    };
    let (gaps_total, findings_total, servers_total) = (gaps.len(), audit.findings.len(), servers.len());
    let mut output = Output {
        platform_count,
        measures: audit
            .summaries
            .iter()
            .filter_map(|summary| summary.measure)
            .map(wire::Measure::of)
            .collect(),
        shares: audit.summaries.iter().map(share).collect(),
        build_share: gaps::build_share(&decisions, platform_count),
        decisions: decisions
            .into_iter()
            .map(|(action, platforms)| DecisionCount { action: action.name().to_owned(), platforms })
            .collect(),
        // Rounded, since one less four fifths is not a fifth in binary.
        published_build_share: ((1.0 - PUBLISHED_BUY_SHARE) * 100.0).round() / 100.0,
        binding_constraint: audit.constraint.clone().map(|constraint| {
            let Constraint { platform, what, core_operations, next_step } = constraint;
            BindingConstraint { platform, what, core_operations, next_step }
        }),
        matrix: gaps::cells(&audit),
        workflow_operations: gaps::lines(&audit, &demands, detailed),
        ways: gaps::ways(&gaps),
        gaps: gaps.into_iter().map(|gap| gaps::gap(gap, detailed)).collect(),
        gaps_total,
        servers,
        servers_total,
        context_tokens: grades.context_tokens,
        tools,
        platforms: Vec::new(),
        found_servers: files.found.iter().map(super::found::Found::out).collect(),
        client_file_problems: files.problems.iter().map(|problem| wire::one_line(problem, 240)).collect(),
        unresolved: stack
            .readings
            .iter()
            .filter(|reading| reading.ground.is_none())
            .map(unresolved)
            .collect(),
        inspect_failures: stack.failures.into_iter().map(inspect_failure).collect(),
        findings: audit.findings.into_iter().map(finding(detailed)).collect(),
        findings_total,
        next_cursor: None,
    };
    let held: Vec<(usize, String)> =
        stack.held.iter().map(|held| (held.at, wire::one_line(&held.server, 80))).collect();
    let platforms: Vec<PlatformCoverage> = audit
        .platforms
        .into_iter()
        .enumerate()
        .map(|(at, audit)| {
            let reading = stack.readings.iter().find(|reading| reading.at == at);
            let servers = held.iter().filter(|(other, _)| *other == at).map(|(_, name)| name.clone());
            coverage(audit, reading, servers.collect(), detailed)
        })
        .collect();
    if detailed {
        output.page_all(platforms, from, most)?;
    } else {
        output.page_platforms(platforms, from, most)?;
    }
    Ok(output)
}

impl Output {
    /// The concise form: each list as far as it may reach, and a page of platforms.
    fn page_platforms(
        &mut self,
        platforms: Vec<PlatformCoverage>,
        from: usize,
        most: usize,
    ) -> Result<(), ToolError> {
        self.cut();
        let mut window = Window::beside(self, from, most);
        self.platforms = window.of(platforms);
        window.check("platforms")?;
        self.next_cursor = window.next();
        Ok(())
    }

    fn cut(&mut self) {
        fn cut<T: Serialize>(list: &mut Vec<T>, budget: usize) {
            *list = fitting(std::mem::take(list), budget);
        }
        cut(&mut self.workflow_operations, LINES);
        cut(&mut self.gaps, GAPS);
        cut(&mut self.servers, SERVERS);
        cut(&mut self.findings, FINDINGS);
        cut(&mut self.found_servers, FOUND);
        cut(&mut self.unresolved, UNRESOLVED);
        cut(&mut self.inspect_failures, FAILURES);
        cut(&mut self.client_file_problems, PROBLEMS);
    }

    /// The detailed form: all lists, one after the other, in pages.
    fn page_all(
        &mut self,
        platforms: Vec<PlatformCoverage>,
        from: usize,
        most: usize,
    ) -> Result<(), ToolError> {
        let lists = (
            std::mem::take(&mut self.servers),
            std::mem::take(&mut self.gaps),
            std::mem::take(&mut self.workflow_operations),
            std::mem::take(&mut self.findings),
            std::mem::take(&mut self.found_servers),
            std::mem::take(&mut self.tools),
            std::mem::take(&mut self.unresolved),
        );
        let mut window = Window::beside(self, from, most);
        self.servers = window.of(lists.0);
        self.platforms = window.of(platforms);
        self.gaps = window.of(lists.1);
        self.workflow_operations = window.of(lists.2);
        self.findings = window.of(lists.3);
        self.found_servers = window.of(lists.4);
        self.tools = window.of(lists.5);
        self.unresolved = window.of(lists.6);
        window.check("entries")?;
        self.next_cursor = window.next();
        Ok(())
    }
}

fn finding(detailed: bool) -> impl Fn(revarch_domain::finding::Finding) -> wire::Finding {
    move |finding| {
        let mut told = if detailed { wire::Finding::of(finding) } else { wire::Finding::brief(finding) };
        told.what_found = wire::one_line(&told.what_found, 400);
        told
    }
}

fn inspect_failure(failure: Failure) -> InspectFailure {
    let Failure { server, error, hint } = failure;
    InspectFailure { server, error: wire::one_line(&error, 400), hint }
}

fn share(summary: &Summary) -> Share {
    let Summary { measure: _, id, hits, known, unknown } = *summary;
    Share { measure: id.name().to_owned(), hits, known, unknown }
}

fn unresolved(reading: &Reading) -> Unresolved {
    let Reading { asked, at: _, ground: _, candidates } = reading;
    let hint = if candidates.is_empty() {
        "no platform of the catalog resembles it: paste its server's tools/list, or give the product's full name"
    } else {
        "if one of these is meant, give its name; otherwise paste the server's tools/list"
    };
    Unresolved { asked: wire::one_line(asked, 80), candidates: candidates.clone(), hint: hint.to_owned() }
}

fn coverage(
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
        state,
        standing: name,
        reason,
        effect: effect.map(|effect| effect.name().to_owned()),
        tools,
        gap_decision: gap.map(|(action, _)| action.name().to_owned()),
    }
}
