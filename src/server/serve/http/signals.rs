//! The signals that end the server.

/// Waits until the process is told to stop.
#[cfg(unix)]
pub(super) async fn told_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminated.recv() => Ok(()),
    }
}

/// Waits until the process is told to stop.
#[cfg(not(unix))]
pub(super) async fn told_to_stop() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
