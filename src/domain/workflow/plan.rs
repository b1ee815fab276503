//! Each workflow's verdict, and the fewest fixes and measurements that change it.

use super::{
    Access, ActionKind, DataNeed, DataState, Guardrail, OperationNeed, OperationState, PlannedAction,
    PlatformAccess, Unblocking, Workflow, WorkflowData, action::Actions, unblocking::unblocking,
};
use crate::{coverage::matrix::Cell, provenance::Provenance, verdict::Verdict};
use std::collections::BTreeMap;

/// Whether a workflow can be deployed now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deployability {
    /// Everything it needs is known to hold.
    Deployable,
    /// Something it needs is known to be missing.
    Blocked,
    /// Nothing is known to be missing, and something is not known to hold.
    Unknown,
}

impl Deployability {
    /// The verdict's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deployable => "deployable",
            Self::Blocked => "blocked",
            Self::Unknown => "unknown",
        }
    }
}

/// How one need stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It holds.
    Met,
    /// A published source says that it holds.
    Claimed,
    /// Nobody can tell from what there is.
    Unknown,
    /// It does not hold.
    Unmet,
}

impl Standing {
    /// The standing's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Claimed => "claimed",
            Self::Unknown => "unknown",
            Self::Unmet => "unmet",
        }
    }
}

/// One need of a workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedState {
    /// Its key: `contact.email` of the data, `contact.lookup` of the operations.
    pub key: String,
    /// Whether it is an operation; a need of the data otherwise.
    pub is_operation: bool,
    /// What the workflow does with it.
    pub because: String,
    /// How it stands.
    pub standing: Standing,
    /// What it rests on: checks by id, or platforms with the operation each offers.
    pub rests_on: Vec<String>,
    /// What mends or settles it: of each inner list one action suffices, and all lists have to be served.
    pub actions: Vec<Vec<String>>,
}

/// One workflow's part of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkflowPlan {
    /// The workflow's name.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// Whose the list of needs is.
    pub provenance: Provenance,
    /// Whether it can be deployed now.
    pub verdict: Deployability,
    /// What the verdict would be if every published claim held for this company's accounts.
    pub if_claims_hold: Deployability,
    /// Its needs.
    pub needs: Vec<NeedState>,
    /// The keys of the needs that block it.
    pub blocked_by: Vec<String>,
    /// The keys of the needs that are open, claims among them.
    pub open: Vec<String>,
    /// What keeps its agent in bounds.
    pub guardrails: Vec<Guardrail>,
    /// Operations that reach people, spend, destroy or grant, and that no guardrail bounds.
    pub unguarded: Vec<String>,
    /// When its agent stops and asks a person.
    pub escalate_when: Option<String>,
}

/// The plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The workflows, in the order given.
    pub workflows: Vec<WorkflowPlan>,
    /// Every action that some workflow names, by id.
    pub actions: BTreeMap<String, PlannedAction>,
    /// The fixes that unblock the blocked workflows.
    pub fixes: Unblocking,
    /// The measurements that settle the unknown ones.
    pub measurements: Unblocking,
}

/// Plans: what is known of the data and of the operations, or nothing where neither was looked at.
pub fn plan(workflows: &[Workflow], data: Option<&DataState>, access: Option<&Access>) -> Plan {
    let mut actions = Actions::default();
    let plans: Vec<WorkflowPlan> =
        workflows.iter().map(|workflow| one(workflow, data, access, &mut actions)).collect();
    let Actions(actions) = actions;
    let fixes = unblocking(&plans, &actions, ActionKind::Fix);
    let measurements = unblocking(&plans, &actions, ActionKind::Measure);
    Plan { workflows: plans, actions, fixes, measurements }
}

fn one(
    workflow: &Workflow,
    data: Option<&DataState>,
    access: Option<&Access>,
    actions: &mut Actions,
) -> WorkflowPlan {
    let mut needs = data_needs(workflow, data, actions);
    needs.extend(workflow.operations.iter().map(|need| operation_need(need, &workflow.id, access, actions)));
    let with = |wanted: &[Standing]| -> Vec<String> {
        needs.iter().filter(|need| wanted.contains(&need.standing)).map(|need| need.key.clone()).collect()
    };
    let standings = || needs.iter().map(|need| need.standing);
    WorkflowPlan {
        id: workflow.id.clone(),
        title: workflow.title.clone(),
        provenance: workflow.provenance,
        verdict: verdict(standings(), false),
        if_claims_hold: verdict(standings(), true),
        blocked_by: with(&[Standing::Unmet]),
        open: with(&[Standing::Claimed, Standing::Unknown]),
        guardrails: workflow.guardrails.clone(),
        unguarded: workflow.unguarded().iter().map(ToString::to_string).collect(),
        escalate_when: workflow.escalate_when.clone(),
        needs,
    }
}

fn verdict(standings: impl Iterator<Item = Standing>, claims_hold: bool) -> Deployability {
    let worst = standings.map(|standing| match standing {
        Standing::Claimed if claims_hold => Standing::Met,
        Standing::Claimed => Standing::Unknown,
        other => other,
    });
    match worst.max() {
        Some(Standing::Met) => Deployability::Deployable,
        Some(Standing::Unmet) => Deployability::Blocked,
        Some(Standing::Claimed | Standing::Unknown) | None => Deployability::Unknown,
    }
}

/// The needs of the data. Without a readiness result for this workflow nothing is known of any.
fn data_needs(workflow: &Workflow, data: Option<&DataState>, actions: &mut Actions) -> Vec<NeedState> {
    let known = data.and_then(|data| data.workflows.iter().find(|known| known.id == workflow.id));
    let Some(WorkflowData { id: _, needs, partly_read }) = known else {
        let measure = actions.measure_readiness(&workflow.id);
        let unknown = |need: &crate::readiness::lens::Need| NeedState {
            key: need.key(),
            is_operation: false,
            because: need.because.clone(),
            standing: Standing::Unknown,
            rests_on: Vec::new(),
            actions: vec![vec![measure.clone()]],
        };
        return workflow.needs.iter().map(unknown).collect();
    };
    let mut states: Vec<NeedState> = Vec::new();
    for wanted in &workflow.needs {
        // A result made before the workflow asked for this says nothing of it.
        let unread = DataNeed::unknown(wanted);
        let need = needs.iter().find(|need| need.key == unread.key).unwrap_or(&unread);
        let (standing, named) = match need.verdict {
            Verdict::Ready if need.is_stated => (Standing::Met, vec![format!("handed_in.{}", need.key)]),
            Verdict::Ready => (Standing::Met, Vec::new()),
            Verdict::NotReady => (Standing::Unmet, need.failed.clone()),
            Verdict::Inconclusive | Verdict::Unknown => (Standing::Unknown, need.open.clone()),
        };
        let to_do = if standing == Standing::Met { &[][..] } else { &named };
        let one_each = to_do.iter().map(|check| {
            let id = if standing == Standing::Unmet {
                actions.mend(check, data, &workflow.id)
            } else {
                actions.measure_check(check, &workflow.id)
            };
            vec![id]
        });
        states.push(NeedState {
            key: need.key.clone(),
            is_operation: false,
            because: need.because.clone(),
            standing,
            actions: one_each.collect(),
            rests_on: named,
        });
    }
    if *partly_read {
        states.push(NeedState {
            key: "whole_read".to_owned(),
            is_operation: false,
            because: "what was not read may hold records that this workflow works on".to_owned(),
            standing: Standing::Unknown,
            rests_on: Vec::new(),
            actions: vec![vec![actions.measure_readiness(&workflow.id)]],
        });
    }
    states
}

fn operation_need(
    need: &OperationNeed,
    workflow: &str,
    access: Option<&Access>,
    actions: &mut Actions,
) -> NeedState {
    let state = |standing: Standing, rests_on: Vec<String>, one_of: Vec<String>| NeedState {
        key: need.key(),
        is_operation: true,
        because: need.because.clone(),
        standing,
        rests_on,
        actions: if standing == Standing::Met { Vec::new() } else { vec![one_of] },
    };
    let Some(access) = access else {
        return state(Standing::Unknown, Vec::new(), vec![actions.measure_coverage(workflow)]);
    };
    let in_scope: Vec<&PlatformAccess> = access
        .platforms
        .iter()
        .filter(|platform| platform.category.as_ref().is_some_and(|slug| need.categories.contains(slug)))
        .collect();
    let first = need.categories.first().map_or("", String::as_str);
    if in_scope.is_empty() {
        return if access.is_whole_stack {
            state(Standing::Unmet, Vec::new(), vec![actions.add_platform(first, workflow)])
        } else {
            state(Standing::Unknown, Vec::new(), vec![actions.name_platform(first, workflow)])
        };
    }
    let with = |cell: Cell| -> Vec<&PlatformAccess> {
        let stands = |platform: &PlatformAccess| best(platform, need).map_or(Cell::Unknown, |best| best.cell);
        in_scope.iter().filter(|platform| stands(platform) == cell).copied().collect()
    };
    let offers = |platforms: &[&PlatformAccess]| -> Vec<String> {
        let told = platforms.iter().map(|platform| {
            let Some(best) = best(platform, need) else { return platform.name.clone() };
            let stated = if best.is_stated { " (handed in)" } else { "" };
            format!("{}: {}{stated}", platform.name, best.operation)
        });
        told.collect()
    };
    let verified = with(Cell::VerifiedLive);
    let claimed = with(Cell::Claimed);
    let unknown = with(Cell::Unknown);
    if !verified.is_empty() {
        state(Standing::Met, offers(&verified), Vec::new())
    } else if !claimed.is_empty() {
        let ids = claimed.iter().map(|platform| actions.list_tools(platform, workflow)).collect();
        state(Standing::Claimed, offers(&claimed), ids)
    } else if !unknown.is_empty() {
        let ids = unknown.iter().map(|platform| actions.list_tools(platform, workflow)).collect();
        state(Standing::Unknown, Vec::new(), ids)
    } else {
        let ids = in_scope.iter().map(|platform| actions.provide(platform, need, workflow)).collect();
        state(Standing::Unmet, Vec::new(), ids)
    }
}

/// The best state of any of the operations on a platform.
fn best<'a>(platform: &'a PlatformAccess, need: &OperationNeed) -> Option<&'a OperationState> {
    let states = need
        .any_of
        .iter()
        .filter_map(|wanted| platform.operations.iter().find(|state| state.operation == *wanted));
    states.min_by_key(|state| state.cell)
}
