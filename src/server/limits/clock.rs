//! How long a call has worked, without the time in which it waited for a person.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// Counts the time of a call's own work.
#[derive(Debug)]
pub(super) struct Clock(Mutex<State>);

#[derive(Debug)]
struct State {
    worked: Duration,
    /// Since when it works; not while it waits.
    since: Option<Instant>,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self(Mutex::new(State { worked: Duration::ZERO, since: Some(Instant::now()) }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn pause(&self) {
        let mut state = self.state();
        if let Some(since) = state.since.take() {
            state.worked += since.elapsed();
        }
    }

    pub(super) fn resume(&self) {
        self.state().since.get_or_insert_with(Instant::now);
    }

    fn worked(&self) -> Duration {
        let state = self.state();
        state.worked + state.since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// Waits until the call has worked for so long.
    pub(super) async fn ran_out(&self, limit: Duration) {
        while let Some(left) = limit.checked_sub(self.worked()).filter(|left| !left.is_zero()) {
            tokio::time::sleep(left).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Clock;
    use futures::FutureExt as _;
    use std::time::Duration;
    use tokio::time::{Instant, sleep};

    #[tokio::test]
    async fn waiting_is_not_working() {
        let (begun, clock, limit) = (Instant::now(), Clock::start(), Duration::from_secs(1));
        clock.pause();
        sleep(Duration::from_millis(1_500)).await;
        assert!(clock.ran_out(limit).now_or_never().is_none());
        clock.resume();
        clock.ran_out(limit).await;
        assert!(begun.elapsed() >= Duration::from_millis(2_500), "{:?}", begun.elapsed());
    }
}
