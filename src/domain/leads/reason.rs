//! Why a column is left out of a model, or kept under suspicion.

use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt};

/// Why a column is not part of the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The caller named it.
    Asked,
    /// It identifies a person.
    Personal,
    /// It identifies a record, so no later lead shares its values.
    Identifier,
    /// Its cells are prose.
    FreeText,
    /// No cell is filled.
    Empty,
    /// Every training row holds the same value.
    Constant,
    /// A date means something only as a distance from the decision time, and there is none.
    DateWithoutDecisionTime,
    /// Its name speaks of the outcome, by this phrase.
    OutcomeName(Cow<'static, str>),
    /// This share of its filled training cells lies after the decision time.
    StampedAfter(f64),
    /// Whether it is filled tells the outcome, with this AUC.
    FilledByOutcome(f64),
    /// Its values alone tell the outcome, with this AUC.
    TellsOutcome(f64),
}

impl Reason {
    /// Whether the column would have told the model what happened after the decision.
    pub const fn is_leak(&self) -> bool {
        matches!(
            self,
            Self::OutcomeName(_) | Self::StampedAfter(_) | Self::FilledByOutcome(_) | Self::TellsOutcome(_)
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked => f.write_str("excluded by the caller"),
            Self::Personal => f.write_str("identifies a person"),
            Self::Identifier => f.write_str("identifies a record: later leads share none of its values"),
            Self::FreeText => f.write_str("free text"),
            Self::Empty => f.write_str("no cell is filled"),
            Self::Constant => f.write_str("the same value on every training row"),
            Self::DateWithoutDecisionTime => {
                f.write_str("a date, and there is no decision time to measure it from")
            }
            Self::OutcomeName(phrase) => write!(f, "leak: its name speaks of the outcome (`{phrase}`)"),
            Self::StampedAfter(share) => {
                write!(f, "leak: {:.0}% of its filled cells lie after the decision time", share * 100.0)
            }
            Self::FilledByOutcome(auc) => {
                write!(f, "leak: whether it is filled tells the outcome (AUC of missingness {auc:.2})")
            }
            Self::TellsOutcome(auc) => write!(f, "leak: it alone tells the outcome (AUC {auc:.2})"),
        }
    }
}

/// A column that is not part of the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dropped {
    /// The column.
    pub column: String,
    /// Why it is left out.
    pub reason: Reason,
}

/// Why a column that is part of the model deserves a second look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suspicion {
    /// Its name speaks of a later step of the funnel, by this phrase.
    LaterStep(Cow<'static, str>),
    /// Its name promises a count without an end, by this word; the second is a column that counts the same and
    /// is never larger, on the share of training rows where it is smaller.
    Unbounded(Cow<'static, str>, Option<(String, f64)>),
    /// Whether it is filled goes some way to tell the outcome, with this AUC.
    FillSpeaks(f64),
    /// Its values alone go far to tell the outcome, with this AUC.
    Strong(f64),
}

impl fmt::Display for Suspicion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LaterStep(phrase) => {
                write!(
                    f,
                    "speaks of a later step of the funnel (`{phrase}`); fair only if known at the decision time"
                )
            }
            Self::Unbounded(word, None) => {
                write!(f, "its name (`{word}`) sets no end to the count; it may run past the decision time")
            }
            Self::Unbounded(word, Some((twin, share))) => write!(
                f,
                "its name (`{word}`) sets no end to the count, and it exceeds `{twin}` on {:.0}% of rows; it may run past the decision time",
                share * 100.0
            ),
            Self::FillSpeaks(auc) => {
                write!(
                    f,
                    "whether it is filled goes some way to tell the outcome (AUC of missingness {auc:.2})"
                )
            }
            Self::Strong(auc) => write!(f, "it alone goes far to tell the outcome (AUC {auc:.2})"),
        }
    }
}

/// A column that is part of the model and deserves a second look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flag {
    /// The column.
    pub column: String,
    /// What is suspicious about it.
    pub suspicion: Suspicion,
}
