//! What is known about every question, and the bounds that follow from it.

use super::{
    check::Answer,
    lens::{Gate, HIGHEST_LEVEL, LOWEST_LEVEL, Lens},
};
use crate::{measure::Measure, proportion::Interval};

/// The levels that remain possible, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    /// The lowest.
    pub low: u8,
    /// The highest.
    pub high: u8,
}

/// What is known about one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing; `declined` when a person was asked and did not know.
    Unknown { declined: bool },
    /// A level that a person stated.
    Attested(u8),
    /// The levels that a measurement supports.
    Measured(Levels),
}

impl Standing {
    pub(super) const fn is_known(self) -> bool {
        !matches!(self, Self::Unknown { .. })
    }

    pub(super) const fn is_measured(self) -> bool {
        matches!(self, Self::Measured(_))
    }

    /// The levels that count, with a statement held to `cap`.
    fn levels(self, cap: u8) -> Levels {
        match self {
            Self::Unknown { .. } => Levels { low: LOWEST_LEVEL, high: HIGHEST_LEVEL },
            Self::Attested(level) => Levels { low: level.min(cap), high: level.min(cap) },
            Self::Measured(levels) => levels,
        }
    }
}

/// The standing of every question, by dimension, in the lens's order.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    dimensions: Vec<Vec<Standing>>,
    attested_cap: u8,
}

impl Sheet {
    /// A measurement replaces what was said about the same question.
    pub(super) fn read(lens: &Lens, answers: &[Answer], evidence: &[Measure]) -> Self {
        let standing = |question: &super::lens::Question| {
            let measured = question.evidence.and_then(|rule| {
                let measure = evidence.iter().find(|measure| measure.id == rule.measure)?;
                Some(Standing::Measured(rule.supports(measure)))
            });
            let answer = answers.iter().find(|answer| answer.question == question.id);
            let said = || answer.and_then(|answer| answer.level).map(Standing::Attested);
            measured.or_else(said).unwrap_or(Standing::Unknown { declined: answer.is_some() })
        };
        let dimensions = lens
            .dimensions
            .iter()
            .map(|dimension| dimension.questions.iter().map(standing).collect())
            .collect();
        Self { dimensions, attested_cap: lens.parameters.attested_cap }
    }

    pub(super) fn standing(&self, dimension: usize, question: usize) -> Standing {
        self.dimensions[dimension][question]
    }

    pub(super) fn standings(&self, dimension: usize) -> &[Standing] {
        &self.dimensions[dimension]
    }

    /// The sheet as it would be if the question stood otherwise.
    pub(super) fn with(&self, dimension: usize, question: usize, standing: Standing) -> Self {
        let mut sheet = self.clone();
        sheet.dimensions[dimension][question] = standing;
        sheet
    }

    /// The cap that holds for statements in the dimension: the lens's while nothing in it is measured.
    fn cap(&self, dimension: usize) -> u8 {
        let measured = self.dimensions[dimension].iter().any(|standing| standing.is_measured());
        if measured { HIGHEST_LEVEL } else { self.attested_cap }
    }

    /// Whether a statement in the dimension counts for less than was said.
    pub(super) fn is_capped(&self, dimension: usize) -> bool {
        let cap = self.cap(dimension);
        self.dimensions[dimension]
            .iter()
            .any(|standing| matches!(standing, Standing::Attested(level) if *level > cap))
    }

    /// Whether statements alone could not reach `score` in the dimension.
    pub(super) fn cap_binds(&self, dimension: usize, score: f64) -> bool {
        f64::from(self.cap(dimension)) < score
    }

    /// The bounds of one question.
    pub(super) fn question(&self, dimension: usize, question: usize) -> Interval {
        bounds(self.dimensions[dimension][question].levels(self.cap(dimension)))
    }

    /// The bounds of a dimension: the mean of its questions at their lowest and at their highest.
    pub(super) fn dimension(&self, dimension: usize) -> Interval {
        self.mean(dimension, self.cap(dimension), |_| true).unwrap_or(bounds(WHOLE_SCALE))
    }

    /// The bounds a dimension would have if no cap held.
    pub(super) fn uncapped(&self, dimension: usize) -> Interval {
        self.mean(dimension, HIGHEST_LEVEL, |_| true).unwrap_or(bounds(WHOLE_SCALE))
    }

    /// The bounds over the known questions of a dimension, or nothing when none is known.
    pub(super) fn known(&self, dimension: usize) -> Option<Interval> {
        self.mean(dimension, self.cap(dimension), Standing::is_known)
    }

    /// The bounds of what a gate asks about; a lens that was checked has no gate without a target, and one
    /// that somehow had would be unknown.
    pub(super) fn target(&self, lens: &Lens, gate: &Gate) -> Interval {
        match lens.places(gate) {
            Some((dimension, Some(question))) => self.question(dimension, question),
            Some((dimension, None)) => self.dimension(dimension),
            None => bounds(WHOLE_SCALE),
        }
    }

    fn mean(&self, dimension: usize, cap: u8, counts: impl Fn(Standing) -> bool) -> Option<Interval> {
        let levels: Vec<Levels> = self.dimensions[dimension]
            .iter()
            .filter(|standing| counts(**standing))
            .map(|standing| standing.levels(cap))
            .collect();
        let count = levels.len() as f64;
        let sum = |end: fn(&Levels) -> u8| levels.iter().map(|levels| f64::from(end(levels))).sum::<f64>();
        (!levels.is_empty()).then(|| Interval {
            low: sum(|levels| levels.low) / count,
            high: sum(|levels| levels.high) / count,
        })
    }

    /// The weighted mean over all dimensions, what is unknown counted from 1 to 5.
    pub(super) fn weighted(&self, lens: &Lens) -> Interval {
        weigh((0..self.dimensions.len()).map(|place| (lens.dimensions[place].weight, self.dimension(place))))
            .unwrap_or(bounds(WHOLE_SCALE))
    }

    /// The weighted mean over what is known, or nothing when nothing is.
    pub(super) fn weighted_known(&self, lens: &Lens) -> Option<Interval> {
        let known = |place: usize| Some((lens.dimensions[place].weight, self.known(place)?));
        weigh((0..self.dimensions.len()).filter_map(known))
    }
}

const WHOLE_SCALE: Levels = Levels { low: LOWEST_LEVEL, high: HIGHEST_LEVEL };

fn bounds(levels: Levels) -> Interval {
    Interval { low: f64::from(levels.low), high: f64::from(levels.high) }
}

fn weigh(parts: impl Iterator<Item = (f64, Interval)>) -> Option<Interval> {
    let (mut weight, mut low, mut high) = (0.0, 0.0, 0.0);
    for (share, part) in parts {
        weight += share;
        low += share * part.low;
        high += share * part.high;
    }
    let scale = f64::from(LOWEST_LEVEL)..=f64::from(HIGHEST_LEVEL);
    let keep = |sum: f64| (sum / weight).clamp(*scale.start(), *scale.end());
    (weight > 0.0).then(|| Interval { low: keep(low), high: keep(high) })
}
