//! How the numbers of one subject went from review to review.

use super::{
    change::{Standing, compare},
    snapshot::{Snapshot, Taken},
};
use crate::verdict::Verdict;
use std::collections::BTreeMap;

/// A review of the past.
#[derive(Clone, Debug)]
pub struct Past {
    /// Its id.
    pub review: String,
    /// When it was made.
    pub made_at: jiff::Timestamp,
    /// What was kept of it.
    pub snapshot: Snapshot,
}

/// A number in one review.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The review.
    pub review: String,
    /// When it was made.
    pub made_at: jiff::Timestamp,
    /// The number.
    pub taken: Taken,
    /// How it stands beside the number before; nothing for the first.
    pub since_last: Option<Standing>,
}

/// How the verdict and the numbers went, the oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trend {
    /// The verdict of each review.
    pub verdicts: Vec<(String, jiff::Timestamp, Option<Verdict>)>,
    /// Each measure.
    pub measures: BTreeMap<String, Vec<Point>>,
    /// Each dimension of maturity.
    pub dimensions: BTreeMap<String, Vec<Point>>,
}

/// The trend over reviews of one subject, whatever their order.
pub fn trend(mut reviews: Vec<Past>) -> Trend {
    reviews.sort_by(|one, other| (one.made_at, &one.review).cmp(&(other.made_at, &other.review)));
    let mut trend = Trend::default();
    let nothing = Snapshot::default();
    for (at, Past { review, made_at, snapshot }) in reviews.iter().enumerate() {
        trend.verdicts.push((review.clone(), *made_at, snapshot.verdict));
        let before = at.checked_sub(1).and_then(|at| reviews.get(at)).map_or(&nothing, |past| &past.snapshot);
        let changes = compare(before, snapshot);
        for (series, numbers) in
            [(&mut trend.measures, changes.measures), (&mut trend.dimensions, changes.dimensions)]
        {
            for number in numbers {
                let Some(taken) = number.now else { continue };
                let points: &mut Vec<Point> = series.entry(number.name).or_default();
                let since_last = (!points.is_empty()).then_some(number.standing);
                points.push(Point { review: review.clone(), made_at: *made_at, taken, since_last });
            }
        }
    }
    trend
}
