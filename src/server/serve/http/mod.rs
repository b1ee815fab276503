//! MCP on streamable HTTP at `/mcp`, and `/healthz` beside it.

mod address;
mod body;
mod signals;

pub(super) use address::address;

use super::LONGEST_MESSAGE;
use crate::{
    access::{ENDPOINT, Gate, Policy},
    audit::{Log, tell_refused},
    config::Http,
    failure::Failure,
    toolbox::Toolbox,
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
    toolbox: Toolbox,
    address: SocketAddr,
    policy: Option<Policy>,
    access: Http,
    log: Option<Log>,
) -> Result<(), Failure> {
    let stop = CancellationToken::new();
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    let sessions = Arc::new(LocalSessionManager::default());
    let origins: Vec<_> =
        LOOPBACK_ORIGINS.map(str::to_owned).into_iter().chain(access.allowed_origins).collect();
    let gate = Gate::new(policy, listener.local_addr()?, toolbox, Arc::clone(&sessions), &origins);
    let app = app(server, gate, sessions, access.allowed_hosts, origins, stop.clone(), log);
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
    gate: Gate,
    sessions: Arc<LocalSessionManager>,
    hosts: Vec<String>,
    origins: Vec<String>,
    stop: CancellationToken,
    log: Option<Log>,
) -> Router {
    let defaults = StreamableHttpServerConfig::default();
    let config = StreamableHttpServerConfig::default()
        .with_allowed_hosts(defaults.allowed_hosts.into_iter().chain(hosts))
        .with_allowed_origins(origins)
        .enforce_origin_validation()
        .with_json_response(true)
        .with_max_request_body_bytes(LONGEST_MESSAGE)
        .with_cancellation_token(stop);
    let mcp = StreamableHttpService::new(move || Ok(server.clone()), sessions, config);
    Router::new()
        .route_service(ENDPOINT, mcp)
        .layer(from_fn_with_state(gate.clone(), Gate::admit))
        .layer(map_response(explain_unreadable))
        .layer(from_fn(hear_out))
        .layer(from_fn_with_state(log, tell_refused))
        .merge(gate.metadata())
        .route("/healthz", get(healthz))
}

async fn healthz() -> Json<serde_json::Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}
