//! Which limits have to give way, and by how little, where they cannot all be met.
//!
//! Every limit is given a slack, and the sum of the slacks is made as small as can be: first over the caller's
//! own limits, which give way only where moving every published one does not help, then over the published
//! ones. What is left open is spread so that no limit moves by more of its size than it must.

use super::{
    program::{Program, SolveError, Terms, Var},
    read::Asked,
    rule::{End, Rule},
};
use crate::provenance::Provenance;

/// Slacks below this are the solver's rounding.
const ROUNDING: f64 = 1e-6;

/// Limits that move as if they were this large at least, in percent, so that a limit of nothing can move too.
const SMALLEST: f64 = 1.0;

/// One limit that gives way.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// The categories it holds for, by key.
    pub categories: Vec<String>,
    /// Which end it is.
    pub end: End,
    /// Where it is, in percent of the budget.
    pub from: f64,
    /// Where it has to be.
    pub to: f64,
    /// Attested where it is the caller's, published where it is a source's.
    pub whose: Provenance,
}

/// The smallest relaxation of limits that cannot all be met.
#[derive(Clone, Debug, PartialEq)]
pub struct Relaxation {
    /// By how much the limits have to move together, in percent of the budget; no plan does with less.
    pub points: f64,
    /// The limits that move in the plan given, with the moves spread over them.
    pub moves: Vec<Move>,
    /// The limits of which one alone could move instead, with nothing else moved.
    pub alone: Vec<Move>,
}

/// The slack of every rule in the smallest relaxation: all zero where the limits can be met.
pub(super) fn slacks(asked: &Asked) -> Result<Vec<f64>, SolveError> {
    let (mut program, slacks) = elastic(asked);
    let of = |whose: Provenance| -> Terms {
        let rules = asked.rules.iter().zip(&slacks).filter(|(rule, _)| rule.whose == whose);
        rules.map(|(_, slack)| (*slack, 1.0)).collect()
    };
    let mut objectives = Vec::new();
    for whose in [Provenance::Attested, Provenance::Published] {
        objectives.push(of(whose));
        objectives.push(largest(asked, whose, &slacks, &mut program));
    }
    objectives.push(slacks.iter().zip(1..).map(|(slack, rank)| (*slack, f64::from(rank))).collect());
    let values = program.least_in_turn(&objectives)?;
    let clean = |slack: &Var| values.get(*slack).copied().filter(|value| *value > ROUNDING).unwrap_or(0.0);
    Ok(slacks.iter().map(clean).collect())
}

/// The relaxation that these slacks are.
pub(super) fn told(asked: &Asked, slacks: &[f64]) -> Result<Relaxation, SolveError> {
    let moved = asked.rules.iter().zip(slacks).filter(|(_, slack)| **slack > 0.0);
    Ok(Relaxation {
        points: slacks.iter().sum(),
        moves: moved.map(|(rule, slack)| movement(asked, rule, *slack)).collect(),
        alone: alone(asked)?,
    })
}

/// The rule after it has given way.
pub(super) fn relaxed(rule: &Rule, slack: f64) -> Rule {
    let at = match rule.end {
        End::Least => (rule.at - slack).max(0.0),
        End::Most => (rule.at + slack).min(100.0),
    };
    Rule { at, ..rule.clone() }
}

fn movement(asked: &Asked, rule: &Rule, slack: f64) -> Move {
    Move {
        categories: rule.members.iter().map(|at| asked.categories[*at].id.clone()).collect(),
        end: rule.end,
        from: rule.at,
        to: relaxed(rule, slack).at,
        whose: rule.whose,
    }
}

/// The program in which every rule may give way, with the variable of each rule's slack.
fn elastic(asked: &Asked) -> (Program, Vec<Var>) {
    let mut program = Program::default();
    let shares: Vec<Var> = asked
        .categories
        .iter()
        .map(|category| match category.fixed {
            Some(fixed) => program.variable(fixed, fixed),
            None => program.variable(0.0, 100.0),
        })
        .collect();
    program.equal(shares.iter().map(|share| (*share, 1.0)).collect(), 100.0);
    let mut slacks = Vec::new();
    for Rule { members, end, at, whose: _ } in &asked.rules {
        let slack = program.variable(0.0, 100.0);
        let mut terms: Terms = members.iter().map(|member| (shares[*member], 1.0)).collect();
        match end {
            End::Least => {
                terms.push((slack, 1.0));
                program.at_least(terms, *at);
            }
            End::Most => {
                terms.push((slack, -1.0));
                program.at_most(terms, *at);
            }
        }
        slacks.push(slack);
    }
    (program, slacks)
}

/// The largest share of its size by which a limit of these moves.
fn largest(asked: &Asked, whose: Provenance, slacks: &[Var], program: &mut Program) -> Terms {
    let top = program.variable(0.0, 100.0);
    for (rule, slack) in asked.rules.iter().zip(slacks).filter(|(rule, _)| rule.whose == whose) {
        program.at_most(vec![(*slack, 1.0), (top, -rule.at.max(SMALLEST))], 0.0);
    }
    vec![(top, 1.0)]
}

/// The limits that could give way alone, the one that moves least first.
fn alone(asked: &Asked) -> Result<Vec<Move>, SolveError> {
    let mut found = Vec::new();
    for (at, rule) in asked.rules.iter().enumerate() {
        let (mut program, slacks) = elastic(asked);
        for (_, other) in slacks.iter().enumerate().filter(|(other, _)| *other != at) {
            program.at_most(vec![(*other, 1.0)], 0.0);
        }
        match program.least(&[(slacks[at], 1.0)]) {
            Ok((slack, _)) => found.push((slack, movement(asked, rule, slack))),
            Err(SolveError::Infeasible) => {}
            Err(failed) => return Err(failed),
        }
    }
    found.sort_by(|one, other| one.0.total_cmp(&other.0));
    Ok(found.into_iter().map(|(_, moved)| moved).collect())
}
