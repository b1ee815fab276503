//! How a metric went from the last but one period that is over to the last.

use super::{
    definition::Better,
    evaluate::{Measured, Reading},
    period::Period,
};

/// A change smaller than this part of the value before is none: authored, one in a hundred.
const STILL: f64 = 0.01;

/// The change between the last two periods that are over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// The earlier of the two, by its place.
    pub before: usize,
    /// The later of the two, by its place.
    pub last: usize,
    /// The later value less the earlier.
    pub change: f64,
    /// That as a part of the earlier value, where it is not nothing.
    pub relative: Option<f64>,
    /// What to make of it.
    pub course: Course,
}

/// What to make of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// It went the better way.
    Better,
    /// It went the worse way.
    Worse,
    /// Hardly anything changed.
    Steady,
    /// The intervals overlap: the change may be chance.
    MayBeChance,
}

impl Course {
    /// Its name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Steady => "steady",
            Self::MayBeChance => "may_be_chance",
        }
    }
}

/// The trend of a metric over periods, none where fewer than two periods that are over have a value.
pub fn trend(better: Better, periods: &[Period], readings: &[&Reading]) -> Option<Trend> {
    let mut over = periods
        .iter()
        .zip(readings)
        .enumerate()
        .rev()
        .filter(|(_, (period, _))| !period.is_partial)
        .filter_map(|(at, (_, reading))| Some((at, reading.as_ref().ok()?)));
    let ((last, now), (before, then)) = (over.next()?, over.next()?);
    let change = now.value - then.value;
    let relative = (then.value != 0.0).then(|| change / then.value.abs());
    let course = if relative.map_or(change == 0.0, |relative| relative.abs() < STILL) {
        Course::Steady
    } else if overlap(now, then) {
        Course::MayBeChance
    } else if (change > 0.0) == (better == Better::Higher) {
        Course::Better
    } else {
        Course::Worse
    };
    Some(Trend { before, last, change, relative, course })
}

fn overlap(one: &Measured, other: &Measured) -> bool {
    one.interval
        .zip(other.interval)
        .is_some_and(|(one, other)| one.low <= other.high && other.low <= one.high)
}
