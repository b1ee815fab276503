//! Requests that come faster than their sender may send them.

use super::answer;
use crate::{
    caller::{Address, Caller},
    limits::{Gate, Pace},
    telemetry::Refusal,
};
use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};
use rmcp::{ErrorData, model::ErrorCode};
use std::sync::Arc;

/// What the pace is held with.
#[derive(Clone)]
pub(super) struct Held {
    gate: Gate,
    pace: Arc<Pace>,
}

impl Held {
    pub(super) fn new(gate: Gate) -> Self {
        let pace = Arc::new(Pace::new(gate.limits()));
        Self { gate, pace }
    }
}

/// Refuses requests that come too soon, and says when to ask again.
pub(super) async fn hold(State(Held { gate, pace }): State<Held>, request: Request, next: Next) -> Response {
    let name = request.extensions().get::<Caller>().filter(|caller| !caller.is_unnamed());
    let name = name.map(|caller| &caller.name);
    let address = request.extensions().get::<Address>().map(|address| address.0);
    let Some(Err(wait)) = address.map(|address| pace.admit(name, address)) else {
        return next.run(request).await;
    };
    gate.metrics().refused(Refusal::Pace);
    tracing::debug!(caller = name.map_or("unnamed", |name| &**name), "a request came too soon");
    let limits = gate.limits();
    let reason = format!(
        "requests come too fast: {} a second are let in, and {} at once (limits.requests_per_second, limits.burst)",
        limits.requests_per_second, limits.burst
    );
    let data = serde_json::json!({ "retry_after_ms": u64::try_from(wait.as_millis()).unwrap_or(u64::MAX) });
    let error = ErrorData::new(ErrorCode(-32000), reason, Some(data));
    answer::refuse(StatusCode::TOO_MANY_REQUESTS, &error, Some(wait))
}
