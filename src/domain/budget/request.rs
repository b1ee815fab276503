//! What is asked of a budget, as people ask it, and why it may be refused.

use super::{money::Currency, program::SolveError, published::Model};

/// A part of the budget.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Size {
    /// In percent of the whole.
    Percent(f64),
    /// In the currency.
    Amount(f64),
}

/// What is known and wanted of one category.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// The category, as people name it.
    pub name: String,
    /// Whether it is one of the caller's own, without published numbers.
    pub is_own: bool,
    /// It has to get this at least.
    pub least: Option<Size>,
    /// It may get this at most.
    pub most: Option<Size>,
    /// It gets exactly this, as under a contract that runs on.
    pub fixed: Option<Size>,
    /// Where the caller would like it.
    pub target: Option<Size>,
    /// What is spent now, in the currency.
    pub current: Option<f64>,
    /// What the caller expects one unit of money to return.
    pub expected_return: Option<f64>,
}

/// A limit on several categories together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// The categories, as people name them.
    pub names: Vec<String>,
    /// They have to get this at least, together.
    pub least: Option<Size>,
    /// They may get this at most, together.
    pub most: Option<Size>,
}

/// What the plan aims at within the limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Aim {
    /// As near to the targets, the current spend or the published midpoints as can be.
    #[default]
    Nearest,
    /// The most of what the caller expects to be returned.
    MostReturn,
}

/// A budget to be split.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The budget, in the currency; nothing where only shares are wanted.
    pub total: Option<f64>,
    /// The currency of every amount.
    pub currency: Currency,
    /// Whom the company sells to, which brings the published categories in.
    pub model: Option<Model>,
    /// Whether the published ranges are limits, or only the ground that midpoints come from.
    pub keep_published: bool,
    /// What is known of categories.
    pub lines: Vec<Line>,
    /// Limits on several categories together.
    pub groups: Vec<Group>,
    /// What the plan aims at.
    pub aim: Aim,
}

/// Why a budget cannot be split as it was asked.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RequestError {
    /// There is no category.
    #[error("there is nothing to split: neither a model nor a category is given")]
    Nothing,
    /// The budget is zero.
    #[error("the budget is zero")]
    NoBudget,
    /// An amount is none.
    #[error("{what} is {amount}, {reason}")]
    Amount {
        /// What the amount is.
        what: String,
        /// The amount as given.
        amount: f64,
        /// What is wrong with it.
        reason: String,
    },
    /// A percentage is none.
    #[error("{what} is {percent}%, and a part lies between 0 and 100%")]
    Percent {
        /// What the percentage is of.
        what: String,
        /// The percentage as given.
        percent: f64,
    },
    /// A text is no code of a currency.
    #[error("`{code}` is no code of a currency")]
    Currency {
        /// The text.
        code: String,
    },
    /// Amounts are in several currencies.
    #[error("amounts are in {one} and in {other}")]
    Currencies {
        /// The currency of the budget.
        one: String,
        /// The other one.
        other: String,
    },
    /// A category is not known.
    #[error("there is no category `{name}`")]
    UnknownCategory {
        /// The name as given.
        name: String,
        /// The known names nearest to it.
        near: Vec<String>,
    },
    /// A category has no name.
    #[error("a category's name is empty")]
    NoName,
    /// Two names stand for one category.
    #[error("`{one}` and `{other}` are the same category")]
    Twice {
        /// The first name.
        one: String,
        /// The second name.
        other: String,
    },
    /// A lower limit lies above the upper one.
    #[error("the minimum of {what} is {least}% of the budget and its maximum {most}%")]
    Reversed {
        /// The category or the group.
        what: String,
        /// The minimum.
        least: f64,
        /// The maximum.
        most: f64,
    },
    /// A fixed part has limits or a target too.
    #[error("{what} is fixed and has {other} too")]
    FixedTwice {
        /// The category.
        what: String,
        /// What else it has.
        other: &'static str,
    },
    /// An amount cannot be set against an unknown budget.
    #[error("{what} is an amount, and the budget is not given")]
    NoTotal {
        /// What the amount is.
        what: String,
    },
    /// The fixed parts are more than all of it, or all is fixed and does not add up.
    #[error("the fixed parts add up to {sum:.2}% of the budget")]
    FixedSum {
        /// The sum.
        sum: f64,
    },
    /// A split does not add up to the budget that it splits.
    #[error("the split adds up to {sum} and the budget is {budget}")]
    SplitSum {
        /// The sum.
        sum: f64,
        /// The budget.
        budget: f64,
    },
    /// The current spend of some categories is not known, and so no share of it either.
    #[error("shares of the current spend need that of every category, and it is not given for {}", .names.join(", "))]
    CurrentUnknown {
        /// The categories without one.
        names: Vec<String>,
    },
    /// The return of some categories is not known.
    #[error("the most return needs a return for every category, and none is given for {}", .names.join(", "))]
    ReturnUnknown {
        /// The categories without one.
        names: Vec<String>,
    },
    /// More than can be planned at once.
    #[error("{count} {what} are given, and at most {most} are planned at once")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How much there is.
        count: usize,
        /// How much is planned.
        most: usize,
    },
    /// The solver failed.
    #[error(transparent)]
    Solver(#[from] SolveError),
}
