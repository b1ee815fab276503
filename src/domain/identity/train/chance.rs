//! How often chance reaches a level.

use crate::{
    identity::{kind::Kind, likeness},
    leads::random::Random,
};

/// Pairs of values drawn to see how alike different values are.
const DRAWS: u32 = 30_000;

/// The values of a column, as far as chance needs to know them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    /// The chance that two records drawn at random have the same.
    pub same: f64,
    /// The chance that their first and last names stand in each other's place; nothing where there is no other half.
    pub swapped: f64,
    /// Some values, chosen without regard to the order of records, and how often each occurs.
    pub sample: Vec<(String, u64)>,
}

/// The chance of each level of a kind, from [`likeness::OTHER`] up. They add up to one.
pub fn chances(kind: Kind, values: &Values, seed: u64) -> Vec<f64> {
    let levels = likeness::levels(kind).len();
    let same = usize::from(likeness::same(kind)) - 1;
    let swapped = likeness::swapped(kind).map(|level| usize::from(level) - 1);
    // Nothing that was never seen in so many draws is impossible.
    let mut reached = vec![0.5; levels];
    let ends: Vec<u64> = values
        .sample
        .iter()
        .scan(0, |end, (_, count)| {
            *end += count;
            Some(*end)
        })
        .collect();
    if let Some(all) = ends.last().and_then(|end| usize::try_from(*end).ok())
        && values.sample.len() > 1
    {
        let mut random = Random::new(seed);
        let mut draw = || {
            let place = random.below(all) as u64;
            ends.partition_point(|end| *end <= place)
        };
        for _ in 0..DRAWS {
            let (a, b) = (draw(), draw());
            if a != b {
                reached[usize::from(likeness::level(kind, &values.sample[a].0, &values.sample[b].0)) - 1] +=
                    1.0;
            }
        }
    }
    reached[same] = 0.0;
    if let Some(swapped) = swapped {
        reached[swapped] = 0.0;
    }
    let least = 0.5 / f64::from(DRAWS);
    let exact = values.same.clamp(1e-12, 0.999);
    let turned = swapped.map_or(0.0, |_| values.swapped.clamp(1e-9, 0.5));
    let drawn: f64 = reached.iter().sum();
    let rest = (1.0 - exact - turned).max(least);
    let mut chances: Vec<f64> = reached.iter().map(|reached| reached / drawn * rest).collect();
    chances[same] = exact;
    if let Some(swapped) = swapped {
        chances[swapped] = turned;
    }
    let sum: f64 = chances.iter().sum();
    chances.into_iter().map(|chance| chance / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(names: &[(&str, u64)]) -> Values {
        let all: u64 = names.iter().map(|(_, count)| count).sum();
        let twice: u64 = names.iter().map(|(_, count)| count * (count - 1)).sum();
        Values {
            same: twice as f64 / (all * (all - 1)) as f64,
            swapped: 0.0,
            sample: names.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect(),
        }
    }

    #[test]
    fn chances_follow_how_often_values_occur() {
        let chances = chances(Kind::Place, &values(&[("london", 60), ("londn", 20), ("paris", 20)]), 7);
        assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let same = (60.0 * 59.0 + 2.0 * 20.0 * 19.0) / (100.0 * 99.0);
        assert!((chances[3] - same).abs() < 1e-12, "{chances:?}");
        // Of the pairs that differ, 2 * 60 * 20 are close and 2 * (60 + 20) * 20 other.
        let close = (1.0 - same) * 1_200.0 / (1_200.0 + 1_600.0);
        assert!((chances[2] - close).abs() < 0.01, "{chances:?} {close}");
    }

    #[test]
    fn a_column_of_one_value_or_none_tells_nothing_and_breaks_nothing() {
        for sample in [values(&[("london", 5)]), Values::default()] {
            let chances = chances(Kind::GivenName, &sample, 7);
            assert!(chances.iter().all(|chance| *chance > 0.0 && chance.is_finite()), "{chances:?}");
        }
    }
}
