//! Long calls that clients follow as tasks.

use schemars::JsonSchema;
use serde::Deserialize;

/// Long calls, which clients that know the tasks extension follow as tasks.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Tasks {
    /// Minutes for which a task is kept, from its beginning and again from its end; 60 unless given. A task that takes
    /// longer than that is stopped.
    #[schemars(range(min = 1))]
    pub(crate) keep_minutes: u32,
    /// The tasks a caller may have, those that have ended and are still kept among them; 20 unless given. What is called
    /// beyond that is answered when it is done.
    pub(crate) most_per_caller: u32,
    /// Milliseconds after which a long call becomes a task; 500 unless given. What is done earlier is answered as any
    /// other call.
    pub(crate) answer_within_ms: u64,
}

impl Default for Tasks {
    fn default() -> Self {
        Self { keep_minutes: 60, most_per_caller: 20, answer_within_ms: 500 }
    }
}
