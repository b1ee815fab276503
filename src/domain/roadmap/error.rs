//! Why no roadmap can be made.

use super::assemble::{FEWEST_MONTHS, MOST_MONTHS};
use jiff::civil::Date;

/// Why no roadmap can be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RoadmapError {
    /// Items wait for each other in a circle.
    #[error("the items wait for each other in a circle: {}", circle(.0))]
    Circle(Vec<String>),
    /// An item stands twice.
    #[error("the item `{id}` stands twice")]
    Twice {
        /// The item.
        id: String,
    },
    /// An item that the plan does not have lacks a title or a kind.
    #[error("the plan has no item `{id}`, and a new one needs a title and a kind")]
    Incomplete {
        /// The item.
        id: String,
        /// The nearest item that the plan has.
        near: Option<String>,
    },
    /// The effort of an item is no interval of days.
    #[error("the effort of `{id}` is no interval of days from 0 to 10000")]
    Effort {
        /// The item.
        id: String,
    },
    /// An item waits for one that nobody knows.
    #[error("`{id}` waits for `{needed}`, which is no item of the plan")]
    Prerequisite {
        /// The item.
        id: String,
        /// What it waits for.
        needed: String,
        /// The nearest item.
        near: Option<String>,
    },
    /// The horizon is too near or too far.
    #[error("a horizon of {0} months is not between {FEWEST_MONTHS} and {MOST_MONTHS}")]
    Horizon(u32),
    /// The dates leave the calendar.
    #[error("the plan would leave the calendar when it starts on {0}")]
    Calendar(Date),
}

fn circle(ids: &[String]) -> String {
    let mut told: Vec<&str> = ids.iter().map(String::as_str).collect();
    told.extend(ids.first().map(String::as_str));
    told.join(" waits for ")
}
