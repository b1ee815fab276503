//! The four answers a check may give. Unknown is neither a pass nor a zero.

use serde::{Deserialize, Serialize};

/// What the evidence says about one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The evidence clears the threshold, interval included.
    Ready,
    /// The evidence misses the threshold, interval included.
    NotReady,
    /// There is evidence, and the threshold lies within its interval.
    Inconclusive,
    /// There is no evidence.
    Unknown,
}

impl Verdict {
    /// The verdict on a whole whose parts all have to hold: one failure fails it, and one part that is
    /// open or unknown keeps it from passing. A whole without parts is unknown.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut whole = None;
        for part in parts {
            whole = Some(match (whole, part) {
                (Some(Self::NotReady), _) | (_, Self::NotReady) => Self::NotReady,
                (Some(Self::Inconclusive), _) | (_, Self::Inconclusive) => Self::Inconclusive,
                (Some(Self::Unknown), _) | (_, Self::Unknown) => Self::Unknown,
                (_, Self::Ready) => Self::Ready,
            });
        }
        whole.unwrap_or(Self::Unknown)
    }

    /// The verdict in words a person reads.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::NotReady => "not ready",
            Self::Inconclusive => "inconclusive",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict::{self, Inconclusive, NotReady, Ready, Unknown};

    #[test]
    fn a_whole_passes_only_if_every_part_does() {
        assert_eq!(Verdict::all([]), Unknown);
        assert_eq!(Verdict::all([Ready, Ready]), Ready);
        assert_eq!(Verdict::all([Ready, Unknown]), Unknown);
        assert_eq!(Verdict::all([Unknown, Inconclusive]), Inconclusive);
        assert_eq!(Verdict::all([NotReady, Unknown, Ready]), NotReady);
    }
}
