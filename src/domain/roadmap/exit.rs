//! How to tell that an item is done: a number that a tool gives, now and then.

use super::{Gap, Reading, Situation};
use crate::{provenance::Provenance, readiness::Thresholds};
use serde::{Deserialize, Serialize};

/// A number to be reached, and the tool that tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Exit {
    /// The tool to call again.
    pub tool: String,
    /// The number in its result.
    pub measure: String,
    /// What it was when the plan was made; nothing where nobody knows.
    pub from: Option<Reading>,
    /// What it has to reach.
    pub to: f64,
    /// Whether smaller is better.
    pub is_at_most: bool,
    /// Whose the number to be reached is.
    pub provenance: Provenance,
}

/// An exit as the file of deliverables has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExitRule {
    /// The tool to call again.
    pub tool: String,
    /// The number in its result.
    pub measure: String,
    /// What it has to reach, where it is revarch's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<f64>,
    /// The threshold of the readiness lens that it has to reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Bar>,
    /// Whether smaller is better.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_most: bool,
}

/// A threshold of the readiness lens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bar {
    /// Share of columns named in their table's own style.
    Named,
    /// Share of contacts joined to an account.
    Linked,
    /// Share of events joined to a person.
    KnownPerson,
    /// Hours within which 95% of events arrive.
    LagP95Hours,
    /// Days since the newest event.
    AgeDays,
    /// Area under the ROC curve.
    Auc,
}

impl ExitRule {
    /// The exit, with the number as it is now.
    pub(super) fn exit(&self, situation: &Situation, thresholds: &Thresholds) -> Option<Exit> {
        let (to, provenance) = match (self.to, self.threshold) {
            (Some(to), _) => (to, Provenance::Authored),
            (None, Some(bar)) => {
                let threshold = match bar {
                    Bar::Named => &thresholds.named,
                    Bar::Linked => &thresholds.linked,
                    Bar::KnownPerson => &thresholds.known_person,
                    Bar::LagP95Hours => &thresholds.lag_p95_hours,
                    Bar::AgeDays => &thresholds.age_days,
                    Bar::Auc => &thresholds.auc,
                };
                (threshold.value, threshold.provenance)
            }
            (None, None) => return None,
        };
        Some(Exit {
            tool: self.tool.clone(),
            measure: self.measure.clone(),
            from: situation.measured.get(&self.measure).copied(),
            to,
            is_at_most: self.at_most,
            provenance,
        })
    }
}

impl Exit {
    /// Whether what was measured has reached it already.
    pub(super) fn is_reached(&self) -> bool {
        self.from.is_some_and(|from| if self.is_at_most { from.high <= self.to } else { from.low >= self.to })
    }

    /// Whether what is known says that it has not been reached.
    pub(super) fn is_missed(&self) -> bool {
        self.from.is_some_and(|from| if self.is_at_most { from.low > self.to } else { from.high < self.to })
    }

    /// None of these findings is made again.
    pub(super) fn findings_gone(tool: &str, gaps: &[Gap]) -> Self {
        Self::none_left(tool, "open findings that it closes", gaps.len())
    }

    /// None of so many is left.
    pub(super) fn none_left(tool: &str, measure: &str, count: usize) -> Self {
        let count = count as f64;
        Self {
            tool: tool.to_owned(),
            measure: measure.to_owned(),
            from: Some(Reading { low: count, high: count, provenance: Provenance::Measured }),
            to: 0.0,
            is_at_most: true,
            provenance: Provenance::Authored,
        }
    }
}
