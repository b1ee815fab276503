//! Cells of text read as numbers, truth values and times.

use jiff::{Timestamp, civil, tz::TimeZone};

/// Microseconds in a day.
pub(crate) const DAY: i64 = 86_400_000_000;

/// A number, with a currency mark, a percent sign or thousands in groups of three allowed. A comma anywhere
/// else may be a decimal comma, and guessing would change the value a thousandfold: such text is no number.
pub(crate) fn number(text: &str) -> Option<f64> {
    let bare = text.trim().trim_start_matches(['$', '€', '£']).trim_end_matches('%').trim();
    if !bare.chars().any(|letter| letter.is_ascii_digit()) {
        return None;
    }
    let value: f64 = if bare.contains(',') {
        let (whole, fraction) = bare.split_once('.').unwrap_or((bare, ""));
        let mut groups = whole.trim_start_matches('-').split(',');
        let first = groups.next().unwrap_or_default();
        if first.is_empty()
            || first.len() > 3
            || fraction.contains(',')
            || groups.any(|group| group.len() != 3)
        {
            return None;
        }
        bare.replace(',', "").parse().ok()?
    } else {
        bare.parse().ok()?
    };
    value.is_finite().then_some(value)
}

/// A truth value in one of its usual spellings.
pub(crate) fn truth(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "y" => Some(true),
        "false" | "f" | "no" | "n" => Some(false),
        _ => None,
    }
}

/// An outcome: a truth value, one or zero, or the usual words for a lead that converted or did not.
pub(crate) fn outcome(text: &str) -> Option<bool> {
    truth(text).or_else(|| match text.trim().to_ascii_lowercase().as_str() {
        "1" | "1.0" | "won" | "closed won" | "closedwon" | "converted" => Some(true),
        "0" | "0.0" | "lost" | "closed lost" | "closedlost" | "not converted" | "unconverted" => Some(false),
        _ => None,
    })
}

/// A time in microseconds since 1970; one without a zone is read as UTC.
pub(crate) fn time(text: &str) -> Option<i64> {
    let text = text.trim();
    let bytes = text.as_bytes();
    if bytes.len() < 10 || bytes[4] != b'-' || !bytes[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let zoned = text.strip_suffix(" UTC").map_or_else(|| text.parse(), |bare| format!("{bare}Z").parse());
    // The zone comes first: a civil time would be read from the same text without it.
    let stamp: Timestamp = match zoned {
        Ok(stamp) => stamp,
        Err(_) => text.parse::<civil::DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp(),
    };
    Some(stamp.as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_decimal_commas_are_not_guessed() {
        assert_eq!(number(" $1,234.50 "), Some(1234.5));
        assert_eq!(number("12%"), Some(12.0));
        assert_eq!(number("-3e2"), Some(-300.0));
        for text in ["1,5", "1.234,5", "nan", "inf", "", "12 apples", "1e999"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn times_are_read_with_and_without_zone() {
        let midnight = time("2024-01-08").unwrap();
        assert_eq!(midnight % DAY, 0);
        assert_eq!(time("2024-01-08T00:00:00Z"), Some(midnight));
        assert_eq!(time("2024-01-08 01:00:00+01:00"), Some(midnight));
        assert_eq!(time("2024-01-08 00:00:00 UTC"), Some(midnight));
        assert_eq!(time("2024-13-08"), None);
        assert_eq!(time("20240108"), None);
    }

    #[test]
    fn outcomes_are_read_in_their_usual_words() {
        assert_eq!(outcome("Closed Won"), Some(true));
        assert_eq!(outcome("0"), Some(false));
        assert_eq!(outcome("maybe"), None);
    }
}
