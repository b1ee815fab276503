//! One rule: what it looks at, when it holds, what it gives.

use crate::leads::{
    text,
    words::{self, Side},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One rule of a points lens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The rule's name, in `snake_case`.
    pub id: String,
    /// `fit` or `engagement`.
    #[schemars(with = "String")]
    pub side: Side,
    /// The field it looks at, by the id of one of the lens's fields.
    pub field: String,
    /// Of the rules of one group only the first that holds gives points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// When it holds.
    pub when: Condition,
    /// What it gives, or takes below zero.
    pub points: f64,
    /// What it means where it holds, for the reader of a lead's reasons.
    pub says: String,
    /// Where the rule comes from.
    pub source: String,
}

/// When a rule holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// The text has one of these words or phrases as whole words.
    AnyWord(Vec<String>),
    /// The text ends in none of these.
    NotAnyEnding(Vec<String>),
    /// The number is at least this. Of a range such as `200-499` the lower end counts.
    AtLeast(f64),
    /// The number is at most this.
    AtMost(f64),
    /// The date lies at most this many days back, and not ahead.
    WithinDays(f64),
    /// The answer is yes, or no.
    Is(bool),
    /// There is a value, or none.
    Filled(bool),
}

impl Condition {
    /// Whether a cell meets the condition; nothing where that cannot be told.
    pub(super) fn holds(&self, cell: Option<&str>, now: i64) -> Option<bool> {
        if let Self::Filled(wanted) = self {
            return Some(cell.is_some() == *wanted);
        }
        let cell = cell?.trim();
        match self {
            Self::AnyWord(phrases) => {
                let words = words::split(cell);
                Some(phrases.iter().any(|phrase| words::has_phrase(&words, &words::split(phrase))))
            }
            Self::NotAnyEnding(endings) => {
                let cell = cell.to_lowercase();
                Some(!endings.iter().any(|ending| cell.ends_with(&ending.to_lowercase())))
            }
            Self::AtLeast(least) => number(cell).map(|number| number >= *least),
            Self::AtMost(most) => number(cell).map(|number| number <= *most),
            Self::WithinDays(days) => text::time(cell).map(|time| {
                let back = now.saturating_sub(time) as f64 / text::DAY as f64;
                (0.0..=*days).contains(&back)
            }),
            Self::Is(wanted) => text::truth(cell)
                .or_else(|| text::number(cell).map(|number| number > 0.0))
                .map(|truth| truth == *wanted),
            Self::Filled(_) => None,
        }
    }
}

/// A number, or the lower end of a range such as `200-499`, `1,000 to 5,000` or `10000+`.
fn number(cell: &str) -> Option<f64> {
    text::number(cell).or_else(|| {
        let digits = cell.find(|letter: char| !letter.is_ascii_digit() && letter != ',')?;
        text::number(&cell[..digits])
    })
}
