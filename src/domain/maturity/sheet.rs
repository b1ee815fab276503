//! What is known about every question, and the bounds that follow from it.

use super::{
    check::Answer,
    evidence,
    lens::{Gate, HIGHEST_LEVEL, LOWEST_LEVEL, Lens, Question, Target},
};
use crate::{
    measure::{Measure, MeasureId},
    proportion::Interval,
    provenance::Provenance,
};

/// The levels that remain possible, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    /// The lowest.
    pub low: u8,
    /// The highest.
    pub high: u8,
}

impl Levels {
    /// From the lowest of both to the highest.
    fn and(self, other: Option<Self>) -> Self {
        let other = other.unwrap_or(self);
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }
}

/// What is known about one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing; `declined` when a person was asked and did not know.
    Unknown { declined: bool },
    /// What people stated.
    Attested(Claims),
    /// The levels that a measurement supports.
    Measured(Levels),
}

/// The levels that people stated, those with a note apart: a note names something that can be looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Claims {
    plain: Option<Levels>,
    documented: Option<Levels>,
}

/// The levels that statements count for at most: without a note, and with one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Caps {
    plain: u8,
    documented: u8,
}

impl Caps {
    const NONE: Self = Self { plain: HIGHEST_LEVEL, documented: HIGHEST_LEVEL };
}

impl Claims {
    /// One person's statement without a note.
    pub(super) const fn plain(level: u8) -> Self {
        Self { plain: Some(Levels { low: level, high: level }), documented: None }
    }

    /// What all of these say; nothing when none of them names a level.
    fn of<'a>(answers: impl Iterator<Item = &'a Answer>) -> Option<Self> {
        let mut claims = Self::default();
        for answer in answers {
            let Some(level) = answer.level else { continue };
            let noted = answer.note.as_deref().is_some_and(|note| !note.trim().is_empty());
            let side = if noted { &mut claims.documented } else { &mut claims.plain };
            *side = Some(Levels { low: level, high: level }.and(*side));
        }
        (claims != Self::default()).then_some(claims)
    }

    /// The same beside the levels that a number supports which somebody handed in.
    fn with_number(self, levels: Levels) -> Self {
        Self { documented: Some(levels.and(self.documented)), ..self }
    }

    /// From the lowest to the highest that was said, each statement held to its cap.
    fn levels(self, caps: Caps) -> Levels {
        let held = |levels: Option<Levels>, cap: u8| {
            levels.map(|Levels { low, high }| Levels { low: low.min(cap), high: high.min(cap) })
        };
        let (plain, documented) = (held(self.plain, caps.plain), held(self.documented, caps.documented));
        match (plain, documented) {
            (Some(one), other) | (other, Some(one)) => one.and(other),
            (None, None) => WHOLE_SCALE,
        }
    }
}

impl Standing {
    pub(super) const fn is_known(self) -> bool {
        !matches!(self, Self::Unknown { .. })
    }

    pub(super) const fn is_measured(self) -> bool {
        matches!(self, Self::Measured(_))
    }

    /// The levels that count, with statements held to the caps.
    fn levels(self, caps: Caps) -> Levels {
        match self {
            Self::Unknown { .. } => WHOLE_SCALE,
            Self::Attested(claims) => claims.levels(caps),
            Self::Measured(levels) => levels,
        }
    }

    /// The levels that would count if no cap held.
    pub(super) fn uncapped(self) -> Levels {
        self.levels(Caps::NONE)
    }
}

/// The standing of every question, by dimension, in the lens's order.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    dimensions: Vec<Vec<Standing>>,
    caps: Caps,
    /// Tools that have told all they can.
    exhausted: Vec<String>,
}

impl Sheet {
    /// A measurement replaces what was said about the same question; of several statements all count, from the
    /// lowest to the highest. A number that somebody handed in is a statement too, with itself for a note.
    pub(super) fn read(lens: &Lens, answers: &[Answer], evidence: &[Measure]) -> Self {
        let standing = |question: &Question| {
            let said = || answers.iter().filter(|answer| answer.question == question.id);
            let counted = question.evidence.and_then(|rule| {
                let measure = evidence.iter().find(|measure| measure.id == rule.measure)?;
                Some((measure.provenance, rule.supports(measure)))
            });
            match (counted, Claims::of(said())) {
                (Some((Provenance::Measured, levels)), _) => Standing::Measured(levels),
                (Some((_, levels)), claims) => {
                    Standing::Attested(claims.unwrap_or_default().with_number(levels))
                }
                (None, Some(claims)) => Standing::Attested(claims),
                (None, None) => Standing::Unknown { declined: said().next().is_some() },
            }
        };
        let dimensions = lens
            .dimensions
            .iter()
            .map(|dimension| dimension.questions.iter().map(standing).collect())
            .collect();
        let (plain, documented) = lens.caps();
        Self { dimensions, caps: Caps { plain, documented }, exhausted: Vec::new() }
    }

    /// The sheet where these tools have told all they can.
    pub(super) fn after(self, exhausted: &[&str]) -> Self {
        Self { exhausted: exhausted.iter().map(|tool| (*tool).to_owned()).collect(), ..self }
    }

    /// What could still be measured of the question, and by which tool.
    pub(super) fn measurable(&self, question: &Question) -> Option<(MeasureId, &'static str)> {
        let measure = question.evidence?.measure;
        let tool = evidence::tool_of(measure);
        (!self.exhausted.iter().any(|known| known == tool)).then_some((measure, tool))
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

    /// The caps that hold for statements in the dimension: the lens's while nothing in it is measured.
    fn caps(&self, dimension: usize) -> Caps {
        let measured = self.dimensions[dimension].iter().any(|standing| standing.is_measured());
        if measured { Caps::NONE } else { self.caps }
    }

    /// Whether a statement in the dimension counts for less than was said.
    pub(super) fn is_capped(&self, dimension: usize) -> bool {
        let caps = self.caps(dimension);
        self.dimensions[dimension].iter().any(|standing| standing.levels(caps) != standing.uncapped())
    }

    /// Whether a statement to the question would count for more if a note named what it rests on.
    pub(super) fn wants_note(&self, dimension: usize, question: usize) -> bool {
        let caps = self.caps(dimension);
        let held = |claims: Claims| claims.plain.is_some_and(|levels| levels.high > caps.plain);
        let raised = caps.documented > caps.plain;
        matches!(self.dimensions[dimension][question], Standing::Attested(claims) if raised && held(claims))
    }

    /// Whether statements alone could not reach `score` in the dimension.
    pub(super) fn cap_binds(&self, dimension: usize, score: f64) -> bool {
        f64::from(self.caps(dimension).documented) < score
    }

    /// The bounds of one question.
    pub(super) fn question(&self, dimension: usize, question: usize) -> Interval {
        bounds(self.dimensions[dimension][question].levels(self.caps(dimension)))
    }

    /// The bounds of a dimension: the mean of its questions at their lowest and at their highest.
    pub(super) fn dimension(&self, dimension: usize) -> Interval {
        self.mean(dimension, self.caps(dimension), |_| true).unwrap_or(bounds(WHOLE_SCALE))
    }

    /// The bounds a dimension would have if no cap held.
    pub(super) fn uncapped(&self, dimension: usize) -> Interval {
        self.mean(dimension, Caps::NONE, |_| true).unwrap_or(bounds(WHOLE_SCALE))
    }

    /// The bounds over the known questions of a dimension, or nothing when none is known.
    pub(super) fn known(&self, dimension: usize) -> Option<Interval> {
        self.mean(dimension, self.caps(dimension), Standing::is_known)
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

    /// The bounds of any part of the lens that has a score.
    pub(super) fn score(&self, lens: &Lens, target: Target) -> Interval {
        match target {
            Target::Group(group) => self.group(lens, group),
            Target::Dimension(dimension) => self.dimension(dimension),
            Target::Question(dimension, question) => self.question(dimension, question),
        }
    }

    /// The weighted mean over the dimensions of a group.
    pub(super) fn group(&self, lens: &Lens, group: usize) -> Interval {
        let inside = |place: &usize| lens.dimensions[*place].group.as_ref() == Some(&lens.groups[group].id);
        let places = (0..self.dimensions.len()).filter(inside);
        weigh(places.map(|place| (lens.dimensions[place].weight, self.dimension(place))))
            .unwrap_or(bounds(WHOLE_SCALE))
    }

    fn mean(&self, dimension: usize, caps: Caps, counts: impl Fn(Standing) -> bool) -> Option<Interval> {
        let levels: Vec<Levels> = self.dimensions[dimension]
            .iter()
            .filter(|standing| counts(**standing))
            .map(|standing| standing.levels(caps))
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
