//! What a workflow is: what it rests on, what keeps it in bounds, and when it asks a person.

use crate::{
    coverage::{
        listed::{self, Entry},
        taxonomy::{Effect, Operation, taxonomy},
    },
    nearest::nearest,
    provenance::Provenance,
    readiness::lens::Need,
};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use std::collections::BTreeSet;

/// A file of workflows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkflowFile {
    /// The version of the file, which changes whenever a verdict could.
    #[serde(deserialize_with = "listed::said")]
    pub version: String,
    /// The workflows.
    #[serde(deserialize_with = "listed::checked")]
    pub workflows: Vec<Workflow>,
}

/// One agentic workflow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Workflow {
    /// The workflow's name, in `snake_case`.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// Whose the list of needs is.
    #[schemars(with = "String")]
    pub provenance: Provenance,
    /// What is reached when it has done its work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<String>,
    /// What of the data it rests on; all of it has to hold.
    pub needs: Vec<Need>,
    /// What its agent has to be able to do; all of it has to hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<OperationNeed>,
    /// What keeps its agent in bounds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guardrails: Vec<Guardrail>,
    /// When its agent stops and asks a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalate_when: Option<String>,
}

/// One thing an agent has to be able to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OperationNeed {
    /// Operations of which one suffices, such as `contact.lookup`, the preferred one first.
    #[serde(deserialize_with = "known_operations")]
    #[schemars(with = "Vec<String>")]
    pub any_of: Vec<Operation>,
    /// The categories of platforms that may offer it, such as `crm`, the likeliest first.
    #[serde(rename = "in", deserialize_with = "known_categories")]
    pub categories: Vec<String>,
    /// What the workflow does with it.
    #[serde(deserialize_with = "listed::said")]
    pub because: String,
}

/// A rule that keeps an agent in bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Guardrail {
    /// The operations that it bounds; each is among the workflow's own.
    #[serde(deserialize_with = "known_operations")]
    #[schemars(with = "Vec<String>")]
    pub operations: Vec<Operation>,
    /// The rule.
    #[serde(deserialize_with = "listed::said")]
    pub rule: String,
}

impl OperationNeed {
    /// The need's key: its preferred operation.
    pub fn key(&self) -> String {
        self.any_of.first().map(ToString::to_string).unwrap_or_default()
    }
}

impl Workflow {
    /// The operations that reach people, spend, destroy or grant, and that no guardrail bounds.
    pub fn unguarded(&self) -> BTreeSet<Operation> {
        let guarded: BTreeSet<&Operation> =
            self.guardrails.iter().flat_map(|rail| &rail.operations).collect();
        let wanted = self.operations.iter().flat_map(|need| &need.any_of);
        wanted
            .filter(|operation| !matches!(taxonomy().usual_effect(operation), Effect::Read | Effect::Write))
            .filter(|operation| !guarded.contains(operation))
            .cloned()
            .collect()
    }
}

impl Entry for Workflow {
    const NAME: &'static str = "workflows";

    fn refused(&self, before: &[Self]) -> Option<String> {
        let Self { id, title, needs, operations, guardrails, escalate_when, .. } = self;
        let is_snake = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        if id.is_empty() || !id.chars().all(is_snake) {
            return Some(format!("`{id}` is no name in snake_case"));
        }
        if before.iter().any(|other| other.id == *id) {
            return Some(format!("the workflow `{id}` stands twice"));
        }
        if title.trim().is_empty() {
            return Some(format!("the title of the workflow `{id}` is empty"));
        }
        if needs.is_empty() || operations.is_empty() {
            let what = if needs.is_empty() { "needs" } else { "operations" };
            return Some(format!("the list of {what} of the workflow `{id}` is empty"));
        }
        if escalate_when.as_ref().is_none_or(|text| text.trim().is_empty()) {
            return Some(format!(
                "the workflow `{id}` does not say under `escalate_when` when a person is asked"
            ));
        }
        let own: BTreeSet<&Operation> = operations.iter().flat_map(|need| &need.any_of).collect();
        let mut bounded = guardrails.iter().flat_map(|rail| &rail.operations);
        let strange = bounded.find(|operation| !own.contains(operation))?;
        Some(format!(
            "a guardrail of the workflow `{id}` bounds `{strange}`, which the workflow does not use"
        ))
    }
}

fn known_operations<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Operation>, D::Error> {
    let operations: Vec<Operation> = listed::some(from)?;
    match operations.iter().find_map(|operation| taxonomy().stranger(operation)) {
        Some(reason) => Err(D::Error::custom(reason)),
        None => Ok(operations),
    }
}

fn known_categories<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let slugs: Vec<String> = listed::some(from)?;
    let Some(strange) = slugs.iter().find(|slug| taxonomy().category(slug).is_none()) else {
        return Ok(slugs);
    };
    let near = nearest(strange, taxonomy().categories.iter().map(|category| category.slug.as_str()));
    let hint =
        if near.is_empty() { String::new() } else { format!("; did you mean `{}`?", near.join("`, `")) };
    Err(D::Error::custom(format!("no category `{strange}`{hint}")))
}
