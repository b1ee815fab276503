//! The whole of one thing that `search` found.
//!
//! Name, argument and result are those that deep-research clients ask of a server, and so is the text: the result
//! once more, as JSON.

mod output;
#[cfg(test)]
mod tests;

pub use output::{Metadata, Output};

use crate::{Answer, Context, Tool, ToolError, Toolset};
use revarch_domain::knowledge::knowledge;
use schemars::JsonSchema;
use serde::Deserialize;

/// The tool.
pub struct Fetch;

/// Arguments of `fetch`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// An id that `search` gave, such as `knowledge/stack.size`, `contradictions/c07` or `lenses/rm6`.
    pub id: String,
}

impl Tool for Fetch {
    const NAME: &'static str = "fetch";
    const TITLE: &'static str = "Fetch one entry";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Knowledge;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, _context: &Context) -> Result<Answer<Output>, ToolError> {
        let Input { id } = input;
        match knowledge().item(&id) {
            Some(item) => Answer::as_json(Output::of(&item)),
            None => Err(unknown(&id)),
        }
    }
}

fn unknown(id: &str) -> ToolError {
    let near: Vec<String> = knowledge().nearest_ids(id).iter().map(|id| format!("`{id}`")).collect();
    let error = ToolError::input(format!("there is no entry `{id}`"));
    let error =
        if near.is_empty() { error } else { error.hint(format!("did you mean {}?", near.join(", "))) };
    error.hint("call `search` for ids, and hand one back as it came")
}
