//! What keeps one caller from taking the server away from the others.

mod clock;
mod depth;
mod pace;
mod queue;
mod waiting;
mod weight;

pub(crate) use depth::is_deeper;
pub(crate) use pace::Pace;

use crate::{
    config::{Limits, count, seconds},
    telemetry::{Metrics, Now, Refusal},
};
use clock::Clock;
use queue::Queue;
use revarch_tools::{Answer, ErrorKind, Route, ToolError, Toolset, ask::Asker};
use std::sync::Arc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use waiting::Waiting;

/// The one way by which calls come to their work, whatever they came in by.
///
/// # Design
///
/// Memory is not shared out here: every call opens the data by itself, and the query engine gives it a pool of its own
/// of `memory` bytes, beyond which it spills to files. So `memory` times `limits.heavy_calls` is the most that all calls
/// together take for reading data, and no call can starve another.
#[derive(Clone)]
pub(crate) struct Gate(Arc<Inner>);

struct Inner {
    limits: Limits,
    queue: Arc<Queue>,
    metrics: Metrics,
    stop: CancellationToken,
}

impl Gate {
    /// A gate with these limits, and nobody behind it yet.
    pub(crate) fn new(limits: Limits) -> Self {
        let queue = Queue::new(limits.heavy(), count(limits.waiting_calls));
        Self(Arc::new(Inner { limits, queue, metrics: Metrics::new(), stop: CancellationToken::new() }))
    }

    /// The limits.
    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// What is counted.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// What is counted, as text.
    pub(crate) fn numbers(&self, store_bytes: Option<u64>) -> Result<String, std::fmt::Error> {
        self.0.metrics.text(&Now { waiting: self.0.queue.waiting(), store_bytes })
    }

    /// Cancels every call, and says why in its answer.
    pub(crate) fn stop(&self) {
        self.0.stop.cancel();
    }

    /// Does a call's work within the limits. `work` gets what cancels it, and whom it may ask.
    pub(crate) async fn call<F>(
        &self,
        route: &Route,
        caller: &Arc<str>,
        ask: Asker,
        cancel: &CancellationToken,
        work: impl FnOnce(CancellationToken, Asker) -> F,
    ) -> Result<Answer, ToolError>
    where
        F: Future<Output = Result<Answer, ToolError>>,
    {
        let mut outcome = Outcome { metrics: &self.0.metrics, tool: route.name(), begun: None, named: None };
        let answer = self.attend(route, caller, ask, cancel, work, &mut outcome).await;
        let named = match &answer {
            Ok(_) => "ok",
            Err(error) => name(error.kind),
        };
        outcome.named = Some(named);
        tracing::debug!(tool = route.name(), %caller, outcome = named, "called");
        answer
    }

    async fn attend<F>(
        &self,
        route: &Route,
        caller: &Arc<str>,
        ask: Asker,
        cancel: &CancellationToken,
        work: impl FnOnce(CancellationToken, Asker) -> F,
        outcome: &mut Outcome<'_>,
    ) -> Result<Answer, ToolError>
    where
        F: Future<Output = Result<Answer, ToolError>>,
    {
        let Inner { limits, queue, metrics, stop } = &*self.0;
        let place = if route.toolset() == Toolset::Knowledge {
            None
        } else {
            let joined = Instant::now();
            let place = tokio::select! {
                place = queue.enter(caller) => place.map_err(|_| self.full())?,
                () = cancel.cancelled() => return Err(cancelled(route)),
                () = stop.cancelled() => return Err(self.stopped()),
            };
            metrics.waited(joined.elapsed());
            Some(place)
        };
        let _working = metrics.begin(route.name());
        outcome.begun = Some(Instant::now());
        // Work that nobody waits for any more is told so, however this ends.
        let end = cancel.child_token();
        let _ends = end.clone().drop_guard();
        let clock = Arc::new(Clock::start());
        let ask = Waiting::asker(ask, Arc::clone(&clock), Arc::clone(queue), Arc::clone(caller), place);
        let answer = tokio::select! {
            answer = work(end, ask) => answer?,
            () = clock.ran_out(seconds(limits.call_seconds)) => return Err(self.late(route)),
            () = stop.cancelled() => return Err(self.stopped()),
        };
        let bounded = weight::bounded(answer, route, count(limits.result_tokens));
        bounded.inspect_err(|_| metrics.refused(Refusal::Tokens))
    }

    fn full(&self) -> ToolError {
        self.0.metrics.refused(Refusal::Queue);
        let most = self.0.limits.waiting_calls;
        ToolError::new(
            ErrorKind::Refused,
            format!(
                "the server is busy: {most} calls wait already (limits.waiting_calls), many of them yours"
            ),
        )
        .hint("call again in a while, with fewer calls at the same time")
    }

    fn late(&self, route: &Route) -> ToolError {
        self.0.metrics.refused(Refusal::Time);
        let most = self.0.limits.call_seconds;
        ToolError::new(
            ErrorKind::Refused,
            format!("{} was cancelled: it worked for {most} seconds, and no call may work longer (limits.call_seconds)", route.name()),
        )
        .hint("ask for less at once; the operator can raise limits.call_seconds")
    }

    fn stopped(&self) -> ToolError {
        self.0.metrics.refused(Refusal::Stopping);
        ToolError::new(ErrorKind::Cancelled, "the call was cancelled, because the server stops")
            .hint("call again when the server is back")
    }
}

fn cancelled(route: &Route) -> ToolError {
    ToolError::new(
        ErrorKind::Cancelled,
        format!("{} was cancelled by the caller before it had its turn", route.name()),
    )
}

/// What comes of calls, as it is counted.
const fn name(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Input => "input",
        ErrorKind::Data => "data",
        ErrorKind::Refused => "refused",
        ErrorKind::Cancelled => "cancelled",
        ErrorKind::Suspended => "asked",
        ErrorKind::Misfit => "misfit",
        ErrorKind::Internal => "fault",
    }
}

/// Counts a call when it ends, also one that panics or that nobody waits for any more.
struct Outcome<'a> {
    metrics: &'a Metrics,
    tool: &'a str,
    begun: Option<Instant>,
    named: Option<&'static str>,
}

impl Drop for Outcome<'_> {
    fn drop(&mut self) {
        let dropped = if std::thread::panicking() { "fault" } else { "cancelled" };
        let worked = self.begun.map(|begun| begun.elapsed());
        self.metrics.called(self.tool, self.named.unwrap_or(dropped), worked);
    }
}

#[cfg(test)]
mod tests;
