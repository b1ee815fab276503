//! Expectation maximisation.

use crate::identity::pattern::Pattern;

/// Steps after which an estimate stands as it is.
const MOST_STEPS: usize = 50;
/// A step that changes no estimate by more ends the search.
const STILL: f64 = 1e-6;
/// Matches that the start counts as, so that no level becomes impossible and few matches decide little.
const START: f64 = 5.0;

/// What pairs say of the matches among them.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// How often matches reach each level of each comparison.
    pub m: Vec<Vec<f64>>,
    /// The share of matches among the pairs.
    pub share: f64,
    /// The matches that are expected among them.
    pub matches: f64,
    /// Steps taken.
    pub steps: usize,
}

/// Estimates m and the share of matches with u held fast (Dempster, Laird and Rubin 1977). Comparisons that are not free
/// are left out of it; a missing value speaks neither way.
pub fn maximise(
    patterns: &[(Pattern, f64)],
    start: &[Vec<f64>],
    u: &[Vec<f64>],
    free: &[bool],
    share: f64,
) -> Estimate {
    let mut estimate = Estimate { m: start.to_vec(), share, matches: 0.0, steps: 0 };
    let all: f64 = patterns.iter().map(|(_, count)| count).sum();
    if all <= 0.0 {
        return Estimate { share: 0.0, ..estimate };
    }
    while estimate.steps < MOST_STEPS {
        let change = step(patterns, start, u, free, all, &mut estimate);
        estimate.steps += 1;
        if change < STILL {
            break;
        }
    }
    estimate
}

fn step(
    patterns: &[(Pattern, f64)],
    start: &[Vec<f64>],
    u: &[Vec<f64>],
    free: &[bool],
    all: f64,
    estimate: &mut Estimate,
) -> f64 {
    let odds: Vec<Vec<f64>> =
        estimate.m.iter().zip(u).map(|(m, u)| m.iter().zip(u).map(|(m, u)| m / u).collect()).collect();
    let mut reached: Vec<Vec<f64>> = estimate.m.iter().map(|m| vec![0.0; m.len()]).collect();
    let before = estimate.share / (1.0 - estimate.share);
    let mut matches = 0.0;
    for (pattern, count) in patterns {
        let at = |one: usize| usize::from(pattern.level(one)).checked_sub(1).filter(|_| free[one]);
        let each = (0..free.len()).filter_map(|one| at(one).map(|level| odds[one][level]));
        let whole = before * each.product::<f64>();
        let expected = count * if whole.is_finite() { whole / (1.0 + whole) } else { 1.0 };
        matches += expected;
        for (one, reached) in reached.iter_mut().enumerate() {
            if let Some(level) = at(one) {
                reached[level] += expected;
            }
        }
    }
    let share = (matches / all).clamp(1e-15, 1.0 - 1e-9);
    let mut change = (share - estimate.share).abs();
    for (((m, reached), start), _) in
        estimate.m.iter_mut().zip(reached).zip(start).zip(free).filter(|(_, free)| **free)
    {
        let known: f64 = reached.iter().sum();
        for ((m, reached), start) in m.iter_mut().zip(reached).zip(start) {
            let new = (reached + START * start) / (known + START);
            change = change.max((new - *m).abs());
            *m = new;
        }
    }
    estimate.share = share;
    estimate.matches = matches;
    change
}
