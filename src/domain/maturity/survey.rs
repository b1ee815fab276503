//! An assessment over what several people say, with their disagreement, and all that the lens reads from it.

use super::{
    Answer, AnswerError, Assessment,
    assess::of_sheet,
    check, contradiction, evidence,
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
    /// Questions that people answered differently, the widest apart first.
    pub disagreements: Vec<Disagreement>,
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
    let sheet = Sheet::read(lens, &answers, evidence);
    Ok(Survey {
        assessment: of_sheet(lens, &sheet, &answers, evidence),
        groups: reading::groups(lens, &sheet),
        readings: reading::readings(lens, &sheet),
        built_ahead: rests::built_ahead(lens, &sheet),
        respondents: respondents.len(),
        disagreements: disagreements(lens, respondents, &sheet),
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
            let measured = sheet.standing(dimension, place).is_measured();
            disagreement(&lens.dimensions[dimension].id, question, respondents, measured)
        })
        .collect();
    let gap = |one: &Disagreement| one.levels.high - one.levels.low;
    found.sort_by_key(|one| std::cmp::Reverse(gap(one)));
    found
}

fn disagreement(
    dimension: &str,
    question: &Question,
    respondents: &[Respondent],
    measured: bool,
) -> Option<Disagreement> {
    let mut said: Vec<(String, u8)> = respondents
        .iter()
        .filter_map(|one| {
            let answer = one.answers.iter().find(|answer| answer.question == question.id)?;
            Some((one.name.trim().to_owned(), answer.level?))
        })
        .collect();
    said.sort();
    let low = said.iter().map(|(_, level)| *level).min()?;
    let high = said.iter().map(|(_, level)| *level).max()?;
    if low == high {
        return None;
    }
    let levels = Levels { low, high };
    let settle = match (measured, question.evidence) {
        (true, Some(rule)) => format!("settled: {} was measured", rule.measure.name()),
        (false, Some(rule)) => {
            format!("run {} for {}", evidence::tool_of(rule.measure), rule.measure.name())
        }
        (_, None) => {
            let anchor = question.anchors.get(&high).map(String::as_str).unwrap_or_default();
            format!("look together for what level {high} describes: {anchor}")
        }
    };
    Some(Disagreement {
        dimension: dimension.to_owned(),
        question: question.id.clone(),
        levels,
        said,
        far_apart: high - low >= FAR_APART,
        measured,
        settle,
    })
}

impl Disagreement {
    /// The disagreement in one sentence.
    pub fn sentence(&self) -> String {
        let said: Vec<String> = self.said.iter().map(|(name, level)| format!("{name} {level}")).collect();
        format!("`{}`: {} apart ({}).", self.question, contradiction::words(self.levels), said.join(", "))
    }
}
