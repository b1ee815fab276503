//! Which dimensions rest on which others, and what has been built ahead of its ground.
//!
//! Strategy, process, data and technology come in that order. A score that stands high above one it rests on is
//! therefore a finding of its own, and a ring of dimensions that rest on one another has no first step.

use super::{lens::Lens, lens_check::Report, sheet::Sheet};
use crate::proportion::Interval;

/// A dimension that has been built ahead of one that it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct BuiltAhead {
    /// The dimension that stands higher.
    pub dimension: String,
    /// The dimension it rests on.
    pub rests_on: String,
    /// Its bounds.
    pub score: Interval,
    /// The bounds of the one it rests on.
    pub ground: Interval,
    /// The two and the gap in one sentence.
    pub sentence: String,
}

/// Every pair of which the bounds prove that one was built ahead of the other.
pub(super) fn built_ahead(lens: &Lens, sheet: &Sheet) -> Vec<BuiltAhead> {
    let mut found = Vec::new();
    for (place, dimension) in lens.dimensions.iter().enumerate() {
        for ground in &dimension.rests_on {
            let Some(below) = lens.dimensions.iter().position(|one| one.id == *ground) else { continue };
            let (score, under) = (sheet.dimension(place), sheet.dimension(below));
            let gap = score.low - under.high;
            if gap >= lens.parameters.ahead_by {
                let sentence = format!(
                    "{} stands at {:.1} or more and rests on {}, which stands at {:.1} or less: the gap is at \
                     least {gap:.1}.",
                    dimension.title, score.low, lens.dimensions[below].title, under.high
                );
                found.push(BuiltAhead {
                    dimension: dimension.id.clone(),
                    rests_on: ground.clone(),
                    score,
                    ground: under,
                    sentence,
                });
            }
        }
    }
    found
}

/// Every dimension rests on others that the lens has, and none on itself by any way round.
pub(super) fn check(lens: &Lens, report: &mut Report) {
    for (place, dimension) in lens.dimensions.iter().enumerate() {
        for (inner, ground) in dimension.rests_on.iter().enumerate() {
            if !lens.dimensions.iter().any(|known| known.id == *ground) {
                let known = lens.dimensions.iter().map(|known| known.id.as_str());
                report.unknown(format!("dimensions[{place}].rests_on[{inner}]"), "dimension", ground, known);
            }
        }
        if let Some(ring) = ring(lens, &dimension.id) {
            // A ring is told once, where its first dimension stands.
            let first = lens.dimensions.iter().find(|one| ring.contains(&one.id.as_str()));
            if first.is_some_and(|first| first.id == dimension.id) {
                let problem = format!("goes round in a circle: {}", ring.join(" rests on "));
                report.flaw(format!("dimensions[{place}].rests_on"), problem);
            }
        }
    }
}

/// The shortest way from the dimension back to itself.
fn ring<'a>(lens: &'a Lens, start: &'a str) -> Option<Vec<&'a str>> {
    let grounds = |id: &str| {
        let found = lens.dimensions.iter().find(|dimension| dimension.id == id);
        found.map(|dimension| dimension.rests_on.as_slice()).unwrap_or_default()
    };
    let mut ways = vec![vec![start]];
    let mut seen: Vec<&str> = Vec::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            let last = way.last().copied().unwrap_or(start);
            for ground in grounds(last) {
                let mut way = way.clone();
                way.push(ground);
                if ground == start {
                    return Some(way);
                }
                if !seen.contains(&ground.as_str()) {
                    seen.push(ground);
                    longer.push(way);
                }
            }
        }
        ways = longer;
    }
    None
}
