//! Whether the score was written by the outcome rather than before it.

use super::{lens::Thresholds, rows::Subject};
use crate::{leads::auc::auc, proportion::Proportion};

/// What the leak test found.
#[derive(Clone, Debug, PartialEq)]
pub struct LeakTest {
    /// How well it tells the outcome that a lead has a score at all: 0.5 says nothing, in either direction.
    pub fill_auc: Option<f64>,
    /// Converted leads whose score was written after the outcome was known, among those with both stamps.
    pub late: Option<Proportion>,
    /// What shows that the outcome wrote the score; none where the score passes.
    pub leaks: Vec<Leak>,
}

/// What shows that the outcome wrote the score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Leak {
    /// Leads have a score almost as they converted, with this AUC of its presence.
    Fill(f64),
    /// This share of converted leads was scored after the outcome.
    Late(f64),
    /// The score tells the outcome better than behaviour can, with this AUC.
    TooGood(f64),
}

pub(super) fn test(subject: &Subject<'_>, value: Option<f64>, thresholds: &Thresholds) -> LeakTest {
    let labelled = || (0..subject.scores.len()).filter_map(|row| Some((row, subject.outcomes[row]?)));
    let (filled, outcomes): (Vec<f64>, Vec<bool>) = labelled()
        .map(|(row, outcome)| (f64::from(u8::from(subject.scores[row].is_some())), outcome))
        .unzip();
    let fill_auc = auc(&filled, &outcomes);
    let late = subject.scored_at.zip(subject.outcome_at).map(|(scored, known)| {
        let stamped =
            labelled().filter(|(_, outcome)| *outcome).filter_map(|(row, _)| scored[row].zip(known[row]));
        let (hits, trials) = stamped
            .fold((0, 0), |(hits, trials), (scored, known)| (hits + u64::from(scored > known), trials + 1));
        Proportion::new(hits, trials)
    });
    let mut leaks = Vec::new();
    leaks.extend(
        fill_auc.filter(|area| area.max(1.0 - area) >= thresholds.leaking_fill_auc.value).map(Leak::Fill),
    );
    let late_share = late.and_then(Proportion::rate);
    leaks.extend(late_share.filter(|share| *share > thresholds.late_share.value).map(Leak::Late));
    leaks.extend(
        value.filter(|area| area.max(1.0 - area) > thresholds.leaking_value_auc.value).map(Leak::TooGood),
    );
    LeakTest { fill_auc, late, leaks }
}
