//! Where the server may listen.

use crate::failure::Failure;
use std::net::SocketAddr;

/// The addresses that only this machine reaches.
pub(crate) async fn loopback(address: &str) -> Result<SocketAddr, Failure> {
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
