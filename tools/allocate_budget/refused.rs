//! Requests that cannot be used, with the next step.

use crate::{ErrorKind, ToolError};
use revarch_domain::budget::{RequestError, published};

/// The error of a call for a request that cannot be used.
pub(crate) fn refused(error: &RequestError) -> ToolError {
    let failure = ToolError::input(error.to_string());
    match error {
        RequestError::Nothing => failure
            .hint("give `model` (b2b, b2c or b2b2c) for the published categories, or name your own under `categories`"),
        RequestError::NoBudget => failure.hint("give the amount to split, or leave it out to plan shares"),
        RequestError::Amount { .. } => failure.hint("give a plain number in the currency, such as 125000 or 99.50"),
        RequestError::Percent { .. } => {
            failure.hint("percentages are of the whole budget, 20 for a fifth; amounts go in the `_amount` fields")
        }
        RequestError::Currency { .. } => failure.hint("give an ISO 4217 code such as EUR, USD or JPY"),
        RequestError::Currencies { .. } => {
            failure.hint("convert all amounts into one currency and give that one as `currency`")
        }
        RequestError::UnknownCategory { near, .. } => {
            let failure = match near.as_slice() {
                [] => failure,
                near => failure.hint(format!("did you mean `{}`?", near.join("` or `"))),
            };
            let known: Vec<&str> = published().categories.iter().map(|row| row.id.as_str()).collect();
            failure.hint(format!("known are: {}; set `own` to true to add one of yours", known.join(", ")))
        }
        RequestError::NoName => failure.hint("name the category, such as cdp"),
        RequestError::Twice { .. } => failure.hint("put what is known of a category into one entry"),
        RequestError::Reversed { .. } => failure.hint("swap the two, or keep one of them"),
        RequestError::FixedTwice { .. } => failure.hint("keep the fixed part, or the others"),
        RequestError::NoTotal { .. } => failure.hint("give `total`, or limits in percent"),
        RequestError::FixedSum { sum } if *sum > 100.0 => {
            failure.hint("raise `total`, or turn a fixed part into a maximum")
        }
        RequestError::FixedSum { .. } => {
            failure.hint("leave one category open to take what is left, or set `total` to the sum")
        }
        RequestError::SplitSum { .. } => {
            failure.hint("give all four parts of the same budget, with 0 where nothing is spent")
        }
        RequestError::CurrentUnknown { .. } => {
            failure.hint("give it, with 0 where nothing is spent, or give `total` so that amounts can be set against it")
        }
        RequestError::ReturnUnknown { .. } => {
            failure.hint("give `expected_return` for them, fix their part, or use the aim `nearest`")
        }
        RequestError::TooMany { .. } => failure.hint("join small categories into one"),
        RequestError::Solver(cause) => {
            tracing::error!(%cause, "a budget could not be planned");
            ToolError::new(ErrorKind::Internal, error.to_string())
        }
    }
}
