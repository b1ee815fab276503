//! How an outcome is read out of history: a lead converts when a deal follows within so many days of its creation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Windows that are chosen from, in days.
const WINDOWS: [u32; 8] = [7, 14, 30, 60, 90, 120, 180, 365];
/// Share of the conversions seen that the chosen window holds. Authored: the rest are stragglers, and waiting for
/// them would leave out more of the latest leads than it adds conversions.
const HELD_SHARE: f64 = 0.9;

/// What counts as a conversion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Conversion {
    /// A deal was made, however it ended.
    #[default]
    Deal,
    /// A deal was won.
    Won,
}

/// When the decision about a lead is due and how long it has to convert, both counted from its creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// What counts as a conversion.
    pub conversion: Conversion,
    /// Days from creation within which it counts.
    pub within_days: u32,
    /// Days from creation to the decision. Only what happened before it is known to the model.
    pub decide_after_days: u32,
}

/// The shortest window that holds most conversions, from the days each took and how many took as long. It is longer
/// than the wait for the decision. Nothing where nothing converted.
pub fn window(delays: &[(i64, u64)], decide_after_days: u32) -> Option<u32> {
    let all: u64 = delays.iter().map(|(_, count)| count).sum();
    let within = |days: u32| -> u64 {
        delays.iter().filter(|(delay, _)| *delay <= i64::from(days)).map(|(_, count)| count).sum()
    };
    let longer = || WINDOWS.into_iter().filter(|days| *days > decide_after_days);
    let longest = 365.max(decide_after_days.saturating_add(1));
    let holds = |days: &u32| within(*days) as f64 >= HELD_SHARE * all as f64;
    (all > 0).then(|| longer().find(holds).unwrap_or(longest))
}

#[cfg(test)]
mod tests {
    use super::window;

    #[test]
    fn the_window_holds_nine_in_ten() {
        assert_eq!(window(&[(3, 50), (25, 40), (200, 10)], 0), Some(30));
        assert_eq!(window(&[(3, 50), (25, 30), (200, 20)], 0), Some(365));
        assert_eq!(window(&[(800, 5)], 0), Some(365));
        assert_eq!(window(&[(3, 50)], 14), Some(30), "the decision comes before the end");
        assert_eq!(window(&[(3, 50)], 400), Some(401));
        assert_eq!(window(&[], 0), None);
    }
}
