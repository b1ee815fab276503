//! MCP on streamable HTTP at `/mcp`; `/healthz`, `/readyz` and `/metrics` beside it.

mod address;
mod answer;
mod body;
mod connection;
mod drain;
mod health;
mod listener;
mod numbers;
mod pace;
mod signals;
mod tls;
mod trace;
mod validity;

pub(super) use address::address;

use crate::{
    access::{self, ENDPOINT, Policy},
    audit::{Log, tell_refused},
    config::Http,
    failure::Failure,
    limits,
    toolbox::Toolbox,
    workplace::Workplace,
};
use anyhow::Context as _;
use axum::{
    Router,
    middleware::{from_fn_with_state, map_response},
    routing::get,
};
use axum_server::{Handle, tls_rustls::RustlsAcceptor};
use connection::Peer;
use drain::Drain;
use health::Health;
use listener::Listener;
use numbers::Numbers;
use pace::Held;
use rmcp::{
    ServerHandler,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
    },
};
use std::{net::SocketAddr, sync::Arc};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// What is served over HTTP, and what stands before it.
pub(super) struct Site<H> {
    pub(super) server: H,
    pub(super) toolbox: Toolbox,
    pub(super) policy: Option<Policy>,
    pub(super) access: Http,
    pub(super) log: Option<Log>,
    pub(super) gate: limits::Gate,
    pub(super) workplace: Arc<Workplace>,
}

/// Serves until the process is told to stop.
pub(super) async fn run(site: Site<impl ServerHandler + Clone>, address: SocketAddr) -> Result<(), Failure> {
    let tls = match &site.access.tls {
        None => None,
        Some(files) => Some((tls::open(files).await?, files.clone())),
    };
    let (gate, stop) = (site.gate.clone(), CancellationToken::new());
    let drain = Drain::new(gate.clone());
    let tcp = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    let app = app(site, tcp.local_addr()?, drain.clone(), stop.clone());
    let app = app.into_make_service_with_connect_info::<Peer>();
    let scheme = if tls.is_some() { "https" } else { "http" };
    tracing::info!("serving MCP on {scheme}://{}/mcp", tcp.local_addr()?);
    let listener = Listener::new(tcp, tls.is_none(), gate.limits(), gate.metrics().clone());
    let handle = Handle::new();
    let ended = handle.clone();
    tokio::spawn(async move {
        let parting = drain.after_signal().await;
        // Sessions would otherwise hold the server up.
        stop.cancel();
        match parting {
            Some(parting) => ended.graceful_shutdown(Some(parting)),
            None => ended.shutdown(),
        }
    });
    let server = axum_server::Server::<Peer>::from_listener(listener).http1_only().handle(handle);
    match tls {
        None => server.serve(app).await?,
        Some((config, files)) => {
            let renewed = config.clone();
            tokio::spawn(async move {
                signals::when_told_to_renew(|| tls::renew(&renewed, &files)).await;
            });
            let patience = crate::config::seconds(gate.limits().header_seconds);
            let acceptor = RustlsAcceptor::new(config).handshake_timeout(patience);
            server.acceptor(acceptor).serve(app).await?;
        }
    }
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
    site: Site<impl ServerHandler + Clone>,
    address: SocketAddr,
    drain: Drain,
    stop: CancellationToken,
) -> Router {
    let Site { server, toolbox, policy, access, log, gate, workplace } = site;
    let Http { allowed_hosts, allowed_origins, auth: _, tls, metrics } = access;
    let sessions = Arc::new(LocalSessionManager::default());
    let origins: Vec<_> = LOOPBACK_ORIGINS.map(str::to_owned).into_iter().chain(allowed_origins).collect();
    let longest = gate.limits().longest_message();
    let sessions_of_callers = Arc::clone(&sessions);
    let admission =
        access::Gate::new(policy, address, tls.is_some(), longest, toolbox, sessions_of_callers, &origins);
    let defaults = StreamableHttpServerConfig::default();
    let config = StreamableHttpServerConfig::default()
        .with_allowed_hosts(defaults.allowed_hosts.into_iter().chain(allowed_hosts))
        .with_allowed_origins(origins.clone())
        .enforce_origin_validation()
        .with_json_response(true)
        .with_max_request_body_bytes(gate.limits().longest_message())
        .with_cancellation_token(stop);
    let mcp = StreamableHttpService::new(move || Ok(server.clone()), sessions, config);
    let health = Health::new(Arc::clone(&workplace), drain.clone());
    let numbers = Numbers { gate: gate.clone(), workplace, for_all: metrics };
    // Of the layers of a request, the last that is added is the first that it meets.
    Router::new()
        .route_service(ENDPOINT, mcp)
        .layer(map_response(body::explain_unreadable))
        .layer(from_fn_with_state(gate.clone(), body::take))
        .layer(from_fn_with_state(Held::new(gate.clone()), pace::hold))
        .layer(from_fn_with_state(admission.clone(), access::Gate::admit))
        .layer(from_fn_with_state(drain, drain::attend))
        .merge(admission.metadata())
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready).with_state(health))
        .route("/metrics", get(numbers::numbers).with_state(numbers))
        .layer(from_fn_with_state(log, tell_refused))
        .layer(from_fn_with_state(gate, trace::follow))
}
