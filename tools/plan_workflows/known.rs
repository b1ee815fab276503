//! What is known of the data and of the operations: measured now where that is possible, else stored.

use super::Input;
use crate::{Context, ToolError, audit_mcp_coverage, check_data_readiness, reviews};
use revarch_domain::{
    readiness::Lens,
    workflow::{Access, DataState, Workflow},
};
use revarch_store::ReviewRecord;
use serde::de::DeserializeOwned;

/// Where the stored JSON of a review keeps what it found of the data.
pub(crate) const DATA: &str = "data_state";
/// Where the stored JSON of a review keeps what it found of the operations.
pub(crate) const ACCESS: &str = "access";

/// What is known, and where it comes from.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) data: Option<DataState>,
    pub(super) data_from: String,
    pub(super) access: Option<Access>,
    pub(super) access_from: String,
    /// What kept something from being known.
    pub(super) remarks: Vec<String>,
}

impl Known {
    pub(super) async fn find(
        input: &Input,
        workflows: &[Workflow],
        context: &Context,
    ) -> Result<Self, ToolError> {
        let Input { platforms, tools_lists, inspect, whole_stack, review_id, .. } = input;
        let mut known = Self::default();
        let reviews = reviews::find(review_id.as_deref(), context).await?;
        // What the lens cannot judge is refused whether or not there is data.
        let lens = lens(context, workflows)?;
        let has_data = !context.tables.all().is_empty() || !context.tables.problems().is_empty();
        if has_data && review_id.is_none() {
            let checked =
                check_data_readiness::measure(context, &lens, check_data_readiness::Asked::default()).await?;
            known.data = Some(DataState::of(&checked.readiness));
            known.data_from = String::from("measured now");
        } else {
            (known.data, known.data_from) =
                stored(&reviews, DATA, "the data was neither measured nor stored");
        }
        if platforms.is_empty() && tools_lists.is_empty() && inspect.is_empty() {
            let none = "no platform is named, and no stored review has any";
            (known.access, known.access_from) = stored(&reviews, ACCESS, none);
        } else {
            let survey = audit_mcp_coverage::survey(platforms, tools_lists, inspect, context).await?;
            known.access = Some(Access::of(&survey.audit, workflows, *whole_stack));
            known.access_from = String::from("audited now");
            if !survey.unresolved.is_empty() {
                let told = format!("not in the catalog, so of no category: {}", survey.unresolved.join(", "));
                known.remarks.push(crate::wire::one_line(&told, 400));
            }
            known.remarks.extend(survey.failures.iter().take(5).map(|told| crate::wire::one_line(told, 300)));
        }
        Ok(known)
    }
}

/// The operator's lens over these workflows.
fn lens(context: &Context, workflows: &[Workflow]) -> Result<Lens, ToolError> {
    Lens::clone(&context.readiness).with_workflows(workflows.to_vec()).map_err(|error| {
        let cause = std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
        ToolError::input(format!("the readiness lens cannot judge these workflows: {error}{cause}"))
            .hint("name fields by the roles that describe_data shows")
    })
}

/// The newest review that holds such a state, and the words for where it comes from.
fn stored<T: DeserializeOwned>(reviews: &[ReviewRecord], key: &str, none: &str) -> (Option<T>, String) {
    let found = reviews.iter().find_map(|review| {
        let state: T = serde_json::from_value(review.json.get(key)?.clone()).ok()?;
        Some((state, reviews::name(review)))
    });
    match found {
        Some((state, from)) => (Some(state), from),
        None => (None, none.to_owned()),
    }
}
