//! Damaged files are moved aside with every byte they have.

use super::records::record;
use crate::{Store, StoreError};
use std::{
    fs,
    path::{Path, PathBuf},
};

type Harm = fn(&mut Vec<u8>);

async fn filled(path: &Path) {
    let store = Store::open(path).await.unwrap();
    for at in 0..200 {
        let kept = record(&format!("r{at}"), "acme", "2026-11-22T09:30:00Z");
        store.save_review(&kept).await.unwrap();
    }
    store.close().await;
}

fn beside(path: &Path) -> Vec<PathBuf> {
    let names = fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
    let is_store = |name: &PathBuf| {
        let name = name.to_string_lossy();
        name.contains(".damaged-") && !name.ends_with("-wal") && !name.ends_with("-shm")
    };
    names.filter(is_store).collect()
}

#[tokio::test]
async fn every_kind_of_damage_is_moved_aside_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let damages: [(&str, Harm); 6] = [
        ("garbage", |bytes| *bytes = b"garbage".repeat(500)),
        ("short", |bytes| bytes.truncate(50)),
        ("cut", |bytes| bytes.truncate(5000)),
        ("no-beginning", |bytes| bytes[..100].fill(0)),
        ("holes", |bytes| {
            for page in bytes.chunks_mut(4096).skip(1) {
                page[..200].fill(0xff);
            }
        }),
        ("schema", |bytes| bytes[100..300].fill(0xaa)),
    ];
    for (name, damage) in damages {
        let place = folder.path().join(name);
        fs::create_dir(&place).unwrap();
        let path = place.join("revarch.db");
        filled(&path).await;
        let mut bytes = fs::read(&path).unwrap();
        damage(&mut bytes);
        fs::write(&path, &bytes).unwrap();
        let store = Store::open(&path).await.unwrap();
        let moved = store.moved_aside().unwrap_or_else(|| panic!("{name} went unnoticed")).clone();
        assert_eq!(fs::read(&moved.to).unwrap(), bytes, "{name}: not a byte is lost");
        assert!(moved.to_string().contains("revarch.db.damaged-"), "{moved}");
        assert_eq!(store.reviews(9).await.unwrap(), []);
        store.save_review(&record("new", "acme", "2026-11-22T09:30:00Z")).await.unwrap();
        store.close().await;
        let again = Store::open(&path).await.unwrap();
        assert_eq!(again.moved_aside(), None);
        assert_eq!(again.reviews(9).await.unwrap().len(), 1);
        assert_eq!(beside(&path), [moved.to]);
    }
}

#[tokio::test]
async fn a_damaged_log_goes_with_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("revarch.db");
    fs::write(&path, "garbage").unwrap();
    fs::write(folder.path().join("revarch.db-wal"), "log").unwrap();
    let store = Store::open(&path).await.unwrap();
    let to = store.moved_aside().unwrap().to.clone();
    assert_eq!(fs::read(format!("{}-wal", to.display())).unwrap(), b"log");
}

#[tokio::test]
async fn of_many_who_find_the_damage_one_moves_it_and_no_write_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("revarch.db");
    filled(&path).await;
    fs::write(&path, "garbage").unwrap();
    let openers = (0..8).map(|at| {
        let path = path.clone();
        tokio::spawn(async move {
            let store = Store::open(&path).await.unwrap();
            store.save_review(&record(&at.to_string(), "acme", "2026-11-22T09:30:00Z")).await.unwrap();
            store.moved_aside().is_some()
        })
    });
    let mut told = 0;
    for opener in openers.collect::<Vec<_>>() {
        told += usize::from(opener.await.unwrap());
    }
    assert_eq!((told, beside(&path).len()), (1, 1));
    assert_eq!(Store::open(&path).await.unwrap().reviews(99).await.unwrap().len(), 8);
}

#[tokio::test]
async fn damage_that_comes_while_the_store_is_open_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("revarch.db");
    filled(&path).await;
    let store = Store::open(&path).await.unwrap();
    let length = fs::metadata(&path).unwrap().len();
    fs::write(&path, vec![0xaa; usize::try_from(length).unwrap()]).unwrap();
    let error = store.reviews(999).await.unwrap_err();
    assert!(matches!(error, StoreError::Broken { .. }), "{error:?}");
    assert!(
        error.to_string().contains("revarch.db") && error.hint().contains("start revarch again"),
        "{error}"
    );
}

#[tokio::test]
async fn a_row_of_anothers_making_is_named() {
    let store = Store::in_memory().await.unwrap();
    store.save_review(&record("r1", "acme", "2026-11-22T09:30:00Z")).await.unwrap();
    sqlx::query("update review set json = '{'").execute(&store.pool).await.unwrap();
    let error = store.review("r1").await.unwrap_err();
    assert!(error.to_string().contains("review `r1` in the store cannot be read: EOF"), "{error}");
}
