//! How do we split the budget, and can these limits be met at all?

mod claims;
mod given;
mod money;
mod output;
mod refused;
mod shown;
mod text;

#[cfg(test)]
mod tests;

pub(crate) use claims::ClaimOut;
pub(crate) use money::told;
pub use output::Output;
pub(crate) use refused::refused;

use crate::{Answer, Context, Tool, ToolError, Toolset, page, wire::ResponseFormat};
use given::{GivenCategory, GivenGroup, GivenSpending};
use revarch_domain::budget::{self, Spending, allocate};
use schemars::JsonSchema;
use serde::Deserialize;

/// The tool.
pub struct AllocateBudget;

/// Arguments of `allocate_budget`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Input {
    /// The budget to split. Without it only shares are planned.
    pub total: Option<f64>,
    /// The currency of every amount, as an ISO 4217 code such as EUR.
    pub currency: Option<String>,
    /// Whom the company sells to. It brings in seven categories with published ranges: abx, `sales_enablement`, cdp,
    /// analytics, `marketing_automation`, content, advertising.
    pub model: Option<Model>,
    /// What is known and wanted of categories: limits, fixed parts, current spend, targets, expected returns.
    pub categories: Vec<GivenCategory>,
    /// Limits on several categories together.
    pub group_limits: Vec<GivenGroup>,
    /// Whether the published ranges of the model are limits where you give none. Default true; if false they only
    /// give the midpoints that the plan keeps near to.
    pub use_published_limits: bool,
    /// `nearest` (default) to targets, current spend or midpoints; or `most_return` of what you expect, which needs
    /// `expected_return` for every category.
    pub aim: Aim,
    /// Other amounts, to hold the budget against published shares.
    pub compare: Option<GivenSpending>,
    /// `concise` (default), or `detailed` with every check and claim.
    pub response_format: ResponseFormat,
    /// Where to go on: the `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl Default for Input {
    fn default() -> Self {
        Self {
            total: None,
            currency: None,
            model: None,
            categories: Vec::new(),
            group_limits: Vec::new(),
            use_published_limits: true,
            aim: Aim::default(),
            compare: None,
            response_format: ResponseFormat::default(),
            cursor: None,
        }
    }
}

/// Whom a company sells to.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// To companies.
    B2b,
    /// To consumers.
    B2c,
    /// To companies that sell to consumers.
    B2b2c,
}

/// What the plan aims at within the limits.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// As near as can be to targets, current spend or midpoints.
    #[default]
    Nearest,
    /// The most of the returns that you expect.
    MostReturn,
}

impl Tool for AllocateBudget {
    const NAME: &'static str = "allocate_budget";
    const TITLE: &'static str = "Allocate the budget";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Plan;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, _context: &Context) -> Result<Answer<Output>, ToolError> {
        let from = page::position(input.cursor.as_deref())?;
        let detailed = input.response_format == ResponseFormat::Detailed;
        let request = given::request(&input)?;
        let spending = given::spending(&input);
        let plan = allocate(&request).map_err(|error| refused(&error))?;
        let checks = budget::checks(&spending).map_err(|error| refused(&error))?;
        let Spending { technology, .. } = spending;
        let facts = shown::Facts {
            total: technology,
            currency: request.currency,
            aim: request.aim,
            is_compared: input.compare.is_some(),
            share_of_revenue: budget::share_of_revenue(&spending),
        };
        let text = text::tell(&plan, &checks, &facts);
        Ok(Answer { structured: shown::wire(plan, &checks, facts, detailed, from)?, text })
    }
}
