//! Stages, chances and the backtest, as they stand in the result.

use crate::wire::{Interval, one_line};
use revarch_domain::{
    proportion::Proportion,
    risk::{Backtest, Bin, Checked, Estimate, Inventory, Quartiles, Ranking, StageOutlook, Stall},
    value::shown,
};
use schemars::JsonSchema;
use serde::Serialize;

/// A chance and how sure it is.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Chance {
    /// The chance, 0 to 1.
    pub value: f64,
    /// The lower end of its 95% interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Chance {
    pub(super) fn of(estimate: Estimate) -> Self {
        let Estimate { value, interval } = estimate;
        let Interval { low, high } = Interval::of(interval);
        Self { value: rounded(value), low: rounded(low), high: rounded(high) }
    }
}

/// A number short enough to read: four decimals.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

/// Days with one decimal.
pub(super) fn in_days(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// A stage and how deals leave it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StageOut {
    /// Its name.
    pub stage: String,
    /// Stays that were seen to begin, open ones included.
    pub stays: u64,
    /// Of these, ended by winning.
    pub won: u64,
    /// Ended by losing.
    pub lost: u64,
    /// Ended by moving to another open stage.
    pub moved: u64,
    /// Deals in it now.
    pub open: u64,
    /// What they are worth together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_amount: Option<f64>,
    /// The age that half of the stays do not outlast (Kaplan-Meier); absent where more than half go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median_days: Option<f64>,
    /// The age that nine in ten do not outlast.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nine_in_ten_days: Option<f64>,
    /// For a deal that enters now: its chance to be won within the horizon from this stage (Aalen-Johansen).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub win: Option<Chance>,
    /// To be lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss: Option<Chance>,
    /// To move to another open stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub move_on: Option<Chance>,
    /// The age in days from which deals leave it at under a tenth of its pace; absent where it does not dry up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stalls_after_days: Option<f64>,
}

impl StageOut {
    pub(super) fn of(stage: StageOutlook) -> Self {
        let StageOutlook { name, stays, ended, open, amount, median_days, ninth_decile_days, chances, stall } =
            stage;
        let ([won, lost, moved], [win, losing, move_on]) =
            (ended, chances.map(|chance| chance.map(Chance::of)));
        Self {
            stage: one_line(&name, 80),
            stays,
            won,
            lost,
            moved,
            open,
            open_amount: amount.map(f64::round),
            median_days: median_days.map(in_days),
            nine_in_ten_days: ninth_decile_days.map(in_days),
            win,
            loss: losing,
            move_on,
            stalls_after_days: stall.map(|Stall { days, .. }| in_days(days)),
        }
    }
}

/// Open deals of a stage, where a snapshot is all there is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InventoryOut {
    /// The stage; absent for deals without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// Open deals in it.
    pub deals: u64,
    /// What those with an amount are worth together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    /// Deals without an amount.
    pub without_amount: u64,
    /// Median of days since the deals were made, which is not the time in the stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median_days_since_creation: Option<f64>,
    /// Three quarters of the deals were made more recently than so many days ago.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper_quartile_days: Option<f64>,
}

impl InventoryOut {
    pub(super) fn of(inventory: Inventory) -> Self {
        let Inventory { stage, deals, amount, without_amount, days_since_creation } = inventory;
        let quartiles = days_since_creation
            .map(|Quartiles { lower: _, median, upper }| (in_days(median), in_days(upper)));
        Self {
            stage: stage.map(|stage| one_line(&stage, 80)),
            deals,
            amount: amount.map(f64::round),
            without_amount,
            median_days_since_creation: quartiles.map(|(median, _)| median),
            upper_quartile_days: quartiles.map(|(_, upper)| upper),
        }
    }
}

/// What the method would have said on earlier dates, held against what then happened.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BacktestOut {
    /// The dates, a horizon apart.
    pub dates: Vec<String>,
    /// The chance of loss.
    pub loss: CheckedOut,
    /// The chance to leave the stage in any way.
    pub leaving: CheckedOut,
}

/// One kind of chance held against what happened.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CheckedOut {
    /// What the concordance says: `ranks`, `may_be_chance`, `misleads` or `insufficient`.
    pub ranking: String,
    /// Open deals on those dates to which a chance was given.
    pub foretold: u64,
    /// Open deals to which none could be given.
    pub without_chance: u64,
    /// Those to which it happened within the horizon.
    pub happened: u64,
    /// The chance that of two deals the one to which it happened had the higher chance; 0.5 is a coin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concordance: Option<Chance>,
    /// The mean of the chances that were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_chance: Option<f64>,
    /// The share to which it happened, with its interval (Wilson).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed: Option<Chance>,
    /// Whether the mean chance lies in that interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibrated: Option<bool>,
    /// The deals in thirds of rising chance (detailed).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bins: Vec<BinOut>,
}

/// Deals of like chances.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BinOut {
    /// The mean of their chances.
    pub chance: f64,
    /// How many they are.
    pub deals: u64,
    /// To how many it happened.
    pub happened: u64,
}

impl BacktestOut {
    pub(super) fn of(backtest: Backtest, detailed: bool) -> Self {
        let Backtest { dates, loss, leaving } = backtest;
        Self {
            dates: dates.into_iter().map(|date| shown(date, false)).collect(),
            loss: CheckedOut::of(loss, detailed),
            leaving: CheckedOut::of(leaving, detailed),
        }
    }
}

impl CheckedOut {
    fn of(checked: Checked, detailed: bool) -> Self {
        let ranking = match checked.ranking() {
            Ranking::Ranks => "ranks",
            Ranking::MayBeChance => "may_be_chance",
            Ranking::Misleads => "misleads",
            Ranking::Insufficient => "insufficient",
        };
        let calibrated = checked.is_calibrated();
        let Checked { foretold, without, happened, mean_chance, concordance, bins } = checked;
        let Proportion { hits, .. } = happened;
        let chance = |value, interval| Chance::of(Estimate { value, interval });
        Self {
            ranking: ranking.to_owned(),
            foretold,
            without_chance: without,
            happened: hits,
            concordance: concordance.map(|found| chance(found.value, found.interval)),
            mean_chance: mean_chance.map(rounded),
            observed: happened.rate().zip(happened.wilson()).map(|(rate, interval)| chance(rate, interval)),
            calibrated,
            bins: if detailed { bins.into_iter().map(BinOut::of).collect() } else { Vec::new() },
        }
    }
}

impl BinOut {
    fn of(bin: Bin) -> Self {
        let Bin { chance, happened: Proportion { hits, trials } } = bin;
        Self { chance: rounded(chance), deals: trials, happened: hits }
    }
}
