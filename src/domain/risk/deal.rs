//! One open deal: its chances and its reasons.

use super::{
    curve::{Curve, Estimate},
    reason::Reason,
    stays::Exit,
};
use std::cmp::Ordering;

/// What is known of the risk of an open deal.
#[derive(Clone, Debug, PartialEq)]
pub struct DealRisk {
    /// The deal, by its place in the facts.
    pub deal: usize,
    /// Its key.
    pub id: String,
    /// The stage it is in.
    pub stage: Option<String>,
    /// What it is worth.
    pub amount: Option<f64>,
    /// Days in its stage; none where nobody knows when it entered.
    pub days_in_stage: Option<f64>,
    /// The share of stays in its stage that last longer than its own has.
    pub longer_stays: Option<f64>,
    /// The chance that it is lost from its stage within the horizon.
    pub loss: Option<Estimate>,
    /// The chance that it is won from its stage within the horizon.
    pub win: Option<Estimate>,
    /// The chance that it leaves its stage within the horizon, in whatever way.
    pub leaving: Option<Estimate>,
    /// Why it wants attention, the gravest reason first.
    pub reasons: Vec<Reason>,
}

impl DealRisk {
    /// Fills in what the age of a deal in its stage tells.
    pub(super) fn age(&mut self, age: f64, curve: &Curve, horizon: f64) {
        self.days_in_stage = Some(age);
        self.longer_stays =
            curve.staying(age).filter(|_| curve.stays() >= Curve::LEAST).map(|share| share.value);
        self.loss = curve.leaving_by(Exit::Lost, age, horizon);
        self.win = curve.leaving_by(Exit::Won, age, horizon);
        self.leaving = curve.leaving(age, horizon);
    }

    /// The part of its amount that its chance of loss comes to.
    pub fn expected_loss(&self) -> Option<f64> {
        Some(self.loss?.value * self.amount?.max(0.0))
    }

    /// Which of two deals to look at first: the one with the graver first reason, then the one with more reasons,
    /// then the one with more to lose, then by key.
    pub(super) fn before(&self, other: &Self) -> Ordering {
        let gravest = |deal: &Self| deal.reasons.first().map_or(usize::MAX, |reason| reason.kind as usize);
        let at_stake = |deal: &Self| deal.expected_loss().or(deal.amount).unwrap_or(0.0);
        gravest(self)
            .cmp(&gravest(other))
            .then(other.reasons.len().cmp(&self.reasons.len()))
            .then(at_stake(other).total_cmp(&at_stake(self)))
            .then_with(|| self.id.cmp(&other.id))
    }
}
