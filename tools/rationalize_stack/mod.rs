//! Which tools do we keep, retire, merge, add?

mod given;
mod output;
mod place;
mod refused;
mod shown;
mod text;

#[cfg(test)]
mod tests;

pub use output::Output;

use crate::{Answer, Context, Tool, ToolError, Toolset, page, wire::ResponseFormat};
use given::GivenTool;
use revarch_domain::stack::{Stack, rationalize};
use schemars::JsonSchema;
use serde::Deserialize;

/// The tool.
pub struct RationalizeStack;

/// Arguments of `rationalize_stack`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Input {
    /// The tools. Leave out what is not known of one; 0 says that it is nothing.
    pub tools: Vec<GivenTool>,
    /// The currency of every cost, as an ISO 4217 code such as EUR.
    pub currency: Option<String>,
    /// Whether `tools` is the whole stack. If so, a category without a tool is missing; if not, it is unknown.
    /// Default false.
    pub whole_stack: bool,
    /// Use below this share is called low, in percent. Default 25, revarch's own.
    pub low_use_percent: Option<f64>,
    /// `concise` (default) tells the tools that change and those to measure; `detailed` every tool, part and claim, in
    /// pages.
    pub response_format: ResponseFormat,
    /// Where to go on: the `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl Tool for RationalizeStack {
    const NAME: &'static str = "rationalize_stack";
    const TITLE: &'static str = "Rationalize the stack";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Plan;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, context: &Context) -> Result<Answer<Output>, ToolError> {
        let from = page::position(input.cursor.as_deref())?;
        let detailed = input.response_format == ResponseFormat::Detailed;
        let currency = given::currency(&input)?;
        let placed = place::place(&input.tools, &context.platforms)?;
        let stack = Stack {
            tools: placed.tools,
            is_whole: input.whole_stack,
            today: context.now.to_zoned(jiff::tz::TimeZone::UTC).date(),
            low_use_percent: input.low_use_percent,
        };
        let result = rationalize(&stack).map_err(|error| refused::refused(&error))?;
        let facts = shown::Facts {
            tools: stack.tools,
            readings: placed.readings,
            currency,
            is_whole: stack.is_whole,
        };
        let text = text::tell(&result, &facts);
        Ok(Answer { structured: shown::wire(result, &facts, detailed, from)?, text })
    }
}
