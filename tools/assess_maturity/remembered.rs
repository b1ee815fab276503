//! What people answered before about the same subject: taken up by a later call, and kept for the next.

use super::REGISTER;
use crate::{Context, ErrorKind, ToolError, wire::one_line};
use revarch_domain::maturity::{Answer, Lens, Respondent};
use revarch_store::AnswerRecord;
use serde_json::Value;

/// The longest name of a subject, in characters.
const LONGEST_SUBJECT: usize = 200;

/// The name of whom the answers are about, where they are to be kept.
pub(super) fn subject(given: Option<String>) -> Result<Option<String>, ToolError> {
    let Some(subject) = given.map(|subject| subject.trim().to_owned()) else { return Ok(None) };
    if subject.is_empty() || subject.chars().count() > LONGEST_SUBJECT {
        let told = one_line(&subject, 40);
        return Err(ToolError::input(format!("`subject` is `{told}`, which names nobody"))
            .hint(format!("give a name of at most {LONGEST_SUBJECT} characters, such as the company's")));
    }
    Ok(Some(subject))
}

/// Adds what was answered before and has not been answered anew; how many answers that is.
pub(super) async fn recall(
    subject: &str,
    lens: &Lens,
    people: &mut Vec<Respondent>,
    context: &Context,
) -> Result<usize, ToolError> {
    let mut recalled = 0;
    for record in context.store.answers(subject, &lens.id).await? {
        let AnswerRecord { question, respondent, answer, note, .. } = record;
        // A lens that has changed may ask other questions.
        if !lens.question_ids().any(|(_, known)| known == question) {
            continue;
        }
        let place = people.iter().position(|one| one.name == respondent).unwrap_or_else(|| {
            people.push(Respondent { name: respondent, answers: Vec::new() });
            people.len() - 1
        });
        let answers = &mut people[place].answers;
        if answers.iter().all(|known| known.question != question) {
            let level = serde_json::from_value(answer).map_err(|error| {
                ToolError::new(
                    ErrorKind::Internal,
                    format!("cannot read a kept answer to `{question}`: {error}"),
                )
            })?;
            answers.push(Answer { question, level, note });
            recalled += 1;
        }
    }
    Ok(recalled)
}

/// Keeps what people said; a register is counted anew each time.
pub(super) async fn keep(
    subject: &str,
    lens: &Lens,
    people: &[Respondent],
    context: &Context,
) -> Result<(), ToolError> {
    let said = people.iter().filter(|one| one.name != REGISTER);
    let records = said.flat_map(|Respondent { name, answers }| {
        answers.iter().map(|Answer { question, level, note }| AnswerRecord {
            subject: subject.to_owned(),
            lens: lens.id.clone(),
            question: question.clone(),
            respondent: name.clone(),
            answer: level.map_or(Value::Null, Value::from),
            note: note.clone(),
            answered_at: context.now,
        })
    });
    Ok(context.store.put_answers(&records.collect::<Vec<_>>()).await?)
}
