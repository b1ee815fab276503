//! The score of one dimension and of its questions, with the ground each stands on.

use super::{
    check::Answer,
    lens::Lens,
    sheet::{Levels, Sheet, Standing},
};
use crate::{measure::Measure, proportion::Interval, provenance::Provenance};
use std::collections::BTreeMap;

/// A dimension's score.
#[derive(Clone, Debug, PartialEq)]
pub struct DimensionScore {
    /// The dimension.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// Its weight in the profile.
    pub weight: f64,
    /// The bounds of its score, every unknown question at 1 and at 5.
    pub score: Interval,
    /// The mean of what was claimed, before any cap or measurement; nothing when nothing was claimed.
    pub claimed: Option<f64>,
    /// Whether claims count for less than was said, because nothing here has been measured.
    pub capped: bool,
    /// The weakest ground any of its known questions stands on.
    pub provenance: Provenance,
    /// Questions answered by measurement.
    pub measured: usize,
    /// Questions answered by a statement alone.
    pub attested: usize,
    /// Questions without an answer.
    pub unknown: usize,
    /// The questions, in the lens's order.
    pub questions: Vec<QuestionScore>,
}

/// What is known about one question.
#[derive(Clone, Debug, PartialEq)]
pub struct QuestionScore {
    /// The question.
    pub id: String,
    /// Its text.
    pub text: String,
    /// What one would see at each level.
    pub anchors: BTreeMap<u8, String>,
    /// The level a person stated; of several persons the highest.
    pub claimed: Option<u8>,
    /// What the person pointed to.
    pub note: Option<String>,
    /// The measurement that speaks to it.
    pub measure: Option<Measure>,
    /// The levels that measurement supports.
    pub supported: Option<Levels>,
    /// The bounds that count.
    pub score: Interval,
    /// The ground they stand on.
    pub provenance: Provenance,
}

pub(super) fn scores(
    lens: &Lens,
    sheet: &Sheet,
    answers: &[Answer],
    evidence: &[Measure],
) -> Vec<DimensionScore> {
    let places = lens.dimensions.iter().enumerate();
    places
        .map(|(place, dimension)| {
            let standings = sheet.standings(place);
            let questions: Vec<QuestionScore> = dimension
                .questions
                .iter()
                .enumerate()
                .map(|(inner, question)| {
                    let said = || answers.iter().filter(|answer| answer.question == question.id);
                    let notes: Vec<&str> = said().filter_map(|answer| answer.note.as_deref()).collect();
                    let rule = question.evidence;
                    let measure = rule.and_then(|rule| evidence.iter().find(|one| one.id == rule.measure));
                    QuestionScore {
                        id: question.id.clone(),
                        text: question.text.clone(),
                        anchors: question.anchors.clone(),
                        claimed: said().filter_map(|answer| answer.level).max(),
                        note: (!notes.is_empty()).then(|| notes.join("; ")),
                        measure: measure.copied(),
                        supported: rule.zip(measure).map(|(rule, measure)| rule.supports(measure)),
                        score: sheet.question(place, inner),
                        provenance: provenance(standings[inner]),
                    }
                })
                .collect();
            let count = |ground: Provenance| questions.iter().filter(|one| one.provenance == ground).count();
            let (measured, attested) = (count(Provenance::Measured), count(Provenance::Attested));
            DimensionScore {
                id: dimension.id.clone(),
                title: dimension.title.clone(),
                weight: dimension.weight,
                score: sheet.dimension(place),
                claimed: mean(questions.iter().filter_map(|question| question.claimed)),
                capped: sheet.is_capped(place),
                provenance: match (measured, attested) {
                    (0, 0) => Provenance::Unknown,
                    (_, 0) => Provenance::Measured,
                    _ => Provenance::Attested,
                },
                measured,
                attested,
                unknown: count(Provenance::Unknown),
                questions,
            }
        })
        .collect()
}

const fn provenance(standing: Standing) -> Provenance {
    match standing {
        Standing::Unknown { .. } => Provenance::Unknown,
        Standing::Attested(_) => Provenance::Attested,
        Standing::Measured(_) => Provenance::Measured,
    }
}

fn mean(levels: impl Iterator<Item = u8>) -> Option<f64> {
    let levels: Vec<f64> = levels.map(f64::from).collect();
    (!levels.is_empty()).then(|| levels.iter().sum::<f64>() / levels.len() as f64)
}
