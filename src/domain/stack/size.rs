//! How large a stack is, held against what has been published about size.

use super::tool::{StackTool, Use};

/// Where a number of tools stands to the published ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeStanding {
    /// Fewer than the published range of core tools.
    Below,
    /// In the published range.
    Within,
    /// Above the range and below what is called sprawl: nothing has been published about it.
    BetweenRules,
    /// What is called sprawl.
    Sprawl,
    /// The list is not the whole stack and may be longer.
    Unknown,
}

impl SizeStanding {
    /// The standing's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Below => "below",
            Self::Within => "within",
            Self::BetweenRules => "between_rules",
            Self::Sprawl => "sprawl",
            Self::Unknown => "unknown",
        }
    }

    /// The standing of so many tools.
    pub(super) fn of(tools: usize, is_whole: bool) -> Self {
        const CORE: std::ops::RangeInclusive<usize> = 15..=25;
        const SPRAWL: usize = 50;
        if tools >= SPRAWL {
            Self::Sprawl
        } else if !is_whole {
            Self::Unknown
        } else if tools < *CORE.start() {
            Self::Below
        } else if CORE.contains(&tools) {
            Self::Within
        } else {
            Self::BetweenRules
        }
    }
}

/// The share of the tools in use, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanUse {
    /// The mean over the tools whose share is known, in percent.
    pub percent: f64,
    /// How many those are.
    pub known: usize,
}

/// The mean share in use; nothing where none is known.
pub(super) fn mean_use(tools: &[StackTool]) -> Option<MeanUse> {
    let known = tools.iter().filter_map(|tool| match tool.usage() {
        Use::Unknown => None,
        Use::None => Some(0.0),
        Use::Some { share, .. } => share,
    });
    let mut shares: Vec<f64> = known.collect();
    shares.sort_by(f64::total_cmp);
    let known = shares.len();
    (known > 0).then(|| MeanUse { percent: shares.iter().sum::<f64>() / known as f64, known })
}
