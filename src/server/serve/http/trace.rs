//! Each request under its id: in the log, in the answer and in the numbers.

use super::connection::Peer;
use crate::{
    caller::Address,
    limits::Gate,
    telemetry::{REQUEST_ID, Refusal, RequestId},
};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};

/// Headers whose values must not be seen in any log, whoever writes it.
const SECRET: [header::HeaderName; 3] = [header::AUTHORIZATION, header::PROXY_AUTHORIZATION, header::COOKIE];

/// Follows a request from its beginning to its end.
pub(super) async fn follow(
    State(gate): State<Gate>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    mut request: Request,
    next: Next,
) -> Response {
    let _answering = peer.answering();
    hide(request.headers_mut());
    let sent = request.headers().get(REQUEST_ID);
    let id = RequestId::taken_over(sent.map(HeaderValue::as_bytes));
    request.extensions_mut().insert(id.clone());
    request.extensions_mut().insert(Address(peer.address.ip()));
    let mut response = id
        .follow(async {
            let (method, path) = (request.method().clone(), request.uri().path().to_owned());
            let response = next.run(request).await;
            tracing::debug!(%method, %path, status = response.status().as_u16(), "answered");
            response
        })
        .await;
    count(&gate, response.status());
    if let Ok(id) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn hide(headers: &mut HeaderMap) {
    for name in SECRET {
        if let header::Entry::Occupied(mut found) = headers.entry(name) {
            found.iter_mut().for_each(|value| value.set_sensitive(true));
        }
    }
}

fn count(gate: &Gate, status: StatusCode) {
    let metrics = gate.metrics();
    metrics.responded(status.as_u16());
    match status {
        StatusCode::UNAUTHORIZED => metrics.refused(Refusal::Unauthenticated),
        StatusCode::FORBIDDEN => metrics.refused(Refusal::Forbidden),
        _ => {}
    }
}
