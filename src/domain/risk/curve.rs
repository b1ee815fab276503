//! How long stays last and how they end: Kaplan-Meier and Aalen-Johansen over stays of one stage.
//!
//! A chance from an age on is the same estimate begun at that age: only the stays that had reached it are at risk. Its
//! interval therefore needs no resampling: Greenwood's variance on the log-log scale for staying, the delta method
//! (Marubini and Valsecchi 1995) on the log-log scale for one way out among several.

use super::stays::Exit;
use crate::proportion::{Interval, Proportion, Z_95};

/// A chance and its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The chance.
    pub value: f64,
    /// Its interval.
    pub interval: Interval,
}

/// A duration at which stays ended or ceased to be seen.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Point {
    days: f64,
    at_risk: u64,
    ended: [u64; 3],
}

impl Point {
    fn left(&self) -> u64 {
        self.ended.iter().sum()
    }
}

/// The stays of a stage, summed up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    points: Vec<Point>,
}

impl Curve {
    /// The curve of stays: how many days each was seen, and how it ended if it did.
    pub fn of(mut stays: Vec<(f64, Option<Exit>)>) -> Self {
        stays.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut points: Vec<Point> = Vec::new();
        let mut at_risk = stays.len() as u64;
        for same in stays.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq()) {
            let mut point = Point { days: same[0].0, at_risk, ended: [0; 3] };
            for exit in same.iter().filter_map(|stay| stay.1) {
                point.ended[exit as usize] += 1;
            }
            at_risk -= same.len() as u64;
            points.push(point);
        }
        Self { points }
    }

    /// Stays in all.
    pub fn stays(&self) -> u64 {
        self.points.first().map_or(0, |point| point.at_risk)
    }

    /// Stays that ended in a way.
    pub fn ended(&self, exit: Exit) -> u64 {
        self.points.iter().map(|point| point.ended[exit as usize]).sum()
    }

    /// The longest that any stay was seen, in days.
    pub fn reach(&self) -> f64 {
        self.points.last().map_or(0.0, |point| point.days)
    }

    /// Stays that lasted longer than an age.
    pub fn older(&self, days: f64) -> u64 {
        let at = self.points.partition_point(|point| point.days <= days);
        self.points.get(at).map_or(0, |point| point.at_risk)
    }

    /// Stays that ended after more than an age, and the days that all together were at risk of it.
    pub fn beyond(&self, days: f64) -> (u64, f64) {
        let first = self.points.partition_point(|point| point.days <= days);
        let mut before = days;
        let mut exposed = 0.0;
        let mut left = 0;
        for point in &self.points[first..] {
            exposed += (point.days - before) * point.at_risk as f64;
            before = point.days;
            left += point.left();
        }
        (left, exposed)
    }

    /// The same beyond every age at which something happened: the age, the stays and the days.
    pub fn beyond_each(&self) -> Vec<(f64, u64, f64)> {
        let (mut left, mut exposed) = (0, 0.0);
        let mut later: Option<&Point> = None;
        let mut each: Vec<(f64, u64, f64)> = Vec::with_capacity(self.points.len());
        for point in self.points.iter().rev() {
            if let Some(later) = later {
                exposed += (later.days - point.days) * later.at_risk as f64;
                left += later.left();
            }
            each.push((point.days, left, exposed));
            later = Some(point);
        }
        each.reverse();
        each
    }

    /// The share of stays that last longer than an age, with its interval. Nothing without stays.
    pub fn staying(&self, days: f64) -> Option<Estimate> {
        let end = self.points.partition_point(|point| point.days <= days);
        stays_on(&self.points[..end], self.stays())
    }

    /// The chance that a stay which has reached an age lasts so many more days. Nothing where no stay was followed
    /// that far.
    pub fn staying_on(&self, age: f64, more: f64) -> Option<Estimate> {
        stays_on(self.window(age, more)?, self.older(age))
    }

    /// The chance that a stay which has reached an age ends within so many more days in a way.
    pub fn leaving_by(&self, exit: Exit, age: f64, more: f64) -> Option<Estimate> {
        incidence(self.window(age, more)?, exit as usize, self.older(age))
    }

    /// The chance that a stay which has reached an age ends within so many more days in any way.
    pub fn leaving(&self, age: f64, more: f64) -> Option<Estimate> {
        let Estimate { value, interval } = self.staying_on(age, more)?;
        let interval = Interval { low: 1.0 - interval.high, high: 1.0 - interval.low };
        Some(Estimate { value: 1.0 - value, interval })
    }

    /// The chance that a stay ends in a way within so many days of its beginning, the beginning included.
    pub fn incidence(&self, exit: Exit, days: f64) -> Option<Estimate> {
        let end = self.points.partition_point(|point| point.days <= days);
        incidence(&self.points[..end], exit as usize, self.stays())
    }

    /// The variance of [`Curve::incidence`] by the delta method.
    pub fn incidence_variance(&self, exit: Exit, days: f64) -> f64 {
        let end = self.points.partition_point(|point| point.days <= days);
        delta(&self.points[..end], exit as usize).1
    }

    /// The age that a share of stays does not outlast, such as the median at 0.5.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let mut staying = 1.0;
        self.points.iter().find_map(|point| {
            staying *= 1.0 - point.left() as f64 / point.at_risk as f64;
            (staying <= 1.0 - share + 1e-12).then_some(point.days)
        })
    }

    /// The points after an age and up to so many days more. Nothing where fewer stays than [`Curve::LEAST`] had
    /// reached the age, or where the last of them were lost from sight before the end.
    fn window(&self, age: f64, more: f64) -> Option<&[Point]> {
        if self.older(age) < Self::LEAST {
            return None;
        }
        let first = self.points.partition_point(|point| point.days <= age);
        let window = &self.points[first..self.points.partition_point(|point| point.days <= age + more)];
        let last = self.points.last()?;
        let all_left = last.left() == last.at_risk;
        (self.reach() >= age + more || all_left).then_some(window)
    }

    /// A chance from fewer stays than this is not given: authored, five in each half of a coin.
    pub const LEAST: u64 = 10;
}

/// The chance to stay through a window that so many stays entered.
fn stays_on(window: &[Point], at_risk: u64) -> Option<Estimate> {
    let Some(last) = window.last() else { return (at_risk > 0).then(|| all_stay(at_risk)) };
    let mut value = 1.0;
    let mut sum = 0.0;
    for point in window {
        let (left, at_risk) = (point.left() as f64, point.at_risk as f64);
        value *= 1.0 - left / at_risk;
        sum += left / (at_risk * (at_risk - left));
    }
    if sum == 0.0 {
        return Some(all_stay(last.at_risk));
    }
    if value <= 0.0 {
        let interval = Proportion::new(0, at_risk).wilson()?;
        return Some(Estimate { value: 0.0, interval });
    }
    Some(Estimate { value, interval: on_log_log(value, sum.sqrt() * value) })
}

/// Nobody left: the least share that is still likely, from those who were at risk last.
fn all_stay(at_risk: u64) -> Estimate {
    let proportion = Proportion::new(at_risk, at_risk);
    let interval = proportion.wilson().unwrap_or(Interval { low: 0.0, high: 1.0 });
    Estimate { value: 1.0, interval }
}

/// The interval of a share whose standard error is known, on the scale log(-log(share)).
fn on_log_log(value: f64, error: f64) -> Interval {
    let log = value.ln();
    let spread = (Z_95 * error / (value * log)).abs();
    Interval { low: value.powf(spread.exp()), high: value.powf((-spread).exp()) }
}

/// The chance of a way out in a window that so many stays entered.
fn incidence(window: &[Point], way: usize, at_risk: u64) -> Option<Estimate> {
    let (value, variance) = delta(window, way);
    if value <= 0.0 {
        let still = window.last().map_or(at_risk, |last| last.at_risk);
        return Some(Estimate { value: 0.0, interval: Proportion::new(0, still).wilson()? });
    }
    if value >= 1.0 {
        return Some(Estimate { value: 1.0, interval: Proportion::new(at_risk, at_risk).wilson()? });
    }
    Some(Estimate { value, interval: on_log_log(value, variance.sqrt()) })
}

/// The cumulative incidence of a way out and its variance.
fn delta(window: &[Point], way: usize) -> (f64, f64) {
    // The variance sums (F(t) - F(ti))^2 a + b - 2 (F(t) - F(ti)) c over the points, so the powers of F(t) are
    // gathered apart and one pass does.
    let (mut staying, mut value) = (1.0, 0.0);
    let (mut squares, mut lines, mut rest) = (0.0, 0.0, 0.0);
    for point in window {
        let (left, by_way, at_risk) = (point.left() as f64, point.ended[way] as f64, point.at_risk as f64);
        value += staying * by_way / at_risk;
        let all = if left < at_risk { left / (at_risk * (at_risk - left)) } else { 0.0 };
        let own = staying * staying * (at_risk - by_way) / at_risk * by_way / (at_risk * at_risk);
        let both = staying * by_way / (at_risk * at_risk);
        squares += all;
        lines += -2.0 * value * all - 2.0 * both;
        rest += value * value * all + own + 2.0 * value * both;
        staying *= 1.0 - left / at_risk;
    }
    (value, (value * value * squares + value * lines + rest).max(0.0))
}
