//! Days and moments as people and systems write them.

use serde::{Deserialize, Serialize};

/// The ways of writing a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DateFormat {
    /// 2024-01-31 or 2024/01/31.
    YearFirst,
    /// 31/01/2024 or 31-01-2024: the first number cannot be a month.
    DayFirst,
    /// 01/31/2024 or 01-31-2024: the second number cannot be a month.
    MonthFirst,
    /// 03/04/2024, which is April in one country and March in another.
    Ambiguous,
    /// 31.01.2024.
    Dotted,
    /// 31 Jan 2024, 31-Jan-2024 or Jan 31, 2024.
    Named,
}

impl DateFormat {
    /// Every format, in the order of [`DateFormat::index`].
    pub const ALL: [Self; 6] =
        [Self::YearFirst, Self::DayFirst, Self::MonthFirst, Self::Ambiguous, Self::Dotted, Self::Named];

    /// The format's place in [`DateFormat::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The format's name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::YearFirst => "year_first",
            Self::DayFirst => "day_first",
            Self::MonthFirst => "month_first",
            Self::Ambiguous => "day_or_month_first",
            Self::Dotted => "dotted",
            Self::Named => "month_by_name",
        }
    }
}

/// What a text says of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Microseconds since 1970 in UTC; a time without a zone is taken as UTC. None where the day is ambiguous.
    pub micros: Option<i64>,
    /// How the day is written.
    pub format: DateFormat,
    /// Whether a time of day follows it.
    pub has_time: bool,
}

const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
/// Microseconds in a day.
pub const MICROS_PER_DAY: i64 = SECONDS_PER_DAY * MICROS_PER_SECOND;

/// Reads a day, or a day and a time.
pub fn moment(text: &str) -> Option<Moment> {
    /// `31 January 2024 10:00:00.123456 +02:00` is about the longest.
    const LONGEST: usize = 40;
    let bytes = text.as_bytes();
    if bytes.len() > LONGEST || bytes.len() < 6 || !text.is_ascii() {
        return None;
    }
    if let [y1, y2, y3, y4, mark @ (b'-' | b'/'), m1, m2, second, d1, d2, ..] = bytes
        && mark == second
        && let (Some(century), Some(year), Some(month), Some(day)) =
            (pair(*y1, *y2), pair(*y3, *y4), pair(*m1, *m2), pair(*d1, *d2))
    {
        // The common case: year first, all its zeros written.
        return at(century * 100 + year, month, day, DateFormat::YearFirst, &text[10..]);
    }
    // Days, months and years have one, two or four digits.
    let digits = bytes.iter().take(5).take_while(|byte| byte.is_ascii_digit()).count();
    if matches!(digits, 1 | 2 | 4)
        && let Some(found) = numbered(text)
    {
        return Some(found);
    }
    named(text)
}

/// Three numbers between the same separators.
fn numbered(text: &str) -> Option<Moment> {
    let (day, rest) = match text.find(['T', ' ']) {
        Some(end) => text.split_at(end),
        None => (text, ""),
    };
    let separator = day.chars().find(|letter| !letter.is_ascii_digit())?;
    if !matches!(separator, '-' | '/' | '.') {
        return None;
    }
    let mut parts = day.split(separator);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    if a.len() == 4 && b.len() <= 2 && c.len() <= 2 && separator != '.' {
        return at(digits(a)?, digits(b)?, digits(c)?, DateFormat::YearFirst, rest);
    }
    if a.len() > 2 || b.len() > 2 || c.len() != 4 {
        return None;
    }
    let (a, b, year) = (digits(a)?, digits(b)?, digits(c)?);
    match separator {
        '.' => at(year, b, a, DateFormat::Dotted, rest),
        _ if a > 12 => at(year, b, a, DateFormat::DayFirst, rest),
        _ if b > 12 => at(year, a, b, DateFormat::MonthFirst, rest),
        _ if a == 0 || b == 0 => None,
        _ => {
            let read = at(year, a, b, DateFormat::Ambiguous, rest)?;
            // 05/05/2024 is the same day either way.
            Some(if a == b { read } else { Moment { micros: None, ..read } })
        }
    }
}

/// A month by its name, with a day and a year around it.
fn named(text: &str) -> Option<Moment> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    const FULL: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    // Most texts are told from a date by the first letters in them.
    let letters = text.bytes().take(4).position(|byte| byte.is_ascii_alphabetic())?;
    let begins = text.get(letters..letters + 3)?;
    if !MONTHS.iter().any(|month| month.eq_ignore_ascii_case(begins)) {
        return None;
    }
    let mut parts =
        text.splitn(4, [' ', '-', '/', ',']).map(|part| part.trim_matches(',')).collect::<Vec<_>>();
    // `Jan 31, 2024` leaves an empty part between the comma and the space.
    if parts.len() == 4 && parts[2].is_empty() {
        parts.remove(2);
    }
    let month_of = |part: &str| {
        let lower = part.to_ascii_lowercase();
        let lower = lower.trim_end_matches('.');
        MONTHS
            .iter()
            .position(|name| *name == lower)
            .or_else(|| FULL.iter().position(|name| *name == lower))
            .and_then(|at| u32::try_from(at + 1).ok())
    };
    let [first, second, third, rest @ ..] = parts.as_slice() else { return None };
    let (year, time) = match third.split_once(' ') {
        Some((year, time)) => (year, time),
        None => (*third, rest.first().copied().unwrap_or_default()),
    };
    if year.len() != 4 {
        return None;
    }
    let (month, day) = match (month_of(first), month_of(second)) {
        (Some(month), None) => (month, digits(second)?),
        (None, Some(month)) => (month, digits(first)?),
        _ => return None,
    };
    let time = if time.is_empty() { String::new() } else { format!(" {time}") };
    at(digits(year)?, month, day, DateFormat::Named, &time)
}

/// The number of two digits.
fn pair(tens: u8, ones: u8) -> Option<u32> {
    let both = tens.is_ascii_digit() && ones.is_ascii_digit();
    both.then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
}

fn digits(text: &str) -> Option<u32> {
    let mut value = 0_u32;
    if text.is_empty() || text.len() > 4 {
        return None;
    }
    for byte in text.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + u32::from(byte - b'0');
    }
    Some(value)
}

/// The moment of a day that exists and of what follows it.
fn at(year: u32, month: u32, day: u32, format: DateFormat, rest: &str) -> Option<Moment> {
    if !(1..=days_in(year, month)).contains(&day) {
        return None;
    }
    let start = days_since_1970(year, month, day) * SECONDS_PER_DAY * MICROS_PER_SECOND;
    if rest.is_empty() {
        return Some(Moment { micros: Some(start), format, has_time: false });
    }
    let time = clock(rest.strip_prefix(['T', ' '])?)?;
    Some(Moment { micros: Some(start + time), format, has_time: true })
}

/// Microseconds since midnight UTC of `10:00`, `10:00:00.123`, `9:05 PM` and any of these with a zone.
fn clock(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if let [h1, h2, b':', m1, m2, b':', s1, s2] = bytes
        && let (Some(hour @ 0..=24), Some(minute @ 0..=59), Some(second @ 0..=60)) =
            (pair(*h1, *h2), pair(*m1, *m2), pair(*s1, *s2))
    {
        return Some(i64::from((hour * 60 + minute) * 60 + second) * MICROS_PER_SECOND);
    }
    let hour_digits = if bytes.get(1) == Some(&b':') { 1 } else { 2 };
    let hour = i64::from(digits(text.get(..hour_digits)?)?);
    if bytes.get(hour_digits) != Some(&b':') {
        return None;
    }
    let minute = i64::from(digits(text.get(hour_digits + 1..hour_digits + 3)?)?);
    let mut at = hour_digits + 3;
    let mut second = 0;
    let mut micros = 0;
    if bytes.get(at) == Some(&b':') {
        second = i64::from(digits(text.get(at + 1..at + 3)?)?);
        at += 3;
        if matches!(bytes.get(at), Some(b'.' | b',')) {
            at += 1;
            let mut unit = MICROS_PER_SECOND / 10;
            while let Some(digit) = bytes.get(at).filter(|byte| byte.is_ascii_digit()) {
                micros += i64::from(digit - b'0') * unit;
                unit /= 10;
                at += 1;
            }
        }
    }
    if hour > 24 || minute > 59 || second > 60 {
        return None;
    }
    let rest = text[at..].trim();
    let afternoon = match () {
        () if rest.eq_ignore_ascii_case("pm") && hour < 12 => 12,
        () if rest.eq_ignore_ascii_case("am") && hour == 12 => -12,
        () => 0,
    };
    let ahead =
        if rest.eq_ignore_ascii_case("am") || rest.eq_ignore_ascii_case("pm") { 0 } else { zone(rest)? };
    Some(((((hour + afternoon) * 60 + minute) - ahead) * 60 + second) * MICROS_PER_SECOND + micros)
}

/// Minutes that a zone is ahead of UTC.
fn zone(text: &str) -> Option<i64> {
    if text.is_empty() || text.eq_ignore_ascii_case("z") || text.eq_ignore_ascii_case("utc") {
        return Some(0);
    }
    let (sign, rest) = match text.as_bytes()[0] {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let (hours, minutes) = match rest.len() {
        2 => (digits(rest)?, 0),
        4 => (digits(&rest[..2])?, digits(&rest[2..])?),
        5 if rest.as_bytes()[2] == b':' => (digits(&rest[..2])?, digits(&rest[3..])?),
        _ => return None,
    };
    Some(sign * (i64::from(hours) * 60 + i64::from(minutes)))
}

/// The days of a month; none for a month that is not.
const fn days_in(year: u32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

/// Days from the first of March of the year nought to 1970.
const DAYS_BEFORE_1970: i64 = 719_468;

/// Days between 1970-01-01 and a day of the Gregorian calendar: years are counted from March, so that the leap
/// day is the last of its year.
fn days_since_1970(year: u32, month: u32, day: u32) -> i64 {
    let (month, day) = (i64::from(month), i64::from(day));
    let year = i64::from(year) - i64::from(month <= 2);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year
        - DAYS_BEFORE_1970
}

/// A moment as results show it: `2024-01-31`, or `2024-01-31T10:00:00Z` with what a second is divided into.
pub fn shown(micros: i64, with_time: bool) -> String {
    const DAYS_IN_400_YEARS: i64 = 146_097;
    let days = micros.div_euclid(MICROS_PER_DAY) + DAYS_BEFORE_1970;
    let day_of_era = days.rem_euclid(DAYS_IN_400_YEARS);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + days.div_euclid(DAYS_IN_400_YEARS) * 400 + i64::from(month <= 2);
    let date = format!("{year:04}-{month:02}-{day:02}");
    if !with_time {
        return date;
    }
    let of_day = micros.rem_euclid(MICROS_PER_DAY);
    let (seconds, rest) = (of_day / MICROS_PER_SECOND, of_day % MICROS_PER_SECOND);
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = if rest == 0 { String::new() } else { format!(".{rest:06}") };
    format!("{date}T{clock}{}Z", fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<String> {
        let moment = moment(text)?;
        let time = moment.micros.map(|micros| shown(micros, true));
        Some(format!("{} {} {}", moment.format.name(), time.unwrap_or_default(), moment.has_time))
    }

    #[test]
    fn what_is_shown_reads_back_as_the_same_moment() {
        for day in (-719_162..2_932_896).step_by(97) {
            let micros = day * MICROS_PER_DAY + 3_600_123_456;
            let text = shown(micros, true);
            assert_eq!(moment(&text).and_then(|moment| moment.micros), Some(micros), "{text}");
        }
    }

    #[test]
    fn days_and_moments() {
        let cases = [
            ("2024-01-31", Some("year_first 2024-01-31T00:00:00Z false")),
            ("2024/01/31", Some("year_first 2024-01-31T00:00:00Z false")),
            ("2024-1-5", Some("year_first 2024-01-05T00:00:00Z false")),
            ("2024-02-30", None),
            ("2024-02-29", Some("year_first 2024-02-29T00:00:00Z false")),
            ("2023-02-29", None),
            ("1900-02-29", None),
            ("2024-13-01", None),
            ("31/12/2024", Some("day_first 2024-12-31T00:00:00Z false")),
            ("12/31/2024", Some("month_first 2024-12-31T00:00:00Z false")),
            ("03/04/2024", Some("day_or_month_first  false")),
            ("05/05/2024", Some("day_or_month_first 2024-05-05T00:00:00Z false")),
            ("31/31/2024", None),
            ("00/05/2024", None),
            ("31.12.2024", Some("dotted 2024-12-31T00:00:00Z false")),
            ("10.0.0.1", None),
            ("31 Jan 2024", Some("month_by_name 2024-01-31T00:00:00Z false")),
            ("31-Jan-2024", Some("month_by_name 2024-01-31T00:00:00Z false")),
            ("January 31, 2024", Some("month_by_name 2024-01-31T00:00:00Z false")),
            ("Jan 31 2024 10:00", Some("month_by_name 2024-01-31T10:00:00Z true")),
            ("may be 2024", None),
            ("2024-01-15T10:00:00Z", Some("year_first 2024-01-15T10:00:00Z true")),
            ("2024-01-15 10:00:00.123", Some("year_first 2024-01-15T10:00:00.123Z true")),
            ("2023-12-31T23:30:00-02:00", Some("year_first 2024-01-01T01:30:00Z true")),
            ("2024-01-15T10:00:00.000+0000", Some("year_first 2024-01-15T10:00:00Z true")),
            ("2024-01-15 9:05", Some("year_first 2024-01-15T09:05:00Z true")),
            ("01/31/2024 9:05 PM", Some("month_first 2024-01-31T21:05:00Z true")),
            ("01/31/2024 12:00 AM", Some("month_first 2024-01-31T00:00:00Z true")),
            ("2024-01-15 tomorrow", None),
            ("2024-01-15x", None),
            ("9999-12-31", Some("year_first 9999-12-31T00:00:00Z false")),
            ("0001-01-01", Some("year_first 0001-01-01T00:00:00Z false")),
        ];
        for (text, expected) in cases {
            assert_eq!(told(text).as_deref(), expected, "{text}");
        }
    }
}
