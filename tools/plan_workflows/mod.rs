//! Which agentic workflows can be deployed now, and what unblocks the rest?

mod given;
mod known;
mod output;
mod own;
mod text;

#[cfg(test)]
mod tests;

pub use output::Output;

use crate::{
    Answer, Context, Tool, ToolError, Toolset, audit_mcp_coverage::PastedList, page, wire::ResponseFormat,
};
use given::GivenResult;
use known::Known;
use own::OwnWorkflow;
use revarch_domain::workflow::{Plan, Workflow, plan};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use known::{ACCESS, DATA};
pub(crate) use text::section;

/// The tool.
pub struct PlanWorkflows;

/// Arguments of `plan_workflows`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Input {
    /// The platforms of the stack, named as people name them, such as "Salesforce". They are audited now.
    pub platforms: Vec<String>,
    /// `tools/list` answers of servers in the stack; they outrank the catalog.
    pub tools_lists: Vec<PastedList>,
    /// Names of MCP servers that the operator allowed, such as "crm", to ask for their tools now. No tool is called.
    pub inspect: Vec<String>,
    /// Whether `platforms` names the whole stack. If so, a kind of platform that is not in it is missing; if not, it
    /// is unknown. Default false.
    pub whole_stack: bool,
    /// Workflows of your own, judged beside those that ship.
    pub workflows: Vec<OwnWorkflow>,
    /// Only these workflows, by id, such as `inbound_research`. Default all.
    pub only: Vec<String>,
    /// Results obtained elsewhere; each takes the place of what is measured or stored.
    pub results: Vec<GivenResult>,
    /// The stored review to take results from that are not measured now: its id. Default the newest, of any subject.
    pub review_id: Option<String>,
    /// `concise` (default) tells what blocks and what to do; `detailed` every need, guardrail and action, in pages.
    pub response_format: ResponseFormat,
    /// Where to go on: the `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl Tool for PlanWorkflows {
    const NAME: &'static str = "plan_workflows";
    const TITLE: &'static str = "Plan agentic workflows";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Assess;
    // It audits as audit_mcp_coverage does, and so keeps the fingerprints of the tools it sees.
    const READ_ONLY: bool = false;
    const OPEN_WORLD: bool = true;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, context: &Context) -> Result<Answer<Output>, ToolError> {
        let from = page::position(input.cursor.as_deref())?;
        let detailed = input.response_format == ResponseFormat::Detailed;
        let workflows = workflows(&input, context)?;
        let mut known = Known::find(&input, &workflows, context).await?;
        given::apply(&input.results, &workflows, &mut known)?;
        let plan = plan(&workflows, known.data.as_ref(), known.access.as_ref());
        let text = text::tell(&plan, &known);
        Ok(Answer { structured: output::wire(plan, known, detailed, from)?, text })
    }
}

/// The workflows that are judged: the operator's and those handed in, or those named of them.
fn workflows(input: &Input, context: &Context) -> Result<Vec<Workflow>, ToolError> {
    const MOST: usize = 50;
    let mut all: Vec<Workflow> = context.workflows.to_vec();
    all.extend(own::read(&input.workflows, &all)?);
    if all.len() > MOST {
        let message = format!("{} workflows are given, and at most {MOST} are planned at once", all.len());
        return Err(ToolError::input(message).hint("plan them in parts"));
    }
    if input.only.is_empty() {
        return Ok(all);
    }
    for id in &input.only {
        if !all.iter().any(|workflow| workflow.id == *id) {
            let known: Vec<&str> = all.iter().map(|workflow| workflow.id.as_str()).collect();
            let mut error = ToolError::input(format!("there is no workflow `{id}`"));
            if let Some(near) = revarch_domain::nearest::nearest(id, known.iter().copied()).first() {
                error = error.hint(format!("did you mean `{near}`?"));
            }
            return Err(error.hint(format!("workflows are: {}", known.join(", "))));
        }
    }
    all.retain(|workflow| input.only.contains(&workflow.id));
    Ok(all)
}

/// The plan of a review, from what it measured.
pub(crate) fn of_review(
    workflows: &[Workflow],
    data: Option<&revarch_domain::workflow::DataState>,
    access: Option<&revarch_domain::workflow::Access>,
) -> Plan {
    plan(workflows, data, access)
}
