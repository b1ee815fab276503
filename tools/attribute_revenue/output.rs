//! The result of `attribute_revenue`.

use super::{given::About, spend::Costs};
use crate::{
    ToolError,
    page::{Window, fitting},
    wire::{self, Interval, Provenance, one_line},
};
use revarch_data::{JourneysTold, LeftOut};
use revarch_domain::{
    attribution::{
        answer::{Attribution, MarkovTold, ModelCredit, Shift},
        channels::Channels,
        collect::{Counts, Sum},
        model::Model,
        money,
        moves::Move,
        warning::Warning,
    },
    measure::{Measure, MeasureId},
    proportion::Proportion,
};
use schemars::JsonSchema;
use serde::Serialize;

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

/// Conversions and their value.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Revenue {
    /// What the value is: `revenue`, `pipeline`, `value of conversions` or `as given`.
    pub value_is: String,
    /// All conversions.
    pub conversions: u64,
    /// Their value, in the data's own currency or the one of `rates`.
    pub value: f64,
    /// Conversions that a touch preceded.
    pub touched_conversions: u64,
    /// Their value: what the models divide, to the last cent.
    pub touched_value: f64,
    /// Share of the value that no touch preceded; of the conversions where there is no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub untouched_share: Option<f64>,
    /// Why conversions have no touch.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub untouched: Vec<UntouchedOut>,
    /// Conversions left out since only the first of each counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub later_conversions: Option<u64>,
    /// Currencies of the values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub currencies: Vec<String>,
}

/// Conversions without a touch, for one reason.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UntouchedOut {
    /// `no_key`, `never_touched`, `touched_only_after`, `touched_outside_the_window` or
    /// `touched_before_an_earlier_conversion`.
    pub reason: String,
    /// Conversions.
    pub conversions: u64,
    /// Their value.
    pub value: f64,
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

/// A model.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ModelOut {
    /// The model.
    pub model: String,
    /// Why it is left out, where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<String>,
    /// Resamples behind its intervals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resamples: Option<u32>,
    /// Touches that its chain remembers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<u8>,
    /// States of its chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub states: Option<usize>,
    /// By how much a removal effect may be off at most, beyond rounding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_bound: Option<f64>,
    /// Greatest standard error of a share, where orders of channels were drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampling_error: Option<f64>,
}

/// A channel.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChannelOut {
    /// The channel.
    pub channel: String,
    /// Its touches; of handed-in paths the journeys they stand for.
    pub touches: u64,
    /// Journeys that it is part of and that converted.
    pub converted_journeys: u64,
    /// Journeys that it is part of.
    pub journeys: u64,
    /// Its least and greatest share over models and scenarios.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_range: Option<Interval>,
    /// What it cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spend: Option<f64>,
    /// Value credited for each unit of spend (ROAS): least and greatest over the models.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_on_spend: Option<Interval>,
    /// Spend for each unit of value credited, as cost per pipeline dollar with `deals: opened`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_per_value: Option<Interval>,
    /// The share of conversions lost without it, by the Markov chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removal_effect: Option<f64>,
    /// What each model gives it.
    pub credit: Vec<CreditOut>,
}

/// What a model gives a channel.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CreditOut {
    /// The model.
    pub model: String,
    /// Its share.
    pub share: f64,
    /// The value, to the cent.
    pub value: f64,
    /// Lower end of the share's 95% interval (detailed).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Upper end of it (detailed).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// Conversions (detailed).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversions: Option<f64>,
    /// Value for each unit of spend (detailed).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_on_spend: Option<f64>,
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

/// The tables and columns behind journeys.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Source {
    /// Whose journeys: `person` or `account`.
    pub level: String,
    /// The table of touches.
    pub touches: String,
    /// Its columns with channel and time.
    pub touch_columns: Vec<String>,
    /// How it names whose touches they are.
    pub touches_by: String,
    /// The table of conversions.
    pub conversions: String,
    /// Its columns with time and value.
    pub conversion_columns: Vec<String>,
    /// How it names whose conversions they are.
    pub conversions_by: String,
    /// Where it is known from when leads were made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leads: Option<String>,
    /// All touches.
    pub touches_read: u64,
    /// Rows that no journey holds, by the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

/// Where the spend comes from.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SpendFrom {
    /// The table, or the call.
    pub from: String,
    /// Measured in a table, or attested by the caller.
    pub provenance: Provenance,
    /// What to know of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
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

/// The share of conversions that a touch preceded.
fn touched(counts: &Counts) -> Option<Measure> {
    let touched = counts.touched.conversions;
    let all = touched + counts.untouched().conversions;
    Measure::of(MeasureId::TouchedConversionShare, Proportion::new(touched, all))
}

fn revenue(counts: &Counts, value_is: &str, currencies: Vec<String>, valued: bool) -> Revenue {
    let (touched, untouched) = (counts.touched, counts.untouched());
    let share = |part: f64, all: f64| (all > 0.0).then(|| part / all);
    let conversions = touched.conversions + untouched.conversions;
    let cents = touched.cents.saturating_add(untouched.cents);
    Revenue {
        value_is: value_is.to_owned(),
        conversions,
        value: money::amount(cents),
        touched_conversions: touched.conversions,
        touched_value: money::amount(touched.cents),
        untouched_share: if valued && untouched.cents >= 0 {
            share(untouched.cents as f64, cents as f64)
        } else {
            share(untouched.conversions as f64, conversions as f64)
        },
        untouched: counts
            .untouched
            .iter()
            .map(|(reason, Sum { conversions, cents })| UntouchedOut {
                reason: reason.name().to_owned(),
                conversions: *conversions,
                value: money::amount(*cents),
            })
            .collect(),
        later_conversions: Some(counts.repeated.conversions).filter(|later| *later > 0),
        currencies,
    }
}

fn move_out(one: Move, name: &impl Fn(u16) -> String) -> MoveOut {
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

fn models_out(models: Vec<ModelCredit>, left_out: Vec<(Model, String)>) -> Vec<ModelOut> {
    let nothing = |model: Model| ModelOut {
        model: model.name().to_owned(),
        left_out: None,
        resamples: None,
        order: None,
        states: None,
        error_bound: None,
        sampling_error: None,
    };
    let told = models.into_iter().map(|credit| {
        let ModelCredit { model, resamples, markov, sampling_error, .. } = credit;
        let (order, states, error_bound) = match markov {
            Some(MarkovTold { order, states, removal: _, bound }) => (Some(order), Some(states), Some(bound)),
            None => (None, None, None),
        };
        ModelOut { resamples: Some(resamples), order, states, error_bound, sampling_error, ..nothing(model) }
    });
    let left_out =
        left_out.into_iter().map(|(model, why)| ModelOut { left_out: Some(why), ..nothing(model) });
    told.chain(left_out).collect()
}

fn channels_out(
    channels: &Channels,
    models: &[ModelCredit],
    reach: &[(u64, u64)],
    range: &[revarch_domain::proportion::Interval],
    costs: &Costs,
    detailed: bool,
) -> Vec<ChannelOut> {
    let mut order: Vec<usize> = (0..channels.len()).collect();
    let share = |channel: usize| models.first().map_or(0.0, |credit| credit.shares[channel]);
    order.sort_by(|a, b| share(*b).total_cmp(&share(*a)).then(a.cmp(b)));
    let of_channel = |channel: usize| {
        let spend = costs.by_channel[channel];
        let paid = spend.filter(|spend| *spend > 0.0);
        let returns = |credit: &ModelCredit| Some(money::amount(credit.cents[channel]) / paid?);
        let least_and_most = |of: &dyn Fn(&ModelCredit) -> Option<f64>| {
            let values: Vec<f64> = models.iter().map(of).collect::<Option<Vec<f64>>>()?;
            let low = values.iter().copied().min_by(f64::total_cmp)?;
            Some(Interval { low: rounded(low), high: rounded(values.into_iter().max_by(f64::total_cmp)?) })
        };
        let cost = |credit: &ModelCredit| {
            let cents = credit.cents[channel];
            (cents > 0).then(|| Some(paid? / money::amount(cents))).flatten()
        };
        let (converted_journeys, journeys) = reach[channel];
        let markov = models.iter().find_map(|credit| credit.markov.as_ref());
        ChannelOut {
            channel: one_line(&channels.names()[channel], 80),
            touches: channels.touches()[channel],
            converted_journeys,
            journeys,
            share_range: range.get(channel).map(|range| Interval::of(*range)).map(rounded_interval),
            spend,
            return_on_spend: least_and_most(&returns),
            cost_per_value: least_and_most(&cost),
            removal_effect: markov.map(|markov| rounded(markov.removal[channel])),
            credit: models
                .iter()
                .map(|credit| {
                    let interval = credit.intervals.get(channel).filter(|_| detailed);
                    CreditOut {
                        model: credit.model.name().to_owned(),
                        share: rounded(credit.shares[channel]),
                        value: money::amount(credit.cents[channel]),
                        low: interval.map(|interval| rounded(interval.low)),
                        high: interval.map(|interval| rounded(interval.high)),
                        conversions: detailed.then(|| credit.conversions[channel]),
                        return_on_spend: returns(credit).filter(|_| detailed),
                    }
                })
                .collect(),
        }
    };
    order.into_iter().map(of_channel).collect()
}

/// A number with as many places as a reader of shares and ratios can use. Values are exact and are not rounded.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn rounded_interval(interval: Interval) -> Interval {
    Interval { low: rounded(interval.low), high: rounded(interval.high) }
}

fn shift_out(shift: Shift, name: &impl Fn(u16) -> String) -> ShiftOut {
    let Shift { scenario, model, channel, from, to } = shift;
    ShiftOut {
        scenario,
        model: model.name().to_owned(),
        channel: name(channel),
        from: rounded(from),
        to: rounded(to),
    }
}

fn source(told: JourneysTold, left: LeftOut) -> Source {
    let JourneysTold {
        touches,
        channel,
        touch_time,
        touches_by,
        conversions,
        conversion_time,
        value,
        conversions_by,
        leads,
        level,
    } = told;
    let LeftOut {
        touches: touches_read,
        touches_without_key,
        touches_undated,
        touches_future,
        touches_without_channel,
        conversions_undated,
        conversions_future,
        several_people,
    } = left;
    let reasons = [
        (touches_without_key, "touches name nobody, or nobody known"),
        (touches_undated, "touches have no time"),
        (touches_future, "touches lie after the end"),
        (touches_without_channel, "touches have no channel and count as `(unknown)`"),
        (conversions_undated, "conversions have no time"),
        (conversions_future, "conversions lie after the end"),
        (several_people, "conversions have several people and count with the first; ask for level `account`"),
    ];
    Source {
        level: level.name().to_owned(),
        touches,
        touch_columns: vec![channel, touch_time],
        touches_by,
        conversions,
        conversion_columns: std::iter::once(conversion_time).chain(value).collect(),
        conversions_by,
        leads,
        touches_read,
        left_out: reasons
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect(),
    }
}

fn warning(warning: Warning) -> WarningOut {
    let Warning { id, text } = warning;
    WarningOut { id: id.to_owned(), text: one_line(&text, 400) }
}
