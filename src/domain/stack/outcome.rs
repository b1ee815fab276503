//! What may become of a tool.

use jiff::civil::Date;

/// What becomes of a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It goes.
    Retire,
    /// Another tool takes its work over.
    Merge,
    /// Nothing can be said before its use is known.
    Measure,
    /// It stays.
    Keep,
}

impl Outcome {
    /// The outcome's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Retire => "retire",
            Self::Merge => "merge",
            Self::Measure => "measure",
            Self::Keep => "keep",
        }
    }
}

/// When a tool can go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// When its contract ends.
    At(Date),
    /// Its contract ended before today, so it has run out or renewed itself.
    Ended(Date),
    /// The end of its contract is not known.
    Unknown,
}

/// What becomes of one tool.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The tool, by key.
    pub key: String,
    /// What becomes of it.
    pub outcome: Outcome,
    /// The tool that takes over, by key.
    pub into: Option<String>,
    /// Why.
    pub reasons: Vec<String>,
    /// What has to hold or be done first.
    pub conditions: Vec<String>,
    /// What to measure.
    pub measure: Vec<String>,
    /// When it can go; nothing where it stays.
    pub when: Option<When>,
    /// Whether it stays although little of it is used.
    pub is_little_used: bool,
    /// Whether nothing that is not known could change a retirement.
    pub is_certain: bool,
}
