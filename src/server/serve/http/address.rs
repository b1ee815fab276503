//! Where the server listens.

use crate::failure::Failure;
use std::net::SocketAddr;

/// The address that a name stands for. Where one of several is reached by other machines, it is that one, so that it
/// is seen for what it is.
pub(crate) async fn address(named: &str) -> Result<SocketAddr, Failure> {
    let found = tokio::net::lookup_host(named).await;
    let found: Vec<_> =
        found.map_err(|error| Failure::Usage(format!("cannot serve on `{named}`: {error}")))?.collect();
    let exposed = found.iter().find(|address| !address.ip().is_loopback());
    let address = exposed.or(found.first()).copied();
    address.ok_or_else(|| Failure::Usage(format!("cannot serve on `{named}`: it names no address")))
}
