//! What the method would have said on earlier dates, held against what then happened.
//!
//! On each date only what had happened by then is used: later entries are cut off, and stays that lasted count as
//! lasting. The dates lie a horizon apart, so that no day is foretold twice.

use super::{
    facts::Facts,
    outlook::{Terms, curves},
    stays::{Exit, Stay},
};
use crate::{
    leads::{auc::AucEstimate, bootstrap::auc_with_interval},
    proportion::{Interval, Proportion},
    value::MICROS_PER_DAY,
};

/// Earlier dates that are tried.
const DATES: i64 = 6;
/// Outcomes of each sort without which nothing is concluded: authored.
const LEAST: u64 = 20;

/// How the chances did on earlier dates.
#[derive(Clone, Debug, PartialEq)]
pub struct Backtest {
    /// The dates, in microseconds since 1970, the latest first.
    pub dates: Vec<i64>,
    /// The chance to be lost within the horizon.
    pub loss: Checked,
    /// The chance to leave the stage within the horizon.
    pub leaving: Checked,
}

/// One kind of chance held against what happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// Open deals on those dates to which a chance was given.
    pub foretold: u64,
    /// Open deals to which none could be given.
    pub without: u64,
    /// Those to which it happened.
    pub happened: Proportion,
    /// The mean of the chances that were given.
    pub mean_chance: Option<f64>,
    /// How well the chances rank the deals: the chance that of two deals the one to which it happened had the
    /// higher one (concordance at the horizon).
    pub concordance: Option<AucEstimate>,
    /// The deals in thirds of rising chance.
    pub bins: Vec<Bin>,
}

/// Deals of like chances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// The mean of their chances.
    pub chance: f64,
    /// Those to which it happened.
    pub happened: Proportion,
}

/// What a backtest says of the ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ranking {
    /// Deals with higher chances fared so more often, beyond the interval.
    Ranks,
    /// The interval holds one half: the ranking may be chance.
    MayBeChance,
    /// The ranking is worse than chance.
    Misleads,
    /// Too little happened to tell.
    Insufficient,
}

impl Checked {
    /// What the concordance says.
    pub fn ranking(&self) -> Ranking {
        let Some(estimate) =
            self.concordance.filter(|found| found.positives >= LEAST && found.negatives >= LEAST)
        else {
            return Ranking::Insufficient;
        };
        if estimate.may_be_chance() {
            Ranking::MayBeChance
        } else if estimate.value > 0.5 {
            Ranking::Ranks
        } else {
            Ranking::Misleads
        }
    }

    /// Whether the mean chance lies within the interval of what happened; none where too little did.
    pub fn is_calibrated(&self) -> Option<bool> {
        let Interval { low, high } = self.happened.wilson().filter(|_| self.happened.trials >= LEAST)?;
        Some((low..=high).contains(&self.mean_chance?))
    }

    fn of(rows: &[(f64, bool)], without: u64, seed: u64) -> Self {
        let mut rows = rows.to_vec();
        rows.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        let (chances, happened): (Vec<f64>, Vec<bool>) = rows.iter().copied().unzip();
        let whole = bin(&rows);
        let thirds = rows.len().div_ceil(3).max(1);
        Self {
            foretold: rows.len() as u64,
            without,
            happened: whole.map_or(Proportion::default(), |bin| bin.happened),
            mean_chance: whole.map(|bin| bin.chance),
            concordance: auc_with_interval(&chances, &happened, seed),
            bins: rows.chunks(thirds).filter_map(bin).collect(),
        }
    }
}

fn bin(rows: &[(f64, bool)]) -> Option<Bin> {
    let happened = rows.iter().filter(|row| row.1).count() as u64;
    let chance = rows.iter().map(|row| row.0).sum::<f64>() / rows.len() as f64;
    (!rows.is_empty()).then_some(Bin { chance, happened: Proportion::new(happened, rows.len() as u64) })
}

pub(super) fn backtest(facts: &Facts, stays: &[Stay], now: i64, terms: &Terms) -> Backtest {
    let horizon = micros(terms.horizon_days);
    let dates: Vec<i64> = (1..=DATES).map(|back| now - back * horizon).collect();
    let (mut loss, mut leaving) = (Vec::new(), Vec::new());
    let (mut without_loss, mut without_leaving) = (0, 0);
    for &date in &dates {
        let curves = curves(facts.stages.len(), stays, date);
        for stay in stays.iter().filter(|stay| stay.lasts_at(date)) {
            let curve = &curves[stay.stage];
            let age = stay.by(date).0;
            let exit = stay.end.filter(|(at, _)| *at <= date + horizon);
            let is_lost = exit.is_some_and(|(_, exit)| exit == Some(Exit::Lost));
            match curve.leaving_by(Exit::Lost, age, terms.horizon_days) {
                Some(chance) => loss.push((chance.value, is_lost)),
                None => without_loss += 1,
            }
            match curve.leaving(age, terms.horizon_days) {
                Some(chance) => leaving.push((chance.value, exit.is_some())),
                None => without_leaving += 1,
            }
        }
    }
    Backtest {
        dates,
        loss: Checked::of(&loss, without_loss, terms.seed),
        leaving: Checked::of(&leaving, without_leaving, terms.seed),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a horizon is far below 2^52 days")]
fn micros(days: f64) -> i64 {
    (days * MICROS_PER_DAY as f64) as i64
}
