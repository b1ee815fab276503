//! The kinds of value that text is told apart into.

use super::{
    letters::Letters,
    moment::{Moment, moment},
    trimmed,
};
use serde::{Deserialize, Serialize};

/// A kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A whole number without leading zeros.
    Integer,
    /// A number with a fraction or an exponent.
    Decimal,
    /// A number as people write it: `$1,234.50`, `1.234,56 €`, `12%`.
    FormattedNumber,
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
    /// A universally unique identifier.
    Uuid,
    /// A Salesforce record id of 15 or 18 characters.
    SalesforceId,
    /// Anything else.
    Text,
}

impl Kind {
    /// Every kind, in the order of [`Kind::index`].
    pub const ALL: [Self; 13] = [
        Self::Integer,
        Self::Decimal,
        Self::FormattedNumber,
        Self::Boolean,
        Self::Date,
        Self::Timestamp,
        Self::Email,
        Self::Url,
        Self::Phone,
        Self::Domain,
        Self::Uuid,
        Self::SalesforceId,
        Self::Text,
    ];

    /// The kind's place in [`Kind::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The kind's name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::FormattedNumber => "formatted_number",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
            Self::Email => "email",
            Self::Url => "url",
            Self::Phone => "phone",
            Self::Domain => "domain",
            Self::Uuid => "uuid",
            Self::SalesforceId => "salesforce_id",
            Self::Text => "text",
        }
    }

    /// The kind of a filled cell.
    pub fn of(text: &str) -> Self {
        Reading::of(text).kind
    }
}

/// What a filled cell says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Its kind.
    pub kind: Kind,
    /// The number, of an integer or decimal.
    pub number: Option<Number>,
    /// The moment, of a date or timestamp.
    pub moment: Option<Moment>,
    /// What it is made of.
    pub letters: Letters,
}

/// A number that stands in a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole one.
    Whole(i64),
    /// One with a fraction or an exponent, or a whole one too large for the other.
    Decimal(f64),
}

impl Number {
    /// Its value, as closely as a double holds it.
    pub const fn value(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Decimal(decimal) => decimal,
        }
    }
}

impl Reading {
    /// Reads a filled cell.
    pub fn of(text: &str) -> Self {
        use Letters as L;
        let text = trimmed(text);
        let made = Letters::of(text);
        let plain = |kind| Self { kind, number: None, moment: None, letters: made };
        if made.any(L::DIGIT) {
            if made.only(L::DIGIT | L::EXPONENT | L::DOT | L::DASH | L::PLUS)
                && let Some((kind, number)) = number(text, made)
            {
                return Self { number, ..plain(kind) };
            }
            if made.any(L::DASH | L::SLASH | L::DOT | L::SPACE)
                && made.only(
                    L::DIGIT
                        | L::ANY_LETTER
                        | L::DASH
                        | L::SLASH
                        | L::DOT
                        | L::SPACE
                        | L::COLON
                        | L::PLUS
                        | L::NUMBER_MARK,
                )
                && let Some(moment) = moment(text)
            {
                let kind = if moment.has_time { Kind::Timestamp } else { Kind::Date };
                return Self { moment: Some(moment), ..plain(kind) };
            }
            if made.any(L::NUMBER_MARK | L::HIGH)
                && made.only(
                    L::DIGIT
                        | L::DOT
                        | L::DASH
                        | L::PLUS
                        | L::SPACE
                        | L::PAREN
                        | L::NUMBER_MARK
                        | L::HIGH
                        | L::ANY_LETTER,
                )
                && is_formatted_number(text)
            {
                return plain(Kind::FormattedNumber);
            }
            if made.only(L::DIGIT | L::SPACE | L::PAREN | L::PLUS | L::DASH | L::DOT) && is_phone(text) {
                return plain(Kind::Phone);
            }
            if made.only(L::DIGIT | L::ANY_LETTER | L::DASH) {
                if text.len() == 36 && is_uuid(text) {
                    return plain(Kind::Uuid);
                }
                if matches!(text.len(), 15 | 18) && !made.any(L::DASH) && is_salesforce_id(text) {
                    return plain(Kind::SalesforceId);
                }
            }
        } else if made.only(L::ANY_LETTER)
            && text.len() <= 5
            && ["true", "false", "yes", "no"].iter().any(|word| word.eq_ignore_ascii_case(text))
        {
            return plain(Kind::Boolean);
        }
        if made.any(L::DOT) && !made.any(L::SPACE) {
            let is_plain =
                made.only(L::DIGIT | L::ANY_LETTER | L::AT | L::DOT | L::DASH | L::PLUS | L::UNDERSCORE);
            if made.any(L::AT) && !made.any(L::SLASH | L::COLON) && is_email(text, is_plain) {
                return plain(Kind::Email);
            }
            if is_url(text) {
                return plain(Kind::Url);
            }
            if !made.any(L::AT | L::SLASH | L::COLON | L::NUMBER_MARK | L::PAREN | L::PLUS) && is_domain(text)
            {
                return plain(Kind::Domain);
            }
        } else if made.any(L::COLON) && made.any(L::SLASH) && is_url(text) {
            return plain(Kind::Url);
        }
        plain(Kind::Text)
    }
}

/// A number, unless it has leading zeros: those are codes whose zeros matter.
fn number(text: &str, made: Letters) -> Option<(Kind, Option<Number>)> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text).as_bytes();
    let whole = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if whole > 1 && digits[0] == b'0' {
        return None;
    }
    if whole == digits.len() {
        if text.starts_with('+') && whole >= 7 {
            return Some((Kind::Phone, None));
        }
        let number = match text.parse() {
            Ok(number) => Number::Whole(number),
            Err(_) => Number::Decimal(text.parse().ok()?),
        };
        return Some((Kind::Integer, Some(number)));
    }
    if !made.any(Letters::DOT | Letters::EXPONENT) {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    value.is_finite().then_some((Kind::Decimal, Some(Number::Decimal(value))))
}

/// A number with a currency or percent sign, thousands marks or a decimal comma.
fn is_formatted_number(text: &str) -> bool {
    const CURRENCIES: [char; 5] = ['$', '€', '£', '¥', '₹'];
    const CODES: [&str; 8] = ["USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "INR"];
    let mut rest = text;
    let mut marked = false;
    let inner = rest.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
    // Accountants put what is below nought in brackets.
    rest = inner.unwrap_or(rest).trim();
    rest = rest.strip_prefix(['-', '+']).unwrap_or(rest).trim_start();
    for code in CODES {
        if let Some(shorter) = rest.strip_prefix(code).or_else(|| rest.strip_suffix(code)) {
            rest = shorter.trim();
            marked = true;
        }
    }
    if let Some(shorter) = rest.strip_prefix(CURRENCIES).or_else(|| rest.strip_suffix(CURRENCIES)) {
        rest = shorter.trim();
        marked = true;
    }
    if let Some(shorter) = rest.strip_suffix('%') {
        rest = shorter.trim_end();
        marked = true;
    }
    rest = rest.strip_prefix('-').unwrap_or(rest);
    is_grouped(rest, marked)
}

/// Digits in groups of three with an optional fraction; or, where a sign has told that it is a number, plain.
fn is_grouped(text: &str, marked: bool) -> bool {
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = |part: &str, mark: char| {
        let mut groups = part.split(mark);
        groups.next().is_some_and(|first| plain(first) && first.len() <= 3)
            && part.contains(mark)
            && groups.all(|group| plain(group) && group.len() == 3)
    };
    let with_fraction = |mark: char, point: char| match text.split_once(point) {
        Some((whole, fraction)) => plain(fraction) && (grouped(whole, mark) || marked && plain(whole)),
        None => grouped(text, mark),
    };
    with_fraction(',', '.')
        || with_fraction('\'', '.')
        || with_fraction('.', ',') && (marked || text.contains(','))
        || text.split_once(',').is_some_and(|(whole, fraction)| plain(whole) && plain(fraction))
        || marked
            && (plain(text)
                || with_fraction(' ', ',')
                || with_fraction(' ', '.')
                || with_fraction('\u{a0}', ','))
}

/// Digits with separators, unless they are grouped like a day that does not exist or like an address of the
/// internet.
fn is_phone(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() == 10 && matches!(bytes[4], b'-' | b'/') && bytes[7] == bytes[4] {
        return false;
    }
    if bytes.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.') {
        let groups: Vec<&str> = text.split('.').collect();
        let is_address = groups.len() == 4 && groups.iter().all(|group| group.parse::<u8>().is_ok());
        let is_day =
            groups.len() == 3 && groups[0].len() <= 2 && groups[1].len() <= 2 && groups[2].len() == 4;
        if is_address || is_day {
            return false;
        }
    }
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    (7..=15).contains(&digits) && digits < bytes.len()
}

fn is_uuid(text: &str) -> bool {
    text.bytes().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}

/// The prefixes of the standard objects' keys, enough to tell a short id from any word of 15 letters.
const SALESFORCE_PREFIXES: [&str; 16] = [
    "001", "003", "005", "006", "00Q", "00T", "00U", "00v", "00D", "00G", "00k", "00K", "012", "500", "701",
    "02s",
];

/// The short form is known by its prefix, the long one by its last three letters: they tell which of the others
/// are upper case, five at a time.
fn is_salesforce_id(text: &str) -> bool {
    let Some((short, check)) = text.as_bytes().split_at_checked(15) else { return false };
    if check.is_empty() {
        return SALESFORCE_PREFIXES.iter().any(|prefix| text.starts_with(prefix));
    }
    let upper = short
        .iter()
        .enumerate()
        .fold(0_u16, |bits, (at, byte)| bits | u16::from(byte.is_ascii_uppercase()) << at);
    check.iter().zip([0, 5, 10]).all(|(letter, from)| {
        let five = usize::from(upper >> from & 31);
        *letter == b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[five]
    })
}

fn is_url(text: &str) -> bool {
    let starts = |with: &str| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    (starts("http://") || starts("https://") || starts("www.")) && !text.contains(char::is_whitespace)
}

/// `is_plain` where the text is known to hold nothing but Latin letters, digits and what addresses take.
fn is_email(text: &str, is_plain: bool) -> bool {
    if is_plain {
        return is_plain_email(text.as_bytes());
    }
    let Some((local, domain)) = text.split_once('@') else { return false };
    !local.is_empty() && !text.contains(char::is_whitespace) && is_domain(domain)
}

/// The same in one go.
fn is_plain_email(text: &[u8]) -> bool {
    let Some(at) = text.iter().position(|byte| *byte == b'@').filter(|at| *at > 0) else { return false };
    let mut last = b'.';
    // Letters since the last dot, as long as there is nothing but letters.
    let mut top = None;
    for byte in &text[at + 1..] {
        match byte {
            b'.' if last == b'.' => return false,
            b'.' => top = Some(0),
            b'@' | b'+' => return false,
            _ if byte.is_ascii_alphabetic() => top = top.map(|letters| letters + 1),
            _ => top = None,
        }
        last = *byte;
    }
    top.is_some_and(|letters| letters >= 2)
}

fn is_domain(text: &str) -> bool {
    let Some((rest, top)) = text.rsplit_once('.') else { return false };
    top.len() >= 2
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
        && if rest.is_ascii() {
            let mut last = b'.';
            for byte in rest.bytes() {
                if byte == b'.' && last == b'.'
                    || !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
                {
                    return false;
                }
                last = byte;
            }
            last != b'.'
        } else {
            rest.split('.').all(|label| {
                !label.is_empty()
                    && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-' || letter == '_')
            })
        }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Number, Reading};

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
            ("31.12.2024", Kind::Date),
            ("31 Jan 2024", Kind::Date),
            ("2024-01-15T10:00:00Z", Kind::Timestamp),
            ("2024-01-15 10:00:00.123", Kind::Timestamp),
            ("2024-01-15 tomorrow", Kind::Text),
            ("a.b@c.example", Kind::Email),
            ("a+b@c.example", Kind::Email),
            ("a b@c.example", Kind::Text),
            ("a@b@c.example", Kind::Text),
            ("a@.example", Kind::Text),
            ("a@b..example", Kind::Text),
            ("a@b.c0", Kind::Text),
            ("a@b.c", Kind::Text),
            ("a@b-c.co.uk", Kind::Email),
            ("@b.example", Kind::Text),
            ("a@b.example.", Kind::Text),
            ("a@b_1.example", Kind::Email),
            ("https://social.example/@acme.official", Kind::Url),
            ("https://x.example/ and more words", Kind::Text),
            ("müller@büro.example", Kind::Email),
            ("https://x.example/y", Kind::Url),
            ("http://localhost/y", Kind::Url),
            ("www.x.example", Kind::Url),
            ("+1 (555) 010-0000", Kind::Phone),
            ("+15550100000", Kind::Phone),
            ("555-0100", Kind::Phone),
            ("555.010.0000", Kind::Phone),
            ("10.0.12.128", Kind::Text),
            ("acme.example", Kind::Domain),
            ("a..b.example", Kind::Text),
            ("Acme Inc.", Kind::Text),
            ("200-499", Kind::Text),
            ("$1M", Kind::Text),
            ("$1,234.50", Kind::FormattedNumber),
            ("1,234", Kind::FormattedNumber),
            ("-1,234.5", Kind::FormattedNumber),
            ("1.234,56 €", Kind::FormattedNumber),
            ("1.234,56", Kind::FormattedNumber),
            ("12%", Kind::FormattedNumber),
            ("(1,200)", Kind::FormattedNumber),
            ("USD 1,200", Kind::FormattedNumber),
            ("€50", Kind::FormattedNumber),
            ("1,23,4", Kind::Text),
            ("Boston, MA", Kind::Text),
            ("001D000000IRFmaIAH", Kind::SalesforceId),
            ("001D000000IRFmaIAX", Kind::Text),
            ("003D000000QYZxw", Kind::SalesforceId),
            ("incomprehensib1", Kind::Text),
            ("6fa459ea-ee8a-3ca4-894e-db77e160355e", Kind::Uuid),
            ("+", Kind::Text),
            ("1-2", Kind::Text),
            ("-0", Kind::Integer),
            (".5", Kind::Decimal),
            ("00.5", Kind::Text),
            ("1e999", Kind::Text),
            ("12e", Kind::Text),
            ("e", Kind::Text),
        ];
        for (text, kind) in cases {
            assert_eq!(Kind::of(text), kind, "{text}");
        }
    }

    #[test]
    fn numbers_and_moments_come_with_their_value() {
        assert_eq!(Reading::of("-2.5").number, Some(Number::Decimal(-2.5)));
        assert_eq!(Reading::of("-25").number, Some(Number::Whole(-25)));
        assert_eq!(
            Reading::of("92233720368547758080").number,
            Some(Number::Decimal(9.223_372_036_854_776e19))
        );
        assert_eq!(Reading::of("2024-01-02").moment.unwrap().micros, Some(1_704_153_600_000_000));
        assert_eq!(Reading::of("plain").number, None);
    }
}
