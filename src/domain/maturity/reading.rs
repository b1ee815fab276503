//! What several scores mean when they are read together, and what a group of dimensions comes to.

use super::{
    lens::{Condition, Exceeds, Lens},
    sheet::Sheet,
};
use crate::{proportion::Interval, provenance::Provenance};

/// Whether a reading holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReadingState {
    /// It holds however the unknown turns out.
    Holds,
    /// What is unknown decides.
    Open,
    /// It does not hold however the unknown turns out.
    DoesNotHold,
}

/// A reading and whether it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadingResult {
    /// The reading.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// What it means when it holds.
    pub means: String,
    /// Whether it holds.
    pub state: ReadingState,
    /// Each condition with the bounds it was held against, in words.
    pub because: Vec<String>,
    /// Whose reading it is.
    pub provenance: Provenance,
}

/// The score of a group of dimensions.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupScore {
    /// The group.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// The bounds of the weighted mean of its dimensions.
    pub score: Interval,
    /// Its dimensions, in the lens's order.
    pub dimensions: Vec<String>,
    /// Whose grouping it is.
    pub provenance: Provenance,
}

pub(super) fn groups(lens: &Lens, sheet: &Sheet) -> Vec<GroupScore> {
    let inside = |id: &str| {
        let members = lens.dimensions.iter().filter(|dimension| dimension.group.as_deref() == Some(id));
        members.map(|dimension| dimension.id.clone()).collect()
    };
    let score = |(place, group): (usize, &super::lens::Group)| GroupScore {
        id: group.id.clone(),
        title: group.title.clone(),
        score: sheet.group(lens, place),
        dimensions: inside(&group.id),
        provenance: group.provenance,
    };
    lens.groups.iter().enumerate().map(score).collect()
}

pub(super) fn readings(lens: &Lens, sheet: &Sheet) -> Vec<ReadingResult> {
    let read = |reading: &super::lens::Reading| {
        let held: Vec<(ReadingState, String)> =
            reading.when.iter().map(|condition| held(lens, sheet, condition)).collect();
        ReadingResult {
            id: reading.id.clone(),
            title: reading.title.clone(),
            means: reading.means.clone(),
            state: held.iter().map(|(state, _)| *state).max().unwrap_or(ReadingState::Open),
            because: held.into_iter().map(|(_, words)| words).collect(),
            provenance: reading.provenance,
        }
    };
    lens.readings.iter().map(read).collect()
}

fn held(lens: &Lens, sheet: &Sheet, condition: &Condition) -> (ReadingState, String) {
    let Condition { of, at_least, below, exceeds } = condition;
    let score = |name: &str| lens.target(name).map(|target| sheet.score(lens, target));
    let Some(ends) = score(of) else { return (ReadingState::Open, format!("`{of}` is not known")) };
    if let Some(least) = at_least {
        let words = format!("`{of}` {} against at least {least}", span(ends));
        return (state(ends.low >= *least, ends.high >= *least), words);
    }
    if let Some(limit) = below {
        let words = format!("`{of}` {} against below {limit}", span(ends));
        return (state(ends.high < *limit, ends.low < *limit), words);
    }
    let Some((Exceeds { of: other, by }, under)) =
        exceeds.as_ref().and_then(|exceeds| Some((exceeds, score(&exceeds.of)?)))
    else {
        return (ReadingState::Open, format!("`{of}` is compared with nothing"));
    };
    let words = format!("`{of}` {} against `{other}` {}, to lead by {by}", span(ends), span(under));
    (state(ends.low - under.high >= *by, ends.high - under.low >= *by), words)
}

const fn state(surely: bool, possibly: bool) -> ReadingState {
    match (surely, possibly) {
        (true, _) => ReadingState::Holds,
        (false, true) => ReadingState::Open,
        (false, false) => ReadingState::DoesNotHold,
    }
}

fn span(ends: Interval) -> String {
    if ends.high - ends.low < 0.005 {
        format!("{:.2}", ends.low)
    } else {
        format!("{:.2} to {:.2}", ends.low, ends.high)
    }
}
