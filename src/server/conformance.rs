//! The product's own server, for the test binary that holds it against the official conformance suite.

use crate::{cli::Options, failure::Failure, handler::Server, serve, toolbox::Toolbox, workplace::Workplace};
use revarch_tools::Route;
use rmcp::ServerHandler;
use std::sync::Arc;

/// The product's handler with these tools, connected to nothing.
pub async fn handler(routes: Vec<Route>) -> anyhow::Result<impl ServerHandler + Clone> {
    let workplace = Workplace::open_empty(Options::default()).await.map_err(Failure::into_error)?;
    Ok(Server::new(Arc::new(workplace), Toolbox::new(routes)))
}

/// Serves a handler on HTTP, as the product serves its own, until the process is told to stop.
pub async fn serve(handler: impl ServerHandler + Clone, address: &str) -> anyhow::Result<()> {
    serve::on_http(handler, address).await.map_err(Failure::into_error)
}
