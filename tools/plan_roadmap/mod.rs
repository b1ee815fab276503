//! What do we do in the next 90 days and twelve months, in what order?

mod given;
mod known;
mod output;
mod text;

#[cfg(test)]
mod tests;

pub(crate) use known::SITUATION;
pub use output::Output;

use crate::{
    Answer, Context, ErrorKind, Tool, ToolError, Toolset, assess_maturity::Reply,
    audit_mcp_coverage::PastedList, page, wire::ResponseFormat,
};
use given::{GivenCapacity, GivenItem};
use jiff::{civil::Date, tz::TimeZone};
use known::Known;
use revarch_domain::{
    roadmap::{Asked, Deliverables, RoadmapError, roadmap},
    workflow::plan,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// The months that a plan looks ahead unless another number is given.
const MONTHS: u32 = 12;

/// The tool.
pub struct PlanRoadmap;

/// Arguments of `plan_roadmap`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Input {
    /// A stored review to plan from, by id. Without it the operator's data and what is given here are measured now;
    /// where there is nothing to measure, the newest review is taken.
    pub review: Option<String>,
    /// The platforms of the stack, named as people name them. They are audited now.
    pub platforms: Vec<String>,
    /// `tools/list` answers of servers in the stack; they outrank the catalog.
    pub tools_lists: Vec<PastedList>,
    /// What people said to the questions of `assess_maturity`; they decide the phase in which the plan begins.
    pub answers: Vec<Reply>,
    /// What each owner role can give. A role that is not named is taken to give 10 people-days per month to one item
    /// at a time.
    pub capacity: Vec<GivenCapacity>,
    /// The first day, such as "2027-01-11". Default today.
    pub start: Option<String>,
    /// How many months the plan looks ahead, 12 unless given.
    #[schemars(range(min = 3, max = 36))]
    pub horizon_months: Option<u32>,
    /// Items of your own; one with the id of an item of the plan corrects that item's title, effort and owner.
    pub items: Vec<GivenItem>,
    /// Ids of items that are done. What is measured and still found is said.
    pub done: Vec<String>,
    /// Whether agents are part of the plan. Default true.
    pub ai: Option<bool>,
    /// `concise` (default) or `detailed`, which adds steps and what each finding counted.
    pub response_format: ResponseFormat,
    /// Where to go on: the `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl Tool for PlanRoadmap {
    const NAME: &'static str = "plan_roadmap";
    const TITLE: &'static str = "Plan the roadmap";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Plan;
    // It audits as audit_mcp_coverage does, and so keeps the fingerprints of the tools it sees.
    const READ_ONLY: bool = false;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, context: &Context) -> Result<Answer<Output>, ToolError> {
        let from = page::position(input.cursor.as_deref())?;
        let capacity = given::capacity(&input.capacity)?;
        let own = given::items(&input.items)?;
        let start = start(input.start.as_deref(), context)?;
        let done = input.done.iter().cloned().collect();
        let known = Known::find(&input, context).await?;
        let workflows = input
            .ai
            .unwrap_or(true)
            .then(|| plan(&context.workflows, known.data.as_ref(), known.access.as_ref()));
        let asked = Asked {
            situation: &known.situation,
            workflows: workflows.as_ref(),
            deliverables: Deliverables::shipped(),
            thresholds: &context.readiness.thresholds,
            own: &own,
            done: &done,
            capacity: &capacity,
            start,
            months: input.horizon_months.unwrap_or(MONTHS),
        };
        let plan = roadmap(&asked).map_err(|error| unplanned(&error))?;
        let text = text::tell(&plan, &known);
        let detailed = input.response_format == ResponseFormat::Detailed;
        Ok(Answer { structured: output::wire(plan, known, detailed, from)?, text })
    }
}

fn start(given: Option<&str>, context: &Context) -> Result<Date, ToolError> {
    let Some(given) = given else { return Ok(context.now.to_zoned(TimeZone::UTC).date()) };
    given.parse().map_err(|_| {
        let given = crate::wire::one_line(given, 80);
        ToolError::input(format!("`start` is \"{given}\", which is no date"))
            .hint("write the year, the month and the day, such as 2027-01-11")
    })
}

fn unplanned(error: &RoadmapError) -> ToolError {
    let failure = ToolError::input(error.to_string());
    let suggested = |failure: ToolError, near: &Option<String>, otherwise: &str| match near {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint(otherwise),
    };
    match error {
        RoadmapError::Circle(_) => failure.hint("take one of these prerequisites away"),
        RoadmapError::Twice { .. } => failure.hint("give each of `items` an id of its own"),
        RoadmapError::Incomplete { near, .. } => {
            suggested(failure, near, "give `title`, and `kind`: strategy, process, data or technology")
        }
        RoadmapError::Effort { .. } => failure
            .hint("give `effort_days` as {\"low\": 3, \"high\": 8}, in days of one person, or leave it out"),
        RoadmapError::Prerequisite { near, .. } => suggested(
            failure,
            near,
            "name ids of `items`, of `done` or of the plan; call without `items` to see those",
        ),
        RoadmapError::Horizon(_) => {
            failure.hint("12 months is usual, and the first 90 days are always planned")
        }
        RoadmapError::Calendar(_) => failure.hint("give a `start` of these years"),
    }
}

/// A fault in reading what is kept.
fn unread(error: &revarch_store::StoreError) -> ToolError {
    tracing::error!(%error, "the store failed");
    ToolError::new(ErrorKind::Internal, format!("cannot look at earlier reviews: {error}"))
}
