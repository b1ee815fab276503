//! Bodies that are too long, too deep, too slow, or no message.

use super::answer;
use crate::{
    config::{count, seconds},
    limits::{Gate, is_deeper},
    serve::refusal,
    telemetry::Refusal,
};
use axum::{
    body::{Body, BodyDataStream, Bytes, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use futures::StreamExt as _;
use rmcp::ErrorData;

/// How much of a body that is too long is still read: a client that is still sending would lose its connection instead of
/// learning why.
const HEARD_OUT: usize = 128 * 1024 * 1024;

/// Why a body was not taken.
enum Misfit {
    TooLong,
    TooSlow,
    CutOff,
}

/// Takes the body whole before anybody works on it.
pub(super) async fn take(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let limits = gate.limits();
    let (parts, body) = request.into_parts();
    let reading = read(body.into_data_stream(), limits.longest_message());
    let read =
        tokio::time::timeout(seconds(limits.body_seconds), reading).await.unwrap_or(Err(Misfit::TooSlow));
    let body = match read {
        Ok(body) => body,
        Err(misfit) => return refuse(&gate, &misfit),
    };
    if is_deeper(&body, count(limits.json_depth)) {
        gate.metrics().refused(Refusal::Depth);
        return answer::refuse(StatusCode::BAD_REQUEST, &refusal::too_deep(limits), None);
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

async fn read(mut body: BodyDataStream, longest: usize) -> Result<Bytes, Misfit> {
    let (mut read, mut heard) = (Vec::new(), 0);
    while let Some(part) = body.next().await {
        let part = part.map_err(|_| Misfit::CutOff)?;
        heard += part.len();
        if heard <= longest {
            read.extend_from_slice(&part);
        } else {
            read = Vec::new();
        }
        if heard > HEARD_OUT.max(longest) {
            break;
        }
    }
    if heard > longest { Err(Misfit::TooLong) } else { Ok(read.into()) }
}

fn refuse(gate: &Gate, misfit: &Misfit) -> Response {
    let limits = gate.limits();
    let (status, error, counted) = match misfit {
        Misfit::TooLong => (StatusCode::PAYLOAD_TOO_LARGE, refusal::too_long(limits), Refusal::Length),
        Misfit::TooSlow => {
            let reason = format!(
                "the body did not arrive within {} seconds (limits.body_seconds)",
                limits.body_seconds
            );
            (StatusCode::REQUEST_TIMEOUT, ErrorData::invalid_request(reason, None), Refusal::SlowBody)
        }
        Misfit::CutOff => {
            let error = ErrorData::invalid_request("the body was cut off", None);
            return answer::refuse(StatusCode::BAD_REQUEST, &error, None);
        }
    };
    gate.metrics().refused(counted);
    let mut response = answer::refuse(status, &error, None);
    // What is left of the body would be taken for the next request.
    response.headers_mut().insert(header::CONNECTION, header::HeaderValue::from_static("close"));
    response
}

/// The text with which rmcp refuses a body it cannot read, as though its media type were unsupported.
const UNREADABLE: &str = "fail to deserialize request body ";

/// Longer than any explanation of rmcp's.
const LONGEST_EXPLANATION: usize = 64 * 1024;

/// Answers to a body that is no message with a JSON-RPC error, as on stdio.
pub(super) async fn explain_unreadable(response: Response) -> Response {
    if response.status() != StatusCode::UNSUPPORTED_MEDIA_TYPE {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, LONGEST_EXPLANATION).await else {
        return Response::from_parts(parts, Body::empty());
    };
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
    answer::refuse(StatusCode::BAD_REQUEST, &error, None)
}
