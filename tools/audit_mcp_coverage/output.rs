//! The result as callers see it.

use super::{
    Audited as Measured, Page,
    found::FoundOut,
    gaps::{self, Cells, GapOut, Line, Way},
    gaps_of,
    graded::{self, ServerOut, ToolOut},
    platforms::{PlatformCoverage, coverage},
    servers::Failure,
    stack::Reading,
};
use crate::{
    Context, ToolError,
    page::{Window, fitting},
    wire,
};
use revarch_domain::coverage::{
    audit::{Constraint, Summary},
    decision::{Action, PUBLISHED_BUY_SHARE},
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
