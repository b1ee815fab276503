//! Where scores are written.

use crate::{Context, ErrorKind, ToolError};
use revarch_data::{ExportError, ScoreFile};
use std::{path::Path, sync::Arc};

/// A file that scores are to be written to.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    folder: Arc<Path>,
    pub(crate) name: String,
}

/// Makes sure that the operator allows it and that the name is free.
pub(crate) fn check(name: &str, context: &Context) -> Result<Target, ToolError> {
    let Some(folder) = &context.output else {
        return Err(ToolError::new(
            ErrorKind::Refused,
            format!("cannot write `{name}`: the operator has set up no folder for output"),
        )
        .hint("start revarch with --output DIR, or set `output` in revarch.toml; or leave `write` out"));
    };
    let target = Target { folder: Arc::clone(folder), name: name.to_owned() };
    // Begun and given up: nothing of it stays.
    drop(target.create(&["id"], &[])?);
    Ok(target)
}

impl Target {
    /// Begins the file.
    pub(crate) fn create(&self, texts: &[&str], numbers: &[&str]) -> Result<ScoreFile, ToolError> {
        ScoreFile::create(&self.folder, &self.name, texts, numbers).map_err(|error| unwritable(&error))
    }
}

/// Why scores cannot be written, and the next step.
pub(crate) fn unwritable(error: &ExportError) -> ToolError {
    match error {
        ExportError::Name { .. } => {
            ToolError::input(error.to_string()).hint("give a name such as scores.csv or scores.parquet")
        }
        ExportError::Taken(_) => ToolError::input(error.to_string()).hint("give a name that is free"),
        ExportError::Write { .. } => ToolError::new(ErrorKind::Data, error.to_string())
            .hint("check that the output folder exists, may be written and has room"),
    }
}
