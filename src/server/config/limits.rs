//! How much callers may ask of the server.

use schemars::JsonSchema;
use serde::Deserialize;
use std::{num::NonZeroU32, time::Duration};

/// How much callers may ask of the server.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Limits {
    /// The longest message that is read, in bytes: on stdio a line, on HTTP a body.
    pub(crate) message_bytes: NonZeroU32,
    /// How deep the JSON of a message may nest. Beyond 127 the parser gives up of itself.
    pub(crate) json_depth: NonZeroU32,
    /// Requests a second that each caller may make over HTTP for as long as it likes. Whoever shows no name is known by
    /// the address. More is refused with 429 and `Retry-After`.
    pub(crate) requests_per_second: NonZeroU32,
    /// Requests that each caller may make at once before that pace holds.
    pub(crate) burst: NonZeroU32,
    /// Whether the pace holds too for callers on this machine that show no name. Set it where a reverse proxy on this
    /// machine lets others in; they then share one pace.
    pub(crate) limit_this_machine: bool,
    /// Calls of tools that work at the same time, over all callers. Others wait, and each caller gets its turn. Calls of
    /// the toolset `knowledge` read no data and never wait. Unset, it is the number of cores, at least 4.
    pub(crate) heavy_calls: Option<NonZeroU32>,
    /// Calls that may wait for their turn, over all callers. When there is no more room, the caller with the most
    /// waiting calls is refused first.
    pub(crate) waiting_calls: NonZeroU32,
    /// Seconds that a call may work. It is cancelled then, and its answer names this limit. Time in which the call waits
    /// for its turn or for a person's answer is not counted.
    pub(crate) call_seconds: NonZeroU32,
    /// The most tokens that a result may take of a model's context; an answer that takes more is kept back, and the
    /// caller is told how to ask for less.
    pub(crate) result_tokens: NonZeroU32,
    /// Connections at the same time. Whoever comes after is sent away with 503.
    pub(crate) connections: NonZeroU32,
    /// Seconds from the first byte of a request to the end of its headers; of TLS, the handshake.
    pub(crate) header_seconds: NonZeroU32,
    /// Seconds in which the body of a request has to arrive.
    pub(crate) body_seconds: NonZeroU32,
    /// Seconds that a connection may stay open without a word in either direction. Event streams say a word every
    /// 15 seconds.
    pub(crate) idle_seconds: NonZeroU32,
    /// Seconds that a client may leave an answer unread before it is cut off.
    pub(crate) stall_seconds: NonZeroU32,
    /// Seconds that calls get to finish when the server is told to stop. Those that are still working are cancelled then.
    pub(crate) drain_seconds: NonZeroU32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_bytes: at_least_one(8 * 1024 * 1024),
            json_depth: at_least_one(64),
            requests_per_second: at_least_one(100),
            burst: at_least_one(500),
            limit_this_machine: false,
            heavy_calls: None,
            waiting_calls: at_least_one(1_000),
            call_seconds: at_least_one(600),
            result_tokens: at_least_one(25_000),
            connections: at_least_one(4_096),
            header_seconds: at_least_one(10),
            body_seconds: at_least_one(60),
            idle_seconds: at_least_one(75),
            stall_seconds: at_least_one(30),
            drain_seconds: at_least_one(20),
        }
    }
}

const fn at_least_one(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

impl Limits {
    /// Fewer would let one caller's long call hold up a machine of one core.
    const LEAST_HEAVY_CALLS: usize = 4;

    /// Calls that work at the same time where nothing else is said.
    pub(crate) fn usual_heavy_calls() -> usize {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        cores.max(Self::LEAST_HEAVY_CALLS)
    }

    /// Calls that work at the same time.
    pub(crate) fn heavy(&self) -> usize {
        self.heavy_calls.map_or_else(Self::usual_heavy_calls, count)
    }

    /// The longest message that is read.
    pub(crate) fn longest_message(&self) -> usize {
        count(self.message_bytes)
    }
}

/// A limit as a number of things.
pub(crate) fn count(limit: NonZeroU32) -> usize {
    usize::try_from(limit.get()).unwrap_or(usize::MAX)
}

/// A limit in seconds as a span of time.
pub(crate) fn seconds(limit: NonZeroU32) -> Duration {
    Duration::from_secs(limit.get().into())
}
