//! The tools of a stack as people give them.

use super::Input;
use crate::{ToolError, allocate_budget};
use jiff::civil::Date;
use revarch_domain::budget::Currency;
use schemars::JsonSchema;
use serde::Deserialize;

/// One tool. Everything but the name may be absent.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GivenTool {
    /// Its name, as people write it, such as "SFDC".
    pub name: String,
    /// Which of several accounts or parts of the same product it is, such as "EMEA" or "Marketing Hub".
    pub instance: Option<String>,
    /// The category it mainly stands in, such as `crm`, by key or name. Default the catalog's.
    pub category: Option<String>,
    /// Further categories that it covers, as a suite does.
    pub also: Vec<String>,
    /// What it is used for. Two tools with the same job are one too many; two with different jobs are not.
    pub job: Option<String>,
    /// What it costs a year.
    pub annual_cost: Option<f64>,
    /// The currency of the cost. It has to be that of the stack, and is checked.
    pub currency: Option<String>,
    /// People who used it lately, say in 90 days.
    pub users: Option<u64>,
    /// Seats that are paid for.
    pub seats: Option<u64>,
    /// The share of it in use, in percent from 0 to 100. Default users by seats.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub utilisation_percent: Option<f64>,
    /// The day its contract ends, as 2027-03-31.
    #[schemars(with = "Option<String>")]
    pub contract_end: Option<Date>,
    /// The tools and systems that it exchanges data with, by name; an empty list says that there are none.
    pub integrations: Option<Vec<String>>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Whether it is decided that it stays. Default false.
    pub keep: bool,
}

/// The currency of the stack: that of the call, or the one that all tools name.
pub(super) fn currency(input: &Input) -> Result<Currency, ToolError> {
    let mut named = input.currency.iter().chain(input.tools.iter().filter_map(|tool| tool.currency.as_ref()));
    let Some(first) = named.next() else { return Ok(Currency::default()) };
    let currency = Currency::parse(first).map_err(|error| allocate_budget::refused(&error))?;
    for other in named {
        currency.same(other).map_err(|error| allocate_budget::refused(&error))?;
    }
    Ok(currency)
}
