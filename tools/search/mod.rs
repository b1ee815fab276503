//! What do the frameworks and benchmarks say about this?
//!
//! Name, argument and result are those that deep-research clients ask of a server, and so is the text: the result
//! once more, as JSON.

#[cfg(test)]
mod tests;

use crate::{Answer, Context, Tool, ToolError, Toolset};
use revarch_domain::knowledge::{Item, knowledge};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many results are given.
const MOST: usize = 10;
/// The longest question, in characters.
const LONGEST: usize = 1_000;

/// The tool.
pub struct Search;

/// Arguments of `search`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// What to look for, in a few words, such as `budget split B2B2C` or `what is an MQL`.
    #[schemars(length(min = 1, max = 1000))]
    pub query: String,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Output {
    /// The best matches, the best first; empty where nothing matches.
    pub results: Vec<Hit>,
}

/// One match.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Hit {
    /// What `fetch` takes to give the whole text.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it can be cited from: the source's page, or revarch's own resource where the source has no address.
    pub url: String,
}

impl Hit {
    fn of(item: &Item<'_>) -> Self {
        Self { id: item.id(), title: item.title().to_owned(), url: knowledge().url(item) }
    }
}

impl Tool for Search {
    const NAME: &'static str = "search";
    const TITLE: &'static str = "Search the frameworks and benchmarks";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Knowledge;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, _context: &Context) -> Result<Answer<Output>, ToolError> {
        let Input { query } = input;
        if query.trim().is_empty() {
            return Err(ToolError::input("`query` is empty").hint("say in a few words what to look for"));
        }
        if query.chars().count() > LONGEST {
            return Err(ToolError::input(format!("`query` is longer than {LONGEST} characters"))
                .hint("a few words find more than a whole text"));
        }
        let results = knowledge().search(&query, MOST).iter().map(Hit::of).collect();
        Answer::as_json(Output { results })
    }
}
