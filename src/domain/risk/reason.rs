//! Why a deal wants attention, each reason with the fact it rests on.

use super::{
    facts::{Basis, Deal, Have},
    outlook::Terms,
    stall::Stall,
};
use crate::value::MICROS_PER_DAY;

/// An amount that fell by less than this share is a rounding or a discount: authored, one in ten.
const CUT: f64 = 0.1;

/// The sort of a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReasonKind {
    /// It is older than the age from which deals hardly leave its stage.
    Stalled,
    /// It has been in its stage longer than nineteen of twenty stays last.
    LongStay,
    /// Its close date has passed.
    CloseDatePast,
    /// Its close date was moved to a later day.
    Slipping,
    /// Its amount was cut.
    AmountCut,
    /// No next step is written down.
    NoNextStep,
    /// One person of the buyer takes part, or none.
    SingleThreaded,
    /// Nothing was done about it for a while.
    Quiet,
    /// It has no close date.
    NoCloseDate,
}

impl ReasonKind {
    /// Every sort, the gravest first.
    pub const ALL: [Self; 9] = [
        Self::Stalled,
        Self::LongStay,
        Self::CloseDatePast,
        Self::Slipping,
        Self::AmountCut,
        Self::NoNextStep,
        Self::SingleThreaded,
        Self::Quiet,
        Self::NoCloseDate,
    ];

    /// Its name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stalled => "stalled",
            Self::LongStay => "long_stay",
            Self::CloseDatePast => "close_date_past",
            Self::Slipping => "slipping",
            Self::AmountCut => "amount_cut",
            Self::NoNextStep => "no_next_step",
            Self::SingleThreaded => "single_threaded",
            Self::Quiet => "quiet",
            Self::NoCloseDate => "no_close_date",
        }
    }

    /// What would have to be known to look for it; none where it can be.
    pub fn missing(self, have: Have, has_stays: bool) -> Option<&'static str> {
        let (is_known, what) = match self {
            Self::Stalled | Self::LongStay => (has_stays, "a history of stages"),
            Self::CloseDatePast | Self::NoCloseDate => (have.close_date, "a close date"),
            Self::Slipping => (have.pushes, "earlier close dates (a history of deals' properties)"),
            Self::AmountCut => (have.amounts, "earlier amounts (a history of deals' properties)"),
            Self::NoNextStep => (have.next_step, "a next step"),
            Self::SingleThreaded => {
                (have.contacts, "people per deal (a table of deals and contacts, or activities)")
            }
            Self::Quiet => (have.activity, "activities with the key of their deal"),
        };
        (!is_known).then_some(what)
    }
}

/// A reason of one deal.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Its sort.
    pub kind: ReasonKind,
    /// The fact, in words with its numbers.
    pub fact: String,
}

/// The reasons that a deal's own record gives.
pub(super) fn of_record(deal: &Deal, have: Have, now: i64, terms: &Terms) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let mut say = |kind, fact: String| reasons.push(Reason { kind, fact });
    let days_since = |time: i64| (now - time) as f64 / MICROS_PER_DAY as f64;
    match deal.close_date {
        // A date is the beginning of its day, so the day itself has not passed.
        Some(date) if days_since(date) >= 1.0 => {
            say(ReasonKind::CloseDatePast, format!("its close date passed {} ago", days(days_since(date))));
        }
        None if have.close_date => say(ReasonKind::NoCloseDate, "it has no close date".to_owned()),
        _ => {}
    }
    if let Some(pushes) = deal.pushes.filter(|pushes| pushes.times >= terms.pushes) {
        let times = if pushes.times == 1 { "once".to_owned() } else { format!("{} times", pushes.times) };
        let by = if pushes.days >= 1.0 { format!(", {} in all", days(pushes.days)) } else { String::new() };
        say(ReasonKind::Slipping, format!("its close date was put off {times}{by}"));
    }
    if let Some(change) =
        deal.amount_change.filter(|change| change.from > 0.0 && change.to < change.from * (1.0 - CUT))
    {
        let share = 100.0 * (1.0 - change.to / change.from);
        say(ReasonKind::AmountCut, format!("its amount fell by {share:.0}%"));
    }
    if deal.next_step == Some(false) {
        say(ReasonKind::NoNextStep, "no next step is written down".to_owned());
    }
    match deal.contacts {
        Some(0) => say(ReasonKind::SingleThreaded, "nobody of the buyer is linked to it".to_owned()),
        Some(1) => say(ReasonKind::SingleThreaded, "one person of the buyer is linked to it".to_owned()),
        _ => {}
    }
    if have.activity {
        match deal.last_activity.map(days_since) {
            Some(since) if since >= terms.quiet_days => {
                say(ReasonKind::Quiet, format!("nothing was done about it for {}", days(since)));
            }
            None => say(ReasonKind::Quiet, "no activity is recorded about it".to_owned()),
            Some(_) => {}
        }
    }
    reasons
}

/// The reason that the age of a stay gives, with the share of stays that last longer.
pub(super) fn of_age(age: f64, longer: Option<f64>, stall: Option<Stall>, basis: Basis) -> Option<Reason> {
    /// One in twenty stays: authored.
    const LONG: f64 = 0.05;
    let (whose, stays) = match basis {
        Basis::Lifetimes => ("open", "deals"),
        Basis::StageHistory { .. } | Basis::Snapshot => ("in its stage", "stays"),
    };
    if let Some(Stall { days: from, left, expected }) = stall.filter(|stall| age > stall.days) {
        let fact = format!(
            "{whose} for {}; beyond {} of age {left} {stays} ended, where {expected:.0} would at the usual pace",
            days(age),
            days(from)
        );
        return Some(Reason { kind: ReasonKind::Stalled, fact });
    }
    let longer = longer.filter(|longer| *longer <= LONG)?;
    let fact = format!("{whose} for {}; {:.0}% of {stays} last longer", days(age), 100.0 * longer);
    Some(Reason { kind: ReasonKind::LongStay, fact })
}

fn days(days: f64) -> String {
    let whole = days.floor();
    if whole < 2.0 { "1 day".to_owned() } else { format!("{whole:.0} days") }
}
