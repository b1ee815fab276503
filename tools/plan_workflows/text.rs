//! The plan as a person reads it.

use super::known::Known;
use crate::wire::one_line;
use revarch_domain::workflow::{Deployability, Plan, Step, WorkflowPlan};
use std::fmt::Write as _;

/// Workflows, actions and remarks told.
const TOLD: usize = 12;

pub(super) fn tell(plan: &Plan, known: &Known) -> String {
    let mut text = section(plan);
    let _ = writeln!(text, "\nData: {}. Operations: {}.", known.data_from, known.access_from);
    for remark in &known.remarks {
        let _ = writeln!(text, "- {remark}");
    }
    text
}

/// The plan without where it comes from, as it stands in a review too.
pub(crate) fn section(plan: &Plan) -> String {
    let with = |verdict: Deployability| plan.workflows.iter().filter(|one| one.verdict == verdict).count();
    let mut text = format!(
        "**Agentic workflows: {} deployable, {} blocked, {} unknown**\n\n",
        with(Deployability::Deployable),
        with(Deployability::Blocked),
        with(Deployability::Unknown)
    );
    for workflow in plan.workflows.iter().take(TOLD) {
        let _ = writeln!(text, "- {}", told(workflow));
    }
    if plan.workflows.len() > TOLD {
        let _ = writeln!(text, "- and {} more", plan.workflows.len() - TOLD);
    }
    tell_steps("The fewest fixes that unblock", &plan.fixes.steps, plan, &mut text);
    tell_steps("The fewest measurements that settle", &plan.measurements.steps, plan, &mut text);
    text
}

fn told(workflow: &WorkflowPlan) -> String {
    let few = |keys: &[String]| {
        let more = keys.len().saturating_sub(5);
        let first: Vec<&str> = keys.iter().take(5).map(String::as_str).collect();
        if more == 0 { first.join(", ") } else { format!("{} and {more} more", first.join(", ")) }
    };
    let why = match workflow.verdict {
        Deployability::Deployable => String::new(),
        Deployability::Blocked => format!(" by {}", few(&workflow.blocked_by)),
        Deployability::Unknown => format!(": open are {}", few(&workflow.open)),
    };
    let unguarded = if workflow.unguarded.is_empty() {
        String::new()
    } else {
        format!("; no guardrail bounds {}", few(&workflow.unguarded))
    };
    format!("{}: **{}**{why}{unguarded}", one_line(&workflow.title, 120), workflow.verdict.name())
}

fn tell_steps(heading: &str, steps: &[Step], plan: &Plan, text: &mut String) {
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else { return };
    let all = plan.workflows.len();
    let _ = writeln!(text, "\n{heading} {} of {all} workflows:", last.workflows.len());
    for id in last.actions.iter().take(TOLD) {
        let Some(action) = plan.actions.get(id) else { continue };
        let _ = writeln!(
            text,
            "- {} ({}, {})",
            one_line(&action.title, 160),
            action.effort.name(),
            action.owner_role
        );
    }
    if last.actions.len() > TOLD {
        let _ = writeln!(text, "- and {} more", last.actions.len() - TOLD);
    }
    if first.actions.len() < last.actions.len() {
        let _ = writeln!(
            text,
            "\nBegin with {}: {} of them suffice for {}.",
            first.actions.iter().take(5).map(|id| format!("`{id}`")).collect::<Vec<String>>().join(", "),
            first.actions.len(),
            first.workflows.join(", ")
        );
    }
}
