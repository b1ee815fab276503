//! MCP on stdin and stdout.

use super::lines::Lines;
use crate::{failure::Failure, limits::Gate};
use rmcp::{ServerHandler, ServiceExt, service::ServerInitializeError, transport::io::stdio_pipes};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::sync::CancellationToken;

/// How long answers may take that are on their way when the input ends. The client has left by then, and
/// waits for the process to be gone.
const GRACE: Duration = Duration::from_millis(50);

/// Serves until the input ends.
pub(crate) async fn run(server: impl ServerHandler, gate: Gate) -> Result<(), Failure> {
    let (input, output) = stdio_pipes();
    converse(server, gate, input, output).await
}

/// The same on any pipes.
pub(crate) async fn converse(
    server: impl ServerHandler,
    gate: Gate,
    input: impl AsyncRead + Send + Unpin + 'static,
    output: impl AsyncWrite + Send + Unpin + 'static,
) -> Result<(), Failure> {
    let ended = CancellationToken::new();
    let lines = Lines::new(input, output, gate, ended.clone());
    let conversation = async {
        match server.serve(lines).await {
            Ok(running) => {
                let _ = running.waiting().await?;
                Ok(())
            }
            // A client that leaves before it says anything has nothing to complain about.
            Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
            Err(error) => Err(Failure::from(error)),
        }
    };
    let late = async {
        ended.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        done = conversation => done,
        () = late => Ok(()),
    }
}
