//! Lists that are longer than a page, and lists that change.

use super::records::{model, record};
use crate::{Kind, Store};

#[tokio::test]
async fn a_list_is_read_page_by_page_while_things_come_and_go() {
    let store = Store::in_memory().await.unwrap();
    for (id, made_at) in [
        ("a", "2026-01-01T00:00:00Z"),
        ("b", "2026-01-02T00:00:00.5Z"),
        ("c", "2026-01-02T00:00:00.5Z"),
        ("d", "2026-01-03T00:00:00Z"),
    ] {
        store.save_review(&record(id, "acme", made_at)).await.unwrap();
        store.save_model(&model(id, made_at)).await.unwrap();
    }
    let first = store.review_heads(None, 2).await.unwrap();
    assert_eq!(first.iter().map(|head| head.id.as_str()).collect::<Vec<_>>(), ["d", "b"]);
    assert_eq!((first[0].subject.as_str(), first[0].bytes), ("acme", "# d".len() as u64));

    store.save_review(&record("e", "acme", "2026-01-04T00:00:00Z")).await.unwrap();
    store.delete(Kind::Review, "b").await.unwrap();
    let behind = Some((first[1].made_at, first[1].id.as_str()));
    let rest = store.review_heads(behind, 9).await.unwrap();
    assert_eq!(rest.iter().map(|head| head.id.as_str()).collect::<Vec<_>>(), ["c", "a"]);
    let models = store.model_heads(behind, 9).await.unwrap();
    assert_eq!(models.iter().map(|head| head.id.as_str()).collect::<Vec<_>>(), ["c", "a"]);
}

#[tokio::test]
async fn every_change_leaves_its_mark() {
    let store = Store::in_memory().await.unwrap();
    let mut seen = vec![store.marks().await.unwrap()];
    let mut look = async || {
        let now = store.marks().await.unwrap();
        assert!(!seen.contains(&now), "{now:?}");
        seen.push(now);
    };
    store.save_review(&record("a", "acme", "2026-01-01T00:00:00Z")).await.unwrap();
    look().await;
    store.save_review(&record("b", "acme", "2026-01-01T00:00:00Z")).await.unwrap();
    look().await;
    store.save_review(&record("a", "acme", "2026-01-02T00:00:00Z")).await.unwrap();
    look().await;
    store.delete(Kind::Review, "a").await.unwrap();
    look().await;
    store.save_model(&model("m", "2026-01-01T00:00:00Z")).await.unwrap();
    look().await;
    let before = store.marks().await.unwrap();
    store.delete(Kind::Model, "m").await.unwrap();
    assert_ne!(store.marks().await.unwrap().models, before.models);
    assert_eq!(store.marks().await.unwrap().reviews, before.reviews);
}
