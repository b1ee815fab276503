//! Items that put agents to work, each behind the data, the operations and the bounds that it needs.

use super::{
    Gap, Item, PersonDays,
    assemble::Asked,
    deliverable::{AGENT, AGENT_REACHES, Deliverable},
    draft::Draft,
    exit::Exit,
};
use crate::{
    coverage::taxonomy::{Effect, taxonomy},
    finding::Severity,
    provenance::Provenance,
    workflow::{Deployability, NeedState, Plan, Standing, WorkflowPlan},
};
use std::collections::{BTreeMap, BTreeSet};

/// What each workflow waits for, by workflow: the keys of findings.
#[derive(Default)]
pub(super) struct Waits(BTreeMap<String, BTreeSet<String>>);

impl Waits {
    /// Where one of several actions would do, takes one of the fewest that unblock, then one that is a finding
    /// already, then the lightest. What only the workflows know of joins the findings.
    pub(super) fn of(plan: &Plan, gaps: &mut Vec<Gap>) -> Self {
        let fewest: BTreeSet<&String> = [&plan.fixes, &plan.measurements]
            .into_iter()
            .filter_map(|set| set.steps.last())
            .flat_map(|step| &step.actions)
            .collect();
        let mut all = Self::default();
        for workflow in plan.workflows.iter().filter(|one| one.verdict != Deployability::Deployable) {
            let waits = all.0.entry(workflow.id.clone()).or_default();
            for one_of in open_needs(workflow).flat_map(|need| &need.actions) {
                let is_found = |id: &String| gaps.iter().any(|gap| is_same(gap, id));
                let weight =
                    |id: &String| plan.actions.get(id).map_or(u32::MAX, |action| action.effort.weight());
                let best = one_of
                    .iter()
                    .min_by_key(|id| (!fewest.contains(id), !is_found(id), weight(id), (*id).clone()));
                let Some(id) = best else { continue };
                if let Some(known) = gaps.iter().find(|gap| is_same(gap, id)) {
                    waits.insert(known.id.clone());
                } else if let Some(action) = plan.actions.get(id) {
                    waits.insert(id.clone());
                    gaps.push(Gap {
                        id: id.clone(),
                        severity: Severity::Major,
                        found: action.title.clone(),
                        step: action.steps.first().cloned(),
                    });
                }
            }
        }
        all
    }
}

/// Whether a finding is what an action mends or settles: a server whose operations nobody has seen is a finding of
/// the stack, and a thing to measure for a workflow.
fn is_same(gap: &Gap, action: &str) -> bool {
    let of_server = |server: &str| {
        ["mcp.operations_unknown.", "mcp.unknown."]
            .iter()
            .any(|kind| gap.id.strip_prefix(kind) == Some(server))
    };
    gap.id == action || action.strip_prefix("measure.mcp.").is_some_and(of_server)
}

fn open_needs(workflow: &WorkflowPlan) -> impl Iterator<Item = &NeedState> {
    workflow.needs.iter().filter(|need| need.standing != Standing::Met)
}

/// Adds an item for each workflow whose needs the plan meets, and notes at each item who waits for it.
pub(super) fn add(draft: &mut Draft, plan: &Plan, waits: &Waits, asked: &Asked<'_>) {
    let closing: BTreeMap<String, String> = draft
        .items
        .iter()
        .flat_map(|item| item.closes.iter().map(|gap| (gap.id.clone(), item.id.clone())))
        .collect();
    for workflow in &plan.workflows {
        let Some(item) = agent(workflow, asked) else { continue };
        if asked.done.contains(&item.id) {
            continue;
        }
        let waits: Vec<&String> = waits.0.get(&workflow.id).into_iter().flatten().collect();
        if let Some(open) = waits.iter().find(|gap| !closing.contains_key(**gap)) {
            let reason = format!("it waits for `{open}`, which nothing in the plan closes");
            draft.leave_out(&item.id, &reason);
            continue;
        }
        let needed: BTreeSet<&String> = waits.iter().filter_map(|gap| closing.get(*gap)).collect();
        for other in draft.items.iter_mut().filter(|other| needed.contains(&other.id)) {
            other.serves.insert(workflow.id.clone());
        }
        let mut item = item;
        item.prerequisites.extend(needed.into_iter().cloned());
        draft.items.push(item);
    }
}

fn agent(workflow: &WorkflowPlan, asked: &Asked<'_>) -> Option<Item> {
    let id = if reaches_people(workflow) { AGENT_REACHES } else { AGENT };
    let Deliverable { title, deliverable, kind, phase, owner_role, effort, after, ai, .. } =
        asked.deliverables.get(id)?;
    let open = open_needs(workflow).count();
    Some(Item {
        id: format!("agent.{}", workflow.id),
        title: format!("{title}: {}", workflow.title),
        deliverable: deliverable.clone(),
        kind: *kind,
        phase: *phase,
        owner_role: owner_role.clone(),
        effort: PersonDays::of(*effort),
        effort_from: Provenance::Authored,
        closes: Vec::new(),
        eases: 0,
        steps: Vec::new(),
        prerequisites: after.iter().cloned().collect(),
        exits: vec![Exit::none_left("plan_workflows", &format!("open needs of {}", workflow.id), open)],
        is_ai: *ai,
        serves: BTreeSet::from([workflow.id.clone()]),
        is_first: false,
        carried_over: false,
    })
}

/// Whether the workflow's agent does more than read and write records.
fn reaches_people(workflow: &WorkflowPlan) -> bool {
    let bounded = workflow.guardrails.iter().flat_map(|rail| &rail.operations);
    let mut effects = bounded.map(|operation| taxonomy().usual_effect(operation));
    !workflow.unguarded.is_empty() || effects.any(|effect| !matches!(effect, Effect::Read | Effect::Write))
}
