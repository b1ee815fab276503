//! Progress and cancellation of one piece of work.

use std::{fmt, future::Future, sync::Arc};
use tokio_util::sync::CancellationToken;

/// How far some work has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// What is done so far, in the unit of `total`.
    pub done: u64,
    /// What there is to do, where it is known.
    pub total: Option<u64>,
    /// What is being done.
    pub message: String,
}

type Watch = dyn Fn(Progress) + Send + Sync;

/// One piece of work, as seen by whoever waits for it.
#[derive(Clone)]
pub struct Run {
    watch: Option<Arc<Watch>>,
    cancel: CancellationToken,
}

impl Run {
    /// Work that reports to `watch` and stops when `cancel` is.
    pub fn new(watch: impl Fn(Progress) + Send + Sync + 'static, cancel: CancellationToken) -> Self {
        Self { watch: Some(Arc::new(watch)), cancel }
    }

    /// Work that nobody watches.
    pub fn unwatched() -> Self {
        Self { watch: None, cancel: CancellationToken::new() }
    }

    /// Tells the watcher how far the work has come.
    pub fn progress(&self, done: u64, total: Option<u64>, message: impl Into<String>) {
        if let Some(watch) = &self.watch {
            watch(Progress { done, total, message: message.into() });
        }
    }

    /// A part of the work: what it does is told as done beyond `before`, of `total` in all.
    #[must_use]
    pub fn part(&self, before: u64, total: u64) -> Self {
        let watch = self.watch.clone().map(|watch| {
            let part = move |progress: Progress| {
                watch(Progress { done: before + progress.done, total: Some(total), ..progress });
            };
            Arc::new(part) as Arc<Watch>
        });
        Self { watch, cancel: self.cancel.clone() }
    }

    /// Waits until the work is cancelled.
    pub fn cancelled(&self) -> impl Future<Output = ()> + Send + '_ {
        self.cancel.cancelled()
    }

    /// Whether the work is cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("cancelled", &self.is_cancelled()).finish_non_exhaustive()
    }
}
