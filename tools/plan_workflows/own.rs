//! Workflows that a caller hands in.

use crate::ToolError;
use revarch_domain::workflow::{self, Workflow};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A workflow of your own.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnWorkflow {
    /// Its name in `snake_case`, such as `renewal_reminder`.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// What of the data it rests on; all of it has to hold.
    pub needs: Vec<OwnNeed>,
    /// What its agent has to be able to do; all of it has to hold.
    pub operations: Vec<OwnOperation>,
    /// What keeps its agent in bounds.
    #[serde(default)]
    pub guardrails: Vec<OwnGuardrail>,
    /// When its agent stops and asks a person.
    pub escalate_when: String,
}

/// Something of the data.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnNeed {
    /// `fields`, `association`, `events` or `lead_score`.
    pub question: String,
    /// The kinds of record, such as `contact`, `account`, `deal`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<String>,
    /// The field, where the question is `fields`: `email`, `owner`, `stage` and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// `person`, `lag` or `age`, where the question is `events`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aspect: Option<String>,
    /// What the workflow does with it.
    pub because: String,
}

/// Something its agent does.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnOperation {
    /// Operations of which one suffices, such as `deal.update_stage`, the preferred one first.
    pub any_of: Vec<String>,
    /// The categories of platforms that may offer it, such as `crm` or `sales-enablement`.
    pub r#in: Vec<String>,
    /// What the workflow does with it.
    pub because: String,
}

/// A rule that keeps its agent in bounds.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnGuardrail {
    /// The operations of the workflow that it bounds.
    pub operations: Vec<String>,
    /// The rule.
    pub rule: String,
}

/// Reads the workflows as a file of them would be read, and refuses names that are taken.
pub(super) fn read(own: &[OwnWorkflow], known: &[Workflow]) -> Result<Vec<Workflow>, ToolError> {
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let entries: Vec<_> = own
        .iter()
        .map(|workflow| {
            let mut entry = json!(workflow);
            entry["provenance"] = json!("attested");
            entry
        })
        .collect();
    let file = json!({"version": "of this call", "workflows": entries});
    let read = workflow::parse(&file.to_string()).map_err(|error| {
        // The reason names a line of a file that the caller never saw.
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        let reason = cause.rsplit_once(" at line ").map_or(cause.as_str(), |(reason, _)| reason);
        ToolError::input(format!("{error}: {reason}")).hint(
            "a workflow has `id`, `title`, `needs`, `operations` and `escalate_when`, as the schema says",
        )
    })?;
    if let Some(clash) = read.iter().find(|one| known.iter().any(|other| other.id == one.id)) {
        return Err(ToolError::input(format!("there is a workflow `{}` already", clash.id))
            .hint("give yours another id, so that no verdict changes its meaning unnoticed"));
    }
    Ok(read)
}
