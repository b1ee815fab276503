//! What one cell of text is: empty in disguise, or a value of some kind.

use serde::{Deserialize, Serialize};

/// Texts that stand for "nothing" in exports, lower case. They fill a cell and tell an agent nothing.
///
/// `na` alone is left out: it is also a region, a country code and a name.
const PLACEHOLDERS: [&str; 25] = [
    "-",
    "--",
    ".",
    "?",
    "n/a",
    "#n/a",
    "n.a.",
    "none",
    "null",
    "nil",
    "nan",
    "tbd",
    "tba",
    "unknown",
    "undefined",
    "test",
    "xxx",
    "not available",
    "not applicable",
    "not provided",
    "not set",
    "1900-01-01",
    "0000-00-00",
    "00/00/0000",
    "01/01/1900",
];

/// The longest text that can be a placeholder: a date with a time of midnight behind it.
const LONGEST_PLACEHOLDER: usize = 32;

/// Whether a cell says nothing although it is not blank. A default date counts with or without a time.
pub fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    if text.len() > LONGEST_PLACEHOLDER {
        return false;
    }
    let day = text
        .split_once(['T', ' '])
        .filter(|(_, time)| time.starts_with("00:00"))
        .map_or(text, |(day, _)| day);
    PLACEHOLDERS.iter().any(|placeholder| placeholder.eq_ignore_ascii_case(day))
}

/// The same question to a database: a condition in plain SQL that holds for the rows in which the column is
/// null, blank or a placeholder.
pub fn empty_in_sql(column: &str) -> String {
    let column = quoted_in_sql(column);
    let listed: Vec<String> = PLACEHOLDERS.iter().map(|placeholder| format!("'{placeholder}'")).collect();
    let listed = listed.join(", ");
    format!(
        "({column} IS NULL OR trim({column}) = '' OR lower(trim({column})) IN ({listed}) \
         OR trim({column}) LIKE '1900-01-01_00:00%' OR trim({column}) LIKE '0000-00-00_00:00%')"
    )
}

/// A name as it stands in SQL.
pub fn quoted_in_sql(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The kinds of value that text is told apart into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A whole number without leading zeros.
    Integer,
    /// A number with a fraction or an exponent.
    Decimal,
    /// true, false, yes or no.
    Boolean,
    /// A calendar day.
    Date,
    /// A day with a time.
    Timestamp,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// A telephone number, told from an integer by a plus sign or separators.
    Phone,
    /// A bare host name.
    Domain,
    /// Anything else.
    Text,
}

impl Kind {
    /// Every kind, in the order of [`Kind::index`].
    pub const ALL: [Self; 10] = [
        Self::Integer,
        Self::Decimal,
        Self::Boolean,
        Self::Date,
        Self::Timestamp,
        Self::Email,
        Self::Url,
        Self::Phone,
        Self::Domain,
        Self::Text,
    ];

    /// The kind's place in [`Kind::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The kind of a filled cell.
    pub fn of(text: &str) -> Self {
        let text = text.trim();
        let Some(&first) = text.as_bytes().first() else { return Self::Text };
        if first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.' | b'(') {
            if let Some(kind) = number(text) {
                return kind;
            }
            if let Some(kind) = moment(text) {
                return kind;
            }
            if is_phone(text) {
                return Self::Phone;
            }
        }
        if ["true", "false", "yes", "no"].iter().any(|word| word.eq_ignore_ascii_case(text)) {
            return Self::Boolean;
        }
        if is_email(text) {
            return Self::Email;
        }
        let lower_start = text.get(..8).unwrap_or(text).to_ascii_lowercase();
        if ["http://", "https://", "www."].iter().any(|start| lower_start.starts_with(start)) {
            return Self::Url;
        }
        if is_domain(text) { Self::Domain } else { Self::Text }
    }
}

/// A number, unless it has leading zeros: those are codes whose zeros matter.
fn number(text: &str) -> Option<Kind> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let whole = digits.split(['.', 'e', 'E']).next().unwrap_or(digits);
    if !digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'))
        || (whole.len() > 1 && whole.starts_with('0'))
    {
        return None;
    }
    if digits.is_empty() {
        return None;
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return (text.starts_with('+') && digits.len() >= 7).then_some(Kind::Phone).or(Some(Kind::Integer));
    }
    text.parse::<f64>().ok().filter(|value| value.is_finite()).map(|_| Kind::Decimal)
}

fn moment(text: &str) -> Option<Kind> {
    let (day, time) = match text.split_once(['T', ' ']) {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let separator = if day.contains('/') { '/' } else { '-' };
    let mut parts = day.splitn(3, separator);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    let number = |part: &str, longest: usize| {
        (part.len() <= longest && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse::<u32>().ok())
            .flatten()
    };
    let valid = if a.len() == 4 {
        let (year, month, day) = (number(a, 4)?, number(b, 2)?, number(c, 2)?);
        (1..=days_in(year, month)).contains(&day)
    } else {
        // Day first or month first: either order makes a date, and one of the two must be a month.
        let (a, b) = (number(a, 2)?, number(b, 2)?);
        c.len() == 4
            && number(c, 4).is_some()
            && (1..=31).contains(&a)
            && (1..=31).contains(&b)
            && a.min(b) <= 12
    };
    match time {
        _ if !valid => None,
        None => Some(Kind::Date),
        Some(time) => {
            let time = time.as_bytes();
            let digit = |at: usize| time.get(at).is_some_and(u8::is_ascii_digit);
            let clock = digit(0) && ((digit(1) && time.get(2) == Some(&b':')) || time.get(1) == Some(&b':'));
            clock.then_some(Kind::Timestamp)
        }
    }
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

/// Digits with separators, unless they are grouped like a day that does not exist.
fn is_phone(text: &str) -> bool {
    if text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-' {
        return false;
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (7..=15).contains(&digits)
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'(' | b')' | b'+' | b'-' | b'.'))
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    !local.is_empty() && !domain.contains('@') && !text.contains(char::is_whitespace) && is_domain(domain)
}

fn is_domain(text: &str) -> bool {
    let Some((rest, top)) = text.rsplit_once('.') else { return false };
    top.len() >= 2
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
        && rest.split('.').all(|label| {
            !label.is_empty()
                && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-' || letter == '_')
        })
}

#[cfg(test)]
mod tests {
    use super::{Kind, is_placeholder};

    #[test]
    fn placeholders_are_known_by_their_text_alone() {
        for text in ["n/a", " N/A ", "-", "Unknown", "test", "1900-01-01", "1900-01-01T00:00:00Z", "NULL"] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["NA", "0", "testing", "2024-01-01", "Unknown Pleasures Ltd", ""] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn kinds() {
        let cases = [
            ("42", Kind::Integer),
            ("-7", Kind::Integer),
            ("0", Kind::Integer),
            ("007", Kind::Text),
            ("3.14", Kind::Decimal),
            ("1e5", Kind::Decimal),
            ("0.5", Kind::Decimal),
            ("TRUE", Kind::Boolean),
            ("2024-02-30", Kind::Text),
            ("2024-02-29", Kind::Date),
            ("2023-02-29", Kind::Text),
            ("2024-13-01", Kind::Text),
            ("31/12/2024", Kind::Date),
            ("12/31/2024", Kind::Date),
            ("31/31/2024", Kind::Text),
            ("2024-01-15T10:00:00Z", Kind::Timestamp),
            ("2024-01-15 10:00:00.123", Kind::Timestamp),
            ("2024-01-15 tomorrow", Kind::Text),
            ("a.b@c.example", Kind::Email),
            ("a b@c.example", Kind::Text),
            ("https://x.example/y", Kind::Url),
            ("+1 (555) 010-0000", Kind::Phone),
            ("+15550100000", Kind::Phone),
            ("555-0100", Kind::Phone),
            ("acme.example", Kind::Domain),
            ("Acme Inc.", Kind::Text),
            ("200-499", Kind::Text),
            ("$1M", Kind::Text),
            ("+", Kind::Text),
            ("e", Kind::Text),
        ];
        for (text, kind) in cases {
            assert_eq!(Kind::of(text), kind, "{text}");
        }
    }
}
