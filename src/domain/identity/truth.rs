//! How good matches are, against pairs that somebody judged.

use crate::{
    leads::random::Random,
    proportion::{Interval, Proportion},
};

/// Resamples behind an interval of F1.
const RESAMPLES: usize = 500;

/// A pair that somebody judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// Its match weight; nothing where no rule made it a candidate, so that it can match at no threshold.
    pub weight: Option<f64>,
    /// What was said of it.
    pub is_match: bool,
}

impl Judged {
    fn is_found(&self, threshold: f64) -> bool {
        self.weight.is_some_and(|weight| weight >= threshold)
    }
}

/// Precision, recall and F1 at a threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quality {
    /// The threshold, as a match weight.
    pub threshold: f64,
    /// Of the pairs found, those that match.
    pub precision: Proportion,
    /// Of the pairs that match, those found.
    pub recall: Proportion,
    /// The harmonic mean of both; nothing where no pair matches or is found.
    pub f1: Option<f64>,
    /// Its 95% interval by resampling the judged pairs.
    pub f1_interval: Option<Interval>,
}

/// The quality at a threshold.
pub fn quality(judged: &[Judged], threshold: f64, seed: u64) -> Quality {
    let (right, found, all) = counts(judged.iter(), threshold);
    let f1 = f1(right, found, all);
    let mut random = Random::new(seed);
    let mut drawn: Vec<f64> = (0..if f1.is_some() { RESAMPLES } else { 0 })
        .filter_map(|_| {
            let again = (0..judged.len()).map(|_| &judged[random.below(judged.len())]);
            let (right, found, all) = counts(again, threshold);
            self::f1(right, found, all)
        })
        .collect();
    drawn.sort_by(f64::total_cmp);
    let at = |share: f64| crate::leads::bootstrap::quantile(&drawn, share);
    let f1_interval = (!drawn.is_empty()).then(|| Interval { low: at(0.025), high: at(0.975) });
    Quality {
        threshold,
        precision: Proportion::new(right, found),
        recall: Proportion::new(right, all),
        f1,
        f1_interval,
    }
}

/// The threshold of the best F1: of equally good ones the highest. Nothing where no judged pair that matches is a
/// candidate.
pub fn best_threshold(judged: &[Judged]) -> Option<f64> {
    let all = judged.iter().filter(|pair| pair.is_match).count() as u64;
    let mut known: Vec<(f64, bool)> =
        judged.iter().filter_map(|pair| Some((pair.weight?, pair.is_match))).collect();
    known.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut right, mut found) = (0, 0);
    let mut best: Option<(f64, f64)> = None;
    for group in known.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        found += group.len() as u64;
        right += group.iter().filter(|(_, is_match)| *is_match).count() as u64;
        if let Some(f1) = f1(right, found, all)
            && best.is_none_or(|(before, _)| f1 > before)
        {
            best = Some((f1, group[0].0));
        }
    }
    best.filter(|(f1, _)| *f1 > 0.0).map(|(_, threshold)| threshold)
}

fn counts<'a>(judged: impl Iterator<Item = &'a Judged>, threshold: f64) -> (u64, u64, u64) {
    judged.fold((0, 0, 0), |(right, found, all), pair| {
        let is_found = pair.is_found(threshold);
        (
            right + u64::from(is_found && pair.is_match),
            found + u64::from(is_found),
            all + u64::from(pair.is_match),
        )
    })
}

fn f1(right: u64, found: u64, all: u64) -> Option<f64> {
    (found > 0 && all > 0).then(|| 2.0 * right as f64 / (found + all) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged() -> Vec<Judged> {
        let pair = |weight, is_match| Judged { weight, is_match };
        [
            vec![pair(Some(9.0), true); 8],
            vec![pair(Some(4.0), false); 2],
            vec![pair(Some(3.0), true); 1],
            vec![pair(Some(1.0), false); 20],
            vec![pair(None, true); 1],
        ]
        .concat()
    }

    #[test]
    fn quality_counts_what_was_never_a_candidate_as_missed() {
        let quality = quality(&judged(), 3.0, 7);
        assert_eq!((quality.precision.hits, quality.precision.trials), (9, 11));
        assert_eq!((quality.recall.hits, quality.recall.trials), (9, 10));
        assert!((quality.f1.unwrap() - 18.0 / 21.0).abs() < 1e-12);
        let interval = quality.f1_interval.unwrap();
        assert!(interval.low < 18.0 / 21.0 && interval.high > 18.0 / 21.0 && interval.low > 0.5);
    }

    #[test]
    fn the_best_threshold_is_found() {
        assert_eq!(best_threshold(&judged()), Some(9.0));
        assert_eq!(best_threshold(&[Judged { weight: None, is_match: true }]), None);
        assert_eq!(best_threshold(&[]), None);
    }

    #[test]
    fn nothing_judged_is_unknown() {
        let quality = quality(&[], 3.0, 7);
        assert_eq!((quality.f1, quality.f1_interval, quality.precision.rate()), (None, None, None));
    }
}
