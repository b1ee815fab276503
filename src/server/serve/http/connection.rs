//! A connection, which ends itself when its peer takes too long.

use super::listener::Place;
use crate::config::{Limits, seconds};
use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};

/// Who is at the other end of a connection.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    pub(super) address: SocketAddr,
    requests: Arc<Requests>,
}

/// The requests of a connection.
#[derive(Debug, Default)]
struct Requests {
    begun: AtomicUsize,
    answering: AtomicUsize,
}

impl Requests {
    fn are_answered(&self) -> bool {
        self.answering.load(Ordering::Relaxed) == 0
    }
}

impl Peer {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self { address, requests: Arc::default() }
    }

    /// Tells the connection that a request is being answered, until what is returned is dropped. The connection is not
    /// idle meanwhile, however long it takes.
    pub(super) fn answering(&self) -> Answering {
        self.requests.begun.fetch_add(1, Ordering::Relaxed);
        self.requests.answering.fetch_add(1, Ordering::Relaxed);
        Answering(Arc::clone(&self.requests))
    }
}

/// A request that is being answered.
pub(super) struct Answering(Arc<Requests>);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.answering.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How long a connection may keep its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    head: Duration,
    idle: Duration,
    stall: Duration,
}

impl Patience {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            head: seconds(limits.header_seconds),
            idle: seconds(limits.idle_seconds),
            stall: seconds(limits.stall_seconds),
        }
    }
}

/// A connection that ends itself when its peer takes too long.
pub(super) struct Connection {
    stream: TcpStream,
    requests: Arc<Requests>,
    /// How many requests had begun when this was last looked at.
    begun: usize,
    patience: Patience,
    /// When something was last read or written.
    last: Instant,
    /// When a request began whose headers are not whole yet.
    head: Option<Instant>,
    /// When the peer stopped taking what it is sent.
    stalled: Option<Instant>,
    read_timer: Pin<Box<Sleep>>,
    write_timer: Pin<Box<Sleep>>,
    _place: Place,
}

impl Connection {
    pub(super) fn new(stream: TcpStream, peer: &Peer, patience: Patience, place: Place) -> Self {
        let now = Instant::now();
        let timer = || Box::pin(sleep_until(now + patience.idle));
        Self {
            stream,
            requests: Arc::clone(&peer.requests),
            begun: 0,
            patience,
            last: now,
            head: None,
            stalled: None,
            read_timer: timer(),
            write_timer: timer(),
            _place: place,
        }
    }

    /// Ends the wait for the peer's next byte when it has lasted too long.
    fn poll_patience(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        loop {
            let head = self.head.filter(|_| self.requests.are_answered());
            let (deadline, reason) = match head {
                Some(head) => (head + self.patience.head, "the headers of a request did not come in time"),
                None => (self.last + self.patience.idle, "the connection was idle for too long"),
            };
            let is_over = deadline <= Instant::now();
            if is_over && !self.requests.are_answered() {
                // The answer is being made; look again when it could have been idle for as long.
                self.last = Instant::now();
                continue;
            }
            if is_over {
                return Poll::Ready(io::Error::new(io::ErrorKind::TimedOut, reason));
            }
            // A timer that rings too soon is set again then; setting it for every byte would cost more.
            if self.read_timer.is_elapsed() || deadline < self.read_timer.deadline() {
                self.read_timer.as_mut().reset(deadline);
            }
            ready!(self.read_timer.as_mut().poll(context));
        }
    }

    /// Passes on what a write came to, unless the peer has left the answer lying for too long.
    fn poll_stall<T>(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.last = Instant::now();
            self.stalled = None;
            return written;
        }
        let deadline = *self.stalled.get_or_insert_with(Instant::now) + self.patience.stall;
        if self.write_timer.deadline() != deadline {
            self.write_timer.as_mut().reset(deadline);
        }
        ready!(self.write_timer.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the peer did not read its answer in time")))
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let this = &mut *self;
        let begun = this.requests.begun.load(Ordering::Relaxed);
        if begun != this.begun {
            (this.begun, this.head) = (begun, None);
        }
        if let Poll::Ready(read) = Pin::new(&mut this.stream).poll_read(context, buffer) {
            this.last = Instant::now();
            if buffer.filled().len() > before && this.requests.are_answered() {
                this.head.get_or_insert(this.last);
            }
            return Poll::Ready(read);
        }
        this.poll_patience(context).map(Err)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.poll_stall(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.poll_stall(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
