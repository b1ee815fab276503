//! The periods that metrics are told by, in UTC.

use crate::value::MICROS_PER_DAY;
use jiff::{ToSpan as _, civil::Date};

/// The mean length of a month in days, for the rate of a period.
const DAYS_PER_MONTH: f64 = 365.25 / 12.0;

/// How time is cut up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Every {
    /// By calendar month.
    Month,
    /// By calendar quarter.
    #[default]
    Quarter,
    /// By calendar year.
    Year,
    /// Not at all.
    Whole,
}

/// A stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its name, such as `2026-Q2`.
    pub name: String,
    /// Its first moment, in microseconds since 1970.
    pub from: i64,
    /// The first moment after it, or now where it is not over.
    pub until: i64,
    /// Whether it is not over yet.
    pub is_partial: bool,
}

impl Period {
    /// How many months it lasts: whole ones where it is one or several calendar months.
    pub fn months(&self) -> f64 {
        let days = (self.until - self.from) as f64 / MICROS_PER_DAY as f64;
        let months = days / DAYS_PER_MONTH;
        let whole = months.round();
        // Calendar months have 28 to 31 days and still are one month each.
        if !self.is_partial && whole >= 1.0 && (months - whole).abs() < 0.11 { whole } else { months }
    }
}

/// Why there are no periods.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// The first day is not before the last.
    #[error("the period from {from} to {to} is empty")]
    Empty {
        /// The first day.
        from: Date,
        /// The first day after it.
        to: Date,
    },
    /// There would be too many.
    #[error("there would be more than {most} periods")]
    Many {
        /// How many there may be.
        most: usize,
    },
    /// The calendar ends.
    #[error("a day lies outside the calendar")]
    Calendar,
}

/// The most periods of one answer.
const MOST: usize = 120;

/// The periods from the one that holds the first day to the one that holds the last moment before `to`, cut off at
/// `now`. The whole is one period with exactly these ends.
pub fn periods(every: Every, from: Date, to: Date, now: i64) -> Result<Vec<Period>, PeriodError> {
    if from >= to {
        return Err(PeriodError::Empty { from, to });
    }
    if every == Every::Whole {
        return Ok(vec![cut(format!("{from} to {to}"), from, to, now)]);
    }
    let mut found = Vec::new();
    let mut begin = start(every, from);
    while begin < to {
        if found.len() == MOST {
            return Err(PeriodError::Many { most: MOST });
        }
        let end = begin.checked_add(months(every).months()).map_err(|_| PeriodError::Calendar)?;
        found.push(cut(name(every, begin), begin, end, now));
        begin = end;
    }
    found.retain(|period| period.from < now);
    Ok(found)
}

/// The first day from which so many periods end with the one that holds a time, and the day after that time.
pub fn last_before(every: Every, count: i64, time: i64) -> Result<(Date, Date), PeriodError> {
    let day = Date::new(1970, 1, 1)
        .and_then(|epoch| epoch.checked_add(time.div_euclid(MICROS_PER_DAY).days()))
        .map_err(|_| PeriodError::Calendar)?;
    let to = day.tomorrow().map_err(|_| PeriodError::Calendar)?;
    let back = (months(every) * (count - 1)).months();
    let from = start(every, day).checked_sub(back).map_err(|_| PeriodError::Calendar)?;
    Ok((from, to))
}

/// The first moment of a day.
fn micros(day: Date) -> i64 {
    let days =
        Date::new(1970, 1, 1).and_then(|epoch| day.since(epoch)).map_or(0, |span| i64::from(span.get_days()));
    days * MICROS_PER_DAY
}

fn cut(name: String, from: Date, to: Date, now: i64) -> Period {
    let (from, until) = (micros(from), micros(to));
    Period { name, from, until: until.min(now.max(from)), is_partial: until > now }
}

const fn months(every: Every) -> i64 {
    match every {
        Every::Month => 1,
        Every::Quarter => 3,
        Every::Year | Every::Whole => 12,
    }
}

fn start(every: Every, day: Date) -> Date {
    let month = match every {
        Every::Month => day.month(),
        Every::Quarter => (day.month() - 1) / 3 * 3 + 1,
        Every::Year | Every::Whole => 1,
    };
    Date::new(day.year(), month, 1).unwrap_or(day)
}

fn name(every: Every, begin: Date) -> String {
    match every {
        Every::Month => format!("{:04}-{:02}", begin.year(), begin.month()),
        Every::Quarter => format!("{:04}-Q{}", begin.year(), (begin.month() - 1) / 3 + 1),
        Every::Year | Every::Whole => format!("{:04}", begin.year()),
    }
}
