//! The shortest sets of actions that reach the most workflows.

use super::{ActionKind, Bound, Clause, Deployability, PlannedAction, Standing, Target, WorkflowPlan, solve};
use std::collections::{BTreeMap, BTreeSet};

/// A set of actions and what it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The actions.
    pub actions: Vec<String>,
    /// The workflows that nothing known blocks any longer, or about which nothing is open any longer.
    pub workflows: Vec<String>,
    /// Those of them in which nothing else is open.
    pub then_deployable: Vec<String>,
    /// How good the set is.
    pub bound: Bound,
}

/// The shortest sets of actions, each reaching more workflows than the one before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unblocking {
    /// The sets. The last one reaches all workflows that can be reached.
    pub steps: Vec<Step>,
    /// Workflows that no action in here reaches.
    pub out_of_reach: Vec<String>,
}

/// The shortest sets of one kind of action.
pub(super) fn unblocking(
    plans: &[WorkflowPlan],
    actions: &BTreeMap<String, PlannedAction>,
    kind: ActionKind,
) -> Unblocking {
    let ids: Vec<&String> =
        actions.iter().filter(|(_, action)| action.kind == kind).map(|(id, _)| id).collect();
    let weights: Vec<u32> = ids.iter().map(|id| actions[*id].effort.weight()).collect();
    let place: BTreeMap<&String, usize> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let (wanted, settled): (Deployability, &[Standing]) = match kind {
        ActionKind::Fix => (Deployability::Blocked, &[Standing::Unmet]),
        ActionKind::Measure => (Deployability::Unknown, &[Standing::Unknown, Standing::Claimed]),
    };
    let concerned: Vec<&WorkflowPlan> = plans.iter().filter(|plan| plan.verdict == wanted).collect();
    let targets: Vec<Target> = concerned
        .iter()
        .map(|plan| {
            let needs = plan.needs.iter().filter(|need| settled.contains(&need.standing));
            let clauses = needs.flat_map(|need| {
                let of_none: Vec<Clause> =
                    if need.actions.is_empty() { vec![Clause::new()] } else { Vec::new() };
                let clauses = need
                    .actions
                    .iter()
                    .map(|one_of| one_of.iter().filter_map(|id| place.get(id).copied()).collect::<Clause>());
                clauses.chain(of_none).collect::<Vec<Clause>>()
            });
            Target { clauses: clauses.collect() }
        })
        .collect();
    let answers = solve(&targets, &weights);
    let reached: BTreeSet<usize> = answers.last().map(|answer| answer.targets.clone()).unwrap_or_default();
    let name = |at: &usize| concerned[*at].id.clone();
    let steps = answers.iter().map(|answer| Step {
        actions: answer.actions.iter().map(|at| ids[*at].clone()).collect(),
        workflows: answer.targets.iter().map(name).collect(),
        then_deployable: match kind {
            ActionKind::Fix => {
                let closed = answer.targets.iter().filter(|at| concerned[**at].open.is_empty());
                closed.map(name).collect()
            }
            // What a measurement will say is not known before it is taken.
            ActionKind::Measure => Vec::new(),
        },
        bound: answer.bound,
    });
    Unblocking {
        steps: steps.collect(),
        out_of_reach: (0..concerned.len()).filter(|at| !reached.contains(at)).map(|at| name(&at)).collect(),
    }
}
