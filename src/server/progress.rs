//! Progress of long work: a bar for people at a terminal, notifications for clients that asked for them.

use indicatif::{ProgressBar, ProgressStyle};
use revarch_data::{Progress, Run};
use rmcp::{
    Peer, RoleServer,
    model::{ProgressNotificationParam, ProgressToken},
};
use std::{
    io::{self, IsTerminal},
    time::Duration,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// A person needs no more pictures than this, and a client no more messages.
const INTERVAL: Duration = Duration::from_millis(100);

/// A progress bar on stderr, where stderr is a terminal.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    pub(crate) fn new() -> Self {
        let bar = if io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        bar.enable_steady_tick(INTERVAL);
        Self(bar)
    }

    /// Work that moves the bar.
    pub(crate) fn run(&self) -> Run {
        let bar = self.0.clone();
        Run::new(move |progress| show(&bar, progress), CancellationToken::new())
    }

    /// Shows how far the work has come.
    pub(crate) fn show(&self, progress: Progress) {
        show(&self.0, progress);
    }

    /// Takes the bar away.
    pub(crate) fn clear(self) {
        self.0.finish_and_clear();
    }
}

fn show(bar: &ProgressBar, progress: Progress) {
    let Progress { done, total, message } = progress;
    if let Some(total) = total {
        if bar.length().is_none()
            && let Ok(style) =
                ProgressStyle::with_template("{spinner} {msg} [{bar:32}] {human_pos}/{human_len} {eta}")
        {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_length(total);
    }
    bar.set_position(done);
    bar.set_message(message);
}

/// Progress of one call, on its way to the client that asked for it.
pub(crate) struct Notifier {
    latest: watch::Receiver<Option<Progress>>,
    peer: Peer<RoleServer>,
    token: ProgressToken,
}

/// Work, and how far it has come.
pub(crate) fn followed(cancel: CancellationToken) -> (Run, watch::Receiver<Option<Progress>>) {
    let (sender, latest) = watch::channel(None);
    (Run::new(move |progress| drop(sender.send(Some(progress))), cancel), latest)
}

impl Notifier {
    /// What notifies `peer` of how far a call has come.
    pub(crate) fn new(
        peer: Peer<RoleServer>,
        token: ProgressToken,
        latest: watch::Receiver<Option<Progress>>,
    ) -> Self {
        Self { latest, peer, token }
    }

    /// Notifies until `done`: once a call is answered, nothing more may be said about its progress.
    pub(crate) async fn until(mut self, done: CancellationToken) {
        let mut count = Count::default();
        loop {
            tokio::select! {
                () = done.cancelled() => return,
                changed = self.latest.changed() => if changed.is_err() { return },
            }
            let Some(progress) = self.latest.borrow_and_update().clone() else { continue };
            if let Some((done, total)) = count.next(&progress) {
                let mut notice = ProgressNotificationParam::new(self.token.clone(), done as f64)
                    .with_message(progress.message);
                notice.total = total.map(|total| total as f64);
                if self.peer.notify_progress(notice).await.is_err() {
                    return;
                }
            }
            tokio::select! {
                () = done.cancelled() => return,
                () = tokio::time::sleep(INTERVAL) => {}
            }
        }
    }
}

/// Counts on where a later stage of the work starts at nought again: the protocol wants numbers that grow.
#[derive(Default)]
struct Count {
    before: u64,
    last: Option<u64>,
}

impl Count {
    fn next(&mut self, progress: &Progress) -> Option<(u64, Option<u64>)> {
        match self.last {
            Some(last) if progress.done == last => return None,
            Some(last) if progress.done < last => self.before += last,
            _ => {}
        }
        self.last = Some(progress.done);
        Some((self.before + progress.done, progress.total.map(|total| self.before + total)))
    }
}

#[cfg(test)]
mod tests {
    use super::Count;
    use revarch_data::Progress;

    #[test]
    fn progress_grows_across_stages() {
        let mut count = Count::default();
        let told: Vec<_> = [(5, 10), (5, 10), (10, 10), (1, 4), (4, 4)]
            .into_iter()
            .filter_map(|(done, total)| {
                count.next(&Progress { done, total: Some(total), message: String::new() })
            })
            .collect();
        assert_eq!(told, [(5, Some(10)), (10, Some(10)), (11, Some(14)), (14, Some(14))]);
    }
}
