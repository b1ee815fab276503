//! `revarch serve`: MCP on stdio or HTTP.

mod http;
mod in_flight;
mod lines;
pub(crate) mod refusal;
pub(crate) mod stdio;

use crate::{
    access::{self, Policy},
    audit::{Audited, Log},
    cli::Options,
    config::{Config, Http},
    failure::Failure,
    handler::Server,
    tenants::Tenants,
    toolbox::Toolbox,
    workplace::Workplace,
};
use clap::Args;
use std::{net::SocketAddr, sync::Arc};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Serve on this address, such as 127.0.0.1:8787, instead of stdin and stdout. One that other machines reach takes
    /// `[http.auth]` in the configuration.
    #[arg(long, value_name = "ADDRESS")]
    http: Option<String>,
    /// A host name that HTTP requests may be addressed to, besides the loopback names. Repeatable.
    #[arg(long, value_name = "HOST", requires = "http")]
    allow_host: Vec<String>,
    /// A web origin that HTTP requests may come from, besides those of this machine, such as
    /// <https://app.example.com:443>. Repeatable.
    #[arg(long, value_name = "ORIGIN", requires = "http")]
    allow_origin: Vec<String>,
}

/// Where to serve.
pub(crate) enum Place {
    Stdio,
    Http(SocketAddr, Option<Policy>),
}

impl Arguments {
    /// Where to serve, refused before any data is opened where it is not possible.
    pub(crate) async fn check(&self, options: &Options) -> Result<Place, Failure> {
        let Some(named) = &self.http else { return Ok(Place::Stdio) };
        let Http { auth, tls, .. } = Config::read(options.config.as_deref())?.http;
        let policy = auth.as_ref().map(Policy::of).transpose()?;
        let address = http::address(named).await?;
        access::check_exposed(named, address, policy.as_ref(), tls.is_some())?;
        Ok(Place::Http(address, policy))
    }
}

/// Serves until the client leaves, or on HTTP until the process is told to stop.
pub(crate) async fn run(
    place: Place,
    arguments: Arguments,
    workplace: Workplace,
    tenants: Tenants,
    toolbox: Toolbox,
) -> Result<(), Failure> {
    let Arguments { http: _, allow_host, allow_origin } = arguments;
    let mut access = workplace.http().clone();
    access.allowed_hosts.extend(allow_host);
    access.allowed_origins.extend(allow_origin);
    let log = match workplace.audit() {
        Some(audit) => Some(Log::open(audit).await?),
        None => None,
    };
    let workplace = Arc::new(workplace);
    let server = Server::new(Arc::clone(&workplace), toolbox.clone()).with_tenants(tenants);
    let audited = Audited::new(server.clone(), log.clone());
    let done = match place {
        Place::Stdio => Box::pin(stdio::run(audited, server.gate().clone())).await,
        Place::Http(address, policy) => {
            access.allowed_hosts.extend(policy.as_ref().and_then(Policy::host));
            let (gate, workplace) = (server.gate().clone(), Arc::clone(&workplace));
            let site =
                http::Site { server: audited, toolbox, policy, access, log: log.clone(), gate, workplace };
            http::run(site, address).await
        }
    };
    server.close().await;
    if let Some(log) = log {
        log.close().await;
    }
    workplace.close().await;
    done
}

/// Serves any handler on HTTP, through the same router and middleware.
#[cfg(feature = "conformance")]
pub(crate) async fn on_http(server: impl rmcp::ServerHandler + Clone, address: &str) -> Result<(), Failure> {
    let address = http::address(address).await?;
    let workplace = Arc::new(Workplace::open_empty(Options::default()).await?);
    let site = http::Site {
        server,
        toolbox: Toolbox::new(Vec::new()),
        policy: None,
        access: crate::config::Http::default(),
        log: None,
        gate: crate::limits::Gate::new(workplace.limits().clone()),
        workplace,
    };
    http::run(site, address).await
}
