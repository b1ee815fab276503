//! The result of `plan_workflows`.

use super::known::Known;
use crate::{
    ToolError,
    page::{Window, fitting},
    wire::{Provenance, one_line},
};
use revarch_domain::workflow::{
    self, Bound, Guardrail, NeedState, Plan, PlannedAction, Standing, Step, Unblocking, WorkflowPlan,
};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// What the steps of one kind may take.
const STEPS: usize = 1_200;

/// Which workflows can be deployed, and what unblocks the rest.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Output {
    /// Workflows by verdict.
    pub counts: Counts,
    /// Where the state of the data comes from.
    pub data_from: String,
    /// Where the state of the operations comes from.
    pub access_from: String,
    /// The sets of fixes that unblock the blocked workflows: each set is as short as can be and reaches more of them
    /// than the one before; the last reaches all that can be reached.
    pub fixes: Vec<StepOut>,
    /// The sets of measurements that settle the unknown ones, told in the same way.
    pub measurements: Vec<StepOut>,
    /// Blocked workflows that no fix in here unblocks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub out_of_reach: Vec<String>,
    /// The workflows.
    pub workflows: Vec<WorkflowOut>,
    /// The actions that `fixes` and `measurements` name; every action in a detailed result.
    pub actions: Vec<ActionOut>,
    /// What kept something from being known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// Pass it as `cursor` to see more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// Workflows by verdict.
#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
pub struct Counts {
    /// Everything they need is known to hold.
    pub deployable: usize,
    /// Something they need is known to be missing.
    pub blocked: usize,
    /// Nothing is known to be missing, and something is not known to hold.
    pub unknown: usize,
}

/// One workflow.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WorkflowOut {
    /// Its id.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// `deployable`, `blocked` or `unknown`.
    pub verdict: String,
    /// What the verdict would be if every claim of a published source held for this company's accounts.
    pub if_claims_hold: String,
    /// The needs that are known not to be met.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocked_by: Vec<NeedOut>,
    /// The needs of which nobody knows, or of which a published source says that they are met; told in full in a
    /// detailed result, elsewhere by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<String>,
    /// Every need; in a detailed result only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<NeedOut>,
    /// Operations that reach people, spend, destroy or grant, and that no guardrail bounds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unguarded: Vec<String>,
    /// What keeps its agent in bounds; in a detailed result only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub guardrails: Vec<String>,
    /// When its agent stops and asks a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalate_when: Option<String>,
    /// Whose the list of needs is: authored (revarch's) or attested (yours).
    pub needs_from: Provenance,
}

/// One need.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NeedOut {
    /// Its key: `contact.email` of the data, `contact.lookup` of the operations.
    pub need: String,
    /// `data` or `operation`.
    pub kind: String,
    /// `met`, `claimed` (a published source says so), `unknown` or `unmet`.
    pub standing: String,
    /// What the workflow does with it.
    pub because: String,
    /// What it rests on: checks by id, or platforms with the operation each offers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rests_on: Vec<String>,
    /// What mends or settles it, by action: all entries are needed, and where one names several, one of them suffices.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<String>,
}

/// A set of actions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StepOut {
    /// The actions, by id.
    pub actions: Vec<String>,
    /// The workflows that nothing known blocks any longer, or about which nothing is open any longer.
    pub workflows: Vec<String>,
    /// Those of them that can then be deployed, since nothing else in them is open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub then_deployable: Vec<String>,
    /// Absent where no shorter set reaches as many; else the fewest actions that a shorter one could have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub could_be_as_few_as: Option<usize>,
}

/// Something to do.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ActionOut {
    /// Its id: that of the failed check or finding for a fix, one that begins with `measure.` otherwise.
    pub id: String,
    /// `fix` or `measure`.
    pub kind: String,
    /// What it is about.
    pub title: String,
    /// The steps.
    pub steps: Vec<String>,
    /// Who owns it, as a role.
    pub owner_role: String,
    /// How much work it is, by revarch's own classes: `hours`, `days`, `weeks` or `quarter`.
    pub effort: String,
    /// The workflows that need it.
    pub serves: Vec<String>,
}

pub(super) fn wire(plan: Plan, known: Known, detailed: bool, from: usize) -> Result<Output, ToolError> {
    let Plan { workflows, actions, fixes, measurements } = plan;
    let Known { data: _, data_from, access: _, access_from, remarks } = known;
    let named: BTreeSet<String> = [&fixes, &measurements]
        .into_iter()
        .flat_map(|set| &set.steps)
        .flat_map(|step| step.actions.clone())
        .collect();
    let actions = actions.into_values().filter(|action| detailed || named.contains(&action.id));
    let actions: Vec<ActionOut> = actions.map(action).collect();
    let mut counts = Counts::default();
    for workflow in &workflows {
        match workflow.verdict {
            workflow::Deployability::Deployable => counts.deployable += 1,
            workflow::Deployability::Blocked => counts.blocked += 1,
            workflow::Deployability::Unknown => counts.unknown += 1,
        }
    }
    let Unblocking { steps: fix_steps, out_of_reach } = fixes;
    let Unblocking { steps: measure_steps, out_of_reach: _ } = measurements;
    let mut output = Output {
        counts,
        data_from,
        access_from,
        fixes: fitting(fix_steps.into_iter().map(step).collect(), STEPS),
        measurements: fitting(measure_steps.into_iter().map(step).collect(), STEPS),
        out_of_reach,
        workflows: Vec::new(),
        actions: Vec::new(),
        remarks,
        next_cursor: None,
    };
    let workflows: Vec<WorkflowOut> =
        workflows.into_iter().map(|plan| workflow_out(plan, detailed)).collect();
    let mut window = Window::beside(&output, from, usize::MAX);
    output.workflows = window.of(workflows);
    output.actions = window.of(actions);
    window.check("entries")?;
    output.next_cursor = window.next();
    Ok(output)
}

fn workflow_out(plan: WorkflowPlan, detailed: bool) -> WorkflowOut {
    let WorkflowPlan {
        id,
        title,
        provenance,
        verdict,
        if_claims_hold,
        needs,
        blocked_by: _,
        open,
        guardrails,
        unguarded,
        escalate_when,
    } = plan;
    let (unmet, others): (Vec<NeedState>, Vec<NeedState>) =
        needs.into_iter().partition(|need| need.standing == Standing::Unmet);
    WorkflowOut {
        id,
        title,
        verdict: verdict.name().to_owned(),
        if_claims_hold: if_claims_hold.name().to_owned(),
        blocked_by: unmet.into_iter().map(need).collect(),
        open,
        needs: if detailed { others.into_iter().map(need).collect() } else { Vec::new() },
        unguarded,
        guardrails: if detailed { guardrails.into_iter().map(guardrail).collect() } else { Vec::new() },
        escalate_when,
        needs_from: Provenance::of(provenance),
    }
}

fn guardrail(guardrail: Guardrail) -> String {
    let Guardrail { operations, rule } = guardrail;
    let operations: Vec<String> = operations.iter().map(ToString::to_string).collect();
    format!("{}: {rule}", operations.join(", "))
}

fn need(need: NeedState) -> NeedOut {
    /// Checks or platforms told by name.
    const TOLD: usize = 6;
    let NeedState { key, is_operation, because, standing, rests_on, actions } = need;
    let cut = |mut list: Vec<String>| {
        let more = list.len().saturating_sub(TOLD);
        list.truncate(TOLD);
        list.extend((more > 0).then(|| format!("and {more} more")));
        list
    };
    NeedOut {
        need: key,
        kind: if is_operation { "operation" } else { "data" }.to_owned(),
        standing: standing.name().to_owned(),
        because,
        rests_on: cut(rests_on),
        actions: cut(actions.into_iter().map(|one_of| one_of.join(" or ")).collect()),
    }
}

fn step(step: Step) -> StepOut {
    let Step { actions, workflows, then_deployable, bound } = step;
    StepOut {
        actions,
        workflows,
        then_deployable,
        could_be_as_few_as: match bound {
            Bound::Exact => None,
            Bound::AtLeast(fewest) => Some(fewest),
        },
    }
}

fn action(action: PlannedAction) -> ActionOut {
    let PlannedAction { id, kind, title, steps, owner_role, effort, serves } = action;
    ActionOut {
        id,
        kind: kind.name().to_owned(),
        title: one_line(&title, 300),
        steps: steps.iter().map(|step| one_line(step, 300)).collect(),
        owner_role,
        effort: effort.name().to_owned(),
        serves: serves.into_iter().collect(),
    }
}
