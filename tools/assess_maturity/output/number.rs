//! Numbers as results hold them.

use super::question::Anchor;
use crate::wire::Interval;
use revarch_domain::{maturity::Levels, proportion};
use std::collections::BTreeMap;

pub(super) fn anchors(by_level: BTreeMap<u8, String>) -> Vec<Anchor> {
    by_level.into_iter().map(|(level, seen)| Anchor { level, seen }).collect()
}

pub(super) const fn ends(levels: Levels) -> [u8; 2] {
    [levels.low, levels.high]
}

pub(super) fn rounded(ends: proportion::Interval) -> Interval {
    Interval::of(proportion::Interval { low: thousandths(ends.low), high: thousandths(ends.high) })
}

/// More digits than these would claim more than five levels can tell.
pub(super) fn thousandths(value: f64) -> f64 {
    // Adding zero turns a negative zero into a plain one.
    (value * 1000.0).round() / 1000.0 + 0.0
}
