//! Tasks that begin, go on, end, expire and belong to somebody.

use crate::{Store, TaskOutcome, TaskRecord};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

fn at(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_800_000_000 + second)
}

/// A task that began at second 0, was alive until second 10 and expires at second 100.
fn task(id: &str, caller: &str) -> TaskRecord {
    TaskRecord {
        id: id.to_owned(),
        caller: caller.to_owned(),
        tool: "review_architecture".to_owned(),
        begun_at: at(0),
        changed_at: at(0),
        expires_at: at(100),
        alive_until: at(10),
        message: None,
        outcome: None,
    }
}

#[tokio::test]
async fn a_task_is_found_by_its_caller_only_and_until_it_expires() {
    let store = Store::in_memory().await.unwrap();
    assert!(store.begin_task(&task("t", "ann"), 9).await.unwrap());
    assert_eq!(store.task("ann", "t", at(99)).await.unwrap(), Some(task("t", "ann")));
    assert_eq!(store.task("bob", "t", at(1)).await.unwrap(), None);
    assert_eq!(store.task("ann", "t", at(100)).await.unwrap(), None);
    store.forget_task("t").await.unwrap();
    assert_eq!(store.task("ann", "t", at(1)).await.unwrap(), None);
}

#[tokio::test]
async fn a_caller_has_so_many_tasks_and_no_more_until_one_expires() {
    let store = Store::in_memory().await.unwrap();
    assert!(store.begin_task(&task("1", "ann"), 2).await.unwrap());
    assert!(store.begin_task(&task("2", "ann"), 2).await.unwrap());
    assert!(!store.begin_task(&task("3", "ann"), 2).await.unwrap());
    assert_eq!(store.task("ann", "3", at(1)).await.unwrap(), None);
    assert!(store.begin_task(&task("3", "bob"), 2).await.unwrap(), "others have their own");
    let later = TaskRecord { begun_at: at(100), expires_at: at(200), ..task("4", "ann") };
    assert!(store.begin_task(&later, 2).await.unwrap(), "the first two have expired");
}

#[tokio::test]
async fn a_task_goes_on_until_it_ends_and_ends_once() {
    let store = Store::in_memory().await.unwrap();
    store.begin_task(&task("t", "ann"), 9).await.unwrap();
    assert!(store.keep_task_alive("t", at(5), at(15), Some("half")).await.unwrap());
    assert!(store.keep_task_alive("t", at(8), at(18), Some("half")).await.unwrap());
    let told = store.task("ann", "t", at(9)).await.unwrap().unwrap();
    assert_eq!((told.changed_at, told.alive_until, told.message.as_deref()), (at(5), at(18), Some("half")));

    let done = TaskOutcome::Completed(json!({"content": []}));
    assert!(store.end_task("t", at(20), at(150), &done).await.unwrap());
    assert!(!store.end_task("t", at(21), at(151), &TaskOutcome::Cancelled).await.unwrap());
    assert!(!store.keep_task_alive("t", at(22), at(32), None).await.unwrap());
    let told = store.task("ann", "t", at(120)).await.unwrap().unwrap();
    assert_eq!((told.outcome, told.changed_at, told.message), (Some(done), at(20), None));
}

#[tokio::test]
async fn what_came_of_a_task_outlives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept.db");
    for (id, outcome) in [
        ("failed", TaskOutcome::Failed(json!({"code": -32603, "message": "no"}))),
        ("cancelled", TaskOutcome::Cancelled),
        ("done", TaskOutcome::Completed(json!({"isError": true}))),
    ] {
        let store = Store::open(&path).await.unwrap();
        store.begin_task(&task(id, "ann"), 9).await.unwrap();
        store.end_task(id, at(3), at(100), &outcome).await.unwrap();
        store.close().await;
        let store = Store::open(&path).await.unwrap();
        assert_eq!(store.task("ann", id, at(9)).await.unwrap().unwrap().outcome, Some(outcome));
        store.close().await;
    }
}
