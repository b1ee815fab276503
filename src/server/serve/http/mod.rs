//! MCP on streamable HTTP at `/mcp`, and `/healthz` beside it.

mod address;
mod body;
mod signals;

pub(super) use address::loopback;

use super::LONGEST_MESSAGE;
use crate::{
    audit::{Log, tell_refused},
    config::Http,
    failure::Failure,
};
use anyhow::Context as _;
use axum::{
    Json, Router,
    middleware::{from_fn, from_fn_with_state, map_response},
    routing::get,
    serve::ListenerExt as _,
};
use body::{explain_unreadable, hear_out};
use rmcp::{
    ServerHandler,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
    },
};
use serde_json::json;
use signals::told_to_stop;
use std::{net::SocketAddr, sync::Arc};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Serves until the process is told to stop.
pub(super) async fn run(
    server: impl ServerHandler + Clone,
    address: SocketAddr,
    access: Http,
    log: Option<Log>,
) -> Result<(), Failure> {
    let stop = CancellationToken::new();
    let app = app(server, access, stop.clone(), log);
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    tracing::info!("serving MCP on http://{}/mcp", listener.local_addr()?);
    // An event stream is written in pieces; without this each would wait for the client to acknowledge the one before.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "cannot send small pieces at once");
        }
    });
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

fn app(
    server: impl ServerHandler + Clone,
    access: Http,
    stop: CancellationToken,
    log: Option<Log>,
) -> Router {
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
        .layer(from_fn_with_state(log, tell_refused))
        .route("/healthz", get(healthz))
}

async fn healthz() -> Json<serde_json::Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}
