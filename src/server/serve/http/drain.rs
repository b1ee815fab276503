//! The end of the server: what is under way is finished, and nothing new begins.

use super::{answer, signals::told_to_stop};
use crate::{config::seconds, limits::Gate, telemetry::Refusal};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use futures::StreamExt as _;
use rmcp::{ErrorData, model::ErrorCode};
use std::time::Duration;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long answers may take on their way once their work is done or cancelled.
const PARTING: Duration = Duration::from_secs(2);

/// When a client may look whether a successor is there.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// The request that stays open to tell of changes, and so is no work to wait for.
const LISTEN: &[u8] = b"subscriptions/listen";

/// What is under way, and whether it is the end.
#[derive(Clone)]
pub(super) struct Drain {
    gate: Gate,
    begun: CancellationToken,
    calls: TaskTracker,
}

impl Drain {
    pub(super) fn new(gate: Gate) -> Self {
        let calls = TaskTracker::new();
        // It is waited for until it is empty, and more may come until then.
        calls.close();
        Self { gate, begun: CancellationToken::new(), calls }
    }

    /// Whether the server is about to stop.
    pub(super) fn has_begun(&self) -> bool {
        self.begun.is_cancelled()
    }

    /// Returns when everything has ended that had begun, with the time that answers may take on their way; without it
    /// when nobody wants to wait any longer.
    pub(super) async fn after_signal(&self) -> Option<Duration> {
        signalled().await;
        let patience = seconds(self.gate.limits().drain_seconds);
        tracing::info!(calls = self.calls.len(), "stopping: calls get {} s to finish", patience.as_secs());
        self.begun.cancel();
        let finish = async {
            if tokio::time::timeout(patience, self.calls.wait()).await.is_err() {
                tracing::warn!(calls = self.calls.len(), "cancelling the calls that are still working");
                self.gate.stop();
                let _ = tokio::time::timeout(PARTING, self.calls.wait()).await;
            }
        };
        tokio::select! {
            () = finish => Some(PARTING),
            () = signalled() => {
                tracing::warn!("told to stop again: stopping at once");
                None
            }
        }
    }
}

async fn signalled() {
    if let Err(error) = told_to_stop().await {
        tracing::warn!(%error, "cannot listen for signals; only a kill stops this server");
        std::future::pending::<()>().await;
    }
}

/// Lets requests in until the end has begun, and remembers those that are under way.
pub(super) async fn attend(State(drain): State<Drain>, request: Request, next: Next) -> Response {
    if drain.has_begun() {
        drain.gate.metrics().refused(Refusal::Stopping);
        let error =
            ErrorData::new(ErrorCode(-32000), "the server is about to stop; ask again in a while", None);
        return answer::refuse(StatusCode::SERVICE_UNAVAILABLE, &error, Some(RETRY_AFTER));
    }
    let listens = request.method() == Method::GET
        || request.headers().get("mcp-method").is_some_and(|method| method.as_bytes() == LISTEN);
    let call = (!listens).then(|| drain.calls.token());
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream")) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let events = body.into_data_stream();
    let body = match call {
        None => Body::from_stream(events.take_until(drain.begun.cancelled_owned())),
        // The call lasts until its last event.
        Some(call) => Body::from_stream(events.inspect(move |_| {
            let _ = &call;
        })),
    };
    Response::from_parts(parts, body)
}
