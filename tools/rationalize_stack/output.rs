//! The result of `rationalize_stack`.

use crate::{
    allocate_budget::ClaimOut,
    wire::{ContradictionOut, Interval, Provenance},
};
use schemars::JsonSchema;
use serde::Serialize;

/// What becomes of a stack.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Output {
    /// Tools by verdict.
    pub counts: Counts,
    /// What could be saved a year.
    pub savings: SavingsOut,
    /// How large the stack is.
    pub size: SizeOut,
    /// The tools: those that go first. A concise result leaves out those that stay without a condition.
    pub tools: Vec<ToolOut>,
    /// Tools that do the same job, or may.
    pub overlaps: Vec<OverlapOut>,
    /// The five categories that everything is said to rest on, and what the stack has of them.
    pub foundation: Vec<PartOut>,
    /// Foundation categories that are missing, and what comes before buying.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<AdditionOut>,
    /// Combinations that a source praises, and what the stack has of them.
    pub combinations: Vec<CombinationOut>,
    /// Published claims beside which the stack may be read.
    pub claims: Vec<ClaimOut>,
    /// Contradictions in the published source that the result touches.
    pub contradictions: Vec<ContradictionOut>,
    /// What to know before the verdicts are used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// Pass it as `cursor` to see more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// Tools by verdict.
#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
pub struct Counts {
    /// Tools given.
    pub tools: usize,
    /// Those that go.
    pub retire: usize,
    /// Those that another takes over from.
    pub merge: usize,
    /// Those of which nothing can be said before they are measured.
    pub measure: usize,
    /// Those that stay.
    pub keep: usize,
}

/// What could be saved a year, from the costs given and nothing else. New seats and migrations are not deducted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SavingsOut {
    /// From the certain retirements (low) to all retirements and merges (high).
    pub per_year: Interval,
    /// The currency, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// What the tools with a known cost cost together.
    pub known_cost: f64,
    /// How many tools have a known cost.
    pub priced_tools: usize,
    /// How many have none; they are not counted as free.
    pub unpriced_tools: usize,
    /// Tools that go or merge and have no known cost: what they save is in neither end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unpriced: Vec<String>,
    /// The ground it stands on: the costs as somebody gave them.
    pub provenance: Provenance,
}

/// How large the stack is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SizeOut {
    /// Tools now.
    pub tools: usize,
    /// Tools if every retirement and merge came about.
    pub then: usize,
    /// `below`, `within`, `between_rules` (26 to 49: nothing is published), `sprawl` or `unknown`, held against the
    /// published 15 to 25 core tools. Which tools are core the source does not say, so all are counted.
    pub standing: String,
    /// The same for `then`.
    pub standing_then: String,
    /// The mean share in use of the tools where it is known, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_use_percent: Option<f64>,
    /// How many tools that is.
    pub use_known: usize,
}

/// One tool.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ToolOut {
    /// Its name.
    pub name: String,
    /// `retire`, `merge`, `measure` (its use is unknown, so nothing is said yet) or `keep`.
    pub verdict: String,
    /// The tool that takes over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub into: Option<String>,
    /// Whether nothing unknown could change a retirement.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub certain: bool,
    /// Whether it stays although little of it is used.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub low_use: bool,
    /// Why.
    pub reasons: Vec<String>,
    /// What has to hold or be done first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    /// What to measure.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measure: Vec<String>,
    /// When it can go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// Its categories; none where they are not known.
    pub categories: Vec<String>,
    /// What it costs a year, as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annual_cost: Option<f64>,
    /// Who answers for it, as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What the catalog says of its MCP server, with source and day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mcp: Option<String>,
    /// Why the name was taken for this product; absent where the catalog does not know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_as: Option<String>,
    /// Products of the catalog that may be meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub did_you_mean: Vec<String>,
}

/// Several tools of one category.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OverlapOut {
    /// The category.
    pub category: String,
    /// The tools.
    pub tools: Vec<String>,
    /// `stated` (you said so), `same_product`, `one_job_category` (revarch's own list) or `open`: whether they do the
    /// same job is for you to say, by `job`.
    pub same_job: String,
}

/// A part and what the stack has of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PartOut {
    /// The part.
    pub name: String,
    /// `covered`, `idle` (only by tools nobody uses), `near` (only by a related category), `missing` or `unknown`.
    pub presence: String,
    /// The tools it is held by, or that come near.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<String>,
}

/// A foundation category that is missing.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AdditionOut {
    /// The category.
    pub name: String,
    /// Why it may be added.
    pub reasons: Vec<String>,
    /// What comes first.
    pub conditions: Vec<String>,
}

/// A combination that a source praises.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CombinationOut {
    /// Its name.
    pub name: String,
    /// Parts that are covered.
    pub covered: usize,
    /// Parts it has.
    pub of: usize,
    /// The parts that are not covered; all of them in a detailed result.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartOut>,
    /// The return that the source claims, in percent; on what and over which time it does not say.
    pub claimed_return_percent: f64,
    /// The ground of that number.
    pub provenance: Provenance,
    /// The contradictions that touch it.
    pub contradictions: Vec<String>,
}
