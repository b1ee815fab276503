//! Keys over time, with an issuer that comes and goes.

use super::{ATTEMPTS, Keys};
use axum::{Json, Router, http::StatusCode, routing::get};
use jsonwebtoken::Algorithm;
use reqwest::Url;
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

/// An issuer with one key, which counts how often it is asked.
#[derive(Clone, Default)]
struct Source {
    asked: Arc<AtomicU32>,
    is_down: Arc<AtomicBool>,
}

impl Source {
    async fn keys(&self) -> Keys {
        let source = self.clone();
        let answer = move || async move {
            source.asked.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(50)).await;
            if source.is_down.load(Ordering::SeqCst) {
                return Err(StatusCode::BAD_GATEWAY);
            }
            Ok(Json(json!({"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "one"}]})))
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let app = Router::new().route("/keys", get(answer));
        tokio::spawn(async move { axum::serve(listener, app).await });
        let address = issuer.join("/keys").unwrap();
        Keys::new(issuer.as_str(), &issuer, Some(address)).unwrap()
    }

    fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }
}

async fn found(keys: &Keys, id: &str) -> Option<usize> {
    keys.fitting(Some(id), Algorithm::RS256).await.ok().map(|keys| keys.len())
}

#[tokio::test]
async fn keys_are_fetched_once_for_all_who_wait() {
    let source = Source::default();
    let keys = source.keys().await;
    let (one, two, three) = tokio::join!(found(&keys, "one"), found(&keys, "one"), found(&keys, "one"));
    assert_eq!((one, two, three), (Some(1), Some(1), Some(1)));
    assert_eq!(found(&keys, "one").await, Some(1));
    assert_eq!(source.asked(), 1);
}

#[tokio::test]
async fn unknown_names_cannot_make_the_server_flood_the_issuer() {
    let source = Source::default();
    let keys = source.keys().await;
    for number in 0..40 {
        assert_eq!(found(&keys, &format!("made-up-{number}")).await, Some(0));
    }
    assert_eq!(source.asked(), ATTEMPTS.get());
    assert_eq!(found(&keys, "one").await, Some(1), "keys that are known go on being found");
}

#[tokio::test]
async fn old_keys_do_while_the_issuer_is_down_and_not_for_ever() {
    let source = Source::default();
    let mut keys = source.keys().await;
    assert_eq!(found(&keys, "one").await, Some(1));
    source.is_down.store(true, Ordering::SeqCst);
    keys.fresh = Duration::ZERO;
    assert_eq!(found(&keys, "one").await, Some(1));
    assert_eq!(source.asked(), 2, "old keys are asked for again");
    keys.lasting = Duration::ZERO;
    assert_eq!(found(&keys, "one").await, None);
    source.is_down.store(false, Ordering::SeqCst);
    keys.lasting = Duration::from_mins(1);
    assert_eq!(found(&keys, "one").await, Some(1));
}

#[tokio::test]
async fn an_issuer_that_was_down_at_first_is_asked_again() {
    let source = Source::default();
    source.is_down.store(true, Ordering::SeqCst);
    let keys = source.keys().await;
    assert_eq!(found(&keys, "one").await, None);
    source.is_down.store(false, Ordering::SeqCst);
    assert_eq!(found(&keys, "one").await, Some(1));
}
