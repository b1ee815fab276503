//! The models by which credit is given.

use std::{fmt, str::FromStr};

/// The most touches that a Markov chain remembers: eight of sixteen bits make a state.
pub const MOST_ORDER: u8 = 8;

/// A rule that divides a conversion among the touches before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Model {
    /// All to the first touch.
    First,
    /// All to the last touch.
    Last,
    /// All to the last touch that is not direct; to the last where all are.
    LastNonDirect,
    /// The same to every touch.
    Linear,
    /// Half as much for every half-life between the touch and the conversion.
    TimeDecay,
    /// 40% to the first, 40% to the last, 20% to those between.
    UShaped,
    /// 30% each to the first touch, to the one that made the lead and to the one that opened the deal; 10% to the rest.
    WShaped,
    /// 22.5% each to these three and to the last touch; 10% to the rest.
    FullPath,
    /// By how much the conversion rate of the same journey without the touch falls short.
    LeaveOneOut,
    /// By the conversions lost when a channel is taken out of the chain of touches.
    Markov,
    /// The Shapley value where a set of channels is worth what its own journeys earned.
    Shapley,
    /// The Shapley value where a set of channels is worth the conversion rate of its own journeys.
    ShapleyRate,
}

impl Model {
    /// Every model, the simple ones first.
    pub const ALL: [Self; 12] = [
        Self::First,
        Self::Last,
        Self::LastNonDirect,
        Self::Linear,
        Self::TimeDecay,
        Self::UShaped,
        Self::WShaped,
        Self::FullPath,
        Self::LeaveOneOut,
        Self::Markov,
        Self::Shapley,
        Self::ShapleyRate,
    ];

    /// The name in results and arguments.
    pub const fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Last => "last",
            Self::LastNonDirect => "last_non_direct",
            Self::Linear => "linear",
            Self::TimeDecay => "time_decay",
            Self::UShaped => "u_shaped",
            Self::WShaped => "w_shaped",
            Self::FullPath => "full_path",
            Self::LeaveOneOut => "leave_one_out",
            Self::Markov => "markov",
            Self::Shapley => "shapley",
            Self::ShapleyRate => "shapley_rate",
        }
    }

    /// Whether the credit of a journey follows from that journey alone.
    pub(crate) const fn is_of_positions(self) -> bool {
        !matches!(self, Self::LeaveOneOut | Self::Markov | Self::Shapley | Self::ShapleyRate)
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Model {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|model| model.name() == text).ok_or_else(|| format!("no model `{text}`"))
    }
}
