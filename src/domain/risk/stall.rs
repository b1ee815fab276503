//! The age from which deals hardly leave a stage any more.

use super::curve::Curve;

/// Beyond its age deals leave at less than this part of the stage's usual pace: authored, one in ten.
const PACE: f64 = 0.1;
/// How unlikely the few that left have to be at the usual pace: authored, one in a hundred.
const UNLIKELY: f64 = 0.01;

/// Where a stage dries up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stall {
    /// The age in days.
    pub days: f64,
    /// Stays that ended beyond it.
    pub left: u64,
    /// Stays that would have ended beyond it at the stage's usual pace.
    pub expected: f64,
}

impl Stall {
    /// The least age past the median stay beyond which deals left at under a tenth of the stage's usual pace, so
    /// few that chance does not explain it. None where the stage does not dry up.
    pub fn of(curve: &Curve) -> Option<Self> {
        let median = curve.quantile(0.5)?;
        // The pace of all stays up to the median: the stalled ones would slow down that of the whole.
        let (all, days) = curve.beyond(-f64::EPSILON);
        let (later, later_days) = curve.beyond(median);
        let pace = (all - later) as f64 / (days - later_days);
        if !pace.is_finite() || pace <= 0.0 {
            return None;
        }
        curve.beyond_each().into_iter().filter(|(age, ..)| *age >= median).find_map(|(age, left, exposed)| {
            let expected = exposed * pace;
            let is_dry = (left as f64) < PACE * expected && at_most(left, expected) < UNLIKELY;
            is_dry.then_some(Self { days: age, left, expected })
        })
    }
}

/// The chance that a Poisson count of a mean is at most so many.
fn at_most(count: u64, mean: f64) -> f64 {
    let mut term = (-mean).exp();
    let mut sum = term;
    for k in 1..=count {
        term *= mean / k as f64;
        sum += term;
    }
    sum
}
