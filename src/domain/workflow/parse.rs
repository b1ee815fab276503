//! Workflows as files hold them.

use super::{Workflow, WorkflowFile};
use std::sync::LazyLock;

/// Why a file of workflows cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WorkflowError {
    /// A part of the file cannot be used.
    #[error("cannot use the workflows at `{path}`")]
    Part {
        /// The field, as in `workflows[1].operations[0].any_of`.
        path: String,
        /// What is wrong there, with its line and column.
        source: serde_json::Error,
    },
    /// An own workflow has the name of a shipped one, and the caller asked to add and not to replace.
    #[error("the workflow `{0}` has the name of one that ships with revarch")]
    Shipped(String),
}

/// The workflows written in `text` as JSON, or which part of it cannot be used, where and why.
pub fn parse(text: &str) -> Result<Vec<Workflow>, WorkflowError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let file: WorkflowFile = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        WorkflowError::Part { path, source: error.into_inner() }
    })?;
    reader.end().map_err(|source| WorkflowError::Part { path: "the end".to_owned(), source })?;
    let WorkflowFile { version: _, workflows } = file;
    Ok(workflows)
}

static SHIPPED: LazyLock<Vec<Workflow>> = LazyLock::new(|| {
    parse(include_str!("workflows.json")).expect("the embedded workflows parse: a test reads them")
});

/// The five workflows that ship with revarch.
pub fn shipped() -> &'static [Workflow] {
    &SHIPPED
}

/// The shipped workflows and those of `own`. A name is either new or refused, so that no verdict changes
/// its meaning unnoticed.
pub fn with_own(own: Vec<Workflow>) -> Result<Vec<Workflow>, WorkflowError> {
    let mut all = shipped().to_vec();
    if let Some(clash) = own.iter().find(|workflow| all.iter().any(|known| known.id == workflow.id)) {
        return Err(WorkflowError::Shipped(clash.id.clone()));
    }
    all.extend(own);
    Ok(all)
}
