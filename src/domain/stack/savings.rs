//! What the decisions save a year, from the costs that were given and from nothing else.

use super::{
    outcome::{Decision, Outcome},
    tool::StackTool,
};
use std::collections::BTreeMap;

/// What could be saved a year, in the currency of the stack.
#[derive(Clone, Debug, PartialEq)]
pub struct Savings {
    /// What the certain retirements save.
    pub low: f64,
    /// What all retirements and merges save, if every condition is met and nothing has to be bought for it.
    pub high: f64,
    /// What the tools with a known cost cost together.
    pub known_cost: f64,
    /// How many tools have a known cost.
    pub priced: usize,
    /// The tools that go or merge and whose cost is not known, by key: what they save is in neither end.
    pub unpriced: Vec<String>,
}

pub(super) fn savings(tools: &BTreeMap<&str, &StackTool>, decisions: &[Decision]) -> Savings {
    let cost = |decision: &&Decision| tools.get(decision.key.as_str()).and_then(|tool| tool.annual_cost);
    let going = || decisions.iter().filter(|one| matches!(one.outcome, Outcome::Retire | Outcome::Merge));
    let known: Vec<f64> = tools.values().filter_map(|tool| tool.annual_cost).collect();
    Savings {
        low: sum(going().filter(|decision| decision.is_certain).filter_map(|one| cost(&one))),
        high: sum(going().filter_map(|one| cost(&one))),
        known_cost: sum(known.iter().copied()),
        priced: known.len(),
        unpriced: going().filter(|one| cost(one).is_none()).map(|one| one.key.clone()).collect(),
    }
}

/// A sum in order of size, so that the order in which tools were given does not show in its last digits.
fn sum(amounts: impl Iterator<Item = f64>) -> f64 {
    let mut amounts: Vec<f64> = amounts.collect();
    amounts.sort_by(f64::total_cmp);
    amounts.iter().fold(0.0, |sum, amount| sum + amount)
}
