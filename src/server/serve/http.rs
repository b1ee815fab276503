//! MCP on streamable HTTP at `/mcp`, and `/healthz` beside it.

use super::{LONGEST_MESSAGE, refusal};
use crate::{config::Http, failure::Failure, handler::Server};
use anyhow::Context as _;
use axum::{
    Json, Router,
    body::{Body, BodyDataStream, to_bytes},
    extract::Request,
    http::StatusCode,
    middleware::{Next, from_fn, map_response},
    response::{IntoResponse, Response},
    routing::get,
};
use futures::{StreamExt as _, stream};
use rmcp::{
    ErrorData,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
    },
};
use serde_json::json;
use std::{
    future,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// The addresses that only this machine reaches.
pub(super) async fn loopback(address: &str) -> Result<SocketAddr, Failure> {
    let found = tokio::net::lookup_host(address).await;
    let mut found = found.map_err(|error| Failure::Usage(format!("cannot serve on `{address}`: {error}")))?;
    let Some(first) = found.next() else {
        return Err(Failure::Usage(format!("cannot serve on `{address}`: it names no address")));
    };
    if first.ip().is_loopback() && found.all(|other| other.ip().is_loopback()) {
        return Ok(first);
    }
    Err(Failure::Usage(format!(
        "cannot serve on `{address}`: authentication is not available yet, so only loopback addresses are served, \
         and no flag changes that\n\
         hint: serve on 127.0.0.1:{port} and reach it through a reverse proxy that authenticates (name its host \
         with --allow-host), or through `ssh -L {port}:127.0.0.1:{port} HOST`",
        port = first.port()
    )))
}

/// Serves until the process is told to stop.
pub(super) async fn run(server: Server, address: SocketAddr, access: Http) -> Result<(), Failure> {
    let stop = CancellationToken::new();
    let app = app(server, access, stop.clone());
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    tracing::info!("serving MCP on http://{}/mcp", listener.local_addr()?);
    let stopped = async move {
        if let Err(error) = told_to_stop().await {
            tracing::warn!(%error, "cannot listen for signals; only a kill stops this server");
            std::future::pending::<()>().await;
        }
        // Open event streams would otherwise hold the server up.
        stop.cancel();
    };
    axum::serve(listener, app).with_graceful_shutdown(stopped).await?;
    Ok(())
}

/// Pages of this machine, the Inspector's for one. A page from elsewhere cannot give itself such an origin,
/// whatever its name resolves to.
const LOOPBACK_ORIGINS: [&str; 6] = [
    "http://localhost:*",
    "http://127.0.0.1:*",
    "http://[::1]:*",
    "https://localhost:*",
    "https://127.0.0.1:*",
    "https://[::1]:*",
];

fn app(server: Server, access: Http, stop: CancellationToken) -> Router {
    let defaults = StreamableHttpServerConfig::default();
    let Http { allowed_hosts, allowed_origins } = access;
    let config = StreamableHttpServerConfig::default()
        .with_allowed_hosts(defaults.allowed_hosts.into_iter().chain(allowed_hosts))
        .with_allowed_origins(LOOPBACK_ORIGINS.map(str::to_owned).into_iter().chain(allowed_origins))
        .enforce_origin_validation()
        .with_json_response(true)
        .with_max_request_body_bytes(LONGEST_MESSAGE)
        .with_cancellation_token(stop);
    let sessions = Arc::new(LocalSessionManager::default());
    let mcp = StreamableHttpService::new(move || Ok(server.clone()), sessions, config);
    Router::new()
        .route_service("/mcp", mcp)
        .layer(map_response(explain_unreadable))
        .layer(from_fn(hear_out))
        .route("/healthz", get(healthz))
}

async fn healthz() -> Json<serde_json::Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

/// How much of a refused body is still read.
const HEARD_OUT: usize = 128 * 1024 * 1024;

/// Reads on when a body is refused for its length: a client that is still sending would lose its connection
/// instead of learning why.
async fn hear_out(request: Request, next: Next) -> Response {
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
async fn explain_unreadable(response: Response) -> Response {
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

#[cfg(unix)]
async fn told_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminated.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn told_to_stop() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
