//! Whether the server lives, and whether it can do its work.

use super::drain::Drain;
use crate::workplace::Workplace;
use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

/// How long an answer holds. Looking costs something, and anybody may ask.
const HOLDS: Duration = Duration::from_secs(1);

/// Longer than this no store and no folder takes that calls could work with.
const PATIENCE: Duration = Duration::from_secs(5);

/// What was found, and when.
type Found = Option<(Instant, Result<(), String>)>;

/// Looks whether calls would find what they need.
#[derive(Clone)]
pub(super) struct Health {
    workplace: Arc<Workplace>,
    drain: Drain,
    found: Arc<Mutex<Found>>,
}

impl Health {
    pub(super) fn new(workplace: Arc<Workplace>, drain: Drain) -> Self {
        Self { workplace, drain, found: Arc::default() }
    }

    async fn look(&self) -> Result<(), String> {
        if self.drain.has_begun() {
            return Err("the server is about to stop".to_owned());
        }
        let mut found = self.found.lock().await;
        if let Some((_, result)) = found.as_ref().filter(|(at, _)| at.elapsed() < HOLDS) {
            return result.clone();
        }
        let looked = tokio::time::timeout(PATIENCE, self.workplace.readiness()).await;
        let result = match looked {
            Ok(result) => result.map_err(|error| error.message),
            Err(_) => Err(format!("the store or the data did not answer within {} s", PATIENCE.as_secs())),
        };
        *found = Some((Instant::now(), result.clone()));
        result
    }
}

/// The process lives and answers.
pub(super) async fn alive() -> Json<Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

/// The store answers, the tables open, and it is not the end; or 503 with what is wrong.
pub(super) async fn ready(State(health): State<Health>) -> (StatusCode, Json<Value>) {
    match health.look().await {
        Ok(()) => (StatusCode::OK, Json(json!({ "status": "ready" }))),
        Err(reason) => {
            tracing::warn!(%reason, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "not ready", "reason": reason })))
        }
    }
}
