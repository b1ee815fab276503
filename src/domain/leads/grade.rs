//! Grades from A to D: bands of the probabilities that held-out leads were given.

use super::{bootstrap::quantile, stored};
use crate::proportion::Proportion;
use serde::{Deserialize, Serialize};

/// A band of probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Grade {
    /// The best tenth.
    A,
    /// The next two tenths.
    B,
    /// The next three tenths.
    C,
    /// The rest.
    D,
}

impl Grade {
    /// Every grade, best first.
    pub const ALL: [Self; 4] = [Self::A, Self::B, Self::C, Self::D];

    /// The grade's letter.
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
        }
    }

    /// The share of held-out leads below the grade. Authored: sales teams work a best tenth first.
    const fn share_below(self) -> f64 {
        match self {
            Self::A => 0.9,
            Self::B => 0.7,
            Self::C => 0.4,
            Self::D => 0.0,
        }
    }
}

/// A grade's lower end, and how its test leads fared.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The grade.
    pub grade: Grade,
    /// The lowest probability in it.
    pub from: f64,
    /// Conversions among the test leads in it.
    #[serde(with = "stored::proportion")]
    pub tested: Proportion,
}

/// The bands, best first, from the probabilities of held-out leads and the outcomes of test leads.
pub(crate) fn bands(mut held_out: Vec<f64>, tested: &[(f64, bool)]) -> Vec<Band> {
    held_out.sort_by(f64::total_cmp);
    let mut bands: Vec<Band> = Grade::ALL
        .into_iter()
        .map(|grade| {
            let from = if grade == Grade::D { 0.0 } else { quantile(&held_out, grade.share_below()) };
            Band { grade, from, tested: Proportion::default() }
        })
        .collect();
    for (probability, converted) in tested {
        if let Some(band) = bands.iter_mut().find(|band| *probability >= band.from) {
            band.tested.trials += 1;
            band.tested.hits += u64::from(*converted);
        }
    }
    bands
}

/// The grade of a probability.
pub fn grade(probability: f64, bands: &[Band]) -> Grade {
    bands.iter().find(|band| probability >= band.from).map_or(Grade::D, |band| band.grade)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_hold_their_shares() {
        let held_out: Vec<f64> = (0..=100).map(|row| f64::from(row) / 100.0).collect();
        let tested: Vec<(f64, bool)> = held_out.iter().map(|p| (*p, *p > 0.8)).collect();
        let bands = bands(held_out, &tested);
        let counts: Vec<(u64, u64)> =
            bands.iter().map(|band| (band.tested.hits, band.tested.trials)).collect();
        assert_eq!(counts, [(11, 11), (9, 20), (0, 30), (0, 40)]);
        assert_eq!((grade(0.95, &bands), grade(0.0, &bands)), (Grade::A, Grade::D));
        assert_eq!(grade(bands[0].from, &bands), Grade::A, "a band begins at its lower end");
    }
}
