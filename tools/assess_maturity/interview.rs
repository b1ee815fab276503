//! Asking the person at the other end the questions that tell most, a few at a time.

use super::{input::UNNAMED, refusal};
use crate::{
    Context, ToolError,
    ask::{Answers, Choice, Field, Kind, Question, Reply},
    confirm::Outcome,
};
use revarch_domain::{
    fingerprint::sha256_hex,
    maturity::{Answer, Lens, NextQuestion, Respondent, survey_after},
    measure::Measure,
};

/// Questions on one form; each has a level and a note.
const ASKED_AT_ONCE: usize = 3;

/// The choice beside the levels.
const DO_NOT_KNOW: &str = "do_not_know";

/// What came of asking.
#[derive(Debug)]
pub(super) struct Interview {
    pub(super) outcome: Outcome,
    /// What the person said, "don't know" included.
    pub(super) said: Vec<Answer>,
}

/// Asks what tells most, form after form, until enough is known or the person has had enough. What is said joins
/// the answers of `people` that came without a name.
pub(super) async fn interview(
    lens: &Lens,
    people: &mut Vec<Respondent>,
    measures: &[Measure],
    exhausted: &[&str],
    context: &Context,
) -> Result<Interview, ToolError> {
    let mut interview = Interview { outcome: Outcome::NothingToAsk, said: Vec::new() };
    loop {
        let known = survey_after(lens, people, measures, exhausted)
            .map_err(|error| refusal::of_survey(lens, &error, context))?;
        let enough = known.assessment.insufficient.is_none() && !interview.said.is_empty();
        let mut open = known.assessment.next_questions;
        open.retain(|question| !question.declined);
        open.truncate(ASKED_AT_ONCE);
        if enough || open.is_empty() {
            return Ok(interview);
        }
        let answers = match context.ask.ask(&form(lens, &open)).await? {
            Reply::Answered(answers) => answers,
            Reply::Declined => return Ok(Interview { outcome: Outcome::Declined, ..interview }),
            Reply::Unavailable => return Ok(Interview { outcome: Outcome::Unavailable, ..interview }),
        };
        interview.outcome = Outcome::Answered;
        let said: Vec<Answer> =
            open.into_iter().enumerate().map(|(at, question)| answer(at, question, &answers)).collect();
        let is_fruitless = said.iter().all(|answer| answer.level.is_none());
        unnamed(people).extend(said.iter().cloned());
        interview.said.extend(said);
        if is_fruitless {
            return Ok(interview);
        }
    }
}

fn unnamed(people: &mut Vec<Respondent>) -> &mut Vec<Answer> {
    let place = people.iter().position(|one| one.name == UNNAMED).unwrap_or_else(|| {
        people.push(Respondent { name: UNNAMED.to_owned(), answers: Vec::new() });
        people.len() - 1
    });
    &mut people[place].answers
}

/// A form. Its id says which questions are on it: fields are named by number, and what is asked first changes
/// with what is known.
fn form(lens: &Lens, open: &[NextQuestion]) -> Question {
    let asked: Vec<&str> = open.iter().map(|question| question.question.as_str()).collect();
    let mark = sha256_hex(format!("{} {} {asked:?}", lens.id, lens.version).as_bytes());
    Question {
        id: format!("interview_{}", &mark[..16]),
        message: format!(
            "{}. Choose for each question the level that describes what one sees today, not what is planned. What \
             you do not know may stay open.",
            lens.title
        ),
        fields: open.iter().enumerate().flat_map(|(at, question)| fields(at, question)).collect(),
    }
}

fn fields(at: usize, question: &NextQuestion) -> [Field; 2] {
    let levels = question.anchors.iter().map(|(level, seen)| (level.to_string(), format!("{level}: {seen}")));
    let open = (DO_NOT_KNOW.to_owned(), "I do not know".to_owned());
    let choices = levels.chain([open]).map(|(value, title)| Choice { value, title }).collect();
    [
        Field {
            name: level_field(at),
            title: question.text.clone(),
            description: Some(format!("The question `{}`.", question.question)),
            // Whoever clicks the question away says nothing.
            kind: Kind::Choice { choices, default: Some(DO_NOT_KNOW.to_owned()) },
        },
        Field {
            name: note_field(at),
            title: "What shows it?".to_owned(),
            description: Some("A document, a report or an example. May stay empty.".to_owned()),
            kind: Kind::Text { default: Some(String::new()) },
        },
    ]
}

fn level_field(at: usize) -> String {
    format!("level_{}", at + 1)
}

fn note_field(at: usize) -> String {
    format!("note_{}", at + 1)
}

fn answer(at: usize, question: NextQuestion, answers: &Answers) -> Answer {
    let level = answers.text(&level_field(at)).and_then(|level| level.parse().ok());
    let note = answers.text(&note_field(at)).map(str::trim).filter(|note| !note.is_empty());
    Answer { question: question.question, level, note: note.map(str::to_owned) }
}
