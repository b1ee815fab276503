//! The whole answer: stages, open deals and how well the method did on earlier dates.

use super::{
    backtest::{Backtest, backtest},
    curve::Curve,
    deal::DealRisk,
    facts::{Basis, Facts},
    reason::{self, ReasonKind},
    stage::StageOutlook,
    stays::{Stay, Stays},
};

/// A reason that more than this share of the open deals have tells of the data or the process, not of a deal:
/// authored, four in five.
const SHARED: f64 = 0.8;
/// Among fewer open deals than this a reason may be shared by chance.
const LEAST_OPEN: u64 = 20;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// Days within which a deal's chances are told.
    pub horizon_days: f64,
    /// Times a close date has to be put off for the deal to slip.
    pub pushes: u64,
    /// Days without activity after which a deal is quiet.
    pub quiet_days: f64,
    /// The seed of the resamples in the backtest.
    pub seed: u64,
}

/// The open deals and their risk.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// What the chances rest on; a history in which no stay was seen to begin is no more than a snapshot.
    pub basis: Basis,
    /// The stages, as they stand in the facts; none from a snapshot.
    pub stages: Vec<StageOutlook>,
    /// The open deals, the one to look at first in front.
    pub deals: Vec<DealRisk>,
    /// Reasons that nearly all open deals have, and that are therefore no deal's own.
    pub shared: Vec<Shared>,
    /// Reasons that could not be looked for, and what is missing.
    pub not_looked_for: Vec<(ReasonKind, &'static str)>,
    /// How the method did on earlier dates; none from a snapshot.
    pub backtest: Option<Backtest>,
    /// What the stays are and what was left out of them.
    pub stays: Stays,
}

/// A reason that nearly all open deals have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The sort of reason.
    pub kind: ReasonKind,
    /// Open deals that have it.
    pub deals: u64,
    /// Open deals.
    pub open: u64,
}

/// The stays of each stage as they were at a time, as curves.
pub(super) fn curves(stages: usize, stays: &[Stay], time: i64) -> Vec<Curve> {
    let mut by_stage = vec![Vec::new(); stages];
    for stay in stays.iter().filter(|stay| stay.from <= time) {
        by_stage[stay.stage].push(stay.by(time));
    }
    by_stage.into_iter().map(Curve::of).collect()
}

/// The risk of every open deal.
pub fn outlook(facts: &Facts, now: i64, terms: &Terms) -> Outlook {
    let stays = Stays::of(facts, now);
    let has_stays = facts.basis != Basis::Snapshot && !stays.seen.is_empty();
    let curves = curves(facts.stages.len(), &stays.seen, now);
    let mut stages: Vec<StageOutlook> = facts
        .stages
        .iter()
        .zip(&curves)
        .map(|(stage, curve)| StageOutlook::of(&stage.name, curve, terms.horizon_days))
        .collect();
    let mut lasting: Vec<Option<&Stay>> = vec![None; facts.deals.len()];
    for stay in stays.seen.iter().filter(|stay| stay.lasts_at(now)) {
        lasting[stay.deal] = Some(stay);
    }
    let mut deals: Vec<DealRisk> = facts
        .open()
        .map(|(at, deal)| {
            let stay = lasting[at];
            let stage = deal.stage.or(stay.map(|stay| stay.stage));
            let mut risk = DealRisk {
                deal: at,
                id: deal.id.clone(),
                stage: stage.map(|stage| facts.stages[stage].name.clone()),
                amount: deal.amount,
                days_in_stage: None,
                longer_stays: None,
                loss: None,
                win: None,
                leaving: None,
                reasons: reason::of_record(deal, facts.have, now, terms),
            };
            if let Some(stay) = stay {
                let age = stay.by(now).0;
                risk.age(age, &curves[stay.stage], terms.horizon_days);
                risk.reasons.extend(reason::of_age(
                    age,
                    risk.longer_stays,
                    stages[stay.stage].stall,
                    facts.basis,
                ));
            }
            risk.reasons.sort_by_key(|reason| reason.kind);
            if let Some(stage) = stage {
                stages[stage].open += 1;
                if let Some(amount) = deal.amount {
                    *stages[stage].amount.get_or_insert(0.0) += amount;
                }
            }
            risk
        })
        .collect();
    let shared = set_apart(&mut deals);
    deals.sort_by(DealRisk::before);
    Outlook {
        basis: if has_stays { facts.basis } else { Basis::Snapshot },
        not_looked_for: ReasonKind::ALL
            .into_iter()
            .filter_map(|kind| Some((kind, kind.missing(facts.have, has_stays)?)))
            .collect(),
        backtest: has_stays.then(|| backtest(facts, &stays.seen, now, terms)),
        stages: if has_stays { stages } else { Vec::new() },
        deals,
        shared,
        stays,
    }
}

/// Takes reasons that nearly all deals have from the deals.
fn set_apart(deals: &mut [DealRisk]) -> Vec<Shared> {
    let open = deals.len() as u64;
    if open < LEAST_OPEN {
        return Vec::new();
    }
    let has = |deal: &DealRisk, kind| deal.reasons.iter().any(|reason| reason.kind == kind);
    let shared: Vec<Shared> = ReasonKind::ALL
        .into_iter()
        .map(|kind| Shared { kind, deals: deals.iter().filter(|deal| has(deal, kind)).count() as u64, open })
        .filter(|shared| shared.deals as f64 > SHARED * open as f64)
        .collect();
    for deal in deals {
        deal.reasons.retain(|reason| shared.iter().all(|shared| shared.kind != reason.kind));
    }
    shared
}
