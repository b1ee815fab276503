//! Bodies that are too long, or no message.

use crate::serve::{LONGEST_MESSAGE, refusal};
use axum::{
    Json,
    body::{Body, BodyDataStream, to_bytes},
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::{StreamExt as _, stream};
use rmcp::ErrorData;
use std::{
    future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task,
};

/// How much of a refused body is still read.
const HEARD_OUT: usize = 128 * 1024 * 1024;

/// Reads on when a body is refused for its length: a client that is still sending would lose its connection
/// instead of learning why.
pub(super) async fn hear_out(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = Arc::new(Mutex::new(body.into_data_stream()));
    let lent = Arc::clone(&body);
    let poll = move |context: &mut task::Context<'_>| locked(&lent).poll_next_unpin(context);
    let response = next.run(Request::from_parts(parts, Body::from_stream(stream::poll_fn(poll)))).await;
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let mut heard = 0;
        while heard < HEARD_OUT
            && let Some(Ok(more)) = future::poll_fn(|context| locked(&body).poll_next_unpin(context)).await
        {
            heard += more.len();
        }
    }
    response
}

fn locked(body: &Mutex<BodyDataStream>) -> MutexGuard<'_, BodyDataStream> {
    body.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The text with which rmcp refuses a body it cannot read, as though its media type were unsupported.
const UNREADABLE: &str = "fail to deserialize request body ";

/// Answers to a body that is no message with a JSON-RPC error, as on stdio.
pub(super) async fn explain_unreadable(response: Response) -> Response {
    if response.status() != StatusCode::UNSUPPORTED_MEDIA_TYPE {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, LONGEST_MESSAGE).await else { return parts.into_response() };
    let text = String::from_utf8_lossy(&body);
    let Some(reason) = text.strip_prefix(UNREADABLE) else {
        return Response::from_parts(parts, Body::from(body));
    };
    // Only the parser knows a place in the text; a well-formed value that is no message has none.
    let error = if reason.contains(" at line ") {
        ErrorData::parse_error(format!("the message is no JSON: {reason}"), None)
    } else {
        ErrorData::invalid_request(format!("the body is no single JSON-RPC message: {reason}"), None)
    };
    (StatusCode::BAD_REQUEST, Json(refusal::answer(&error, None))).into_response()
}
