//! What can agents reach and do in this stack, how well and how safely?

mod output;
mod stack;
mod text;

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod tests;

pub use output::Output;

use crate::{Answer, Context, Tool, ToolError, Toolset, wire::ResponseFormat};
use futures::future::join_all;
use revarch_domain::coverage::audit;
use revarch_remote::{RemoteError, Servers};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::time::Duration;

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
    /// Names of MCP servers in the operator's configuration to ask for their tools now. No tool is called.
    #[serde(default)]
    pub inspect: Vec<String>,
    /// `detailed` adds every operation, every source and, for servers seen, every tool with its fingerprint.
    #[serde(default)]
    pub response_format: ResponseFormat,
    /// Platforms per page: 20 unless given, 5 when detailed. Measures and decisions always count the whole
    /// stack.
    #[schemars(range(min = 1, max = 50))]
    pub limit: Option<usize>,
    /// The `next_cursor` of the page before, with the same arguments otherwise.
    pub cursor: Option<String>,
}

/// A server's answer to `tools/list`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PastedList {
    /// The platform it belongs to.
    pub platform: String,
    /// The answer: `{"tools": [...]}` or the whole JSON-RPC response. A bare array, or text that holds any of
    /// these, is taken as well.
    #[schemars(with = "Map<String, Value>")]
    pub tools_list: Value,
}

/// How long a server may take to list its tools.
const TIME_TO_LIST: Duration = Duration::from_secs(30);

impl Tool for AuditMcpCoverage {
    const NAME: &'static str = "audit_mcp_coverage";
    const TITLE: &'static str = "Audit MCP coverage";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Assess;
    const OPEN_WORLD: bool = true;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, context: &Context) -> Result<Answer<Output>, ToolError> {
        let inspected = inspect(&input.inspect, &context.servers, context).await?;
        answer(input, inspected)
    }
}

/// A server of the configuration, and the tools it listed or why it did not.
struct Inspected {
    server: String,
    platform: String,
    listed: Result<Vec<Value>, RemoteError>,
}

async fn inspect(
    names: &[String],
    servers: &Servers,
    context: &Context,
) -> Result<Vec<Inspected>, ToolError> {
    for (at, name) in names.iter().enumerate() {
        servers.get(name).map_err(|error| ToolError::input(error.to_string()).hint(error.hint()))?;
        if names[..at].contains(name) {
            return Err(
                ToolError::input(format!("server `{name}` is named twice in `inspect`")).hint("name it once")
            );
        }
    }
    if !names.is_empty() {
        context.run.progress(0, Some(names.len() as u64), "asking servers for their tools");
    }
    let asked = names.iter().map(|name| async move {
        let server = servers.get(name).map_err(|error| ToolError::input(error.to_string()))?;
        let listed = servers.tools_list(name, TIME_TO_LIST).await;
        let platform = server.platform.clone().unwrap_or_else(|| name.clone());
        Ok(Inspected { server: name.clone(), platform, listed })
    });
    join_all(asked).await.into_iter().collect()
}

fn answer(input: Input, inspected: Vec<Inspected>) -> Result<Answer<Output>, ToolError> {
    let Input { platforms, tools_lists, inspect, response_format, limit, cursor } = input;
    if platforms.is_empty() && tools_lists.is_empty() && inspect.is_empty() {
        return Err(ToolError::input("nothing to audit: no platform, list of tools or server is named").hint(
            "name the platforms of the stack, such as {\"platforms\": [\"Salesforce\", \"Marketo\", \"Slack\"]}",
        ));
    }
    within_bounds(&platforms)?;
    let page = page(limit, cursor.as_deref(), response_format)?;
    let stack = stack::assemble(&platforms, &tools_lists, inspected)?;
    let stack::Stack { audited, readings, failures } = stack;
    if page.from >= audited.len() && !audited.is_empty() {
        return Err(ToolError::input(format!(
            "cursor `{}` is past the last of {} platforms",
            page.from,
            audited.len()
        ))
        .hint("leave `cursor` out to begin again"));
    }
    let audit = audit::audit(audited);
    let structured = output::wire(audit, &readings, failures, &page, response_format);
    let text = text::tell(&structured);
    Ok(Answer { structured, text })
}

/// Refuses what no stack is: the result names every platform, and has to stay readable.
fn within_bounds(platforms: &[String]) -> Result<(), ToolError> {
    const MOST: usize = 300;
    const LONGEST: usize = 120;
    if platforms.len() > MOST {
        let message =
            format!("{} platforms are named, and at most {MOST} are audited at once", platforms.len());
        return Err(ToolError::input(message).hint("audit the stack in parts, the core platforms first"));
    }
    if let Some(name) = platforms.iter().find(|name| name.chars().count() > LONGEST) {
        let start: String = name.chars().take(40).collect();
        return Err(ToolError::input(format!(
            "a platform's name is longer than {LONGEST} characters: `{start}...`"
        ))
        .hint("name each platform in an entry of its own"));
    }
    Ok(())
}

/// A stack audited for a review, and the names in it that the catalog does not know.
pub(crate) struct Survey {
    pub(crate) audit: audit::StackAudit,
    pub(crate) unresolved: Vec<String>,
}

/// Audits a stack from names and pasted lists alone.
pub(crate) fn survey(platforms: &[String], tools_lists: &[PastedList]) -> Result<Survey, ToolError> {
    within_bounds(platforms)?;
    let stack = stack::assemble(platforms, tools_lists, Vec::new())?;
    let unknown = stack.readings.iter().filter(|reading| reading.ground.is_none());
    let unresolved = unknown.map(|reading| reading.asked.clone()).collect();
    Ok(Survey { audit: audit::audit(stack.audited), unresolved })
}

/// A stretch of the stack.
#[derive(Clone, Copy, Debug)]
struct Page {
    from: usize,
    size: usize,
}

fn page(limit: Option<usize>, cursor: Option<&str>, format: ResponseFormat) -> Result<Page, ToolError> {
    let usual = match format {
        ResponseFormat::Concise => 20,
        ResponseFormat::Detailed => 5,
    };
    let size = limit.unwrap_or(usual);
    if !(1..=50).contains(&size) {
        return Err(ToolError::input(format!("limit is {size}")).hint("it runs from 1 to 50"));
    }
    let from = match cursor {
        None => 0,
        Some(cursor) => cursor.parse().map_err(|_| {
            ToolError::input(format!("`{cursor}` is no cursor of this tool"))
                .hint("hand back `next_cursor` as it came, or leave `cursor` out to begin again")
        })?,
    };
    Ok(Page { from, size })
}
