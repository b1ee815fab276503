//! The signals that end the server, or have it read its certificate again.

#[cfg(unix)]
use tokio::signal::unix::{SignalKind, signal};

/// Waits until the process is told to stop.
#[cfg(unix)]
pub(super) async fn told_to_stop() -> std::io::Result<()> {
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

/// Does `work` each time the process is told to read its files again.
#[cfg(unix)]
pub(super) async fn when_told_to_renew<F: Future<Output = ()>>(work: impl Fn() -> F) {
    let mut told = match signal(SignalKind::hangup()) {
        Ok(told) => told,
        Err(error) => {
            tracing::warn!(%error, "cannot listen for SIGHUP; a renewed certificate needs a restart");
            return;
        }
    };
    while told.recv().await.is_some() {
        work().await;
    }
}

/// There is no such signal here: a renewed certificate needs a restart.
#[cfg(not(unix))]
pub(super) async fn when_told_to_renew<F: Future<Output = ()>>(_work: impl Fn() -> F) {}
