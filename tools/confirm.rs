//! Having the person confirm what was guessed and is not sure.

use crate::{
    Context, ToolError,
    ask::{Answers, Asker, Choice, Field, Kind, Question, Reply},
};
use revarch_data::Tables;
use revarch_domain::{
    fingerprint::sha256_hex,
    recognition::{Mapped, Mapping, OpenQuestion, open_questions},
};
use std::{collections::BTreeMap, sync::Arc};

/// Guesses that one call asks about; more would be a form nobody fills in.
const MOST_ASKED: usize = 5;

/// The longest name of a table or column that is shown in full, in characters.
const LONGEST_NAME: usize = 60;

/// The choices beside the guess itself.
const NONE: &str = "none";
const DO_NOT_KNOW: &str = "do_not_know";

/// What came of asking.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Confirmed {
    /// The guess about a table or column, and whether it is right.
    settled: BTreeMap<(String, Option<String>), (String, bool)>,
    /// What is still open. None of it may be used.
    pub(crate) open: Vec<OpenQuestion>,
    /// How the asking went.
    pub(crate) outcome: Outcome,
}

/// How the asking went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing was open.
    NothingToAsk,
    /// The person answered, perhaps with "I do not know".
    Answered,
    /// The person was asked and gave no answer.
    Declined,
    /// Nobody could be asked.
    Unavailable,
}

impl Confirmed {
    /// What was said, as the operator would say it in the configuration.
    fn mappings(&self) -> Vec<(String, Mapping)> {
        let mut mappings: BTreeMap<String, Mapping> = BTreeMap::new();
        for ((table, column), (guess, is_right)) in &self.settled {
            let mapping = mappings.entry(table.clone()).or_default();
            match column {
                None if *is_right => mapping.entity = guess.parse().unwrap_or_default(),
                None => mapping.entity = Mapped::Nothing,
                Some(column) if *is_right => {
                    if let Ok(role) = guess.parse() {
                        mapping.columns.insert(column.clone(), Some(role));
                    }
                }
                Some(column) => drop(mapping.columns.insert(column.clone(), None)),
            }
        }
        mappings.into_iter().collect()
    }
}

/// Tables as they are understood, and what of them nobody is sure of.
pub(crate) struct Settled {
    pub(crate) tables: Arc<Tables>,
    /// Guesses that nobody confirmed, the most useful first. None of them is used.
    pub(crate) open: Vec<OpenQuestion>,
    /// How the asking went.
    pub(crate) outcome: Outcome,
}

/// What is open about the tables that `concerns` names; asked of the person where `ask` says so and there is one.
pub(crate) async fn settle(
    context: &Context,
    tables: Arc<Tables>,
    concerns: impl Fn(&str) -> bool,
    ask: bool,
) -> Result<Settled, ToolError> {
    let recognised = tables.recognised(&context.run).await?;
    let open: Vec<OpenQuestion> = recognised
        .iter()
        .flat_map(|folder| open_questions(&folder.whole))
        .filter(|question| concerns(&question.table))
        .collect();
    if !ask || open.is_empty() {
        return Ok(Settled { tables, open, outcome: Outcome::NothingToAsk });
    }
    let confirmed = confirm(context, &open).await?;
    let said = confirmed.mappings();
    let tables = if said.is_empty() { tables } else { Arc::new(tables.confirmed(&said).await?) };
    Ok(Settled { tables, open: confirmed.open, outcome: confirmed.outcome })
}

/// Asks the person about the first of the open guesses.
async fn confirm(context: &Context, questions: &[OpenQuestion]) -> Result<Confirmed, ToolError> {
    ask(&context.ask, questions).await
}

async fn ask(asker: &Asker, questions: &[OpenQuestion]) -> Result<Confirmed, ToolError> {
    let open = questions.to_vec();
    let count = open.len().min(MOST_ASKED);
    if count == 0 {
        return Ok(Confirmed { settled: BTreeMap::new(), open, outcome: Outcome::NothingToAsk });
    }
    let (answers, outcome) = match asker.ask(&question(&open[..count])).await? {
        Reply::Answered(answers) => (answers, Outcome::Answered),
        Reply::Declined => (Answers::default(), Outcome::Declined),
        Reply::Unavailable => (Answers::default(), Outcome::Unavailable),
    };
    let mut confirmed = Confirmed { settled: BTreeMap::new(), open: Vec::new(), outcome };
    for (at, question) in open.into_iter().enumerate() {
        let confirms = match answers.text(&field_name(at)) {
            Some(NONE) => Some(false),
            Some(answer) if answer == question.guess => Some(true),
            _ => None,
        };
        match confirms {
            Some(is_right) => {
                let OpenQuestion { table, column, guess, .. } = question;
                confirmed.settled.insert((table, column), (guess, is_right));
            }
            None => confirmed.open.push(question),
        }
    }
    Ok(confirmed)
}

fn question(open: &[OpenQuestion]) -> Question {
    // Answers name the fields by number, so the id says which guesses are numbered: were the data to change
    // between the question and its answer, the answer would otherwise be taken for one about something else.
    let guesses: Vec<_> = open.iter().map(|open| (&open.table, &open.column, &open.guess)).collect();
    let mark = sha256_hex(format!("{guesses:?}").as_bytes());
    Question {
        id: format!("confirm_guesses_{}", &mark[..16]),
        message:
            "revarch guessed what these tables and columns are for and is not sure. What you confirm is \
            used for this call only."
                .to_owned(),
        fields: open.iter().enumerate().map(|(at, open)| field(at, open)).collect(),
    }
}

fn field_name(at: usize) -> String {
    format!("guess_{}", at + 1)
}

fn field(at: usize, open: &OpenQuestion) -> Field {
    let OpenQuestion { table, column, guess, confidence, reason } = open;
    let title = match column {
        Some(column) => format!("What is column {} of {} for?", short(column), short(table)),
        None => format!("What does table {} hold?", short(table)),
    };
    let choice = |value: &str, title: &str| Choice { value: value.to_owned(), title: title.to_owned() };
    Field {
        name: field_name(at),
        title,
        description: Some(format!("Taken for {guess} ({:.0}% sure): {reason}.", confidence * 100.0)),
        kind: Kind::Choice {
            choices: vec![
                choice(guess, &guess.replace('_', " ")),
                choice(NONE, "Something else"),
                choice(DO_NOT_KNOW, "I do not know"),
            ],
            // Whoever clicks the question away confirms nothing.
            default: Some(DO_NOT_KNOW.to_owned()),
        },
    }
}

/// A name from the user's files, short enough to stand in a question.
fn short(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}...", &name[..end]),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Confirmed, MOST_ASKED, OpenQuestion, Outcome, ask};
    use crate::{
        ToolError,
        ask::{Ask, Asker, Question, Reply},
    };
    use futures::{FutureExt as _, future::BoxFuture};
    use revarch_domain::recognition::{Mapped, Mapping, Role};
    use serde_json::{Value, json};
    use std::collections::BTreeMap;
    use std::sync::{Arc, Mutex};

    /// Somebody who says the same to everything and keeps the questions.
    struct Person {
        says: Option<Value>,
        asked: Mutex<Vec<Question>>,
    }

    impl Ask for Person {
        fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Reply, ToolError>> {
            self.asked.lock().unwrap().push(question.clone());
            let reply = match &self.says {
                Some(content) => Reply::Answered(question.read(content).unwrap()),
                None => Reply::Declined,
            };
            async { Ok(reply) }.boxed()
        }
    }

    fn open(column: &str, confidence: f64) -> OpenQuestion {
        OpenQuestion {
            table: "people".to_owned(),
            column: Some(column.to_owned()),
            guess: "email".to_owned(),
            confidence,
            reason: "its name".to_owned(),
        }
    }

    fn with(says: Option<Value>, questions: &[OpenQuestion]) -> (Confirmed, Vec<Question>) {
        let person = Arc::new(Person { says, asked: Mutex::default() });
        let confirmed = ask(&Asker::new(person.clone()), questions).now_or_never().unwrap().unwrap();
        let asked = person.asked.lock().unwrap().clone();
        (confirmed, asked)
    }

    #[test]
    fn an_answer_settles_its_guess_and_no_other() {
        let questions = [open("a", 0.2), open("b", 0.5), open("c", 0.4), open("d", 0.1)];
        let says = json!({"guess_1": "email", "guess_2": "none", "guess_3": "do_not_know"});
        let (confirmed, asked) = with(Some(says), &questions);
        let said = confirmed.mappings();
        let columns = BTreeMap::from([("a".to_owned(), Some(Role::Email)), ("b".to_owned(), None)]);
        assert_eq!(said, [("people".to_owned(), Mapping { entity: Mapped::Unsaid, columns })]);
        assert_eq!(confirmed.open, [open("c", 0.4), open("d", 0.1)]);
        assert_eq!((confirmed.outcome, asked.len()), (Outcome::Answered, 1));
    }

    #[test]
    fn only_the_first_are_asked_about_and_the_rest_stay_open() {
        let questions: Vec<_> = (0..8_u32).map(|at| open(&format!("c{at}"), f64::from(at) / 20.0)).collect();
        let all = json!({"guess_1": "email", "guess_2": "email", "guess_3": "email", "guess_4": "email", "guess_5": "email"});
        let (confirmed, asked) = with(Some(all), &questions);
        assert_eq!(asked[0].fields.len(), MOST_ASKED);
        assert!(asked[0].fields[0].title.contains("c0"), "{}", asked[0].fields[0].title);
        assert_eq!(confirmed.open, questions[5..]);
    }

    #[test]
    fn without_an_answer_everything_stays_open() {
        let questions = [open("a", 0.2), open("b", 0.5)];
        let (declined, _) = with(None, &questions);
        assert_eq!((declined.outcome, declined.open.len()), (Outcome::Declined, 2));
        let (left, _) = with(Some(json!({})), &questions);
        assert_eq!((left.outcome, left.open.len()), (Outcome::Answered, 2));
        let unavailable = ask(&Asker::default(), &questions).now_or_never().unwrap().unwrap();
        assert_eq!((unavailable.outcome, unavailable.open.len()), (Outcome::Unavailable, 2));
        let (nothing, asked) = with(None, &[]);
        assert_eq!((nothing.outcome, asked.len()), (Outcome::NothingToAsk, 0));
    }

    #[test]
    fn the_id_stays_with_the_guesses_and_goes_with_them() {
        let id = |questions: &[OpenQuestion]| with(None, questions).1[0].id.clone();
        let (a, b) = (open("a", 0.4), open("b", 0.4));
        assert_eq!(id(&[a.clone(), b.clone()]), id(&[a.clone(), b.clone()]));
        assert_ne!(id(&[a.clone(), b]), id(&[a.clone(), open("c", 0.4)]));
        let phone = OpenQuestion { guess: "phone".to_owned(), ..a.clone() };
        assert_ne!(id(&[a]), id(&[phone]));
    }
}
