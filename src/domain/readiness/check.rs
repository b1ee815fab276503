//! One piece of evidence held against one threshold.

use super::{lens::Threshold, number, percent};
use crate::{
    entity::Entity,
    proportion::{Interval, Proportion},
    provenance::Provenance,
    recognition::Role,
    verdict::Verdict,
};

/// One piece of evidence held against one threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// A stable key such as `fill.contacts.email`.
    pub id: String,
    /// The entity it is about.
    pub entity: Option<Entity>,
    /// The field it is about, where it is about one.
    pub role: Option<Role>,
    /// The tables it was counted in.
    pub tables: Vec<String>,
    /// What was measured, in words.
    pub what: String,
    /// The measured value.
    pub value: Option<f64>,
    /// Its 95% interval, where it is an estimate.
    pub interval: Option<Interval>,
    /// Hits and trials, where it is a share.
    pub counts: Option<(u64, u64)>,
    /// The threshold.
    pub threshold: Threshold,
    /// Whether a smaller value is better.
    pub lower_is_better: bool,
    /// The value of something useless: 0 for a share, 0.5 for the AUC of a coin.
    pub floor: f64,
    /// What it says.
    pub verdict: Verdict,
    /// Whether revarch counted it, somebody handed the count in, or nothing is known.
    pub provenance: Provenance,
    /// What else a reader should know of the number.
    pub note: Option<String>,
}

impl Check {
    /// A check that nothing is known for.
    pub(super) fn open(id: String, entity: Entity, what: String, threshold: &Threshold) -> Self {
        Self {
            id,
            entity: Some(entity),
            role: None,
            tables: Vec::new(),
            what,
            value: None,
            interval: None,
            counts: None,
            threshold: threshold.clone(),
            lower_is_better: false,
            floor: 0.0,
            verdict: Verdict::Unknown,
            provenance: Provenance::Unknown,
            note: None,
        }
    }

    /// The same check answered by a share of rows that are a sample of what there may be.
    pub(super) fn by_share(self, share: Proportion, provenance: Provenance) -> Self {
        Self {
            value: share.rate(),
            interval: share.wilson(),
            counts: Some((share.hits, share.trials)),
            verdict: share.judge(self.threshold.value),
            provenance: if share.trials == 0 { Provenance::Unknown } else { provenance },
            ..self
        }
    }

    /// The same check answered by a share of all there is, which has no interval.
    pub(super) fn by_exact_share(self, share: Proportion) -> Self {
        let threshold = self.threshold.value;
        let verdict = match share.rate() {
            None => Verdict::Unknown,
            Some(rate) if rate >= threshold => Verdict::Ready,
            Some(_) => Verdict::NotReady,
        };
        Self { interval: None, verdict, ..self.by_share(share, Provenance::Measured) }
    }

    /// The same check answered by a number that must not exceed its threshold.
    pub(super) fn by_bound(self, value: Option<f64>) -> Self {
        let threshold = self.threshold.value;
        let Some(value) = value else { return Self { lower_is_better: true, ..self } };
        Self {
            value: Some(value),
            lower_is_better: true,
            verdict: if value <= threshold { Verdict::Ready } else { Verdict::NotReady },
            provenance: Provenance::Measured,
            ..self
        }
    }

    /// The same check, said to be about a field.
    pub(super) fn about(self, role: Role) -> Self {
        Self { role: Some(role), ..self }
    }

    /// The same check, said to be counted in these tables.
    pub(super) fn counted_in<'a>(self, tables: impl IntoIterator<Item = &'a str>) -> Self {
        Self { tables: tables.into_iter().map(str::to_owned).collect(), ..self }
    }

    /// How far the value misses the threshold, from 0 to 1 for a value as useless as can be.
    pub(super) fn shortfall(&self) -> f64 {
        let Some(value) = self.value else { return 0.0 };
        let gap =
            if self.lower_is_better { value - self.threshold.value } else { self.threshold.value - value };
        (gap / (self.threshold.value - self.floor)).clamp(0.0, 1.0)
    }

    /// Adds to what a reader should know.
    pub(super) fn add_note(&mut self, note: &str) {
        self.note = Some(match self.note.take() {
            None => note.to_owned(),
            Some(before) => format!("{before}; {note}"),
        });
    }

    /// The check in a sentence.
    pub(super) fn told(&self) -> String {
        let needs = if self.lower_is_better { "at most" } else { "at least" };
        let (value, threshold) = match (self.counts, self.value) {
            (Some((hits, trials)), Some(value)) => {
                (format!("{} ({hits} of {trials})", percent(value)), percent(self.threshold.value))
            }
            (_, Some(value)) => (number(value), number(self.threshold.value)),
            (Some(_), None) => ("unknown".to_owned(), percent(self.threshold.value)),
            (None, None) => ("unknown".to_owned(), number(self.threshold.value)),
        };
        format!("{}: {value}, and agents need {needs} {threshold}", self.what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_all_there_is_passes_at_the_threshold_itself() {
        let threshold = Threshold::attested(0.95);
        let verdict = |hits, trials| {
            let open = Check::open("named".into(), Entity::Contact, "named".into(), &threshold);
            open.by_exact_share(Proportion::new(hits, trials)).verdict
        };
        assert_eq!(
            [verdict(19, 20), verdict(18, 20), verdict(0, 0)],
            [Verdict::Ready, Verdict::NotReady, Verdict::Unknown]
        );
    }
}
