//! Refusals as a client of JSON-RPC reads them.

use crate::serve::refusal;
use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use rmcp::ErrorData;
use std::time::Duration;

/// A refusal with a status, and with the time after which it is worth asking again.
pub(super) fn refuse(status: StatusCode, error: &ErrorData, retry_after: Option<Duration>) -> Response {
    let mut response = (status, Json(refusal::answer(error, None))).into_response();
    if let Some(wait) = retry_after {
        // Whole seconds, and never sooner than it helps.
        let wait = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        response.headers_mut().insert(header::RETRY_AFTER, wait.max(1).into());
    }
    response
}
