use crate::{ModelRecord, ReviewRecord, Seen, Store, StoreError};
use serde_json::json;
use std::path::Path;

fn record(id: &str, subject: &str, made_at: &str) -> ReviewRecord {
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

#[tokio::test]
async fn a_file_of_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("revarch.db");
    let store = Store::open(&path).await.unwrap();
    sqlx::query("pragma user_version = 99").execute(&store.pool).await.unwrap();
    let error = Store::open(&path).await.unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 99, known: 3 }), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_store_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "not a database, though long enough to be read as the header of one".repeat(20))
        .unwrap();
    let error = Store::open(&path).await.unwrap_err();
    assert!(matches!(error, StoreError::Open { .. } | StoreError::Sqlite(_)), "{error}");
    let missing = Store::open(Path::new("/nonexistent/folder/revarch.db")).await.unwrap_err();
    assert!(missing.to_string().contains("/nonexistent/folder/revarch.db"), "{missing}");
}

fn model(id: &str, made_at: &str) -> ModelRecord {
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
async fn a_file_of_the_first_version_keeps_its_reviews() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("revarch.db");
    let kept = record("r1", "acme", "2026-11-22T09:30:00Z");
    let store = Store::open(&path).await.unwrap();
    store.save_review(&kept).await.unwrap();
    sqlx::raw_sql("drop table model; drop table tool_list; pragma user_version = 1")
        .execute(&store.pool)
        .await
        .unwrap();
    drop(store);
    let store = Store::open(&path).await.unwrap();
    store.save_model(&model("a", "2026-01-01T00:00:00Z")).await.unwrap();
    assert_eq!(store.review("r1").await.unwrap(), Some(kept));
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
