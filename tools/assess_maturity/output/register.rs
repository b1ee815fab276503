//! The register of architectural debt: what it comes to, or what belongs in it.

use super::{number::thousandths, people::Said};
use crate::wire::Provenance;
use revarch_domain::maturity::register;
use schemars::JsonSchema;
use serde::Serialize;

/// Entries named of each list.
const MOST_NAMED: usize = 10;

/// What a register comes to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Register {
    /// Items that stand.
    pub open: usize,
    /// Items that stand, by kind.
    pub by_kind: Vec<KindCount>,
    /// Hours a month that the priced open items cost; the true figure is no lower.
    pub interest_hours_at_least: f64,
    /// Hours that removing the priced open items takes; the true figure is no lower.
    pub principal_hours_at_least: f64,
    /// Open items of which nobody estimated the hours they cost.
    pub interest_unknown: usize,
    /// Open items of which nobody estimated the hours it takes to remove them.
    pub principal_unknown: usize,
    /// Open items whose date has passed.
    pub overdue: usize,
    /// The first of these, by id.
    pub overdue_first: Vec<String>,
    /// Open items that repay their removal soonest.
    pub soonest_repaid: Vec<Repaid>,
    /// Age in days of the oldest open item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_days: Option<i64>,
    /// Items entered in the last twelve months.
    pub opened_last_year: usize,
    /// Items removed in the last twelve months.
    pub closed_last_year: usize,
    /// What the figures answer; without a level where there was nothing to count.
    pub answers: Vec<Said>,
    /// The ground of the entries: people wrote them down.
    pub provenance: Provenance,
}

/// Open items of a kind.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct KindCount {
    /// The kind.
    pub kind: String,
    /// Items.
    pub open: usize,
}

/// An item that repays its removal.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Repaid {
    /// The item.
    pub debt: String,
    /// Months until the hours saved equal the hours spent.
    pub months: f64,
}

/// What belongs in a register that was not handed in.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RegisterForm {
    /// What a debt is.
    pub definition: String,
    /// The kinds of debt.
    pub kinds: Vec<Kind>,
}

/// A kind of debt.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Kind {
    /// The kind's id.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// What one would see where there is one.
    pub seen_as: String,
    /// What is counted as one item.
    pub unit: String,
}

impl Register {
    pub(super) fn of(tally: register::Tally) -> Self {
        let register::Tally {
            open,
            by_kind,
            interest_at_least,
            principal_at_least,
            interest_unknown,
            principal_unknown,
            overdue,
            soonest_repaid,
            oldest_days,
            opened_lately,
            closed_lately,
            answers,
        } = tally;
        let repaid = |(debt, months)| Repaid { debt, months: thousandths(months) };
        Self {
            open,
            by_kind: by_kind.into_iter().map(|(kind, open)| KindCount { kind, open }).collect(),
            interest_hours_at_least: thousandths(interest_at_least),
            principal_hours_at_least: thousandths(principal_at_least),
            interest_unknown,
            principal_unknown,
            overdue: overdue.len(),
            overdue_first: overdue.into_iter().take(MOST_NAMED).collect(),
            soonest_repaid: soonest_repaid.into_iter().take(MOST_NAMED).map(repaid).collect(),
            oldest_days,
            opened_last_year: opened_lately,
            closed_last_year: closed_lately,
            answers: answers.into_iter().map(Said::of).collect(),
            provenance: Provenance::Attested,
        }
    }
}

impl RegisterForm {
    pub(super) fn of(register: &register::Register) -> Self {
        let register::Register { definition, kinds, rules: _ } = register;
        let kind = |kind: &register::DebtKind| {
            let register::DebtKind { id, title, seen_as, unit } = kind.clone();
            Kind { id, title, seen_as, unit }
        };
        Self { definition: definition.clone(), kinds: kinds.iter().map(kind).collect() }
    }
}
