//! The company's time: seconds since 1970, the days without events, and the weekend.

use crate::{dice::Dice, error::SampleError, truth::Gap};
use jiff::{Timestamp, civil::Date, tz::Offset};

/// Seconds in a minute.
pub(crate) const MINUTE: i64 = 60;
/// Seconds in an hour.
pub(crate) const HOUR: i64 = 60 * MINUTE;
/// Seconds in a day.
pub(crate) const DAY: i64 = 24 * HOUR;

/// How far back leads, deals, touches and spend reach: eighteen months.
const HISTORY: i64 = 548 * DAY;
/// How far back web events are kept.
const EVENT_HISTORY: i64 = 365 * DAY;
/// How long the company has existed, with room to spare.
const PAST: i64 = 10 * 366 * DAY;
/// Days without any event.
const GAP_DAYS: i64 = 3;
/// The last of them lies so many days before now.
const GAP_AGE: i64 = 40;
/// The share of weekend events that are drawn again, mostly onto a weekday.
const WEEKEND_REDRAWN: f64 = 0.7;

/// The moments that every table is dated by.
pub(crate) struct Calendar {
    /// The time the sample is taken.
    pub(crate) now: i64,
    gap_first: Date,
    gap_last: Date,
    gap_start: i64,
    gap_end: i64,
}

impl Calendar {
    /// The calendar around a time, refused where the company's past would leave the years that exist.
    pub(crate) fn around(now: Timestamp) -> Result<Self, SampleError> {
        let second = now.as_second();
        let at = |second| Timestamp::from_second(second).map_err(|source| SampleError::Time { now, source });
        at(second.saturating_sub(PAST))?;
        at(second.saturating_add(PAST))?;
        let gap_end = (second - GAP_AGE * DAY).div_euclid(DAY) * DAY + DAY;
        let gap_start = gap_end - GAP_DAYS * DAY;
        let gap_first = Offset::UTC.to_datetime(at(gap_start)?).date();
        let gap_last = Offset::UTC.to_datetime(at(gap_end - DAY)?).date();
        Ok(Self { now: second, gap_first, gap_last, gap_start, gap_end })
    }

    /// The beginning of recorded history.
    pub(crate) const fn history(&self) -> i64 {
        self.now - HISTORY
    }

    /// When an event took place that left at least `margin` seconds until now: within the last year, seldom
    /// at the weekend, and in the gap only in a clean company.
    pub(crate) fn event(&self, dice: &mut Dice, margin: i64) -> i64 {
        loop {
            let second = dice.between(self.now - EVENT_HISTORY, self.now - margin);
            let in_gap = !dice.is_clean() && (self.gap_start..self.gap_end).contains(&second);
            let redrawn = in_gap || is_weekend(second) && dice.chance(WEEKEND_REDRAWN);
            if !redrawn {
                return second;
            }
        }
    }

    /// The days without events.
    pub(crate) fn gap(&self) -> Gap {
        Gap {
            column: "web_events.occurred_at".to_owned(),
            first_day: self.gap_first,
            last_day: self.gap_last,
        }
    }
}

/// Whether a second falls on a Saturday or Sunday. The first day of 1970 was a Thursday.
const fn is_weekend(second: i64) -> bool {
    matches!((second.div_euclid(DAY) + 4).rem_euclid(7), 0 | 6)
}

/// The time at a second, which [`Calendar::around`] has made sure exists.
pub(crate) fn time(second: i64) -> Option<Timestamp> {
    Timestamp::from_second(second).ok()
}

/// The UTC date at a second.
pub(crate) fn date(second: i64) -> Option<Date> {
    time(second).map(|time| Offset::UTC.to_datetime(time).date())
}
