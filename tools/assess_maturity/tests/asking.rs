//! An interview with a person who can be asked.

use super::*;
use crate::ask::{Ask, Asker, Kind, Question, Reply};
use futures::{FutureExt as _, future::BoxFuture};
use std::sync::{Arc, Mutex};

/// Somebody who says the same to each question, for so many forms.
struct Person {
    says: &'static str,
    patience: usize,
    forms: Mutex<Vec<Question>>,
}

impl Ask for Person {
    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Reply, ToolError>> {
        let mut forms = self.forms.lock().unwrap();
        forms.push(question.clone());
        let content: serde_json::Map<String, Value> = question
            .fields
            .iter()
            .filter(|field| matches!(field.kind, Kind::Choice { .. }))
            .map(|field| (field.name.clone(), json!(self.says)))
            .chain([("note_1".to_owned(), json!(" the plan "))])
            .collect();
        let reply = if forms.len() > self.patience {
            Reply::Declined
        } else {
            Reply::Answered(question.read(&Value::Object(content)).unwrap())
        };
        async { Ok(reply) }.boxed()
    }
}

async fn with(says: &'static str, patience: usize, arguments: Value) -> (Value, Vec<Question>) {
    let person = Arc::new(Person { says, patience, forms: Mutex::default() });
    let context = Context { ask: Asker::new(person.clone()), ..context().await };
    let structured = call(&context, arguments).await.unwrap().structured;
    let forms = person.forms.lock().unwrap().clone();
    (structured, forms)
}

#[tokio::test]
async fn a_person_is_asked_until_enough_is_known() {
    for lens in Lens::names() {
        let (structured, forms) = with("3", usize::MAX, json!({"lens": lens, "ask": true})).await;
        assert_eq!(structured["status"], "assessed", "{lens}");
        let minimum = Lens::shipped(lens).unwrap().parameters.minimum_coverage;
        let needed = questions(lens).len() as f64 * minimum;
        let asked = forms.len() as f64 * 3.0;
        assert!(asked - 3.0 < needed && needed <= asked, "{lens}: {asked} for {needed}");
        let mut ids: Vec<&str> = forms.iter().map(|form| form.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), forms.len(), "no two forms go by one id");
        // What was said, handed back, gives the same result without asking.
        let answers = structured["interview"]["answers"].clone();
        assert_eq!(answers[0]["note"], "the plan");
        let (again, none) = with("3", 0, json!({"lens": lens, "answers": answers})).await;
        assert!(none.is_empty());
        assert_eq!((&again["profile"], &again["stage"]), (&structured["profile"], &structured["stage"]));
    }
}

#[tokio::test]
async fn who_has_had_enough_or_does_not_know_is_left_alone() {
    let (declined, forms) = with("4", 1, json!({"ask": true})).await;
    assert_eq!((&declined["interview"]["outcome"], forms.len()), (&json!("declined"), 2));
    assert_eq!(declined["interview"]["answers"].as_array().unwrap().len(), 3);
    assert_eq!(declined["coverage"]["attested"], 3);
    let (unsure, forms) = with("do_not_know", 9, json!({"ask": true})).await;
    assert_eq!((&unsure["interview"]["outcome"], forms.len()), (&json!("answered"), 1));
    assert_eq!(unsure["interview"]["answers"][0]["dont_know"], true);
    assert_eq!(unsure["coverage"]["attested"], 0);
    let asked: Vec<&Value> =
        unsure["interview"]["answers"].as_array().unwrap().iter().map(|one| &one["question"]).collect();
    let next = unsure["next_questions"].as_array().unwrap();
    assert!(next.iter().all(|question| !asked.contains(&&question["question"])));
}

#[tokio::test]
async fn somebody_is_asked_once_more_where_enough_is_known_already() {
    let answers: Vec<Value> = all_at("six_dimensions", 3).into_iter().skip(4).collect();
    let (structured, forms) = with("2", 9, json!({"ask": true, "answers": answers})).await;
    assert_eq!((forms.len(), &structured["coverage"]["attested"]), (1, &json!(27)));
    let everything = all_at("six_dimensions", 3);
    let (structured, forms) = with("2", 9, json!({"ask": true, "answers": everything})).await;
    assert_eq!((forms.len(), &structured["interview"]["outcome"]), (0, &json!("nothing_to_ask")));
}

#[tokio::test]
async fn where_nobody_can_be_asked_the_questions_come_back() {
    let Answer { structured, text } = told(json!({"ask": true})).await;
    assert_eq!(structured["interview"]["outcome"], "unavailable");
    assert!(text.contains("This client cannot ask the person"), "{text}");
    assert!(text.contains("## Questions to ask first"), "{text}");
}
