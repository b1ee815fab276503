//! The register of architectural debt.

use crate::ToolError;
use jiff::civil::Date;
use revarch_domain::maturity::register;
use schemars::JsonSchema;
use serde::Deserialize;

/// Entries that are counted in one call.
const MOST_DEBTS: usize = 2_000;

/// One entry of the register.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Debt {
    /// Its name, unique in the register.
    pub id: String,
    /// Its kind, such as `carried_by_hand`; the result lists the kinds while no register is given.
    pub kind: String,
    /// The day it was entered, as 2026-01-31.
    #[schemars(with = "String")]
    pub opened: Date,
    /// The day it was removed; absent while it stands.
    #[schemars(with = "Option<String>")]
    pub closed: Option<Date>,
    /// Who answers for it; absent when nobody does.
    pub owner: Option<String>,
    /// The day by which it is to be removed or looked at again; absent when nothing was decided.
    #[schemars(with = "Option<String>")]
    pub due: Option<Date>,
    /// Hours it costs each month while it stays; absent when nobody estimated them.
    pub interest_hours: Option<f64>,
    /// Hours it takes to remove; absent when nobody estimated them.
    pub principal_hours: Option<f64>,
}

/// The entries as the domain takes them.
pub(in crate::assess_maturity) fn debts(debts: Vec<Debt>) -> Result<Vec<register::Debt>, ToolError> {
    if debts.len() > MOST_DEBTS {
        let message = format!("{} debts are given, and at most {MOST_DEBTS} are counted", debts.len());
        return Err(ToolError::input(message).hint("leave out what was removed more than a year ago"));
    }
    Ok(debts.into_iter().map(debt).collect())
}

fn debt(debt: Debt) -> register::Debt {
    let Debt { id, kind, opened, closed, owner, due, interest_hours, principal_hours } = debt;
    register::Debt {
        id,
        kind,
        opened,
        closed,
        owner,
        due,
        interest: interest_hours,
        principal: principal_hours,
    }
}
