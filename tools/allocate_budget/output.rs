//! The result of `allocate_budget`.

use super::claims::ClaimOut;
use crate::wire::{ContradictionOut, Interval, Provenance};
use schemars::JsonSchema;
use serde::Serialize;

/// A budget split, or as near to its limits as can be.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Output {
    /// `met`: the limits can be met. `one_plan_only`: they can in exactly one way. `cannot_be_met`: see `relaxation`.
    pub verdict: String,
    /// The budget, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<f64>,
    /// Its currency, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The plan.
    pub categories: Vec<CategoryOut>,
    /// The smallest relaxation, where the limits cannot be met; the plan keeps to the limits so relaxed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relaxation: Option<RelaxationOut>,
    /// By how many percent of the budget the plan lies off its references, summed over the categories.
    pub distance_points: f64,
    /// What you expect a unit of the budget to return on average under this plan, where you gave every return.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_return: Option<f64>,
    /// The published ranges of the model held against themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_table: Option<TableOut>,
    /// Your numbers beside published ones; unknown ones in a detailed result only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<CheckOut>,
    /// The budget in percent of the revenue. No published number is held against it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_of_revenue_percent: Option<f64>,
    /// Published claims that the result touches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ClaimOut>,
    /// Contradictions in the published source that the result touches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contradictions: Vec<ContradictionOut>,
    /// What to know before the plan is used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// Pass it as `cursor` to see more categories.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// One category of the plan. Percentages are of the whole budget.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CategoryOut {
    /// Its key.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its part.
    pub percent: f64,
    /// Its part as an amount; the amounts add up to the budget exactly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    /// How much more or less than now, as an amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<f64>,
    /// Whether the part was fixed.
    pub fixed: bool,
    /// Its minimum before anything gave way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<LimitOut>,
    /// Its maximum before anything gave way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<LimitOut>,
    /// The parts it could have in some plan within the limits.
    pub could_be: Interval,
    /// Where it would stand without limits.
    pub reference_percent: f64,
    /// Where that comes from: `target`, `current_spend`, `published_midpoint`, `even_part` or `fixed`.
    pub reference_from: String,
    /// The ground the reference stands on.
    pub reference_provenance: Provenance,
    /// Revenue per unit invested as a source prints it: a claim without a defined base, not used for the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed_return: Option<f64>,
}

/// A limit.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct LimitOut {
    /// Where it lies, in percent of the budget.
    pub percent: f64,
    /// Attested where it is yours, published where it is a source's.
    pub provenance: Provenance,
}

/// The smallest relaxation.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RelaxationOut {
    /// By how many percent of the budget the limits have to move together; no plan does with less.
    pub points: f64,
    /// The limits that move in this plan, the move spread over them so that none moves by more of its size than it must.
    pub moves: Vec<MoveOut>,
    /// Limits of which any one could move instead, alone.
    pub any_one_of: Vec<MoveOut>,
    /// How many more of these there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more: Option<usize>,
}

/// A limit that moves.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MoveOut {
    /// The categories it holds for.
    pub categories: Vec<String>,
    /// `minimum` or `maximum`.
    pub limit: String,
    /// Where it is, in percent of the budget.
    pub from_percent: f64,
    /// Where it has to be.
    pub to_percent: f64,
    /// Attested where it is yours, published where it is a source's.
    pub provenance: Provenance,
}

/// The published ranges of a model held against themselves.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TableOut {
    /// The model.
    pub model: String,
    /// What the minimums add up to, in percent.
    pub minimums_sum: f64,
    /// What the maximums add up to.
    pub maximums_sum: f64,
    /// Whether a plan can keep to them: `yes`, `one_way_only` or `no`.
    pub followable: String,
    /// Who published them, and where.
    pub source: String,
}

/// One of your numbers beside a published one; which of the two is right is not said.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CheckOut {
    /// Your number, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
    /// `below`, `within` or `above` the published number, or `unknown`.
    pub standing: String,
    /// The published number.
    pub claim: ClaimOut,
}
