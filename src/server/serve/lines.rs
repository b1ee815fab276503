//! JSON-RPC messages as lines, read in bounded memory.
//!
//! # Design
//!
//! rmcp's own line transport drops a line that is too long or no JSON without a word, and gives up when the
//! first message is not a request. A person who pipes a typing error into the server would wait for an
//! answer that never comes, so here every such line is answered with a JSON-RPC error, and reading goes on.

use super::{in_flight::InFlight, refusal};
use crate::{
    config::count,
    limits::{Gate, is_deeper},
    telemetry::Refusal,
};
use rmcp::{
    ErrorData, RoleServer,
    model::{
        ClientJsonRpcMessage, ClientRequest, GetMeta as _, JsonRpcMessage, ProtocolVersion,
        ServerJsonRpcMessage,
    },
    transport::Transport,
};
use serde::Serialize;
use serde_json::Value;
use std::{io, sync::Arc};
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader},
    sync::{Mutex, mpsc},
};
use tokio_util::sync::CancellationToken;

/// Messages read ahead of the server, which takes each as it comes.
const READ_AHEAD: usize = 16;

/// Some editors and shells put this before the first line.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

type Output<W> = Arc<Mutex<W>>;

/// The transport.
pub(crate) struct Lines<W> {
    input: mpsc::Receiver<ClientJsonRpcMessage>,
    output: Output<W>,
    in_flight: InFlight,
}

impl<W: AsyncWrite + Send + Unpin + 'static> Lines<W> {
    /// Reads `input` until it ends, and tells `ended` of it.
    pub(crate) fn new(
        input: impl AsyncRead + Send + Unpin + 'static,
        output: W,
        gate: Gate,
        ended: CancellationToken,
    ) -> Self {
        let output = Arc::new(Mutex::new(output));
        let (sender, receiver) = mpsc::channel(READ_AHEAD);
        let answers = Arc::clone(&output);
        let in_flight = InFlight::default();
        let admitted = in_flight.clone();
        tokio::spawn(async move {
            if let Err(error) = pump(BufReader::new(input), &sender, &answers, &admitted, &gate).await {
                tracing::warn!(%error, "cannot go on reading the input");
            }
            ended.cancel();
        });
        Self { input: receiver, output, in_flight }
    }
}

impl<W: AsyncWrite + Send + Unpin + 'static> Transport<RoleServer> for Lines<W> {
    type Error = io::Error;

    fn send(
        &mut self,
        message: ServerJsonRpcMessage,
    ) -> impl Future<Output = io::Result<()>> + Send + 'static {
        self.in_flight.answered(&message);
        let output = Arc::clone(&self.output);
        async move { write(&output, &message).await }
    }

    async fn receive(&mut self) -> Option<ClientJsonRpcMessage> {
        self.input.recv().await
    }

    async fn close(&mut self) -> io::Result<()> {
        self.output.lock().await.flush().await
    }
}

async fn write<W: AsyncWrite + Unpin>(output: &Mutex<W>, message: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    let mut output = output.lock().await;
    output.write_all(&line).await?;
    output.flush().await
}

/// Hands on what is a message and answers what is none.
async fn pump<W: AsyncWrite + Unpin>(
    mut input: impl AsyncBufRead + Unpin,
    sender: &mpsc::Sender<ClientJsonRpcMessage>,
    answers: &Mutex<W>,
    in_flight: &InFlight,
    gate: &Gate,
) -> io::Result<()> {
    let mut line = Vec::new();
    let mut opened = false;
    let limits = gate.limits();
    loop {
        let answer = match next(&mut input, &mut line, limits.longest_message()).await? {
            Next::End => return Ok(()),
            Next::TooLong => {
                gate.metrics().refused(Refusal::Length);
                refusal::answer(&refusal::too_long(limits), None)
            }
            Next::Line if is_deeper(&line, count(limits.json_depth)) => {
                gate.metrics().refused(Refusal::Depth);
                refusal::answer(&refusal::too_deep(limits), None)
            }
            Next::Line if line.trim_ascii().is_empty() => continue,
            Next::Line => match parse(&line) {
                Ok(message) => {
                    if let Err(id) = in_flight.admit(&message) {
                        write(answers, &refusal::answer(&twice(), Some(&id))).await?;
                        continue;
                    }
                    let useful = opened || opens(&message);
                    opened |= begins(&message);
                    if useful && sender.send(message).await.is_err() {
                        return Ok(());
                    }
                    continue;
                }
                Err(answer) => answer,
            },
        };
        tracing::warn!(reason = %answer["error"]["message"], "a line of the input is no message");
        write(answers, &answer).await?;
    }
}

/// The message in a line, or the answer to a line that is none.
fn parse(line: &[u8]) -> Result<ClientJsonRpcMessage, Value> {
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
    serde_json::from_slice(line).map_err(|_| refusal::to(line))
}

/// Whether a client may open with this message; rmcp would end the connection over any other.
fn opens(message: &ClientJsonRpcMessage) -> bool {
    matches!(message, JsonRpcMessage::Request(_))
}

/// Whether a connection is open after this message: it shakes hands, or it is a whole request of the protocol without a
/// handshake. Others are answered, and leave it as it was.
fn begins(message: &ClientJsonRpcMessage) -> bool {
    let JsonRpcMessage::Request(request) = message else { return false };
    match &request.request {
        ClientRequest::InitializeRequest(_) => true,
        ClientRequest::PingRequest(_) | ClientRequest::DiscoverRequest(_) => false,
        request => {
            let meta = request.get_meta();
            meta.missing_required_keys(&ProtocolVersion::V_2026_07_28).is_empty()
                && meta
                    .protocol_version()
                    .is_some_and(|version| ProtocolVersion::KNOWN_VERSIONS.contains(&version))
        }
    }
}

fn twice() -> ErrorData {
    let reason = "a request of the same `id` is not answered yet: give each request an id of its own";
    ErrorData::invalid_request(reason, None)
}

enum Next {
    Line,
    TooLong,
    End,
}

/// Reads a line, holding no more of it than a message may be long. The last line needs no line break.
async fn next(
    input: &mut (impl AsyncBufRead + Unpin),
    line: &mut Vec<u8>,
    longest: usize,
) -> io::Result<Next> {
    line.clear();
    let mut any = false;
    let mut too_long = false;
    loop {
        let read = input.fill_buf().await?;
        let end = read.iter().position(|byte| *byte == b'\n');
        let taken = end.unwrap_or(read.len());
        let over = read.is_empty();
        any |= !over;
        too_long |= line.len() + taken > longest;
        if too_long {
            line.clear();
            line.shrink_to(0);
        } else {
            line.extend_from_slice(&read[..taken]);
        }
        input.consume(taken + usize::from(end.is_some()));
        if end.is_some() || over {
            return Ok(match (any, too_long) {
                (false, _) => Next::End,
                (true, true) => Next::TooLong,
                (true, false) => Next::Line,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Next, next};
    use tokio::io::{AsyncReadExt as _, BufReader};

    const LONGEST: usize = 1_000_000;

    async fn lengths(input: impl tokio::io::AsyncRead + Unpin) -> Vec<Option<usize>> {
        let (mut input, mut line, mut found) = (BufReader::new(input), Vec::new(), Vec::new());
        loop {
            match next(&mut input, &mut line, LONGEST).await.unwrap() {
                Next::Line => found.push(Some(line.len())),
                Next::TooLong => {
                    assert_eq!(line.capacity(), 0, "a line that is too long is not kept");
                    found.push(None);
                }
                Next::End => return found,
            }
        }
    }

    #[tokio::test]
    async fn lines_end_with_a_line_break_or_with_the_input() {
        assert_eq!(lengths(&b"one\n\nthree\r\nlast"[..]).await, [Some(3), Some(0), Some(6), Some(4)]);
        assert_eq!(lengths(&b""[..]).await, []);
        assert_eq!(lengths(&b"one\n"[..]).await, [Some(3)]);
    }

    #[tokio::test]
    async fn a_line_may_be_as_long_as_a_message_and_no_longer() {
        let of = |length: usize| tokio::io::repeat(b'x').take(length as u64);
        let input = of(LONGEST).chain(&b"\n"[..]).chain(of(LONGEST + 1)).chain(&b"\nnext\n"[..]);
        assert_eq!(lengths(input).await, [Some(LONGEST), None, Some(4)]);
        assert_eq!(lengths(of(100 * 1024 * 1024)).await, [None]);
    }
}
