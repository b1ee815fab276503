//! The items that the situation calls for, before they have an order.

use super::{
    Gap, Item, PersonDays, Reading, Situation,
    agents::{self, Waits},
    assemble::{Asked, NotPlanned},
    deliverable::{AGENT, AGENT_REACHES, BOUNDS, Deliverable, SETTLE},
    exit::Exit,
    periods::PHASES,
};
use crate::provenance::Provenance;
use std::collections::{BTreeMap, BTreeSet};

/// Steps of one item that are told.
const STEPS: usize = 5;

/// The items, and what is left out.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) items: Vec<Item>,
    pub(super) not_planned: Vec<NotPlanned>,
    /// Deliverables that the stage takes to be there.
    pub(super) taken_as_done: Vec<String>,
}

/// Drafts the items. What was said to be done is in none of them.
pub(super) fn draft(asked: &Asked<'_>) -> Draft {
    let mut draft = Draft::default();
    let mut gaps: Vec<Gap> = asked.situation.gaps.clone();
    let waits = asked.workflows.map(|plan| Waits::of(plan, &mut gaps)).unwrap_or_default();
    gaps.sort_by(|one, other| one.severity.cmp(&other.severity).then_with(|| one.id.cmp(&other.id)));
    let mut of_deliverable: BTreeMap<&str, Vec<Gap>> = BTreeMap::new();
    for gap in &gaps {
        match asked.deliverables.closing(gap) {
            Some(deliverable) => of_deliverable.entry(&deliverable.id).or_default().push(gap.clone()),
            None => draft.leave_out(&gap.id, "no deliverable closes findings of this kind"),
        }
    }
    let entered = asked.situation.entry.as_ref().map(|entry| entry.lowest);
    for deliverable in &asked.deliverables.deliverables {
        let closed = of_deliverable.remove(deliverable.id.as_str()).unwrap_or_default();
        if asked.done.contains(&deliverable.id) {
            let reason = format!("`{}` was said to be done, and it is still found", deliverable.id);
            for gap in &closed {
                draft.leave_out(&gap.id, &reason);
            }
            continue;
        }
        let Some(mut item) = item(deliverable, closed, &gaps, asked) else { continue };
        let is_passed = item.phase.zip(entered).is_some_and(|(phase, entered)| phase < entered);
        let is_missed = item.exits.iter().any(Exit::is_missed);
        let is_taken = is_passed && !is_missed || is_there(deliverable, &item);
        if item.closes.is_empty() && !item.is_ai && is_taken {
            draft.taken_as_done.push(item.id);
            continue;
        }
        item.carried_over = is_passed;
        draft.items.push(item);
    }
    if let Some(plan) = asked.workflows {
        agents::add(&mut draft, plan, &waits, asked);
    }
    draft.drop_what_is_not_there();
    draft
}

/// Whether every number that would tell of it has been reached.
fn is_there(deliverable: &Deliverable, item: &Item) -> bool {
    !deliverable.exits.is_empty() && item.exits.is_empty()
}

impl Draft {
    pub(super) fn leave_out(&mut self, what: &str, reason: &str) {
        self.not_planned.push(NotPlanned { what: what.to_owned(), reason: reason.to_owned() });
    }

    /// A prerequisite that is done, or not called for, holds nothing back.
    fn drop_what_is_not_there(&mut self) {
        let there: BTreeSet<String> = self.items.iter().map(|item| item.id.clone()).collect();
        for item in &mut self.items {
            item.prerequisites.retain(|id| there.contains(id));
        }
    }
}

/// The item of a deliverable, where something calls for it.
fn item(deliverable: &Deliverable, closes: Vec<Gap>, gaps: &[Gap], asked: &Asked<'_>) -> Option<Item> {
    let Asked { situation, thresholds, workflows, .. } = asked;
    let gate = deliverable
        .raises
        .as_ref()
        .and_then(|raised| situation.gates.iter().find(|gate| gate.dimension == *raised));
    let eases = gaps.iter().filter(|gap| deliverable.eases(gap)).count();
    let is_settle = deliverable.id == SETTLE;
    let is_called_for = match deliverable.id.as_str() {
        SETTLE => !situation.settle.is_empty(),
        BOUNDS => workflows.is_some_and(|plan| !plan.workflows.is_empty()),
        AGENT | AGENT_REACHES => false,
        _ => !closes.is_empty() || eases > 0 || gate.is_some(),
    };
    if !is_called_for {
        return None;
    }
    let mut exits: Vec<Exit> =
        deliverable.exits.iter().filter_map(|rule| rule.exit(situation, thresholds)).collect();
    // What has been reached already tells nothing of this item.
    exits.retain(|exit| !exit.is_reached());
    if let Some(tool) = &deliverable.retest {
        exits.push(Exit::findings_gone(tool, &closes));
    }
    let steps: Vec<String> = if is_settle {
        situation.settle.clone()
    } else {
        let of_gate = gate.into_iter().flat_map(|gate| gate.steps.clone());
        let mut steps: Vec<String> = Vec::new();
        for step in of_gate.chain(closes.iter().filter_map(|gap| gap.step.clone())) {
            if !steps.contains(&step) {
                steps.push(step);
            }
        }
        steps.truncate(STEPS);
        steps
    };
    if is_settle {
        exits.push(stages_left(situation));
    }
    if deliverable.id == BOUNDS {
        let unguarded =
            workflows.iter().flat_map(|plan| &plan.workflows).map(|one| one.unguarded.len()).sum();
        if unguarded > 0 {
            exits.push(Exit::none_left("plan_workflows", "operations without a guardrail", unguarded));
        }
    }
    if let Some(gate) = gate {
        exits.push(Exit {
            tool: "assess_maturity".to_owned(),
            measure: gate.dimension.clone(),
            from: situation.measured.get(&gate.dimension).copied(),
            to: gate.at_least,
            is_at_most: false,
            provenance: Provenance::Authored,
        });
    }
    let times = if deliverable.each { closes.len().max(1) } else { 1 };
    Some(Item {
        id: deliverable.id.clone(),
        title: deliverable.title.clone(),
        deliverable: deliverable.deliverable.clone(),
        kind: deliverable.kind,
        phase: deliverable.phase.or(gate.map(|gate| gate.stage.saturating_sub(1).max(1))),
        owner_role: deliverable.owner_role.clone(),
        effort: PersonDays::of(deliverable.effort).times(times),
        effort_from: Provenance::Authored,
        closes,
        eases,
        steps,
        prerequisites: deliverable.after.iter().cloned().collect(),
        exits,
        is_ai: deliverable.ai,
        serves: BTreeSet::new(),
        is_first: is_settle,
        carried_over: false,
    })
}

/// The phases of entry that remain possible come down to one.
fn stages_left(situation: &Situation) -> Exit {
    let (left, provenance) = match &situation.entry {
        Some(entry) => (entry.highest.abs_diff(entry.lowest) + 1, entry.provenance),
        None => (PHASES, Provenance::Unknown),
    };
    let left = f64::from(left);
    Exit {
        tool: "plan_roadmap".to_owned(),
        measure: "phases in which the roadmap may begin".to_owned(),
        from: Some(Reading { low: left, high: left, provenance }),
        to: 1.0,
        is_at_most: true,
        provenance: Provenance::Authored,
    }
}
