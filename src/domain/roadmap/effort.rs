//! How much work an item is. An estimate is an interval, and what nobody knows has no upper end.

use crate::coverage::decision::Effort;

/// Work in days of one person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PersonDays {
    /// The least it takes.
    pub low: f64,
    /// The most it takes; nothing where nobody knows.
    pub high: Option<f64>,
}

impl PersonDays {
    /// Work that nobody has estimated.
    pub const UNKNOWN: Self = Self { low: 0.0, high: None };

    /// The range of a class of effort. The ranges are revarch's own and follow the words of the classes: within a
    /// day, within a week, a small project, a project of a quarter.
    pub const fn of(class: Effort) -> Self {
        let (low, high) = match class {
            Effort::Hours => (0.25, 1.0),
            Effort::Days => (1.0, 5.0),
            Effort::Weeks => (5.0, 20.0),
            Effort::Quarter => (20.0, 65.0),
        };
        Self { low, high: Some(high) }
    }

    /// The same work, so many times.
    #[must_use]
    pub fn times(self, count: usize) -> Self {
        let times = count as f64;
        Self { low: self.low * times, high: self.high.map(|high| high * times) }
    }

    /// Both pieces of work.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { low: self.low + other.low, high: self.high.zip(other.high).map(|(one, two)| one + two) }
    }

    /// Whether the two ends make an interval of work.
    pub(super) fn is_sound(self) -> bool {
        const MOST: f64 = 10_000.0;
        let holds = |days: f64| days.is_finite() && (0.0..=MOST).contains(&days);
        holds(self.low) && self.high.is_none_or(|high| holds(high) && high >= self.low)
    }
}
