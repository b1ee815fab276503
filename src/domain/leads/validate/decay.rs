//! Whether the score still ranks as it did.

use super::lens::Thresholds;
use super::rows::{Judged, apart};
use crate::leads::auc::{AucEstimate, auc_from_counts};

/// The normal quantile of a two-sided 95% interval.
const Z_95: f64 = 1.959_963_984_540_054;

/// How the score ranked over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Decay {
    /// The periods, earliest first.
    pub periods: Vec<Period>,
    /// Whether the last period that can be judged ranks worse than the first beyond the 95% interval; nothing
    /// where fewer than two can be judged.
    pub decays: Option<bool>,
}

/// One period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Period {
    /// The earliest time in it, in microseconds since 1970.
    pub from: i64,
    /// The latest.
    pub to: i64,
    /// Leads.
    pub rows: u64,
    /// Those that converted.
    pub conversions: u64,
    /// How the score ranks them; nothing where there are too few of an outcome.
    pub auc: Option<AucEstimate>,
}

pub(super) fn judge(rows: &[Judged], times: &[Option<i64>], thresholds: &Thresholds) -> Decay {
    let mut dated: Vec<(i64, Judged)> = rows.iter().filter_map(|row| Some((times[row.row]?, *row))).collect();
    dated.sort_by(|a, b| {
        a.0.cmp(&b.0).then(a.1.score.total_cmp(&b.1.score)).then(a.1.converted.cmp(&b.1.converted))
    });
    let mut periods = Vec::new();
    let mut start = 0;
    let wanted =
        (1..=100_u32).take_while(|part| f64::from(*part) <= thresholds.periods.value).last().unwrap_or(2);
    for part in 1..=wanted {
        let mut end = dated.len() * part as usize / wanted as usize;
        // Leads of one time stay in one period.
        while end > 0 && end < dated.len() && dated[end].0 == dated[end - 1].0 {
            end += 1;
        }
        if end > start {
            periods.push(period(&dated[start..end], thresholds.fewest_per_period.value));
            start = end;
        }
    }
    let judged: Vec<AucEstimate> = periods.iter().filter_map(|period| period.auc).collect();
    let decays = match judged.as_slice() {
        [first, .., last] => Some(falls(first, last)),
        _ => None,
    };
    Decay { periods, decays }
}

fn period(dated: &[(i64, Judged)], fewest: f64) -> Period {
    let (scores, outcomes) = apart(dated.iter().map(|(_, row)| row));
    let conversions = outcomes.iter().filter(|converted| **converted).count();
    let enough = conversions.min(outcomes.len() - conversions) as f64 >= fewest;
    let counts: Vec<(f64, u64, u64)> = scores
        .iter()
        .zip(&outcomes)
        .map(|(score, converted)| (*score, u64::from(*converted), u64::from(!*converted)))
        .collect();
    Period {
        from: dated.iter().map(|(time, _)| *time).min().unwrap_or_default(),
        to: dated.iter().map(|(time, _)| *time).max().unwrap_or_default(),
        rows: dated.len() as u64,
        conversions: conversions as u64,
        auc: if enough { auc_from_counts(&counts) } else { None },
    }
}

/// Whether one area lies below another beyond chance. The periods share no lead, so their errors add up; they are
/// read off the intervals, which are even on the scale of log-odds unless an area is perfect.
fn falls(first: &AucEstimate, last: &AucEstimate) -> bool {
    let log_odds = |area: f64| {
        let area = area.clamp(1e-9, 1.0 - 1e-9);
        (area / (1.0 - area)).ln()
    };
    let lower = log_odds(first.value) - log_odds(first.interval.low);
    let upper = log_odds(last.interval.high) - log_odds(last.value);
    let error = (lower / Z_95).hypot(upper / Z_95);
    log_odds(first.value) - log_odds(last.value) > Z_95 * error
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proportion::Interval;

    #[test]
    fn a_score_falls_only_beyond_what_both_intervals_allow() {
        let estimate = |value: f64, half: f64| AucEstimate {
            value,
            interval: Interval { low: value - half, high: value + half },
            positives: 100,
            negatives: 100,
        };
        assert!(falls(&estimate(0.7, 0.03), &estimate(0.62, 0.03)));
        assert!(!falls(&estimate(0.7, 0.06), &estimate(0.62, 0.06)), "the intervals are wider than the fall");
        assert!(!falls(&estimate(0.62, 0.03), &estimate(0.7, 0.03)));
    }
}
