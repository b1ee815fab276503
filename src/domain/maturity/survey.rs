//! An assessment over what several people say, with their disagreement, and all that the lens reads from it.

use super::{
    Answer, AnswerError, Assessment,
    assess::of_sheet,
    check,
    lens::{Lens, Question},
    reading::{self, GroupScore, ReadingResult},
    rests::{self, BuiltAhead},
    sheet::{Levels, Sheet},
};
use crate::measure::Measure;
use std::collections::BTreeSet;

/// Levels that lie this far apart are not two views of one sight.
const FAR_APART: u8 = 2;

/// Somebody who answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Respondent {
    /// Who, by role or name.
    pub name: String,
    /// What they said.
    pub answers: Vec<Answer>,
}

/// Everything that a lens says about an organisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Survey {
    /// The assessment over all answers; a question that people answered differently counts from the lowest to
    /// the highest level that was said.
    pub assessment: Assessment,
    /// The groups of the lens, in its order.
    pub groups: Vec<GroupScore>,
    /// The readings of the lens, in its order.
    pub readings: Vec<ReadingResult>,
    /// Dimensions that stand well above one they rest on.
    pub built_ahead: Vec<BuiltAhead>,
    /// How many people answered.
    pub respondents: usize,
    /// Questions that people answered differently, those not settled by a measurement and the widest apart first.
    pub disagreements: Vec<Disagreement>,
    /// Dimensions in which people answered differently, the widest apart first.
    pub splits: Vec<Split>,
}

/// How far people are apart over a dimension.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// The dimension.
    pub dimension: String,
    /// Questions to which several people stated a level.
    pub compared: usize,
    /// Those of them that were answered differently.
    pub differ: usize,
    /// The levels between the lowest and the highest answer, on average over the questions compared.
    pub mean_gap: f64,
}

/// A question that people answered differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The dimension.
    pub dimension: String,
    /// The question.
    pub question: String,
    /// The lowest and the highest level that was said.
    pub levels: Levels,
    /// Who said what, by name.
    pub said: Vec<(String, u8)>,
    /// Whether the answers lie so far apart that people cannot have looked at the same thing.
    pub far_apart: bool,
    /// Whether a measurement has decided it already.
    pub measured: bool,
    /// What would settle it.
    pub settle: String,
}

/// Why the answers of several people cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SurveyError {
    /// One respondent's answers cannot be used.
    #[error("the answers of `{respondent}` cannot be used")]
    Answers {
        /// Who.
        respondent: String,
        /// What is wrong with them.
        source: AnswerError,
    },
    /// The measures cannot be used.
    #[error("the evidence cannot be used")]
    Evidence(#[source] AnswerError),
    /// Two respondents go by one name, so that nobody could say whose answer is whose.
    #[error("respondent `{name}` is listed twice")]
    RespondentTwice {
        /// The name.
        name: String,
    },
    /// A respondent has no name.
    #[error("respondent {place} has no name")]
    Nameless {
        /// Which, from 1.
        place: usize,
    },
}

/// Assesses by `lens` what several people say. Nobody's answer outweighs another's: where they differ, the
/// bounds hold every level that was said until a measurement decides.
pub fn survey(lens: &Lens, respondents: &[Respondent], evidence: &[Measure]) -> Result<Survey, SurveyError> {
    survey_after(lens, respondents, evidence, &[])
}

/// The same after these tools were run over all there is: what they could not tell is not asked of them again.
pub fn survey_after(
    lens: &Lens,
    respondents: &[Respondent],
    evidence: &[Measure],
    exhausted: &[&str],
) -> Result<Survey, SurveyError> {
    let mut names = BTreeSet::new();
    for (place, Respondent { name, answers }) in respondents.iter().enumerate() {
        if name.trim().is_empty() {
            return Err(SurveyError::Nameless { place: place + 1 });
        }
        if !names.insert(name.trim()) {
            return Err(SurveyError::RespondentTwice { name: name.trim().to_owned() });
        }
        let refuse = |source| SurveyError::Answers { respondent: name.clone(), source };
        check::answers(lens, answers).map_err(refuse)?;
    }
    check::measures(evidence).map_err(SurveyError::Evidence)?;
    let answers = together(respondents);
    let sheet = Sheet::read(lens, &answers, evidence).after(exhausted);
    let disagreements = disagreements(lens, respondents, &sheet);
    Ok(Survey {
        assessment: of_sheet(lens, &sheet, &answers, evidence),
        groups: reading::groups(lens, &sheet),
        readings: reading::readings(lens, &sheet),
        built_ahead: rests::built_ahead(lens, &sheet),
        respondents: respondents.len(),
        splits: splits(lens, respondents, &disagreements),
        disagreements,
    })
}

/// All answers in one list, in the order of the names, so that the order in which people were asked is
/// without effect; a note says whose it is as soon as there is more than one person.
fn together(respondents: &[Respondent]) -> Vec<Answer> {
    let mut sorted: Vec<&Respondent> = respondents.iter().collect();
    sorted.sort_by(|a, b| a.name.trim().cmp(b.name.trim()));
    let signed = |name: &str, answer: &Answer| {
        let note = answer.note.as_deref().filter(|note| !note.trim().is_empty());
        let note = note.map(|note| match respondents {
            [_] => note.to_owned(),
            _ => format!("{name}: {note}"),
        });
        Answer { note, ..answer.clone() }
    };
    let of = |one: &&Respondent| {
        let name = one.name.trim().to_owned();
        one.answers.iter().map(move |answer| signed(&name, answer)).collect::<Vec<_>>()
    };
    sorted.iter().flat_map(of).collect()
}

fn disagreements(lens: &Lens, respondents: &[Respondent], sheet: &Sheet) -> Vec<Disagreement> {
    let mut found: Vec<Disagreement> = lens
        .questions()
        .filter_map(|(dimension, place, question)| {
            let said = said(question, respondents);
            let levels = apart(&said)?;
            let measured = sheet.standing(dimension, place).is_measured();
            Some(Disagreement {
                dimension: lens.dimensions[dimension].id.clone(),
                question: question.id.clone(),
                levels,
                said,
                far_apart: levels.high - levels.low >= FAR_APART,
                measured,
                settle: settle(sheet, question, measured, levels.high),
            })
        })
        .collect();
    found.sort_by_key(|one| (one.measured, std::cmp::Reverse(one.gap())));
    found
}

fn splits(lens: &Lens, respondents: &[Respondent], disagreements: &[Disagreement]) -> Vec<Split> {
    let stated = |question: &str| {
        let answers = respondents.iter().flat_map(|one| &one.answers);
        answers.filter(|answer| answer.question == question && answer.level.is_some()).count()
    };
    let mut splits: Vec<Split> = lens
        .dimensions
        .iter()
        .filter_map(|dimension| {
            let here = || disagreements.iter().filter(|one| one.dimension == dimension.id);
            let differ = here().count();
            let compared = dimension.questions.iter().filter(|question| stated(&question.id) > 1).count();
            let gaps: u32 = here().map(Disagreement::gap).map(u32::from).sum();
            (differ > 0).then(|| Split {
                dimension: dimension.id.clone(),
                compared,
                differ,
                mean_gap: f64::from(gaps) / compared as f64,
            })
        })
        .collect();
    splits.sort_by(|a, b| b.mean_gap.total_cmp(&a.mean_gap));
    splits
}

/// Who stated which level, by name.
fn said(question: &Question, respondents: &[Respondent]) -> Vec<(String, u8)> {
    let stated = |one: &Respondent| {
        let answer = one.answers.iter().find(|answer| answer.question == question.id)?;
        Some((one.name.trim().to_owned(), answer.level?))
    };
    let mut said: Vec<(String, u8)> = respondents.iter().filter_map(stated).collect();
    said.sort();
    said
}

/// The lowest and the highest level that was said, where they are two.
fn apart(said: &[(String, u8)]) -> Option<Levels> {
    let low = said.iter().map(|(_, level)| *level).min()?;
    let high = said.iter().map(|(_, level)| *level).max()?;
    (low < high).then_some(Levels { low, high })
}

fn settle(sheet: &Sheet, question: &Question, measured: bool, high: u8) -> String {
    match (measured, question.evidence, sheet.measurable(question)) {
        (true, Some(rule), _) => format!("settled: {} was measured", rule.measure.name()),
        (_, _, Some((measure, tool))) => format!("run {tool} for {}", measure.name()),
        _ => {
            let anchor = question.anchors.get(&high).map(String::as_str).unwrap_or_default();
            format!("look together for what level {high} describes: {anchor}")
        }
    }
}

impl Disagreement {
    /// The levels between the lowest and the highest answer.
    const fn gap(&self) -> u8 {
        self.levels.high - self.levels.low
    }
}
