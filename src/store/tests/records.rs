//! What is kept is read again as it was.

use crate::{AnswerRecord, EvidenceRecord, Kind, ModelRecord, ReviewRecord, Seen, Store};
use serde_json::json;

pub(super) fn record(id: &str, subject: &str, made_at: &str) -> ReviewRecord {
    ReviewRecord {
        id: id.to_owned(),
        made_at: made_at.parse().unwrap(),
        subject: subject.to_owned(),
        json: json!({"id": id, "stage": 2}),
        markdown: format!("# {id}"),
    }
}

#[tokio::test]
async fn a_review_is_read_as_it_was_kept() {
    let store = Store::in_memory().await.unwrap();
    let kept = record("r1", "acme", "2026-11-22T09:30:00.25Z");
    store.save_review(&kept).await.unwrap();
    assert_eq!(store.review("r1").await.unwrap(), Some(kept));
    assert_eq!(store.review("r2").await.unwrap(), None);
}

#[tokio::test]
async fn a_review_kept_twice_is_kept_once() {
    let store = Store::in_memory().await.unwrap();
    store.save_review(&record("r1", "acme", "2026-11-22T09:00:00Z")).await.unwrap();
    let newer = record("r1", "acme", "2026-11-22T10:00:00Z");
    store.save_review(&newer).await.unwrap();
    assert_eq!(store.reviews(10).await.unwrap(), [newer]);
}

#[tokio::test]
async fn reviews_come_newest_first_and_are_compared_within_their_subject() {
    let store = Store::in_memory().await.unwrap();
    // Fractions of a second sort wrongly as text; they must not here.
    for (id, subject, made_at) in [
        ("b", "acme", "2026-01-01T00:00:00.5Z"),
        ("a", "acme", "2026-01-01T00:00:00Z"),
        ("c", "acme", "2026-01-02T00:00:00Z"),
        ("d", "other", "2026-01-01T12:00:00Z"),
    ] {
        store.save_review(&record(id, subject, made_at)).await.unwrap();
    }
    let ids = |records: Vec<ReviewRecord>| records.into_iter().map(|kept| kept.id).collect::<String>();
    assert_eq!(ids(store.reviews(3).await.unwrap()), "cdb");
    let before = async |moment: &str| {
        let found = store.latest_before("acme", moment.parse().unwrap()).await.unwrap();
        found.map(|kept| kept.id)
    };
    assert_eq!(before("2026-01-02T00:00:00Z").await.as_deref(), Some("b"));
    assert_eq!(before("2026-01-01T00:00:00.5Z").await.as_deref(), Some("a"));
    assert_eq!(before("2026-01-01T00:00:00Z").await, None);
}

#[tokio::test]
async fn a_file_outlives_its_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("revarch.db");
    let kept = record("r1", "acme", "2026-11-22T09:30:00Z");
    Store::open(&path).await.unwrap().save_review(&kept).await.unwrap();
    assert_eq!(Store::open(&path).await.unwrap().review("r1").await.unwrap(), Some(kept));
}

pub(super) fn model(id: &str, made_at: &str) -> ModelRecord {
    let (subject, document) = ("leads".to_owned(), format!("{{\"id\":\"{id}\"}}"));
    ModelRecord { id: id.to_owned(), made_at: made_at.parse().unwrap(), subject, document }
}

#[tokio::test]
async fn a_model_is_kept_read_and_forgotten() {
    let store = Store::in_memory().await.unwrap();
    let (older, newer) = (model("a", "2026-01-01T00:00:00Z"), model("b", "2026-01-02T00:00:00Z"));
    store.save_model(&newer).await.unwrap();
    store.save_model(&older).await.unwrap();
    store.save_model(&older).await.unwrap();
    assert_eq!(store.models(9).await.unwrap(), [newer, older.clone()]);
    assert_eq!(store.model("a").await.unwrap(), Some(older));
    assert!(store.delete_model("a").await.unwrap());
    assert!(!store.delete_model("a").await.unwrap());
    assert_eq!(store.model("a").await.unwrap(), None);
}

#[tokio::test]
async fn a_list_of_tools_is_compared_with_the_one_before() {
    let store = Store::in_memory().await.unwrap();
    let see = async |server: &str, at: &str, digest: &str| {
        store.see_tool_list(server, at.parse().unwrap(), digest, &json!([digest])).await.unwrap()
    };
    assert_eq!(see("crm", "2026-11-01T00:00:00Z", "a").await, Seen::Never);
    let Seen::Same { same, before: None } = see("crm", "2026-11-02T00:00:00Z", "a").await else { panic!() };
    assert_eq!(same.first_seen, same.last_seen);
    let Seen::Other(other) = see("crm", "2026-11-03T00:00:00Z", "b").await else { panic!() };
    assert_eq!((other.prints, other.digest.as_str()), (json!(["a"]), "a"));
    assert_eq!(other.last_seen.to_string(), "2026-11-02T00:00:00Z", "the second look moved it");
    let Seen::Same { same, before: Some(before) } = see("crm", "2026-11-04T00:00:00Z", "b").await else {
        panic!()
    };
    assert_eq!((same.first_seen.to_string().as_str(), before.digest.as_str()), ("2026-11-03T00:00:00Z", "a"));
    assert_eq!(see("mail", "2026-11-04T00:00:00Z", "b").await, Seen::Never, "servers are told apart");
    for at in 0..50 {
        see("crm", "2026-11-05T00:00:00Z", &at.to_string()).await;
    }
    let kept: i64 = sqlx::query_scalar("select count(*) from tool_list where server = 'crm'")
        .fetch_one(&store.pool)
        .await
        .unwrap();
    assert_eq!(kept, 20);
}

pub(super) fn answer(question: &str, respondent: &str, level: u8) -> AnswerRecord {
    AnswerRecord {
        subject: "acme".to_owned(),
        lens: "six_dimensions".to_owned(),
        question: question.to_owned(),
        respondent: respondent.to_owned(),
        answer: json!({ "level": level }),
        note: (level > 3).then(|| "the wiki".to_owned()),
        answered_at: "2026-11-22T09:30:00Z".parse().unwrap(),
    }
}

pub(super) fn evidence(name: &str, source: &str, at: &str, value: f64) -> EvidenceRecord {
    let (subject, name, source) = ("acme".to_owned(), name.to_owned(), source.to_owned());
    EvidenceRecord {
        subject,
        name,
        source,
        measured_at: at.parse().unwrap(),
        value: json!({ "value": value }),
    }
}

#[tokio::test]
async fn an_interview_is_gone_on_with() {
    let store = Store::in_memory().await.unwrap();
    let (ann, bob) = (answer("content.inventory", "Ann", 2), answer("content.inventory", "Bob", 4));
    store.put_answers(&[bob.clone(), ann]).await.unwrap();
    let again = answer("content.inventory", "Ann", 5);
    store.put_answers(std::slice::from_ref(&again)).await.unwrap();
    assert_eq!(store.answers("acme", "six_dimensions").await.unwrap(), [again.clone(), bob]);
    assert_eq!(store.answers("acme", "rm6").await.unwrap(), []);
    assert_eq!(store.answers("other", "six_dimensions").await.unwrap(), []);
    let found = store.answer("acme", "six_dimensions", "content.inventory", "Ann").await.unwrap();
    assert_eq!(found, Some(again));
    assert_eq!(store.delete_answers("acme").await.unwrap(), 2);
    assert_eq!(store.answers("acme", "six_dimensions").await.unwrap(), []);
}

#[tokio::test]
async fn of_evidence_the_newest_counts_and_the_rest_is_history() {
    let store = Store::in_memory().await.unwrap();
    let (day, next) = ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
    let newest = evidence("lead_score_auc", "r2", next, 0.7);
    let (older, other) =
        (evidence("lead_score_auc", "r1", day, 0.6), evidence("event_age_days", "r1", day, 3.0));
    store.put_evidence(&[newest.clone(), older.clone(), other.clone()]).await.unwrap();
    assert_eq!(store.evidence("acme").await.unwrap(), [other, newest.clone()]);
    assert_eq!(store.evidence_of("acme", "lead_score_auc").await.unwrap(), [newest, older]);
    assert_eq!(store.delete_evidence("acme").await.unwrap(), 3);
    assert_eq!(store.evidence("acme").await.unwrap(), []);
}

#[tokio::test]
async fn what_there_is_is_counted_and_forgotten_by_age() {
    let store = Store::in_memory().await.unwrap();
    for (id, day) in [("a", "2026-01-01T00:00:00Z"), ("b", "2026-03-01T00:00:00Z")] {
        store.save_review(&record(id, "acme", day)).await.unwrap();
    }
    store.save_model(&model("m", "2026-01-01T00:00:00Z")).await.unwrap();
    let count = async |kind: Kind| {
        let overview = store.overview().await.unwrap();
        let extent = overview.extents.into_iter().find(|extent| extent.kind == kind).unwrap();
        (extent.count, extent.oldest.map(|oldest| oldest.to_string()))
    };
    assert_eq!(count(Kind::Review).await, (2, Some("2026-01-01T00:00:00Z".to_owned())));
    assert_eq!(count(Kind::Answer).await, (0, None));
    let moment = "2026-03-01T00:00:00Z".parse().unwrap();
    assert_eq!(store.delete_older(Kind::Review, moment).await.unwrap(), 1);
    assert_eq!(count(Kind::Review).await, (1, Some("2026-03-01T00:00:00Z".to_owned())));
    assert_eq!(count(Kind::Model).await.0, 1, "only the kind that was named");
    assert_eq!(store.delete(Kind::Review, "none").await.unwrap(), 0);
    assert_eq!(store.delete(Kind::Review, "b").await.unwrap(), 1);
    assert_eq!(count(Kind::Review).await.0, 0);
}
