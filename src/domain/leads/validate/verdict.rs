//! From what was found to whether the score predicts.

use super::{Decay, Leak, Rewards, Shift, Validation, lens::Thresholds};
use crate::leads::auc::AucEstimate;

/// Whether a score predicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The whole interval of its AUC is at or above the threshold, and no leak explains it.
    Predictive,
    /// The whole interval is below the threshold.
    NotPredictive,
    /// It cannot be told.
    Insufficient,
}

impl Verdict {
    /// The verdict as it stands in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Predictive => "PREDICTIVE",
            Self::NotPredictive => "NOT PREDICTIVE",
            Self::Insufficient => "INSUFFICIENT",
        }
    }
}

/// What an AUC says of a score that has enough leads: where its interval lies beside the threshold.
pub(crate) fn by_interval(auc: &AucEstimate, floor: f64) -> Verdict {
    if auc.interval.low >= floor {
        Verdict::Predictive
    } else if auc.interval.high < floor {
        Verdict::NotPredictive
    } else {
        Verdict::Insufficient
    }
}

pub(super) fn judge(found: Validation, thresholds: &Thresholds) -> Validation {
    let (verdict, first, next) = ranking(&found, thresholds);
    let mut reasons = vec![first];
    reasons.extend(found.leak.leaks.iter().map(leaking));
    if !found.monotonicity.holds() {
        reasons.push("A lower band converts more than a higher one, beyond both intervals.".to_owned());
    }
    if let Some(Decay { decays: Some(true), .. }) = found.decay {
        reasons.push("It ranks later leads worse than earlier ones, beyond the interval.".to_owned());
    }
    if let Some(drift) = found.drift.filter(|drift| drift.shift != Shift::None) {
        let size = if drift.shift == Shift::Material { "much" } else { "somewhat" };
        reasons.push(format!(
            "Later scores are spread {size} otherwise than earlier ones: PSI {:.3}, of which chance explains {:.3}.",
            drift.psi, drift.cut_off
        ));
    }
    if found.activity.as_ref().is_some_and(|activity| activity.rewards == Rewards::Activity) {
        reasons.push("It follows activity and does not tell leads of like activity apart.".to_owned());
    }
    if let Some(ours) = found.comparison.filter(|comparison| comparison.difference.is_better()) {
        reasons.push(format!(
            "On the same {} leads our model ranks better: AUC {:.3} against {:.3}.",
            ours.rows, ours.ours, ours.score
        ));
    }
    Validation { verdict, reasons, next, ..found }
}

/// The verdict by rank, its reason, and the next step.
fn ranking(found: &Validation, thresholds: &Thresholds) -> (Verdict, String, String) {
    let deciles = || found.deciles.iter();
    let conversions = deciles().map(|bin| bin.conversions).sum::<u64>();
    let others = deciles().map(|bin| bin.rows).sum::<u64>() - conversions;
    let counts = [
        ("converted leads with a score", conversions, thresholds.fewest_conversions.value),
        ("leads with a score that did not convert", others, thresholds.fewest_others.value),
    ];
    for (what, have, needed) in counts {
        if (have as f64) < needed {
            let more = needed - have as f64;
            return (
                Verdict::Insufficient,
                format!("There are {have} {what}, and it takes {needed:.0}."),
                format!("bring about {more:.0} more {what}"),
            );
        }
    }
    let Some(auc) = found.auc else {
        return (
            Verdict::Insufficient,
            "No AUC can be computed.".to_owned(),
            "bring leads of both outcomes".to_owned(),
        );
    };
    let floor = thresholds.auc.value;
    let told =
        format!("AUC {:.3} (95% interval {:.3} to {:.3})", auc.value, auc.interval.low, auc.interval.high);
    if !found.leak.leaks.is_empty() {
        return (
            Verdict::Insufficient,
            format!("{told} cannot be trusted: the score was written with the outcome in sight."),
            "bring the score as it stood when the decision about each lead was due".to_owned(),
        );
    }
    if auc.interval.high < 0.5 {
        return (
            Verdict::NotPredictive,
            format!("{told}: the score ranks the wrong way round."),
            "check that a high score means a good lead".to_owned(),
        );
    }
    match by_interval(&auc, floor) {
        Verdict::Predictive => {
            let reason = format!("{told}: the whole interval is at or above {floor:.2}.");
            (Verdict::Predictive, reason, "use it, and validate it again next quarter".to_owned())
        }
        Verdict::NotPredictive => {
            let reason = format!("{told}: the whole interval is below {floor:.2}.");
            (Verdict::NotPredictive, reason, "stop routing by the score until it is replaced".to_owned())
        }
        Verdict::Insufficient => {
            let chance = if auc.may_be_chance() { ", and it may rank no better than chance" } else { "" };
            let reason = format!("{told} lies on both sides of {floor:.2}{chance}.");
            (Verdict::Insufficient, reason, more_leads(&auc, floor, conversions))
        }
    }
}

/// How many conversions would settle it, if the AUC stays as it is: the width shrinks with the root of the leads.
fn more_leads(auc: &AucEstimate, floor: f64, conversions: u64) -> String {
    let distance = (auc.value - floor).abs();
    let half = if auc.value >= floor { auc.value - auc.interval.low } else { auc.interval.high - auc.value };
    let factor = (half / distance).powi(2);
    if distance > 0.0 && factor < 100.0 {
        let more = (conversions as f64 * (factor - 1.0)).ceil().max(1.0);
        format!("bring about {more:.0} more converted leads, with those that did not convert beside them")
    } else {
        format!(
            "the score lies at the threshold of {floor:.2} itself, which no likely number of leads settles"
        )
    }
}

fn leaking(leak: &Leak) -> String {
    match leak {
        Leak::Fill(area) => {
            format!("Leads have a score almost as they converted (AUC of its presence {area:.2}).")
        }
        Leak::Late(share) => {
            format!("{:.0}% of converted leads were scored after their outcome was known.", share * 100.0)
        }
        Leak::TooGood(area) => format!("It tells the outcome better than behaviour can (AUC {area:.2})."),
    }
}
