//! The open deals as they stand, which is all that a snapshot tells.

use super::facts::{Deal, Facts};
use crate::{leads::bootstrap::quantile, value::MICROS_PER_DAY};

/// The open deals of a stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Inventory {
    /// The stage; none for deals without one.
    pub stage: Option<String>,
    /// Open deals in it.
    pub deals: u64,
    /// What those with an amount are worth together; none where no amount is known.
    pub amount: Option<f64>,
    /// Deals without an amount.
    pub without_amount: u64,
    /// Days since the deals were made, which is not how long they have been in the stage.
    pub days_since_creation: Option<Quartiles>,
}

/// Three numbers that cut a list into quarters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quartiles {
    /// A quarter lies below it.
    pub lower: f64,
    /// Half lies below it.
    pub median: f64,
    /// Three quarters lie below it.
    pub upper: f64,
}

/// The open deals by stage, in the order of the stages.
pub fn inventory(facts: &Facts, now: i64) -> Vec<Inventory> {
    let mut by_stage: Vec<Vec<&Deal>> = vec![Vec::new(); facts.stages.len() + 1];
    for (_, deal) in facts.open() {
        by_stage[deal.stage.unwrap_or(facts.stages.len())].push(deal);
    }
    let name = |stage: usize| facts.stages.get(stage).map(|stage| stage.name.clone());
    let filled = by_stage.into_iter().enumerate().filter(|(_, deals)| !deals.is_empty());
    filled
        .map(|(stage, deals)| {
            let ages =
                deals.iter().filter_map(|deal| Some((now - deal.created?) as f64 / MICROS_PER_DAY as f64));
            let mut ages: Vec<f64> = ages.filter(|age| *age >= 0.0).collect();
            ages.sort_by(f64::total_cmp);
            Inventory {
                stage: name(stage),
                deals: deals.len() as u64,
                amount: deals.iter().filter_map(|deal| deal.amount).reduce(|sum, amount| sum + amount),
                without_amount: deals.iter().filter(|deal| deal.amount.is_none()).count() as u64,
                days_since_creation: (!ages.is_empty()).then(|| Quartiles {
                    lower: quantile(&ages, 0.25),
                    median: quantile(&ages, 0.5),
                    upper: quantile(&ages, 0.75),
                }),
            }
        })
        .collect()
}
