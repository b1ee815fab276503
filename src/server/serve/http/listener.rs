//! Connections as they come in, no more than may be open.

use super::connection::{Connection, Patience, Peer};
use crate::{
    config::{Limits, count},
    telemetry::{Metrics, Refusal},
};
use axum::extract::connect_info::Connected;
use axum_server::{AddrListener, Address};
use std::{io, sync::Arc};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};

/// What is said to whoever finds no place.
const NO_PLACE: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

impl Address for Peer {
    type Stream = Connection;
    type Listener = Listener;
}

impl Connected<Self> for Peer {
    fn connect_info(peer: Self) -> Self {
        peer
    }
}

/// Takes connections as long as there are places.
pub(super) struct Listener {
    tcp: TcpListener,
    /// Of TLS nothing can be said before the handshake, so that whoever finds no place is only hung up on.
    is_plain: bool,
    places: Arc<Semaphore>,
    patience: Patience,
    metrics: Metrics,
}

impl Listener {
    /// Listens on `tcp`.
    pub(super) fn new(tcp: TcpListener, is_plain: bool, limits: &Limits, metrics: Metrics) -> Self {
        let places = count(limits.connections).min(Semaphore::MAX_PERMITS);
        Self {
            tcp,
            is_plain,
            places: Arc::new(Semaphore::new(places)),
            patience: Patience::new(limits),
            metrics,
        }
    }

    fn refuse(&self, stream: &TcpStream) {
        self.metrics.refused(Refusal::Connections);
        tracing::debug!("a connection was refused: there are as many as limits.connections allows");
        if self.is_plain {
            // Fits into the empty buffer of a new connection, or is not said at all.
            let _ = stream.try_write(NO_PLACE);
        }
    }
}

impl AddrListener<Connection, Peer> for Listener {
    async fn bind_to(_peer: Peer) -> io::Result<Self> {
        Err(io::Error::other("the server is given a listener that is bound already"))
    }

    async fn accept_stream(&self) -> io::Result<(Connection, Peer)> {
        loop {
            let (stream, address) = self.tcp.accept().await?;
            let Ok(permit) = Arc::clone(&self.places).try_acquire_owned() else {
                self.refuse(&stream);
                continue;
            };
            // Answers are small, and each is waited for.
            let _ = stream.set_nodelay(true);
            let peer = Peer::new(address);
            let place = Place::new(permit, &self.metrics);
            return Ok((Connection::new(stream, &peer, self.patience, place), peer));
        }
    }

    fn get_local_addr(&self) -> io::Result<Peer> {
        self.tcp.local_addr().map(Peer::new)
    }
}

/// A place among the open connections, counted as taken.
pub(super) struct Place {
    _permit: OwnedSemaphorePermit,
    metrics: Metrics,
}

impl Place {
    fn new(permit: OwnedSemaphorePermit, metrics: &Metrics) -> Self {
        metrics.connections().inc();
        Self { _permit: permit, metrics: metrics.clone() }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.metrics.connections().dec();
    }
}
