//! Which moves of budget hold, and what changes the shares.

use super::rounded;
use revarch_domain::attribution::{answer::Shift, moves::Move};
use schemars::JsonSchema;
use serde::Serialize;

/// A move of budget, or without spend a statement that one channel earns more.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MoveOut {
    /// The channel with less for its money.
    pub from: String,
    /// The channel with more.
    pub to: String,
    /// Whether everything agrees.
    pub robust: bool,
    /// Models that agree.
    pub models_agree: usize,
    /// How many times as much `to` earns, in the model and scenario that says least. Absent where `from` earns nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_ratio: Option<f64>,
    /// Share of the resamples that agree, in the model where fewest do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resamples_agree: Option<f64>,
    /// Models and scenarios that do not agree: the first of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub against: Vec<String>,
}

/// The largest change of a share in a scenario.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ShiftOut {
    /// The assumption that is changed.
    pub scenario: String,
    /// The model whose share changes most.
    pub model: String,
    /// The channel.
    pub channel: String,
    /// The share as asked.
    pub from: f64,
    /// The share in the scenario.
    pub to: f64,
}

pub(super) fn move_out(one: Move, name: &impl Fn(u16) -> String) -> MoveOut {
    let Move { from, to, robust, models_agree, least_ratio, resamples_agree, against } = one;
    MoveOut {
        from: name(from),
        to: name(to),
        robust,
        models_agree,
        least_ratio: least_ratio.map(rounded),
        resamples_agree,
        against: against.into_iter().take(4).collect(),
    }
}

pub(super) fn shift_out(shift: Shift, name: &impl Fn(u16) -> String) -> ShiftOut {
    let Shift { scenario, model, channel, from, to } = shift;
    ShiftOut {
        scenario,
        model: model.name().to_owned(),
        channel: name(channel),
        from: rounded(from),
        to: rounded(to),
    }
}
