//! How long to wait before asking again.

use std::time::{Duration, SystemTime};

/// The longest wait that is told; a registry that asks for more means never.
const LONGEST: u64 = 30 * 24 * 60 * 60;

/// What a `Retry-After` header asks for: a number of seconds, or a date.
pub(crate) fn seconds_to_wait(header: &str) -> Option<u64> {
    let header = header.trim();
    if let Ok(seconds) = header.parse() {
        return Some(LONGEST.min(seconds));
    }
    let date = httpdate::parse_http_date(header).ok()?;
    let wait = date.duration_since(SystemTime::now()).unwrap_or(Duration::ZERO);
    Some(LONGEST.min(wait.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_read() {
        assert_eq!(seconds_to_wait("120"), Some(120));
        assert_eq!(seconds_to_wait("Sun, 06 Nov 1994 08:49:37 GMT"), Some(0));
        assert!(seconds_to_wait("Fri, 06 Nov 2465 08:49:37 GMT").unwrap() > 1_000_000);
        assert_eq!(seconds_to_wait("18446744073709551615"), Some(LONGEST));
        assert_eq!(seconds_to_wait("soon"), None);
    }
}
