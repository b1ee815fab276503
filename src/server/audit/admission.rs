//! Those who are not let in, told to the audit log.
//!
//! Whoever refuses a request may put a [`Refusal`] into the extensions of the response, to tell more than its status.

use super::{Log, record::Refusal};
use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};
use std::time::{Duration, Instant};

/// Refusals that are listed in each second: whoever is not let in must not fill the disk either.
const LISTED: u32 = 20;
const WHILE: Duration = Duration::from_secs(1);

/// Hands requests on, and tells the log of those that were refused.
pub(crate) async fn tell_refused(State(log): State<Option<Log>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let status = response.status();
    if let Some(log) = log
        && [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::TOO_MANY_REQUESTS].contains(&status)
    {
        let told = response.extensions_mut().remove::<Refusal>();
        let reason = status.canonical_reason().unwrap_or_default();
        log.refuse(told.unwrap_or_else(|| Refusal::new(status.as_u16(), reason))).await;
    }
    response
}

/// Counts refusals, so that a flood of them is a number and not a flood of records.
#[derive(Debug, Default)]
pub(super) struct Flood {
    since: Option<Instant>,
    listed: u32,
    unlisted: u64,
}

impl Flood {
    /// How many were not listed since the last that was, where the one that comes `now` is to be.
    pub(super) fn count(&mut self, now: Instant) -> Option<u64> {
        if self.since.is_none_or(|since| now.duration_since(since) >= WHILE) {
            (self.since, self.listed) = (Some(now), 0);
        }
        if self.listed < LISTED {
            self.listed += 1;
            return Some(self.rest());
        }
        self.unlisted += 1;
        None
    }

    /// How many were not listed since the last that was.
    pub(super) fn rest(&mut self) -> u64 {
        std::mem::take(&mut self.unlisted)
    }
}

#[cfg(test)]
mod tests {
    use super::{Flood, LISTED, WHILE};
    use std::time::Instant;

    #[test]
    fn a_flood_is_counted_and_not_one_is_lost() {
        let (mut flood, now) = (Flood::default(), Instant::now());
        for _ in 0..LISTED {
            assert_eq!(flood.count(now), Some(0));
        }
        for _ in 0..1000 {
            assert_eq!(flood.count(now), None);
        }
        assert_eq!(flood.count(now + WHILE), Some(1000));
        assert_eq!(flood.count(now + WHILE), Some(0));
        assert_eq!(flood.rest(), 0);
    }
}
