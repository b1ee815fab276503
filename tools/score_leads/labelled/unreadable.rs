//! What a caller can do about leads that cannot be read or scored.

use crate::ToolError;
use revarch_domain::leads::{batch::BatchError, reading::ReadingError};

/// Why a table cannot be read as leads, and the next step.
pub(crate) fn unreadable(error: &ReadingError, table: &str) -> ToolError {
    let message = match error {
        ReadingError::UnknownColumn { .. } => format!("{error} in `{table}`"),
        _ => error.to_string(),
    };
    let hint = match error {
        ReadingError::UnknownColumn { near, .. } if !near.is_empty() => {
            format!("did you mean `{}`?", near.join("`, `"))
        }
        ReadingError::UnknownColumn { .. } => "call describe_data to see the columns".into(),
        ReadingError::NoRows => "check that the table's file holds more than its header".into(),
        ReadingError::Uneven(_) => "this is a fault of revarch's; please report it".into(),
        ReadingError::NotTwoValued { .. } => {
            "name a yes/no column as `label`, or say with `positive_value` which value means converted".into()
        }
        ReadingError::OneOutcome { .. } => {
            "a score learns from leads of both outcomes: fill in the other outcome too; blank means not known yet"
                .into()
        }
        ReadingError::NoLabel(_) => "name another column as `label`, or fill in the outcome of past leads".into(),
        ReadingError::PersonalId(_) => "name a key column as `id`, or leave `id` out to number the rows".into(),
        ReadingError::Weights { .. } => {
            "name a column of numbers of which some are above 0, or leave `weight` out".into()
        }
        ReadingError::NoTimes { .. } => {
            "write its times as 2026-01-31 or 2026-01-31T09:00:00Z, or name another column as `time`".into()
        }
        ReadingError::NoNumbers { .. } => "name a column of numbers".into(),
    };
    ToolError::input(message).hint(hint)
}

/// Why a model cannot score a table, and the next step.
pub(crate) fn unscorable(error: &BatchError, table: &str) -> ToolError {
    let failure = ToolError::input(format!("cannot score `{table}`: {error}"));
    match error {
        BatchError::MissingColumn { near, .. } if !near.is_empty() => {
            failure.hint(format!("did you mean `{}`? rename it, or train anew", near.join("`, `")))
        }
        BatchError::MissingColumn { .. } => {
            failure.hint("give a table with the columns of the training, or train anew without that column")
        }
        BatchError::ChangedKind { .. } => {
            failure.hint("write the column as it was written in training, or train anew with this table")
        }
        BatchError::NoDecisionTime(_) => failure.hint("name the column with the decision time in `time`"),
        BatchError::Columns { .. } | BatchError::Uneven(_) => {
            failure.hint("this is a fault of revarch's; please report it")
        }
    }
}
