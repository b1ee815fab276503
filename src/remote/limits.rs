//! How much of a server's time and talk is taken.

use std::time::Duration;

/// The bounds of one conversation. The defaults fit every server met in the wild with room to spare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For the whole conversation.
    pub time: Duration,
    /// How long a program may ignore the newer protocol before it is asked in the older one.
    pub patience: Duration,
    /// Pages of one list.
    pub pages: usize,
    /// Items of one list.
    pub items: usize,
    /// Bytes of one answer, with all that the server says while it is waited for.
    pub answer_bytes: usize,
    /// Bytes of one list, as JSON.
    pub list_bytes: usize,
    /// Bytes of one text in an item, such as a description. What is longer is cut, and that is noted.
    pub text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(30),
            patience: Duration::from_secs(4),
            pages: 100,
            items: 5_000,
            // JSON in memory takes up to thirty times its bytes, and several servers are read at once.
            answer_bytes: 8 * 1024 * 1024,
            list_bytes: 8 * 1024 * 1024,
            text_bytes: 32 * 1024,
        }
    }
}

impl Limits {
    /// The default bounds with another limit of time.
    pub fn within(time: Duration) -> Self {
        Self { time, ..Self::default() }
    }
}
