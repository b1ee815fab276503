//! Which agentic workflows the data would bear.
//!
//! This is the data's side only: whether an agent can reach the systems, and with which operations, is judged
//! from their MCP servers elsewhere.

use super::{
    Binding, Check, Question,
    lens::{Need, Workflow},
};
use crate::{provenance::Provenance, verdict::Verdict};
use std::collections::BTreeSet;

/// What the data says of one workflow. An operation that no MCP server offers is not in here.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkflowReadiness {
    /// The workflow's name.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// Whose the list of needs is.
    pub provenance: Provenance,
    /// Whether the data would bear it; says nothing of the operations it needs.
    pub verdict: Verdict,
    /// Whether something was not read, which keeps the verdict from passing.
    pub partly_read: bool,
    /// What it rests on.
    pub needs: Vec<NeedReadiness>,
    /// The checks it rests on, by id.
    pub checks: Vec<String>,
    /// The checks that failed and block it, by id.
    pub blocked_by: Vec<String>,
    /// What is open: checks by id, and needs nothing is known of by their key, as in `deal.amount`.
    pub open: Vec<String>,
    /// What holds it back most.
    pub binding: Option<Binding>,
}

/// What the data says of one need.
#[derive(Clone, Debug, PartialEq)]
pub struct NeedReadiness {
    /// The need's key, as in `contact.email`, `association` or `events.lag`.
    pub key: String,
    /// What the workflow does with it.
    pub because: String,
    /// Whether the data meets it; unknown where there is no data to meet it.
    pub verdict: Verdict,
    /// The checks that say so, by id.
    pub checks: Vec<String>,
}

pub(super) fn judge(workflows: &[Workflow], questions: &[Question], unread: bool) -> Vec<WorkflowReadiness> {
    workflows.iter().map(|workflow| one(workflow, questions, unread)).collect()
}

fn one(workflow: &Workflow, questions: &[Question], unread: bool) -> WorkflowReadiness {
    let met: Vec<(&Need, Vec<&Check>)> =
        workflow.needs.iter().map(|need| (need, answers(need, questions))).collect();
    let needs: Vec<NeedReadiness> = met
        .iter()
        .map(|(need, checks)| NeedReadiness {
            key: need.key(),
            because: need.because.clone(),
            verdict: Verdict::all(checks.iter().map(|check| check.verdict)),
            checks: checks.iter().map(|check| check.id.clone()).collect(),
        })
        .collect();
    let with = |wanted: &[Verdict]| -> Vec<String> {
        let mut seen = BTreeSet::new();
        let checks = met.iter().flat_map(|(_, checks)| checks);
        checks
            .filter(|check| wanted.contains(&check.verdict) && seen.insert(check.id.as_str()))
            .map(|check| check.id.clone())
            .collect()
    };
    let mut open = with(&[Verdict::Inconclusive, Verdict::Unknown]);
    open.extend(needs.iter().filter(|need| need.checks.is_empty()).map(|need| need.key.clone()));
    // What was not read may hold records that this workflow works on.
    let withheld = unread.then_some(Verdict::Unknown);
    WorkflowReadiness {
        id: workflow.id.clone(),
        title: workflow.title.clone(),
        provenance: workflow.provenance,
        verdict: Verdict::all(needs.iter().map(|need| need.verdict).chain(withheld)),
        partly_read: unread,
        checks: with(&[Verdict::Ready, Verdict::NotReady, Verdict::Inconclusive, Verdict::Unknown]),
        blocked_by: with(&[Verdict::NotReady]),
        open,
        binding: binding(&met),
        needs,
    }
}

/// The checks that answer a need.
fn answers<'a>(need: &Need, questions: &'a [Question]) -> Vec<&'a Check> {
    let of_aspect = |check: &Check| {
        need.aspect.is_none_or(|aspect| check.id.starts_with(&format!("events.{}.", aspect.name())))
    };
    questions
        .iter()
        .filter(|question| question.id == need.question)
        .flat_map(|question| &question.checks)
        .filter(|check| {
            need.entities.is_empty() || check.entity.is_some_and(|entity| need.entities.contains(&entity))
        })
        .filter(|check| need.role.is_none_or(|role| check.role == Some(role.0)) && of_aspect(check))
        .collect()
}

/// The failed check that misses by most; where none failed, what is open, the needs without data first.
fn binding(met: &[(&Need, Vec<&Check>)]) -> Option<Binding> {
    let found = |need: &Need, check: &Check| Binding {
        question: need.question,
        check: check.id.clone(),
        reason: format!("{}; {}", check.told(), need.because),
    };
    let pairs = || met.iter().flat_map(|(need, checks)| checks.iter().map(move |check| (*need, *check)));
    let failed = pairs()
        .filter(|(_, check)| check.verdict == Verdict::NotReady)
        .max_by(|(_, a), (_, b)| a.shortfall().total_cmp(&b.shortfall()));
    if let Some((need, check)) = failed {
        return Some(found(need, check));
    }
    if let Some((need, _)) = met.iter().find(|(_, checks)| checks.is_empty()) {
        let key = need.key();
        let reason = format!("there is no data on {key}; {}", need.because);
        return Some(Binding { question: need.question, check: key, reason });
    }
    pairs().find(|(_, check)| check.verdict != Verdict::Ready).map(|(need, check)| found(need, check))
}
