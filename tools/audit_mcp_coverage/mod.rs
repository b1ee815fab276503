//! What can agents reach and do in this stack, how well and how safely?

mod compared;
mod found;
mod gaps;
mod graded;
mod output;
mod platforms;
mod servers;
mod stack;
mod text;

#[cfg(test)]
mod captured;
#[cfg(test)]
mod tests;

pub use output::Output;

use crate::{Answer, Context, Tool, ToolError, Toolset, page, tokens, wire::ResponseFormat};
use compared::Compared;
use found::ClientFiles;
use revarch_domain::{
    coverage::{
        audit::{self, Ground, StackAudit},
        gap,
        grade::{Grades, RuleFinding, grade},
    },
    finding::Severity,
    provenance::Provenance,
    workflow,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use stack::Stack;

/// The tool.
pub struct AuditMcpCoverage;

/// The stack and what is known of its servers.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The platforms of the stack, named as people name them: "SFDC", "Marketo Engage", "GA4".
    #[serde(default)]
    pub platforms: Vec<String>,
    /// Lists of tools that servers of the stack returned. They outrank the catalog. A platform named here
    /// need not be repeated under `platforms`, and may be one of your own that no catalog knows.
    #[serde(default)]
    pub tools_lists: Vec<PastedList>,
    /// Names of MCP servers that the operator allowed, such as "crm", to ask for their tools now. No tool is called.
    #[serde(default)]
    pub inspect: Vec<String>,
    /// `detailed` gives every operation, source, tool, gap and finding, in pages.
    #[serde(default)]
    pub response_format: ResponseFormat,
    /// Platforms on a page, 20 unless given; in the detailed form entries of any kind, as many as fit unless given.
    #[schemars(range(min = 1, max = 50))]
    pub limit: Option<usize>,
    /// The `next_cursor` of the page before, with the same arguments otherwise.
    pub cursor: Option<String>,
}

/// A server's answer to `tools/list`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PastedList {
    /// The platform it belongs to, such as "HubSpot".
    pub platform: String,
    /// The answer: `{"tools": [...]}` or the whole JSON-RPC response. A bare array, or text that holds any of
    /// these, is taken as well.
    #[schemars(with = "Map<String, Value>")]
    pub tools_list: Value,
    /// The name the server goes by in the client, such as "hubspot"; clients put it before each tool's name.
    pub server: Option<String>,
    /// What the server tells models about itself: the `instructions` of its answer to `initialize`.
    pub instructions: Option<String>,
    /// The scopes that its credentials carry, such as "crm.objects.contacts.read".
    #[serde(default)]
    pub scopes: Vec<String>,
}

impl Tool for AuditMcpCoverage {
    const NAME: &'static str = "audit_mcp_coverage";
    const TITLE: &'static str = "Audit MCP coverage";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Assess;
    const LONG: bool = true;
    // Fingerprints of the tools seen are kept in revarch's own store, so that the next audit tells what changed.
    const READ_ONLY: bool = false;
    const OPEN_WORLD: bool = true;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, context: &Context) -> Result<Answer<Output>, ToolError> {
        let Input { platforms, tools_lists, inspect, response_format, limit, cursor } = input;
        let detailed = response_format == ResponseFormat::Detailed;
        let page =
            Page { from: page::position(cursor.as_deref())?, most: limit_of(limit, detailed)?, detailed };
        let files = found::read(context);
        let is_empty = platforms.is_empty() && tools_lists.is_empty() && inspect.is_empty();
        if is_empty && files.found.is_empty() && files.problems.is_empty() {
            return Err(ToolError::input(
                "nothing to audit: no platform, list of tools or server is named",
            )
            .hint(
                "name the platforms of the stack, such as {\"platforms\": [\"Salesforce\", \"Marketo\", \"Slack\"]}",
            ));
        }
        let audited = measure(&platforms, &tools_lists, &inspect, files, true, context).await?;
        let structured = output::wire(audited, context, &page)?;
        let text = text::tell(&structured);
        Ok(Answer { structured, text })
    }
}

/// Everything that an audit found.
struct Audited {
    stack: Stack,
    files: ClientFiles,
    audit: StackAudit,
    grades: Grades,
    /// What became of each server held, in their order; empty where nothing was to be remembered.
    compared: Vec<Compared>,
    /// What the rules found, in the servers and in client files, the gravest first.
    rule_findings: Vec<RuleFinding>,
}

/// Audits; where it `remembers`, also compares each server's tools with the last audit's and keeps them for the next.
async fn measure(
    platforms: &[String],
    tools_lists: &[PastedList],
    inspect: &[String],
    files: ClientFiles,
    remembers: bool,
    context: &Context,
) -> Result<Audited, ToolError> {
    within_bounds(platforms, tools_lists)?;
    let inspected = servers::inspect(inspect, &files.found, context).await?;
    let mut stack = stack::assemble(platforms, tools_lists, inspected, &context.platforms)?;
    let mut audit = audit::audit(std::mem::take(&mut stack.audited));
    let served: Vec<_> = stack.held.iter().map(servers::Held::served).collect();
    let grades = grade(&served, &tokens::count);
    let mut rule_findings = grades.findings.clone();
    let mut compared = Vec::new();
    for held in stack.held.iter().filter(|_| remembers) {
        let key = audit.platforms.get(held.at).map_or("", |platform| platform.key());
        let (told, changes) = compared::compare(held, key, context).await?;
        compared.push(told);
        rule_findings.extend(changes);
    }
    for found in &files.found {
        if !stack.held.iter().any(|held| held.ground == Ground::Inspected && found.is_server(&held.server)) {
            rule_findings.extend(found.unasked());
        }
        rule_findings.extend(found.secrets());
    }
    // The rules tell what is suspicious in full, so the short form of it goes.
    audit.findings.retain(|finding| !finding.id.starts_with("mcp.security."));
    let told = rule_findings.iter().map(|finding| finding.told(provenance(finding, &stack)));
    audit.findings.extend(told);
    audit.findings.sort_by(|a, b| a.severity.cmp(&b.severity).then_with(|| rank(&a.id).cmp(&rank(&b.id))));
    Ok(Audited { stack, files, audit, grades, compared, rule_findings })
}

/// Of findings equally grave, what is unsafe comes before what is missing, and that before what is unhandy.
fn rank(id: &str) -> (u8, &str) {
    let first = match id {
        id if id.starts_with("mcp.security.") => 0,
        id if ["mcp.quality.", "mcp.protocol.", "mcp.cost.", "mcp.limits."]
            .iter()
            .any(|kind| id.starts_with(kind)) =>
        {
            2
        }
        _ => 1,
    };
    (first, id)
}

/// Whether revarch saw it itself, or somebody handed the list in.
fn provenance(finding: &RuleFinding, stack: &Stack) -> Provenance {
    let pasted = stack.held.iter().filter(|held| held.ground == Ground::Pasted);
    let mut pasted = pasted.map(|held| held.server.as_str());
    let is_pasted = pasted.any(|server| finding.server.split(", ").any(|name| name == server));
    if is_pasted { Provenance::Attested } else { Provenance::Measured }
}

/// Refuses what no stack is: the result names every platform, and has to stay readable.
fn within_bounds(platforms: &[String], tools_lists: &[PastedList]) -> Result<(), ToolError> {
    const MOST: usize = 300;
    const MOST_LISTS: usize = 50;
    const LONGEST: usize = 120;
    if platforms.len() > MOST {
        let message =
            format!("{} platforms are named, and at most {MOST} are audited at once", platforms.len());
        return Err(ToolError::input(message).hint("audit the stack in parts, the core platforms first"));
    }
    if tools_lists.len() > MOST_LISTS {
        let message = format!(
            "{} lists of tools are given, and at most {MOST_LISTS} are read at once",
            tools_lists.len()
        );
        return Err(
            ToolError::input(message).hint("audit them in parts; one agent seldom holds as many servers")
        );
    }
    let names = platforms.iter().chain(tools_lists.iter().map(|list| &list.platform));
    let mut names = names.chain(tools_lists.iter().filter_map(|list| list.server.as_ref()));
    if let Some(name) = names.find(|name| name.chars().count() > LONGEST) {
        let start: String = name.chars().take(40).collect();
        return Err(ToolError::input(format!(
            "a platform's name is longer than {LONGEST} characters: `{start}...`"
        ))
        .hint("name each platform in an entry of its own"));
    }
    Ok(())
}

/// A stack audited for another tool, and the names in it that the catalog does not know.
pub(crate) struct Survey {
    pub(crate) audit: StackAudit,
    pub(crate) unresolved: Vec<String>,
    pub(crate) failures: Vec<String>,
}

/// Audits a stack. Of what the rules find, only what hinders agents is among the findings.
pub(crate) async fn survey(
    platforms: &[String],
    tools_lists: &[PastedList],
    inspect: &[String],
    context: &Context,
) -> Result<Survey, ToolError> {
    let files = if inspect.is_empty() { ClientFiles::default() } else { found::read(context) };
    // A change is told by an audit; what another tool saw must not make it look old.
    let measured = measure(platforms, tools_lists, inspect, files, false, context);
    let Audited { stack, mut audit, .. } = measured.await?;
    audit.findings.retain(|finding| finding.severity <= Severity::Major || rank(&finding.id).0 == 1);
    let unknown = stack.readings.iter().filter(|reading| reading.ground.is_none());
    let unresolved = unknown.map(|reading| reading.asked.clone()).collect();
    let failures =
        stack.failures.iter().map(|failure| format!("{}; {}", failure.error, failure.hint)).collect();
    Ok(Survey { audit, unresolved, failures })
}

/// A stretch of the result.
#[derive(Clone, Copy, Debug)]
struct Page {
    from: usize,
    most: usize,
    detailed: bool,
}

fn limit_of(limit: Option<usize>, detailed: bool) -> Result<usize, ToolError> {
    let most = limit.unwrap_or(if detailed { usize::MAX } else { 20 });
    if limit.is_some_and(|limit| !(1..=50).contains(&limit)) {
        return Err(ToolError::input(format!("limit is {most}")).hint("it runs from 1 to 50"));
    }
    Ok(most)
}

/// The gaps of a stack, ranked by the workflows that they block.
fn gaps_of(audit: &StackAudit, context: &Context) -> (Vec<gap::Gap>, Vec<gap::Demand>) {
    let demands = workflow::demands(&context.workflows);
    (gap::gaps(audit, &demands), demands)
}
