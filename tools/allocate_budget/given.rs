//! The arguments as people give them, and the request that they are.

use super::{Aim, Input, Model, refused};
use crate::ToolError;
use revarch_domain::budget::{self, Currency, Group, Line, Request, Size, Spending, Split};
use schemars::JsonSchema;
use serde::Deserialize;

/// What is known and wanted of one category.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenCategory {
    /// The category: one of the published ones under any of its names, such as cdp, or with `own` one of yours.
    pub name: String,
    /// Whether it is one of yours, without published numbers. Default false.
    #[serde(default)]
    pub own: bool,
    /// It has to get this at least, in percent of the budget.
    pub min_percent: Option<f64>,
    /// It has to get this at least, as an amount.
    pub min_amount: Option<f64>,
    /// It may get this at most, in percent of the budget.
    pub max_percent: Option<f64>,
    /// It may get this at most, as an amount.
    pub max_amount: Option<f64>,
    /// It gets exactly this amount, as under a contract that runs on. 0 leaves it out.
    pub fixed_amount: Option<f64>,
    /// Where you would like it, in percent of the budget.
    pub target_percent: Option<f64>,
    /// What is spent on it now. Leave it out where that is not known; 0 says that nothing is.
    pub current_amount: Option<f64>,
    /// What you expect one unit of money to return here, by your own reckoning.
    pub expected_return: Option<f64>,
    /// The currency of these amounts. It has to be that of the budget, and is checked.
    pub currency: Option<String>,
}

/// A limit on several categories together.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenGroup {
    /// The categories.
    pub categories: Vec<String>,
    /// They have to get this at least together, in percent of the budget.
    pub min_percent: Option<f64>,
    /// They may get this at most together, in percent of the budget.
    pub max_percent: Option<f64>,
}

/// Amounts beside the split by category. Each may be absent.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenSpending {
    /// The whole marketing budget; `total` is then taken for the part of it that goes to technology.
    pub marketing_budget: Option<f64>,
    /// The company's yearly revenue.
    pub revenue: Option<f64>,
    /// The technology budget by what it buys; all four parts, adding up to `total`.
    pub split: Option<GivenSplit>,
    /// What is spent on privacy and compliance.
    pub compliance_amount: Option<f64>,
    /// What is spent on transforming the architecture.
    pub transformation_amount: Option<f64>,
}

/// The technology budget by what it buys.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenSplit {
    /// Core platforms.
    pub core_platforms: f64,
    /// Specialised tools.
    pub specialized_tools: f64,
    /// Integration and operations.
    pub integration_operations: f64,
    /// Innovation and testing.
    pub innovation_testing: f64,
}

/// The request that the arguments are.
pub(super) fn request(input: &Input) -> Result<Request, ToolError> {
    let currency =
        input.currency.as_deref().map(Currency::parse).transpose().map_err(|error| refused(&error))?;
    let currency = currency.unwrap_or_default();
    Ok(Request {
        total: input.total,
        lines: input.categories.iter().map(|given| line(given, &currency)).collect::<Result<_, _>>()?,
        groups: input.group_limits.iter().map(group).collect(),
        model: input.model.map(|model| match model {
            Model::B2b => budget::Model::B2b,
            Model::B2c => budget::Model::B2c,
            Model::B2b2c => budget::Model::B2b2c,
        }),
        keep_published: input.use_published_limits,
        aim: match input.aim {
            Aim::Nearest => budget::Aim::Nearest,
            Aim::MostReturn => budget::Aim::MostReturn,
        },
        currency,
    })
}

fn line(given: &GivenCategory, currency: &Currency) -> Result<Line, ToolError> {
    if let Some(other) = &given.currency {
        currency.same(other).map_err(|error| refused(&error))?;
    }
    Ok(Line {
        name: given.name.clone(),
        is_own: given.own,
        least: one_of(&given.name, "min", given.min_percent, given.min_amount)?,
        most: one_of(&given.name, "max", given.max_percent, given.max_amount)?,
        fixed: given
            .fixed_amount
            .map(|amount| if amount == 0.0 { Size::Percent(0.0) } else { Size::Amount(amount) }),
        target: given.target_percent.map(Size::Percent),
        current: given.current_amount,
        expected_return: given.expected_return,
    })
}

fn one_of(
    name: &str,
    end: &str,
    percent: Option<f64>,
    amount: Option<f64>,
) -> Result<Option<Size>, ToolError> {
    match (percent, amount) {
        (Some(_), Some(_)) => {
            let message = format!("`{name}` has both `{end}_percent` and `{end}_amount`");
            Err(ToolError::input(message).hint("keep the one that is meant"))
        }
        (percent, amount) => Ok(percent.map(Size::Percent).or(amount.map(Size::Amount))),
    }
}

fn group(given: &GivenGroup) -> Group {
    let GivenGroup { categories, min_percent, max_percent } = given;
    Group {
        names: categories.clone(),
        least: min_percent.map(Size::Percent),
        most: max_percent.map(Size::Percent),
    }
}

/// What is known of spending beside the split by category.
pub(super) fn spending(input: &Input) -> Spending {
    let Some(GivenSpending { marketing_budget, revenue, split, compliance_amount, transformation_amount }) =
        &input.compare
    else {
        return Spending { technology: input.total, ..Spending::default() };
    };
    let split = split.map(|given| {
        let GivenSplit { core_platforms, specialized_tools, integration_operations, innovation_testing } =
            given;
        Split { core_platforms, specialized_tools, integration_operations, innovation_testing }
    });
    Spending {
        technology: input.total,
        marketing: *marketing_budget,
        revenue: *revenue,
        split,
        compliance: *compliance_amount,
        transformation: *transformation_amount,
    }
}
