//! Results that a caller obtained elsewhere. They are statements, and take the place of what is measured or stored.

use super::known::Known;
use crate::ToolError;
use revarch_domain::{
    coverage::{matrix::Cell, taxonomy::Operation},
    nearest::nearest,
    readiness::lens::Need,
    verdict::Verdict,
    workflow::{Access, DataNeed, DataState, OperationState, PlatformAccess, Reach, Workflow, WorkflowData},
};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;

/// A result obtained elsewhere: how a need of the data, or an operation of a platform, stands.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenResult {
    /// The need of the data, as this tool names it, such as `contact.email` or `events.lag`; or the operation, such as
    /// `deal.update_stage`, and then with `platform`.
    pub need: String,
    /// The platform that the operation is about, such as "Salesforce".
    pub platform: Option<String>,
    /// Whether it holds.
    pub state: State,
}

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was seen to hold.
    Holds,
    /// It was seen not to hold.
    Fails,
    /// Nobody knows.
    Unknown,
}

pub(super) fn apply(
    results: &[GivenResult],
    workflows: &[Workflow],
    known: &mut Known,
) -> Result<(), ToolError> {
    for (at, GivenResult { need, platform, state }) in results.iter().enumerate() {
        match platform {
            None => of_data(at, need, *state, workflows, known)?,
            Some(platform) => of_platform(at, need, platform, *state, workflows, known)?,
        }
    }
    let told = |from: &mut String, has: bool| {
        if has {
            from.push_str(", with results handed in");
        }
    };
    told(&mut known.data_from, results.iter().any(|result| result.platform.is_none()));
    told(&mut known.access_from, results.iter().any(|result| result.platform.is_some()));
    Ok(())
}

fn of_data(
    at: usize,
    need: &str,
    state: State,
    workflows: &[Workflow],
    known: &mut Known,
) -> Result<(), ToolError> {
    let keys: BTreeSet<String> =
        workflows.iter().flat_map(|workflow| workflow.needs.iter().map(Need::key)).collect();
    if !keys.contains(need) {
        return Err(unknown(at, need, "need of the data", keys.iter().map(String::as_str)));
    }
    let data = known.data.get_or_insert_with(DataState::default);
    for workflow in workflows.iter().filter(|workflow| workflow.needs.iter().any(|own| own.key() == need)) {
        if !data.workflows.iter().any(|known| known.id == workflow.id) {
            data.workflows.push(nothing_known(workflow));
        }
        for known in data.workflows.iter_mut().filter(|known| known.id == workflow.id) {
            // A result that is older than the need does not hold it yet.
            if !known.needs.iter().any(|known| known.key == need) {
                known
                    .needs
                    .extend(workflow.needs.iter().filter(|own| own.key() == need).map(DataNeed::unknown));
            }
        }
        let of_workflow = data.workflows.iter_mut().filter(|known| known.id == workflow.id);
        for known in of_workflow.flat_map(|known| &mut known.needs).filter(|known| known.key == need) {
            let handed_in = format!("handed_in.{need}");
            known.is_stated = true;
            (known.verdict, known.failed, known.open) = match state {
                State::Holds => (Verdict::Ready, Vec::new(), Vec::new()),
                State::Fails => (Verdict::NotReady, vec![handed_in], Vec::new()),
                State::Unknown => (Verdict::Unknown, Vec::new(), vec![need.to_owned()]),
            };
        }
    }
    Ok(())
}

fn nothing_known(workflow: &Workflow) -> WorkflowData {
    let needs = workflow.needs.iter().map(DataNeed::unknown);
    WorkflowData { id: workflow.id.clone(), needs: needs.collect(), partly_read: false }
}

fn of_platform(
    at: usize,
    need: &str,
    platform: &str,
    state: State,
    workflows: &[Workflow],
    known: &mut Known,
) -> Result<(), ToolError> {
    let asked: BTreeSet<&Operation> =
        workflows.iter().flat_map(|workflow| &workflow.operations).flat_map(|need| &need.any_of).collect();
    let Some(operation) = asked.iter().find(|operation| operation.to_string() == need) else {
        let names: Vec<String> = asked.iter().map(ToString::to_string).collect();
        return Err(unknown(at, need, "operation", names.iter().map(String::as_str)));
    };
    let access = known.access.get_or_insert_with(Access::default);
    let place = access.platforms.iter().position(|known| {
        known.name.eq_ignore_ascii_case(platform.trim()) || known.key.eq_ignore_ascii_case(platform.trim())
    });
    let Some(place) = place else {
        let names: Vec<&str> = access.platforms.iter().map(|known| known.name.as_str()).collect();
        return Err(unknown(at, platform, "platform of the stack", names.into_iter())
            .hint("name it in `platforms` too, so that its category is known"));
    };
    let PlatformAccess { operations, reach, .. } = &mut access.platforms[place];
    let cell = match state {
        State::Holds => Cell::VerifiedLive,
        State::Fails => Cell::Absent,
        State::Unknown => Cell::Unknown,
    };
    if state == State::Holds {
        *reach = Reach::Reached;
    }
    match operations.iter_mut().find(|known| known.operation == **operation) {
        Some(known) => (known.cell, known.is_stated) = (cell, true),
        None => operations.push(OperationState { operation: (*operation).clone(), cell, is_stated: true }),
    }
    Ok(())
}

fn unknown<'a>(at: usize, name: &str, what: &str, known: impl Iterator<Item = &'a str> + Clone) -> ToolError {
    let name = crate::wire::one_line(name, 80);
    let error = ToolError::input(format!("`results[{at}]`: `{name}` is no {what} of these workflows"));
    let near = nearest(&name, known.clone());
    if let Some(near) = near.first() {
        return error.hint(format!("did you mean `{near}`?"));
    }
    let known: Vec<&str> = known.take(40).collect();
    if known.is_empty() { error } else { error.hint(format!("known are: {}", known.join(", "))) }
}
