//! What is known of the data and of the operations, in a form that can be stored and handed in again.

use super::Workflow;
use crate::{
    coverage::{
        audit::StackAudit,
        decision::Effort,
        gap::Demand,
        matrix::{Cell, Matrix},
        taxonomy::Operation,
    },
    readiness::{Question, Readiness, WorkflowReadiness, lens::Need},
    verdict::Verdict,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of the data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DataState {
    /// By workflow.
    pub workflows: Vec<WorkflowData>,
    /// The failed checks that workflows name, by id.
    pub failed: BTreeMap<String, FailedCheck>,
}

/// What is known of one workflow's data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowData {
    /// The workflow.
    pub id: String,
    /// Its needs.
    pub needs: Vec<DataNeed>,
    /// Whether the data was read in part only, so that what was read cannot settle it.
    pub partly_read: bool,
}

/// What is known of one need.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataNeed {
    /// The need's key, such as `contact.email`.
    pub key: String,
    /// What the workflow does with it.
    pub because: String,
    /// Whether the data meets it.
    pub verdict: Verdict,
    /// The checks that failed, by id.
    pub failed: Vec<String>,
    /// The checks that are open, by id; the key of the need where there is no check.
    pub open: Vec<String>,
    /// Whether somebody said so, in the place of a measurement.
    #[serde(default)]
    pub is_stated: bool,
}

impl DataNeed {
    /// A need of which nothing is known.
    pub fn unknown(need: &Need) -> Self {
        Self {
            key: need.key(),
            because: need.because.clone(),
            verdict: Verdict::Unknown,
            failed: Vec::new(),
            open: vec![need.key()],
            is_stated: false,
        }
    }
}

/// A check that failed, and what mends it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FailedCheck {
    /// What was found.
    pub told: String,
    /// The steps that mend it.
    pub fix: Vec<String>,
    /// Who owns it, as a role.
    pub owner_role: String,
}

impl DataState {
    /// What a readiness check found.
    pub fn of(readiness: &Readiness) -> Self {
        let checks: BTreeMap<&str, Verdict> = readiness
            .questions
            .iter()
            .flat_map(|question: &Question| &question.checks)
            .map(|check| (check.id.as_str(), check.verdict))
            .collect();
        let workflows: Vec<WorkflowData> =
            readiness.workflows.iter().map(|workflow| data_of(workflow, &checks)).collect();
        let named: BTreeSet<&String> =
            workflows.iter().flat_map(|workflow| &workflow.needs).flat_map(|need| &need.failed).collect();
        let failed = named
            .into_iter()
            .map(|id| {
                let found = readiness.findings.iter().find(|finding| finding.id == *id);
                let check = found.map_or_else(
                    || FailedCheck {
                        told: format!("`{id}` failed"),
                        fix: Vec::new(),
                        owner_role: "revenue operations".to_owned(),
                    },
                    |finding| FailedCheck {
                        told: finding.what_found.clone(),
                        fix: finding.fix.clone(),
                        owner_role: finding.owner_role.clone(),
                    },
                );
                (id.clone(), check)
            })
            .collect();
        Self { workflows, failed }
    }
}

fn data_of(workflow: &WorkflowReadiness, checks: &BTreeMap<&str, Verdict>) -> WorkflowData {
    let needs: Vec<DataNeed> = workflow
        .needs
        .iter()
        .map(|need| {
            let with = |wanted: &[Verdict]| -> Vec<String> {
                let ids = need.checks.iter();
                ids.filter(|id| wanted.contains(checks.get(id.as_str()).unwrap_or(&Verdict::Unknown)))
                    .cloned()
                    .collect()
            };
            let mut open = with(&[Verdict::Inconclusive, Verdict::Unknown]);
            if need.checks.is_empty() {
                open.push(need.key.clone());
            }
            DataNeed {
                key: need.key.clone(),
                because: need.because.clone(),
                verdict: need.verdict,
                failed: with(&[Verdict::NotReady]),
                open,
                is_stated: false,
            }
        })
        .collect();
    WorkflowData { id: workflow.id.clone(), partly_read: workflow.partly_read, needs }
}

/// What is known of the operations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// The platforms of the stack.
    pub platforms: Vec<PlatformAccess>,
    /// Whether these are all platforms of the stack. If not, a category without a platform is not known to be
    /// missing.
    pub is_whole_stack: bool,
}

/// What is known of one platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformAccess {
    /// Its key, as findings name it.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The key of its category.
    pub category: Option<String>,
    /// Whether some server reaches it.
    pub reach: Reach,
    /// How the operations stand that workflows ask for.
    pub operations: Vec<OperationState>,
    /// What would make it reachable, or give it what it lacks.
    pub remedy: String,
    /// How much work that is.
    pub effort: Effort,
    /// What would settle what is unknown of it.
    pub next_evidence: Option<String>,
}

/// Whether some server reaches a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// One does.
    Reached,
    /// None does.
    NotReached,
    /// Nobody knows.
    Unknown,
}

/// How one operation stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationState {
    /// The operation.
    pub operation: Operation,
    /// How it stands.
    pub cell: Cell,
    /// Whether somebody said so, in the place of an audit.
    #[serde(default)]
    pub is_stated: bool,
}

/// What these workflows ask of the stack, for ranking its gaps.
pub fn demands(workflows: &[Workflow]) -> Vec<Demand> {
    let needs =
        workflows.iter().flat_map(|workflow| workflow.operations.iter().map(move |need| (workflow, need)));
    needs
        .map(|(workflow, need)| Demand {
            workflow: workflow.id.clone(),
            any_of: need.any_of.clone(),
            categories: need.categories.clone(),
        })
        .collect()
}

impl Access {
    /// What an audit found of the operations that these workflows ask for.
    pub fn of(audit: &StackAudit, workflows: &[Workflow], is_whole_stack: bool) -> Self {
        let needs = || workflows.iter().flat_map(|workflow| &workflow.operations);
        let wanted: BTreeSet<Operation> = needs().flat_map(|need| need.any_of.iter().cloned()).collect();
        let matrix = Matrix::of(audit, &wanted);
        let platforms = audit.platforms.iter().zip(matrix.rows).map(|(platform, row)| {
            let (action, _) = audit.way_around(platform);
            PlatformAccess {
                key: row.key,
                name: row.name,
                category: row.category,
                reach: match platform.is_reachable {
                    Some(true) => Reach::Reached,
                    Some(false) => Reach::NotReached,
                    None => Reach::Unknown,
                },
                operations: row
                    .cells
                    .into_iter()
                    .filter(|(operation, _)| wanted.contains(operation))
                    .map(|(operation, cell)| OperationState { operation, cell, is_stated: false })
                    .collect(),
                remedy: action.step().to_owned(),
                effort: action.effort(),
                next_evidence: platform.decision.next_evidence.clone(),
            }
        });
        Self { platforms: platforms.collect(), is_whole_stack }
    }
}
