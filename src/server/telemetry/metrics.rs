//! What is counted, for Prometheus. Every label comes from a list of our own, so that no caller can make series without
//! end.

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};
use std::{sync::Arc, time::Duration};

/// Upper bounds of durations in seconds: a list of tools takes a millisecond, a review of millions of rows minutes.
const SECONDS: [f64; 13] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0, 120.0, 600.0];

/// The tool of calls whose tool does not exist.
pub(crate) const UNKNOWN_TOOL: &str = "unknown";

/// Why something was refused before it was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Requests came faster than they may.
    Pace,
    /// There was no room to wait for a turn.
    Queue,
    /// The call worked for longer than it may.
    Time,
    /// The result weighed more than it may.
    Tokens,
    /// The message was longer than it may be.
    Length,
    /// The message nested deeper than it may.
    Depth,
    /// The body came too slowly.
    SlowBody,
    /// There were as many connections as there may be.
    Connections,
    /// The server was about to stop.
    Stopping,
    /// The caller did not show who it is.
    Unauthenticated,
    /// The caller, host or origin was not allowed.
    Forbidden,
}

impl Refusal {
    const fn name(self) -> &'static str {
        match self {
            Self::Pace => "pace",
            Self::Queue => "queue",
            Self::Time => "time",
            Self::Tokens => "tokens",
            Self::Length => "length",
            Self::Depth => "depth",
            Self::SlowBody => "slow_body",
            Self::Connections => "connections",
            Self::Stopping => "stopping",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
        }
    }
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfTool {
    tool: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Called {
    tool: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Refused {
    reason: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Responded {
    status: u16,
}

fn durations() -> Histogram {
    Histogram::new(SECONDS)
}

/// Everything that is counted.
#[derive(Clone)]
pub(crate) struct Metrics {
    registry: Arc<Registry>,
    calls: Family<Called, Counter>,
    durations: Family<OfTool, Histogram, fn() -> Histogram>,
    in_flight: Family<OfTool, Gauge>,
    waiting: Gauge,
    waits: Histogram,
    refused: Family<Refused, Counter>,
    responses: Family<Responded, Counter>,
    connections: Gauge,
    memory: Gauge,
    store: Gauge,
}

/// What is looked up when somebody asks for the numbers.
pub(crate) struct Now {
    /// Calls that wait for their turn.
    pub(crate) waiting: usize,
    /// The size of the store, where it can be told.
    pub(crate) store_bytes: Option<u64>,
}

impl Metrics {
    /// Nothing counted yet.
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("revarch");
        let calls = Family::default();
        let durations = Family::new_with_constructor(durations as fn() -> Histogram);
        let (in_flight, waiting, waits) = (Family::default(), Gauge::default(), Histogram::new(SECONDS));
        let (refused, responses) = (Family::default(), Family::default());
        let (connections, memory, store) = (Gauge::default(), Gauge::default(), Gauge::default());
        registry.register("tool_calls", "Calls of tools by what came of them", Family::clone(&calls));
        registry.register("tool_call_seconds", "How long calls worked", Family::clone(&durations));
        registry.register("tool_calls_in_flight", "Calls that work now", Family::clone(&in_flight));
        registry.register("queue_length", "Calls that wait for their turn now", Gauge::clone(&waiting));
        registry.register(
            "queue_wait_seconds",
            "How long calls waited for their turn",
            Histogram::clone(&waits),
        );
        registry.register("refusals", "What a limit or a check refused", Family::clone(&refused));
        registry.register("http_responses", "HTTP responses by status", Family::clone(&responses));
        registry.register("http_connections", "Open HTTP connections", Gauge::clone(&connections));
        registry.register("process_resident_bytes", "Memory the process holds", Gauge::clone(&memory));
        registry.register("store_bytes", "Size of the store", Gauge::clone(&store));
        let registry = Arc::new(registry);
        Self {
            registry,
            calls,
            durations,
            in_flight,
            waiting,
            waits,
            refused,
            responses,
            connections,
            memory,
            store,
        }
    }

    /// Counts a call that begins to work, until what is returned is dropped.
    pub(crate) fn begin(&self, tool: &str) -> Working {
        let tool = OfTool { tool: tool.to_owned() };
        let gauge = self.in_flight.get_or_create_owned(&tool);
        gauge.inc();
        Working { gauge }
    }

    /// Counts what came of a call, and how long it worked.
    pub(crate) fn called(&self, tool: &str, outcome: &'static str, worked: Option<Duration>) {
        self.calls.get_or_create(&Called { tool: tool.to_owned(), outcome }).inc();
        if let Some(worked) = worked {
            self.durations.get_or_create(&OfTool { tool: tool.to_owned() }).observe(worked.as_secs_f64());
        }
    }

    /// Counts how long a call waited for its turn.
    pub(crate) fn waited(&self, wait: Duration) {
        self.waits.observe(wait.as_secs_f64());
    }

    /// Counts a refusal.
    pub(crate) fn refused(&self, refusal: Refusal) {
        self.refused.get_or_create(&Refused { reason: refusal.name() }).inc();
    }

    /// Counts a response.
    pub(crate) fn responded(&self, status: u16) {
        self.responses.get_or_create(&Responded { status }).inc();
    }

    /// The open connections.
    pub(crate) fn connections(&self) -> &Gauge {
        &self.connections
    }

    /// All numbers as text.
    pub(crate) fn text(&self, now: &Now) -> Result<String, std::fmt::Error> {
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.waiting.set(whole(now.waiting as u64));
        // What cannot be told stays at -1, which no size is.
        self.memory.set(resident_bytes().map_or(-1, whole));
        self.store.set(now.store_bytes.map_or(-1, whole));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// A call that works.
#[derive(Debug)]
pub(crate) struct Working {
    gauge: Gauge,
}

impl Drop for Working {
    fn drop(&mut self) {
        self.gauge.dec();
    }
}

/// The memory that the process holds, where the system tells.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::{Metrics, Now, Refusal};
    use std::time::Duration;

    #[test]
    fn what_is_counted_is_told() {
        let metrics = Metrics::new();
        let working = metrics.begin("describe_data");
        metrics.called("describe_data", "ok", Some(Duration::from_millis(20)));
        metrics.refused(Refusal::Pace);
        metrics.responded(429);
        let text = metrics.text(&Now { waiting: 3, store_bytes: Some(4096) }).unwrap();
        for line in [
            "revarch_tool_calls_total{tool=\"describe_data\",outcome=\"ok\"} 1",
            "revarch_tool_calls_in_flight{tool=\"describe_data\"} 1",
            "revarch_tool_call_seconds_bucket{le=\"0.01\",tool=\"describe_data\"} 0",
            "revarch_tool_call_seconds_bucket{le=\"0.05\",tool=\"describe_data\"} 1",
            "revarch_queue_length 3",
            "revarch_refusals_total{reason=\"pace\"} 1",
            "revarch_http_responses_total{status=\"429\"} 1",
            "revarch_store_bytes 4096",
            "# EOF",
        ] {
            assert!(text.lines().any(|told| told == line), "{line} is not in\n{text}");
        }
        drop(working);
        let text = metrics.text(&Now { waiting: 0, store_bytes: None }).unwrap();
        assert!(text.contains("revarch_tool_calls_in_flight{tool=\"describe_data\"} 0"), "{text}");
        assert!(text.contains("revarch_store_bytes -1"), "{text}");
    }
}
