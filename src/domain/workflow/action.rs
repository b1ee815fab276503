//! What mends or settles a need, told once however many workflows name it.

use super::{DataState, OperationNeed, PlatformAccess, Reach};
use crate::coverage::{
    decision::Effort,
    taxonomy::{Operation, taxonomy},
};
use std::collections::{BTreeMap, BTreeSet};

/// What kind of step an action is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActionKind {
    /// It mends what is known to be wrong.
    Fix,
    /// It finds out what is not known.
    Measure,
}

impl ActionKind {
    /// The kind's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fix => "fix",
            Self::Measure => "measure",
        }
    }
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedAction {
    /// A stable key: that of the failed check or finding for a fix, one that begins with `measure.` otherwise.
    pub id: String,
    /// What kind it is.
    pub kind: ActionKind,
    /// What it is about, in a sentence.
    pub title: String,
    /// The steps.
    pub steps: Vec<String>,
    /// Who owns it, as a role.
    pub owner_role: String,
    /// How much work it is, by revarch's own classes.
    pub effort: Effort,
    /// The workflows that name it.
    pub serves: BTreeSet<String>,
}

/// The actions that workflows name, each told once.
#[derive(Default)]
pub(super) struct Actions(pub(super) BTreeMap<String, PlannedAction>);

impl Actions {
    fn note(&mut self, workflow: &str, action: PlannedAction) -> String {
        let id = action.id.clone();
        self.0.entry(id.clone()).or_insert(action).serves.insert(workflow.to_owned());
        id
    }

    pub(super) fn mend(&mut self, check: &str, data: Option<&DataState>, workflow: &str) -> String {
        let failed = data.and_then(|data| data.failed.get(check));
        // Flows and scores are mended in the systems that write them; a column by filling it.
        let is_long = check.starts_with("events.") || check.starts_with("score.");
        let action = PlannedAction {
            id: check.to_owned(),
            kind: ActionKind::Fix,
            title: failed.map_or_else(|| format!("mend `{check}`"), |failed| failed.told.clone()),
            steps: failed.map(|failed| failed.fix.clone()).unwrap_or_default(),
            owner_role: failed.map_or("revenue operations", |failed| failed.owner_role.as_str()).to_owned(),
            effort: if is_long { Effort::Weeks } else { Effort::Days },
            serves: BTreeSet::new(),
        };
        self.note(workflow, action)
    }

    fn measure(&mut self, workflow: &str, what: &str, title: String, step: String) -> String {
        let action = PlannedAction {
            id: format!("measure.{what}"),
            kind: ActionKind::Measure,
            title,
            steps: vec![step],
            owner_role: "revenue operations".to_owned(),
            effort: Effort::Hours,
            serves: BTreeSet::new(),
        };
        self.note(workflow, action)
    }

    pub(super) fn measure_check(&mut self, check: &str, workflow: &str) -> String {
        let title = format!("find out about `{check}`");
        let step = "hand in the table or the count that check_data_readiness names under its next queries";
        self.measure(workflow, check, title, step.to_owned())
    }

    pub(super) fn measure_readiness(&mut self, workflow: &str) -> String {
        let step = "run check_data_readiness on the whole of the data, and plan again with its result";
        self.measure(workflow, "data", "measure the data layer".to_owned(), step.to_owned())
    }

    pub(super) fn measure_coverage(&mut self, workflow: &str) -> String {
        let step = "run audit_mcp_coverage on the stack, and plan again with its result";
        self.measure(workflow, "coverage", "audit what agents can reach".to_owned(), step.to_owned())
    }

    pub(super) fn name_platform(&mut self, category: &str, workflow: &str) -> String {
        let name = category_name(category);
        let title = format!("say which platform the company uses for {name}");
        let step = "name it in the stack, or say that the stack is named in full".to_owned();
        self.measure(workflow, &format!("stack.{category}"), title, step)
    }

    pub(super) fn list_tools(&mut self, platform: &PlatformAccess, workflow: &str) -> String {
        let title = format!("see which tools {} lists for this company", platform.name);
        let usual = "connect with the scopes that agents will have, and paste the server's tools/list answer";
        let step = platform.next_evidence.clone().unwrap_or_else(|| usual.to_owned());
        self.measure(workflow, &format!("mcp.{}", platform.key), title, step)
    }

    pub(super) fn add_platform(&mut self, category: &str, workflow: &str) -> String {
        let name = category_name(category);
        let action = PlannedAction {
            id: format!("stack.add.{category}"),
            kind: ActionKind::Fix,
            title: format!("the stack has no platform for {name}"),
            steps: vec![format!("choose a platform for {name} that agents can reach")],
            owner_role: "head of revenue operations".to_owned(),
            effort: Effort::Quarter,
            serves: BTreeSet::new(),
        };
        self.note(workflow, action)
    }

    pub(super) fn provide(
        &mut self,
        platform: &PlatformAccess,
        need: &OperationNeed,
        workflow: &str,
    ) -> String {
        let category = platform.category.as_deref().and_then(|slug| taxonomy().category(slug));
        let usual = |wanted: &&Operation| {
            category.is_some_and(|category| {
                category.core.contains(*wanted) || category.extended.contains(*wanted)
            })
        };
        let wanted = need.any_of.iter().find(usual).or(need.any_of.first());
        let operation = wanted.map(ToString::to_string).unwrap_or_default();
        let (id, title) = if platform.reach == Reach::NotReached {
            (format!("mcp.none.{}", platform.key), format!("no server reaches {}", platform.name))
        } else {
            let title = format!("{} does not offer `{operation}` to agents", platform.name);
            (format!("mcp.operation.{}.{operation}", platform.key), title)
        };
        let action = PlannedAction {
            id,
            kind: ActionKind::Fix,
            title,
            steps: vec![platform.remedy.clone()],
            owner_role: "revenue operations".to_owned(),
            effort: platform.effort,
            serves: BTreeSet::new(),
        };
        self.note(workflow, action)
    }
}

fn category_name(slug: &str) -> &str {
    taxonomy().category(slug).map_or(slug, |category| category.name.as_str())
}
