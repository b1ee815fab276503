//! Linear programs solved one objective after the other.
//!
//! # Design
//!
//! Most budgets have many best plans, and a solver returns any of them. So each objective is met as well as
//! those before it allow, and the last one ranks what is left: the answer is one plan, whatever the order in
//! which its parts were given. This is the only file that names the solver.

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

/// How much of an earlier objective a later one may give up. Values are percentages, so this is far below a
/// cent of any budget, and above the solver's own rounding.
const GIVEN_UP: f64 = 1e-9;

/// A variable's place in a program.
pub(super) type Var = usize;

/// A sum of variables, each times a number.
pub(super) type Terms = Vec<(Var, f64)>;

/// Why a program has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SolveError {
    /// No values satisfy all rows.
    #[error("the limits cannot be met together")]
    Infeasible,
    /// The solver gave up.
    #[error("the linear program could not be solved: {0}")]
    Failed(String),
}

#[derive(Clone, Copy)]
enum Relation {
    AtMost,
    AtLeast,
    Equal,
}

/// A linear program under construction.
#[derive(Clone, Default)]
pub(super) struct Program {
    bounds: Vec<(f64, f64)>,
    rows: Vec<(Terms, Relation, f64)>,
}

impl Program {
    /// A new variable between two values.
    pub(super) fn variable(&mut self, low: f64, high: f64) -> Var {
        self.bounds.push((low, high));
        self.bounds.len() - 1
    }

    /// The sum is `value` at most.
    pub(super) fn at_most(&mut self, terms: Terms, value: f64) {
        self.rows.push((terms, Relation::AtMost, value));
    }

    /// The sum is `value` at least.
    pub(super) fn at_least(&mut self, terms: Terms, value: f64) {
        self.rows.push((terms, Relation::AtLeast, value));
    }

    /// The sum is `value`.
    pub(super) fn equal(&mut self, terms: Terms, value: f64) {
        self.rows.push((terms, Relation::Equal, value));
    }

    /// Values that make the sum as small as can be, and the sum.
    pub(super) fn least(&self, objective: &[(Var, f64)]) -> Result<(f64, Vec<f64>), SolveError> {
        let mut costs = vec![0.0; self.bounds.len()];
        for (at, cost) in objective {
            costs[*at] += cost;
        }
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let variables: Vec<Variable> =
            costs.iter().zip(&self.bounds).map(|(cost, bounds)| problem.add_var(*cost, *bounds)).collect();
        for (terms, relation, value) in &self.rows {
            let terms: Vec<(Variable, f64)> =
                terms.iter().map(|(at, factor)| (variables[*at], *factor)).collect();
            let relation = match relation {
                Relation::AtMost => ComparisonOp::Le,
                Relation::AtLeast => ComparisonOp::Ge,
                Relation::Equal => ComparisonOp::Eq,
            };
            problem.add_constraint(terms, relation, *value);
        }
        let outcome = problem.solve().map_err(|error| match error {
            microlp::Error::Infeasible => SolveError::Infeasible,
            other => SolveError::Failed(other.to_string()),
        })?;
        let solution = outcome
            .into_solution()
            .map_err(|stopped| SolveError::Failed(format!("{:?}", stopped.termination_reason())))?;
        Ok((solution.objective(), variables.iter().map(|at| solution.var_value(*at)).collect()))
    }

    /// Values that make the first sum as small as can be, the second as small as the first allows, and so on.
    pub(super) fn least_in_turn(&mut self, objectives: &[Terms]) -> Result<Vec<f64>, SolveError> {
        let mut values = Vec::new();
        for objective in objectives.iter().filter(|objective| !objective.is_empty()) {
            let (best, found) = self.least(objective)?;
            self.at_most(objective.clone(), best + GIVEN_UP);
            values = found;
        }
        Ok(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_objectives_decide_only_what_earlier_ones_leave() {
        let mut program = Program::default();
        let (one, other) = (program.variable(0.0, 10.0), program.variable(0.0, 10.0));
        program.at_least(vec![(one, 1.0), (other, 1.0)], 6.0);
        let values = program.least_in_turn(&[vec![(one, 1.0), (other, 1.0)], vec![(one, 1.0)]]).unwrap();
        assert!(values[0].abs() < 1e-6 && (values[1] - 6.0).abs() < 1e-6, "{values:?}");
    }

    #[test]
    fn rows_that_exclude_each_other_are_told_apart_from_a_failure() {
        let mut program = Program::default();
        let only = program.variable(0.0, 1.0);
        program.at_least(vec![(only, 1.0)], 2.0);
        assert_eq!(program.least(&[]).unwrap_err(), SolveError::Infeasible);
    }
}
