//! Architectural debt, kept as a register that can be counted.
//!
//! # Design
//! The term is in wide use without a definition that two people would apply alike. Here an item is a debt when
//! it is of one of the kinds that the lens lists, each defined by what one would see. Its interest is the hours
//! it costs each month while it stays, its principal the hours it takes to remove. An item without an estimate
//! is counted as unpriced, never as free. An empty register answers nothing: it may be a clean house or a house
//! in which nobody has looked.

use super::{
    check::Answer,
    lens::{LOWEST_LEVEL, Lens},
    lens_check::Report,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How many days a review of the register looks back.
const LOOK_BACK_DAYS: i64 = 365;

/// What counts as a debt, and how the count answers questions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// What a debt is.
    pub definition: String,
    /// The kinds of debt.
    pub kinds: Vec<DebtKind>,
    /// How figures of the register answer questions of the lens.
    pub rules: Vec<CountRule>,
}

/// One kind of debt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DebtKind {
    /// Its name, in `snake_case`.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// What one would see where there is one.
    pub seen_as: String,
    /// What is counted as one item.
    pub unit: String,
}

/// How a figure of the register becomes a level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountRule {
    /// The question that is answered.
    pub question: String,
    /// The figure.
    pub figure: Figure,
    /// The least share for levels 2, 3, 4 and 5.
    pub levels: [f64; 4],
}

/// A share that the register yields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Open items that name an owner.
    OwnedShare,
    /// Open items of which both interest and principal are estimated.
    PricedShare,
    /// Open items with a decision whose date has not passed.
    DecidedShare,
    /// Items removed in the last twelve months, of those removed and those opened in them.
    RemovedShare,
}

/// One entry of a register.
#[derive(Clone, Debug, PartialEq)]
pub struct Debt {
    /// Its name, unique in the register.
    pub id: String,
    /// Its kind, by id.
    pub kind: String,
    /// When it was entered.
    pub opened: Date,
    /// When it was removed, if it was.
    pub closed: Option<Date>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The date by which it is to be removed or looked at again.
    pub due: Option<Date>,
    /// Hours it costs each month.
    pub interest: Option<f64>,
    /// Hours it takes to remove.
    pub principal: Option<f64>,
}

/// What a register comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// Items that stand.
    pub open: usize,
    /// Items that stand, by kind.
    pub by_kind: BTreeMap<String, usize>,
    /// Hours a month that the priced open items cost: the true figure is no lower.
    pub interest_at_least: f64,
    /// Hours that removing the priced open items takes: the true figure is no lower.
    pub principal_at_least: f64,
    /// Open items without an estimate of the hours they cost each month.
    pub interest_unknown: usize,
    /// Open items without an estimate of the hours it takes to remove them.
    pub principal_unknown: usize,
    /// Open items whose date has passed.
    pub overdue: Vec<String>,
    /// Open items that repay their removal soonest: months until the hours saved equal the hours spent.
    pub soonest_repaid: Vec<(String, f64)>,
    /// Age in days of the oldest open item.
    pub oldest_days: Option<i64>,
    /// Items entered in the last twelve months.
    pub opened_lately: usize,
    /// Items removed in the last twelve months.
    pub closed_lately: usize,
    /// The answers that the figures give to the lens's questions, each with a note of what was counted.
    pub answers: Vec<Answer>,
}

/// Why a register cannot be counted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DebtError {
    /// The lens keeps no register.
    #[error("the lens `{lens}` has no register of debts")]
    NoRegister {
        /// The lens.
        lens: String,
    },
    /// The lens has no such kind.
    #[error("debt `{debt}` is of the kind `{kind}`, which the lens does not have")]
    Kind {
        /// The entry.
        debt: String,
        /// The kind given.
        kind: String,
    },
    /// Two entries go by one name.
    #[error("debt `{debt}` is listed twice")]
    Twice {
        /// The entry.
        debt: String,
    },
    /// Hours below zero or without end.
    #[error("{what} of debt `{debt}` is {hours} hours, which is not 0 or above")]
    Hours {
        /// The entry.
        debt: String,
        /// Interest or principal.
        what: &'static str,
        /// The number given.
        hours: f64,
    },
    /// Dates that contradict one another.
    #[error("debt `{debt}` {reason}")]
    Dates {
        /// The entry.
        debt: String,
        /// What contradicts what.
        reason: &'static str,
    },
}

/// Counts a register as of `today`, and answers what of the lens it can answer.
pub fn tally(lens: &Lens, debts: &[Debt], today: Date) -> Result<Tally, DebtError> {
    let Some(register) = &lens.register else { return Err(DebtError::NoRegister { lens: lens.id.clone() }) };
    sound(register, debts, today)?;
    let open: Vec<&Debt> = debts.iter().filter(|debt| debt.closed.is_none()).collect();
    let lately = |date: Date| days(date, today) < LOOK_BACK_DAYS;
    let mut by_kind = BTreeMap::new();
    for debt in &open {
        *by_kind.entry(debt.kind.clone()).or_insert(0) += 1;
    }
    let known = |hours: fn(&Debt) -> Option<f64>| open.iter().filter_map(|debt| hours(debt)).sum::<f64>();
    let unknown = |hours: fn(&Debt) -> Option<f64>| open.iter().filter(|debt| hours(debt).is_none()).count();
    let mut tally = Tally {
        open: open.len(),
        by_kind,
        interest_at_least: known(|debt| debt.interest),
        principal_at_least: known(|debt| debt.principal),
        interest_unknown: unknown(|debt| debt.interest),
        principal_unknown: unknown(|debt| debt.principal),
        overdue: open.iter().filter(|debt| is_overdue(debt, today)).map(|debt| debt.id.clone()).collect(),
        soonest_repaid: soonest_repaid(&open),
        oldest_days: open.iter().map(|debt| days(debt.opened, today)).max(),
        opened_lately: debts.iter().filter(|debt| lately(debt.opened)).count(),
        closed_lately: debts.iter().filter(|debt| debt.closed.is_some_and(lately)).count(),
        answers: Vec::new(),
    };
    tally.answers = register.rules.iter().map(|rule| answer(rule, &open, &tally, today)).collect();
    Ok(tally)
}

fn sound(register: &Register, debts: &[Debt], today: Date) -> Result<(), DebtError> {
    let mut seen = BTreeSet::new();
    for debt in debts {
        let id = debt.id.clone();
        if !seen.insert(debt.id.as_str()) {
            return Err(DebtError::Twice { debt: id });
        }
        if !register.kinds.iter().any(|kind| kind.id == debt.kind) {
            return Err(DebtError::Kind { debt: id, kind: debt.kind.clone() });
        }
        for (what, hours) in [("the interest", debt.interest), ("the principal", debt.principal)] {
            if let Some(hours) = hours.filter(|hours| !hours.is_finite() || *hours < 0.0) {
                return Err(DebtError::Hours { debt: id, what, hours });
            }
        }
        if debt.opened > today {
            return Err(DebtError::Dates { debt: id, reason: "is entered in the future" });
        }
        if debt.closed.is_some_and(|closed| closed < debt.opened) {
            return Err(DebtError::Dates { debt: id, reason: "was removed before it was entered" });
        }
        if debt.closed.is_some_and(|closed| closed > today) {
            return Err(DebtError::Dates { debt: id, reason: "is removed in the future" });
        }
    }
    Ok(())
}

fn days(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

fn is_overdue(debt: &Debt, today: Date) -> bool {
    debt.due.is_some_and(|due| due < today)
}

fn soonest_repaid(open: &[&Debt]) -> Vec<(String, f64)> {
    let mut months: Vec<(String, f64)> = open
        .iter()
        .filter_map(|debt| {
            let interest = debt.interest.filter(|interest| *interest > 0.0)?;
            Some((debt.id.clone(), debt.principal? / interest))
        })
        .collect();
    months.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
    months
}

fn answer(rule: &CountRule, open: &[&Debt], tally: &Tally, today: Date) -> Answer {
    let count = |counts: &dyn Fn(&Debt) -> bool| open.iter().filter(|debt| counts(debt)).count();
    let (part, whole, words) = match rule.figure {
        Figure::OwnedShare => {
            let named = |debt: &Debt| debt.owner.as_deref().is_some_and(|owner| !owner.trim().is_empty());
            (count(&named), open.len(), "open items that name an owner")
        }
        Figure::PricedShare => {
            let priced = |debt: &Debt| debt.interest.is_some() && debt.principal.is_some();
            (count(&priced), open.len(), "open items with interest and principal estimated")
        }
        Figure::DecidedShare => {
            let decided = |debt: &Debt| debt.due.is_some() && !is_overdue(debt, today);
            (count(&decided), open.len(), "open items with a date that has not passed")
        }
        Figure::RemovedShare => {
            let (opened, closed) = (tally.opened_lately, tally.closed_lately);
            (closed, opened + closed, "entries and removals of the last twelve months that are removals")
        }
    };
    let share = (whole > 0).then(|| part as f64 / whole as f64);
    let level = share.map(|share| {
        rule.levels.iter().filter(|least| share >= **least).fold(LOWEST_LEVEL, |level, _| level + 1)
    });
    Answer {
        question: rule.question.clone(),
        level,
        note: Some(format!("counted from the register: {part} of {whole} {words}")),
    }
}

impl Register {
    pub(super) fn check(&self, lens: &Lens, report: &mut Report) {
        report.filled("register.definition", &self.definition);
        if self.kinds.is_empty() {
            report.flaw("register.kinds", "is empty: nothing could be entered");
        }
        let mut seen = BTreeSet::new();
        for (place, kind) in self.kinds.iter().enumerate() {
            let path = format!("register.kinds[{place}]");
            for (field, text) in
                [("id", &kind.id), ("title", &kind.title), ("seen_as", &kind.seen_as), ("unit", &kind.unit)]
            {
                report.filled(format!("{path}.{field}"), text);
            }
            if !seen.insert(kind.id.as_str()) {
                report.flaw(format!("{path}.id"), format!("the kind `{}` stands twice", kind.id));
            }
        }
        let mut answered = BTreeSet::new();
        for (place, rule) in self.rules.iter().enumerate() {
            let path = format!("register.rules[{place}]");
            if !lens.question_ids().any(|(_, question)| question == rule.question) {
                let known = lens.question_ids().map(|(_, question)| question);
                report.unknown(format!("{path}.question"), "question", &rule.question, known);
            }
            if !answered.insert(rule.question.as_str()) {
                report.flaw(format!("{path}.question"), "is answered by an earlier rule already");
            }
            let rising = rule.levels.windows(2).all(|pair| pair[0] < pair[1]);
            if !rising || !rule.levels.iter().all(|level| (0.0..=1.0).contains(level)) {
                report.flaw(format!("{path}.levels"), "must be four shares from 0 to 1, each above the last");
            }
        }
    }
}
