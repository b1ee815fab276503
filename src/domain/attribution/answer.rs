//! What is asked of the journeys, and what is answered.

use super::{
    collect::{Collected, Counts},
    model::Model,
    moves::Move,
    warning::Warning,
};
use crate::proportion::Interval;

/// What is asked beside the journeys.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ask {
    /// The models.
    pub models: Vec<Model>,
    /// How many touches the Markov chain remembers.
    pub markov_order: u8,
    /// Resamples to draw.
    pub resamples: u32,
    /// The seed of all that is drawn.
    pub seed: u64,
    /// Channels that count as direct; the usual names where none is given.
    pub direct: Vec<String>,
    /// Whether time decay is tried with other half-lives.
    pub other_half_lives: bool,
    /// What each channel cost, in the order of channels.
    pub spend: Vec<Option<f64>>,
}

/// The same journeys under another assumption.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The assumption.
    pub name: String,
    /// The journeys.
    pub collected: Collected,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    /// Whether channels are compared by the value of conversions, or by their number since no value is recorded.
    pub valued: bool,
    /// Whether there are conversions enough to compare channels.
    pub sufficient: bool,
    /// The credit by model.
    pub models: Vec<ModelCredit>,
    /// Models that were asked for and cannot be computed, with the reason.
    pub left_out: Vec<(Model, String)>,
    /// Journeys that each channel is part of: those that converted, and all.
    pub reach: Vec<(u64, u64)>,
    /// Least and greatest share of each channel over all models and scenarios.
    pub range: Vec<Interval>,
    /// How much each scenario moves the credit.
    pub shifts: Vec<Shift>,
    /// The comparisons of channels, the robust ones first.
    pub moves: Vec<Move>,
    /// Whether moves compare what channels return on their spend, rather than credit alone.
    pub by_spend: bool,
    /// What was counted while journeys were made.
    pub counts: Counts,
    /// What a reader has to know.
    pub warnings: Vec<Warning>,
}

/// What one model gives.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelCredit {
    /// The model.
    pub model: Model,
    /// Conversions by channel.
    pub conversions: Vec<f64>,
    /// Cents by channel; they add up to the value of all conversions with a touch.
    pub cents: Vec<i64>,
    /// Shares by channel of what channels are compared by.
    pub shares: Vec<f64>,
    /// The 95% interval of each share, where resamples were drawn.
    pub intervals: Vec<Interval>,
    /// Resamples drawn.
    pub resamples: u32,
    /// What is particular to a Markov chain.
    pub markov: Option<MarkovTold>,
    /// The greatest standard error of a share, where orders of channels were drawn.
    pub sampling_error: Option<f64>,
}

/// What is particular to a Markov chain.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkovTold {
    /// Touches it remembers.
    pub order: u8,
    /// Its states.
    pub states: usize,
    /// The share of the conversions lost without each channel.
    pub removal: Vec<f64>,
    /// By how much a removal effect may be too large.
    pub bound: f64,
}

/// The most that a scenario moves a share.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// The scenario.
    pub scenario: String,
    /// The model in which the share moves.
    pub model: Model,
    /// The channel whose share it is.
    pub channel: u16,
    /// The share as asked.
    pub from: f64,
    /// The share in the scenario.
    pub to: f64,
}
