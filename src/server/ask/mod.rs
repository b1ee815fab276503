//! How the person behind a call is asked: over an open connection, or by ending the call with the question.

mod conversation;
mod form;
mod rounds;

pub(crate) use conversation::conversation;
pub(crate) use rounds::{Rounds, Seal};

use revarch_tools::{ErrorKind, ToolError, ask::Misfit};
use rmcp::model::ClientCapabilities;

/// Whether a client can show a form. One that says nothing of modes means this one.
fn shows_forms(capabilities: &ClientCapabilities) -> bool {
    let elicitation = capabilities.elicitation.as_ref();
    elicitation.is_some_and(|elicitation| elicitation.form.is_some() || elicitation.url.is_none())
}

fn misfit(misfit: &Misfit) -> ToolError {
    ToolError::new(ErrorKind::Misfit, format!("the client's answer to a question cannot be used: {misfit}"))
        .hint("the content of an accepted answer has to follow the `requestedSchema` of its question")
}
