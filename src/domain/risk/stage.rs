//! What is known of a stage: its kind by its words, and its stays.

use super::{
    curve::{Curve, Estimate},
    facts::StageKind,
    stall::Stall,
    stays::Exit,
};

/// The kind of a stage, by its name alone. A name that speaks of neither end is an open stage.
pub fn classify(name: &str) -> StageKind {
    let name = name.to_lowercase();
    let has = |word: &str| name.contains(word);
    if name.starts_with("not ") || name.starts_with("un") {
        return StageKind::Open;
    }
    if has("won") {
        StageKind::Won
    } else if name.starts_with("lost") || name.ends_with("lost") || has("disqualif") {
        StageKind::Lost
    } else if name.starts_with("closed") || name.ends_with(" closed") {
        StageKind::Closed
    } else {
        StageKind::Open
    }
}

/// A stage and how deals leave it.
#[derive(Clone, Debug, PartialEq)]
pub struct StageOutlook {
    /// Its name.
    pub name: String,
    /// Stays that were seen to begin.
    pub stays: u64,
    /// Of these, how many ended won, lost or in another open stage.
    pub ended: [u64; 3],
    /// Deals in it now.
    pub open: u64,
    /// What they are worth together, where all of their amounts are of one currency.
    pub amount: Option<f64>,
    /// The age that half of the stays do not outlast, open ones counted; none where more than half go on.
    pub median_days: Option<f64>,
    /// The age that nine in ten do not outlast.
    pub ninth_decile_days: Option<f64>,
    /// For a deal that has just entered: its chances to be won, lost or moved within the horizon.
    pub chances: [Option<Estimate>; 3],
    /// From which age deals hardly leave any more.
    pub stall: Option<Stall>,
}

impl StageOutlook {
    pub(super) fn of(name: &str, curve: &Curve, horizon: f64) -> Self {
        let is_followed = curve.stays() >= Curve::LEAST && curve.reach() >= horizon;
        Self {
            name: name.to_owned(),
            stays: curve.stays(),
            ended: Exit::ALL.map(|exit| curve.ended(exit)),
            open: 0,
            amount: None,
            median_days: curve.quantile(0.5),
            ninth_decile_days: curve.quantile(0.9),
            chances: Exit::ALL.map(|exit| is_followed.then(|| curve.incidence(exit, horizon)).flatten()),
            stall: Stall::of(curve),
        }
    }
}
