//! Stacks that cannot be judged, with the next step.

use crate::{ToolError, allocate_budget};
use revarch_domain::stack::StackError;

pub(super) fn refused(error: &StackError) -> ToolError {
    let failure = ToolError::input(error.to_string());
    match error {
        StackError::Empty => {
            failure.hint("name the tools, as in {\"tools\": [{\"name\": \"Salesforce\", \"users\": 80}]}")
        }
        StackError::TooMany { .. } => failure.hint("leave out tools that no revenue team uses"),
        StackError::Twice { .. } => failure.hint("name each tool once"),
        StackError::Cost(error) => allocate_budget::refused(error),
        StackError::Utilisation { .. } => failure.hint("give percent: 40 for two fifths, not 0.4 and not 140"),
        StackError::Seats { .. } => {
            failure.hint("`users` are people who used it, `seats` those that are paid for; leave `seats` out where they are not limited")
        }
        StackError::Contradiction { .. } => failure.hint("keep the number that was counted"),
        StackError::LowUse { .. } => failure.hint("25 is used when it is left out"),
    }
}
