//! The result of `attribute_revenue`.

mod channels;
mod models;
mod moves;
mod revenue;
mod source;

use super::{given::About, spend::Costs};
use crate::{
    ToolError,
    page::{Window, fitting},
    wire::{self, Interval, Provenance, one_line},
};
use channels::{ChannelOut, channels_out};
use models::{ModelOut, models_out};
use moves::{MoveOut, ShiftOut, move_out, shift_out};
use revarch_domain::attribution::{answer::Attribution, channels::Channels, warning::Warning};
use revenue::{Revenue, revenue, touched};
use schemars::JsonSchema;
use serde::Serialize;
use source::{Source, SpendFrom, source};

/// What every result says: what credit is not.
pub(super) const CAUTION: &str = "Credit divides what happened among the touches that were recorded before it. It is not \
     incrementality: it does not tell what would have happened without a channel. Test a move before it is made in full.";

/// Moves in a concise result.
const MOVES: usize = 12;

/// What the moves of a concise result may take.
const MOVES_COST: usize = 1_800;

/// Which channels earn the revenue, and which moves are robust.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Output {
    /// What channels are compared by: `value`, or `conversions` where no value is recorded.
    pub compared_by: String,
    /// `sufficient`, or `insufficient` where too few conversions have a touch to compare channels.
    pub evidence: String,
    /// Conversions and their value, with and without a touch.
    pub revenue: Revenue,
    /// The journeys.
    pub journeys: Journeys,
    /// Moves that every model, scenario and nearly every resample supports.
    pub robust_moves: usize,
    /// All comparisons of two channels.
    pub compared_moves: usize,
    /// What moves compare: `return_on_spend`, or `credit` where no spend is known.
    pub moves_compare: String,
    /// Moves, the robust ones first; all of them in a detailed result.
    pub moves: Vec<MoveOut>,
    /// The models.
    pub models: Vec<ModelOut>,
    /// The channels with their credit, that with most by its first model first.
    pub channels: Vec<ChannelOut>,
    /// The largest change of a share in each scenario.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sensitivity: Vec<ShiftOut>,
    /// What `assess_maturity` takes as evidence, under `evidence`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<wire::Measure>,
    /// Where the journeys come from, where that is tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Where the spend comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spend_from: Option<SpendFrom>,
    /// What limits the credit.
    pub warnings: Vec<WarningOut>,
    /// What credit is not.
    pub caution: String,
    /// Whether journeys were measured in tables, or attested by the caller.
    pub provenance: Provenance,
    /// Pass it as `cursor` to see more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// The journeys.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Journeys {
    /// Journeys that ended in nothing.
    pub without_conversion: u64,
    /// Of these, those so young that a conversion may still follow.
    pub still_open: u64,
    /// Different sequences of channels.
    pub different_paths: usize,
    /// Touches of the longest.
    pub longest: usize,
}

/// Something that limits the credit.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WarningOut {
    /// A stable name.
    pub id: String,
    /// What it is and what follows.
    pub text: String,
}

/// Everything the result is made of.
pub(super) struct Told {
    pub(super) channels: Channels,
    pub(super) paths: usize,
    pub(super) answer: Attribution,
    pub(super) about: About,
    pub(super) costs: Costs,
}

pub(super) fn wire(told: Told, detailed: bool, from: usize) -> Result<Output, ToolError> {
    let Told { channels, paths, answer, about, costs } = told;
    let Attribution {
        valued,
        sufficient,
        models,
        left_out,
        reach,
        range,
        shifts,
        moves,
        by_spend,
        counts,
        warnings,
    } = answer;
    let About { tables, currencies, provenance, value_is } = about;
    let name = |channel: u16| one_line(&channels.names()[usize::from(channel)], 80);
    let robust_moves = moves.iter().filter(|one| one.robust).count();
    let compared_moves = moves.len();
    let moves: Vec<MoveOut> = moves.into_iter().map(|one| move_out(one, &name)).collect();
    let of_channels = channels_out(&channels, &models, &reach, &range, &costs, detailed);
    let Costs { by_channel: _, from: spend_from, remarks } = costs;
    let mut output = Output {
        compared_by: if valued { "value" } else { "conversions" }.to_owned(),
        evidence: if sufficient { "sufficient" } else { "insufficient" }.to_owned(),
        revenue: revenue(&counts, value_is, currencies, valued),
        journeys: Journeys {
            without_conversion: counts.nulls,
            still_open: counts.open,
            different_paths: paths,
            longest: counts.longest,
        },
        robust_moves,
        compared_moves,
        moves_compare: if by_spend { "return_on_spend" } else { "credit" }.to_owned(),
        moves: Vec::new(),
        models: models_out(models, left_out),
        channels: Vec::new(),
        sensitivity: shifts.into_iter().map(|shift| shift_out(shift, &name)).collect(),
        measures: touched(&counts).map(|share| wire::Measure::of(share.on(provenance))).into_iter().collect(),
        source: tables.map(|(told, left_out)| source(told, left_out)),
        spend_from: spend_from.map(|(from, provenance)| SpendFrom {
            from,
            provenance: Provenance::of(provenance),
            remarks: remarks.into_iter().take(10).collect(),
        }),
        warnings: warnings.into_iter().map(warning).collect(),
        caution: CAUTION.to_owned(),
        provenance: Provenance::of(provenance),
        next_cursor: None,
    };
    if !detailed {
        output.moves = fitting(moves.into_iter().take(MOVES).collect(), MOVES_COST);
        let mut window = Window::beside(&output, from, usize::MAX);
        output.channels = window.of(of_channels);
        window.check("channels")?;
        output.next_cursor = window.next();
        return Ok(output);
    }
    let mut window = Window::beside(&output, from, usize::MAX);
    output.channels = window.of(of_channels);
    output.moves = window.of(moves);
    window.check("channels and moves")?;
    output.next_cursor = window.next();
    Ok(output)
}

fn warning(warning: Warning) -> WarningOut {
    let Warning { id, text } = warning;
    WarningOut { id: id.to_owned(), text: one_line(&text, 400) }
}

/// A number with as many places as a reader of shares and ratios can use. Values are exact and are not rounded.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn rounded_interval(interval: Interval) -> Interval {
    Interval { low: rounded(interval.low), high: rounded(interval.high) }
}
