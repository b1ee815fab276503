//! Texts that fill a cell and say nothing.

use super::{text_in_sql, trimmed};

/// Texts that stand for "nothing" in exports, lower case.
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

/// What a placeholder can begin with, so that most cells are told apart by one letter.
const STARTS: &[u8] = b"-.?nN#tTuUxX10";

/// The longest text that can be a placeholder, and the longest with a time of midnight behind a date.
const LONGEST: usize = 14;
const LONGEST_WITH_TIME: usize = 32;
/// The length of a date.
const DAY: usize = 10;

/// Whether a cell says nothing although it is not blank. A default date counts with or without a time.
pub fn is_placeholder(text: &str) -> bool {
    let text = trimmed(text);
    if text.len() > LONGEST_WITH_TIME || !text.as_bytes().first().is_some_and(|first| STARTS.contains(first))
    {
        return false;
    }
    let day = match text.as_bytes().get(DAY) {
        Some(b'T' | b' ') if text.as_bytes()[DAY + 1..].starts_with(b"00:00") => {
            text.get(..DAY).unwrap_or(text)
        }
        _ => text,
    };
    day.len() <= LONGEST && PLACEHOLDERS.iter().any(|placeholder| placeholder.eq_ignore_ascii_case(day))
}

/// The same question to a database: a condition in plain SQL that holds for the rows in which the column is
/// null, blank or a placeholder.
pub fn empty_in_sql(column: &str) -> String {
    let column = text_in_sql(column);
    let listed: Vec<String> = PLACEHOLDERS.iter().map(|placeholder| format!("'{placeholder}'")).collect();
    let listed = listed.join(", ");
    format!(
        "({column} IS NULL OR trim({column}) = '' OR lower(trim({column})) IN ({listed}) \
         OR trim({column}) LIKE '1900-01-01_00:00%' OR trim({column}) LIKE '0000-00-00_00:00%' \
         OR trim({column}) LIKE '01/01/1900_00:00%' OR trim({column}) LIKE '00/00/0000_00:00%')"
    )
}

#[cfg(test)]
mod tests {
    use super::{PLACEHOLDERS, STARTS, is_placeholder};

    #[test]
    fn placeholders_are_known_by_their_text_alone() {
        for text in ["n/a", " N/A ", "-", "Unknown", "test", "1900-01-01", "1900-01-01T00:00:00Z", "NULL"] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["1900-01-01T08:30:00Z", "NA", "0", "testing", "2024-01-01", "Unknown Pleasures Ltd", ""]
        {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn every_placeholder_begins_as_the_short_cut_expects() {
        for text in PLACEHOLDERS {
            assert!(STARTS.contains(&text.as_bytes()[0]), "{text}");
            assert!(is_placeholder(&text.to_uppercase()) && text.len() <= super::LONGEST, "{text}");
        }
    }
}
