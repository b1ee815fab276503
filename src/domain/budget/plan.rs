//! A budget split within its limits, or as near to them as can be.

use super::{
    program::{Program, SolveError, Terms, Var},
    published::TableCheck,
    read::{Asked, Category, read},
    reference::Reference,
    relaxation::{self, Relaxation},
    request::{Aim, Request, RequestError},
    rounding::apportion,
    rule::{End, Rule, SetAside},
};
use crate::{proportion::Interval, provenance::Provenance};

/// Percentages this near are the same: the solver's rounding.
const ROUNDING: f64 = 1e-6;

/// A category weighs this much at least when moves are spread, in percent, so that one that stands at nothing
/// can take a part of them.
const SMALLEST: f64 = 1.0;

/// A limit on one category.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// Where it lies, in percent of the budget, before anything gave way.
    pub at: f64,
    /// Attested where it is the caller's, published where it is a source's.
    pub whose: Provenance,
}

/// What a category gets.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// Its key.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its part in percent of the budget.
    pub percent: f64,
    /// Its part in the smallest unit of the currency, where the budget is known.
    pub amount: Option<u64>,
    /// Whether the part was fixed.
    pub is_fixed: bool,
    /// Its own minimum.
    pub least: Option<Limit>,
    /// Its own maximum.
    pub most: Option<Limit>,
    /// The parts that it could have in some plan within the limits, relaxed where they have to be.
    pub could_be: Interval,
    /// Where it would stand without limits.
    pub reference: Reference,
    /// What is spent now, in percent of this budget.
    pub current: Option<f64>,
    /// The return that a source prints for it; no plan is computed from it.
    pub claimed_return: Option<f64>,
    /// The return that the caller expects.
    pub expected_return: Option<f64>,
}

/// A budget that has been split.
#[derive(Clone, Debug, PartialEq)]
pub struct Allocation {
    /// What each category gets, in the order of the published table, the caller's own after it.
    pub shares: Vec<Share>,
    /// What had to give way; nothing where every limit is met.
    pub relaxation: Option<Relaxation>,
    /// Published ends that the caller's own limits exclude.
    pub set_aside: Vec<SetAside>,
    /// How far the plan lies from the references, summed over the categories, in percent of the budget.
    pub distance: f64,
    /// What the caller expects the plan to return per unit of the budget, where every return is given.
    pub expected_return: Option<f64>,
    /// The published table held against itself.
    pub table: Option<TableCheck>,
}

/// Splits a budget. Where the limits cannot all be met, the plan keeps to them as far as can be.
pub fn allocate(request: &Request) -> Result<Allocation, RequestError> {
    let asked = read(request)?;
    let slacks = relaxation::slacks(&asked)?;
    let is_met = slacks.iter().all(|slack| *slack <= 0.0);
    let relaxation = if is_met { None } else { Some(relaxation::told(&asked, &slacks)?) };
    let rules: Vec<Rule> =
        asked.rules.iter().zip(&slacks).map(|(rule, slack)| relaxation::relaxed(rule, *slack)).collect();
    let plan = Plan::within(&asked, &rules);
    let percents = plan.best(&asked)?;
    let ranges = plan.ranges()?;
    let parts = apportion(&percents, asked.total.unwrap_or(SHARES));
    let whole = asked.total.unwrap_or(SHARES) as f64;
    let mut shares = Vec::new();
    for (((at, category), part), could_be) in asked.categories.iter().enumerate().zip(parts).zip(ranges) {
        let Category { id, name, row, fixed, current, reference, expected_return } = category;
        shares.push(Share {
            id: id.clone(),
            name: name.clone(),
            percent: part as f64 / whole * 100.0,
            amount: asked.total.map(|_| part),
            is_fixed: fixed.is_some(),
            least: limit(&asked, at, End::Least),
            most: limit(&asked, at, End::Most),
            could_be,
            reference: *reference,
            current: *current,
            claimed_return: row.map(|row| row.revenue_per_unit),
            expected_return: *expected_return,
        });
    }
    Ok(Allocation {
        distance: shares.iter().map(|share| (share.percent - share.reference.percent).abs()).sum(),
        expected_return: shares
            .iter()
            .map(|share| Some(share.percent / 100.0 * share.expected_return?))
            .sum::<Option<f64>>(),
        shares,
        relaxation,
        set_aside: asked.set_aside,
        table: request.model.map(TableCheck::of),
    })
}

/// Without a budget, shares add up to 100.00% exactly.
const SHARES: u64 = 10_000;

fn limit(asked: &Asked, category: usize, end: End) -> Option<Limit> {
    let mut own = asked.rules.iter().filter(|rule| rule.members == [category] && rule.end == end);
    own.next().map(|rule| Limit { at: rule.at, whose: rule.whose })
}

/// The program of every plan within the rules.
struct Plan {
    program: Program,
    shares: Vec<Var>,
    bounds: Vec<(f64, f64)>,
}

impl Plan {
    fn within(asked: &Asked, rules: &[Rule]) -> Self {
        let mut bounds: Vec<(f64, f64)> = asked
            .categories
            .iter()
            .map(|category| category.fixed.map_or((0.0, 100.0), |fixed| (fixed, fixed)))
            .collect();
        for rule in rules {
            let [only] = rule.members.as_slice() else { continue };
            let (low, high) = &mut bounds[*only];
            match rule.end {
                End::Least => *low = low.max(rule.at),
                End::Most => *high = high.min(rule.at),
            }
        }
        let mut program = Program::default();
        // A rule that gave way just as far as it had to leaves no room for rounding.
        let shares: Vec<Var> =
            bounds.iter().map(|(low, high)| program.variable((low - 1e-9).max(0.0), high + 1e-9)).collect();
        program.equal(shares.iter().map(|share| (*share, 1.0)).collect(), 100.0);
        for rule in rules.iter().filter(|rule| rule.members.len() > 1) {
            let terms = rule.members.iter().map(|member| (shares[*member], 1.0)).collect();
            match rule.end {
                End::Least => program.at_least(terms, rule.at - 1e-9),
                End::Most => program.at_most(terms, rule.at + 1e-9),
            }
        }
        Self { program, shares, bounds }
    }

    /// The best plan: the aim first, then the least sum of moves, then no category moved by more of its size
    /// than it must, and last a rank.
    fn best(&self, asked: &Asked) -> Result<Vec<f64>, SolveError> {
        let mut program = self.program.clone();
        let top = program.variable(0.0, 200.0 / SMALLEST);
        let mut moves: Terms = Vec::new();
        for ((category, share), (low, high)) in asked.categories.iter().zip(&self.shares).zip(&self.bounds) {
            // Outside its own limits a reference only adds what no plan can avoid.
            let near = category.reference.percent.clamp(*low, high.max(*low));
            let off = program.variable(0.0, 100.0);
            program.at_least(vec![(off, 1.0), (*share, 1.0)], near);
            program.at_least(vec![(off, 1.0), (*share, -1.0)], -near);
            program.at_most(vec![(off, 1.0), (top, -near.max(SMALLEST))], 0.0);
            moves.push((off, 1.0));
        }
        let ranked = moves.iter().zip(1..).map(|((off, _), rank)| (*off, f64::from(rank))).collect();
        let mut objectives = vec![moves, vec![(top, 1.0)], ranked];
        if asked.aim == Aim::MostReturn {
            let returns = asked.categories.iter().zip(&self.shares);
            let largest =
                asked.categories.iter().filter_map(|category| category.expected_return).fold(1.0, f64::max);
            let terms =
                returns.filter_map(|(category, share)| Some((*share, -category.expected_return? / largest)));
            objectives.insert(0, terms.collect());
        }
        let values = program.least_in_turn(&objectives)?;
        Ok(self
            .shares
            .iter()
            .zip(&self.bounds)
            .map(|(share, bounds)| snapped(values[*share], *bounds))
            .collect())
    }

    /// What each category could get.
    fn ranges(&self) -> Result<Vec<Interval>, SolveError> {
        let of = |share: &Var, bounds: &(f64, f64)| {
            let (low, _) = self.program.least(&[(*share, 1.0)])?;
            let (high, _) = self.program.least(&[(*share, -1.0)])?;
            Ok(Interval { low: plain(snapped(low, *bounds)), high: plain(snapped(-high, *bounds)) })
        };
        self.shares.iter().zip(&self.bounds).map(|(share, bounds)| of(share, bounds)).collect()
    }
}

/// A value without the solver's rounding: on its bound where it is next to it.
fn snapped(value: f64, (low, high): (f64, f64)) -> f64 {
    let near = |bound: f64| (value - bound).abs() < ROUNDING;
    if near(low) {
        low
    } else if near(high) {
        high
    } else {
        value
    }
}

/// A percentage as exact as it can be told.
fn plain(percent: f64) -> f64 {
    (percent / ROUNDING).round() * ROUNDING
}
