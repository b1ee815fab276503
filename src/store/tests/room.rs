//! No room, no folder, no right to write.

use super::records::record;
use crate::{Store, StoreError};
use std::path::Path;

#[tokio::test]
async fn a_full_store_says_so_and_keeps_what_it_had() {
    let store = Store::in_memory().await.unwrap();
    let kept = record("r1", "acme", "2026-11-22T09:30:00Z");
    store.save_review(&kept).await.unwrap();
    let pages: i64 = sqlx::query_scalar("pragma page_count").fetch_one(&store.pool).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("pragma max_page_count = {}", pages + 1)))
        .execute(&store.pool)
        .await
        .unwrap();
    let mut large = record("r2", "acme", "2026-11-22T09:30:00Z");
    large.markdown = "x".repeat(100_000);
    let error = store.save_review(&large).await.unwrap_err();
    assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
    assert_eq!(error.to_string(), "cannot write to the store in memory: the disk is full");
    assert!(error.hint().contains("free some room"), "{}", error.hint());
    assert_eq!(store.reviews(9).await.unwrap(), [kept]);
}

#[tokio::test]
async fn a_place_that_cannot_be_a_store_is_named_with_the_reason() {
    let missing = Store::open(Path::new("/nonexistent/folder/revarch.db")).await.unwrap_err();
    assert!(missing.to_string().contains("/nonexistent/folder/revarch.db"), "{missing}");
    assert!(missing.hint().contains("make its folder"), "{}", missing.hint());
    let folder = tempfile::tempdir().unwrap();
    let error = Store::open(folder.path()).await.unwrap_err();
    assert!(matches!(error, StoreError::Open { .. }), "{error:?}");
    assert!(error.hint().contains("a file in that folder"), "{}", error.hint());
}

#[tokio::test]
async fn every_connection_syncs_each_commit_to_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("revarch.db")).await.unwrap();
    let mut connections = Vec::new();
    for _ in 0..4 {
        let mut connection = store.pool.acquire().await.unwrap();
        let mode: String =
            sqlx::query_scalar("pragma journal_mode").fetch_one(&mut *connection).await.unwrap();
        let synced: i64 = sqlx::query_scalar("pragma synchronous").fetch_one(&mut *connection).await.unwrap();
        assert_eq!((mode.as_str(), synced), ("wal", 2));
        connections.push(connection);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_store_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("revarch.db");
    Store::open(&path).await.unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn what_is_deleted_is_gone_from_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("revarch.db");
    let store = Store::open(&path).await.unwrap();
    let mut secret = record("r1", "acme", "2026-11-22T09:30:00Z");
    secret.markdown = "a very particular sentence".to_owned();
    store.save_review(&secret).await.unwrap();
    let holds = || {
        let files =
            std::fs::read_dir(folder.path()).unwrap().map(|entry| std::fs::read(entry.unwrap().path()));
        let needle = secret.markdown.as_bytes();
        files.flatten().any(|bytes| bytes.windows(needle.len()).any(|window| window == needle))
    };
    assert!(holds());
    assert_eq!(store.delete(crate::Kind::Review, "r1").await.unwrap(), 1);
    assert!(!holds());
}

#[tokio::test]
async fn a_held_store_is_waited_for_and_named_when_nobody_lets_go() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("revarch.db");
    let (holder, store) = (Store::open(&path).await.unwrap(), Store::open(&path).await.unwrap());
    let held = holder.pool.begin_with("begin immediate").await.unwrap();
    let record = record("r1", "acme", "2026-11-22T09:30:00Z");
    let error = store.save_review(&record).await.unwrap_err();
    assert!(matches!(error, StoreError::Busy { .. }), "{error:?}");
    assert!(error.to_string().contains("another process holds it"), "{error}");
    assert!(error.hint().contains("call again"), "{}", error.hint());
    let waiting = tokio::spawn({
        let (store, record) = (store.clone(), record.clone());
        async move { store.save_review(&record).await }
    });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(!waiting.is_finished());
    held.rollback().await.unwrap();
    waiting.await.unwrap().unwrap();
    assert_eq!(store.reviews(9).await.unwrap(), [record]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_store_whose_file_is_gone_acknowledges_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (path, away) = (folder.path().join("revarch.db"), folder.path().join("away.db"));
    let store = Store::open(&path).await.unwrap();
    let record = record("r1", "acme", "2026-11-22T09:30:00Z");
    std::fs::rename(&path, &away).unwrap();
    let gone = |error: &StoreError| matches!(error, StoreError::Gone { .. });
    assert!(gone(&store.save_review(&record).await.unwrap_err()));
    std::fs::rename(&away, &path).unwrap();
    store.save_review(&record).await.unwrap();
    std::fs::rename(&path, &away).unwrap();
    std::fs::write(&path, "").unwrap();
    assert!(gone(&store.delete(crate::Kind::Review, "r1").await.unwrap_err()), "another file has its name");
    std::fs::rename(&away, &path).unwrap();
    assert!(gone(&store.save_review(&record).await.unwrap_err()), "who wrote to the other file may go on to");
}
