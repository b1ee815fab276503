//! Files of every version that there has been, and of one that there will be.

use super::records::{answer, model, record};
use crate::{Store, StoreError, header::MARK, migration::STEPS};
use serde_json::json;
use sqlx::{AssertSqlSafe, SqlitePool, sqlite::SqliteConnectOptions};
use std::{fs, path::Path};

async fn raw(path: &Path) -> SqlitePool {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    SqlitePool::connect_with(options).await.unwrap()
}

async fn run(path: &Path, sql: &str) {
    let pool = raw(path).await;
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&pool).await.unwrap();
    pool.close().await;
}

async fn schema(store: &Store) -> Vec<String> {
    sqlx::query_scalar("select sql from sqlite_schema where sql is not null order by name")
        .fetch_all(&store.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_file_of_every_older_version_keeps_what_is_in_it() {
    let rows = [
        "insert into review values ('r1', 1700000000000000, 'acme', '{\"stage\":2}', '# r1');",
        "insert into model values ('m1', 1700000000000000, 'leads', '{}');",
        "insert into tool_list values (1, 'crm', 1700000000000000, 1700000001000000, 'd', '[]');",
    ];
    let newest = schema(&Store::in_memory().await.unwrap()).await;
    let folder = tempfile::tempdir().unwrap();
    for version in 0..STEPS.len() {
        let path = folder.path().join(format!("{version}.db"));
        // Each row is written by the version that brought its table.
        let begun = (0..version).map(|step| STEPS[step].to_owned() + rows.get(step).unwrap_or(&""));
        run(&path, &begun.collect::<String>()).await;
        let store = Store::open(&path).await.unwrap();
        assert_eq!(schema(&store).await, newest, "from version {version}");
        assert_eq!(store.moved_aside(), None);
        let overview = store.overview().await.unwrap();
        assert_eq!(overview.version, i64::try_from(STEPS.len()).unwrap());
        let kept: u64 = overview.extents.iter().map(|extent| extent.count).sum();
        assert_eq!(kept, version.min(rows.len()) as u64, "from version {version}");
        if version > 0 {
            assert_eq!(store.review("r1").await.unwrap().unwrap().json["stage"], 2);
        }
        store.save_model(&model("new", "2026-01-01T00:00:00Z")).await.unwrap();
        store.put_answers(&[answer("content.inventory", "Ann", 2)]).await.unwrap();
        store.close().await;
        assert_eq!(
            Store::open(&path).await.unwrap().answers("acme", "six_dimensions").await.unwrap().len(),
            1
        );
    }
}

#[tokio::test]
async fn what_was_kept_before_there_were_tenants_is_the_operators() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let rows = "
        insert into review values ('r1', 1700000000000000, 'acme', '{\"stage\":2}', '# r1');
        insert into model values ('m1', 1700000000000000, 'leads', '{}');
        insert into tool_list values (7, 'crm', 1700000000000000, 1700000001000000, 'd', '[]');
        insert into answer values ('acme', 'rm6', 'q', 'Ann', '3', 'the wiki', 1700000000000000);
        insert into evidence values ('acme', 'auc', 'r1', 1700000000000000, '0.7');
    ";
    run(&path, &(STEPS[..4].concat() + rows)).await;
    let store = Store::open(&path).await.unwrap();
    let answers = store.answers("acme", "rm6").await.unwrap();
    assert_eq!((answers[0].note.as_deref(), &answers[0].answer), (Some("the wiki"), &json!(3)));
    assert_eq!(store.evidence("acme").await.unwrap()[0].value, json!(0.7));
    assert_eq!(store.model("m1").await.unwrap().unwrap().subject, "leads");
    assert_eq!(store.export().await.unwrap().lines().count(), 2 + 5);
    assert_eq!(store.tenants().await.unwrap(), Vec::<String>::new());
    assert_eq!(store.for_tenant("acme").unwrap().export().await.unwrap().lines().count(), 2);
    assert_eq!(store.overview().await.unwrap().trouble, None);
}

#[tokio::test]
async fn a_step_that_fails_leaves_the_version_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    // A table in the way of the last step.
    run(&path, &(STEPS[..3].concat() + "create table evidence (other text);")).await;
    assert!(Store::open(&path).await.is_err());
    let pool = raw(&path).await;
    let version: i64 = sqlx::query_scalar("pragma user_version").fetch_one(&pool).await.unwrap();
    let halves: i64 = sqlx::query_scalar("select count(*) from sqlite_schema where name = 'answer'")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!((version, halves), (3, 0));
}

/// Opening fails, and not a byte is changed, made or taken away.
async fn check_untouched(path: &Path) -> StoreError {
    let folder = path.parent().unwrap();
    let look = || {
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = names.map(|path| (path.clone(), fs::read(path).unwrap())).collect();
        files.sort();
        files
    };
    let before = look();
    let error = Store::open(path).await.unwrap_err();
    assert!(look() == before, "{error}");
    error
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_named_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("revarch.db");
    let store = Store::open(&path).await.unwrap();
    store.save_review(&record("r1", "acme", "2026-11-22T09:30:00Z")).await.unwrap();
    store.close().await;
    run(&path, "pragma user_version = 99").await;
    let error = check_untouched(&path).await;
    assert!(matches!(error, StoreError::Newer { found: 99, known: 6, .. }), "{error}");
    let said = error.to_string();
    assert!(said.contains("revarch.db has version 99") && said.contains("up to 6"), "{said}");
    assert!(error.hint().contains("newer revarch"));
}

#[tokio::test]
async fn a_newer_version_that_still_stands_in_the_log_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("revarch.db");
    Store::open(&path).await.unwrap().close().await;
    let other = raw(&path).await;
    // While another process holds the file, the new version is in the log alone.
    sqlx::raw_sql("pragma user_version = 99").execute(&other).await.unwrap();
    let error = Store::open(&path).await.unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 99, .. }), "{error}");
}

#[tokio::test]
async fn what_belongs_to_others_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("contacts.csv"), "id,email\n1,a@example.com\n".repeat(20)).unwrap();
    fs::write(path("short.txt"), "a note").unwrap();
    run(&path("crm.db"), "create table contact (id integer)").await;
    run(&path("versioned.db"), "create table contact (id integer); pragma user_version = 2").await;
    run(&path("marked.db"), "pragma application_id = 77").await;
    for name in ["contacts.csv", "short.txt", "crm.db", "versioned.db", "marked.db"] {
        let error = check_untouched(&path(name)).await;
        assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[tokio::test]
async fn an_empty_file_becomes_a_store_that_bears_our_mark() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("revarch.db");
    fs::write(&path, "").unwrap();
    Store::open(&path).await.unwrap().close().await;
    let bytes = fs::read(&path).unwrap();
    assert_eq!(bytes[68..72], MARK.to_be_bytes());
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(names.len(), 1, "a closed store is one file: {names:?}");
}
