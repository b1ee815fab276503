//! Whether later scores are spread as the earlier ones were: the population stability index.
//!
//! # Design
//! Rules of thumb such as 0.25 know nothing of the number of leads: a hundred against a hundred exceed it by
//! chance alone one time in five. Without drift the index is about `(1/n + 1/m)` times a chi-square with one
//! degree of freedom less than there are bins (Yurdakul and Naranjo 2020), and that sets the cut-off here. With
//! many leads the cut-off nears nought and every trifle exceeds it, so a shift counts only when it is also as
//! large as the customary mark.

use super::lens::Thresholds;
use crate::leads::{
    bootstrap::quantile,
    chi_square::{exceeds, quantile_above},
};

/// Bins: tenths of the earlier scores.
pub const BINS: u32 = 10;
/// Added to each count, so that a bin empty on one side stays finite.
const SMOOTHING: f64 = 0.5;

/// How far two spreads of scores lie apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drift {
    /// The population stability index.
    pub psi: f64,
    /// What it exceeds by chance alone as often as the lens allows, for this many leads.
    pub cut_off: f64,
    /// How often chance alone gives as much.
    pub chance: f64,
    /// Bins that the earlier scores fill; fewer than [`BINS`] where many scores are equal.
    pub bins: u32,
    /// Earlier scores.
    pub earlier: u64,
    /// Later scores.
    pub later: u64,
    /// What it comes to.
    pub shift: Shift,
}

/// What a drift comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    /// Chance explains it.
    None,
    /// Chance does not explain it, and it is below the customary mark.
    Slight,
    /// Chance does not explain it, and it is large.
    Material,
}

/// Compares later scores with earlier ones. Nothing where either is missing or all earlier ones are equal.
pub fn drift(earlier: &[f64], later: &[f64], thresholds: &Thresholds) -> Option<Drift> {
    if earlier.is_empty() || later.is_empty() {
        return None;
    }
    let mut sorted = earlier.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut edges: Vec<f64> =
        (1..BINS).map(|bin| quantile(&sorted, f64::from(bin) / f64::from(BINS))).collect();
    // They rise, so one that is not above the last equals it.
    edges.dedup_by(|a, b| a <= b);
    // An edge at the lowest score has nothing below it.
    edges.retain(|edge| *edge > sorted[0]);
    let bins = u32::try_from(edges.len() + 1).ok().filter(|bins| *bins > 1)?;
    let counts = |scores: &[f64]| {
        let mut counts = vec![SMOOTHING; edges.len() + 1];
        for score in scores {
            counts[edges.partition_point(|edge| edge <= score)] += 1.0;
        }
        counts
    };
    let share = |count: f64, rows: usize| count / (rows as f64 + SMOOTHING * f64::from(bins));
    let index = |(before, after): (f64, f64)| {
        let (before, after) = (share(before, earlier.len()), share(after, later.len()));
        (after - before) * (after / before).ln()
    };
    let psi: f64 = counts(earlier).into_iter().zip(counts(later)).map(index).sum();
    let scale = 1.0 / earlier.len() as f64 + 1.0 / later.len() as f64;
    let cut_off = scale * quantile_above(thresholds.drift_chance.value, bins - 1);
    let shift = match psi {
        psi if psi <= cut_off => Shift::None,
        psi if psi < thresholds.drift_material.value => Shift::Slight,
        _ => Shift::Material,
    };
    Some(Drift {
        psi,
        cut_off,
        chance: exceeds(psi / scale, bins - 1),
        bins,
        earlier: earlier.len() as u64,
        later: later.len() as u64,
        shift,
    })
}
