//! The name by which one request is found in every log.

use rmcp::{RoleServer, service::RequestContext};
use serde::Serialize;
use std::{fmt, hash::BuildHasher as _, sync::Arc};
use tracing::{Instrument as _, Span};

/// The header in which a request may bring its id, and in which the answer gives it back.
pub(crate) const REQUEST_ID: &str = "x-request-id";

/// The longest id that is taken over.
const LONGEST: usize = 128;

tokio::task_local! {
    /// The request that is being answered.
    static CURRENT: RequestId;
}

/// The id of one request: its sender's own, or else one that was made here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct RequestId(Arc<str>);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl RequestId {
    /// A new one.
    pub(crate) fn make() -> Self {
        // Each state is seeded by the system; the number need not be secret, only its own.
        Self(format!("{:016x}", std::hash::RandomState::new().hash_one(std::process::id())).into())
    }

    /// The one that was sent, where it could do no harm in a log or a header, or else a new one.
    pub(crate) fn taken_over(sent: Option<&[u8]>) -> Self {
        let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
        let sent = sent.filter(|sent| (1..=LONGEST).contains(&sent.len()) && sent.iter().all(is_plain));
        match sent.and_then(|sent| std::str::from_utf8(sent).ok()) {
            Some(sent) => Self(sent.into()),
            None => Self::make(),
        }
    }

    /// The id under which a request came in over HTTP; what comes over pipes gets one here.
    pub(crate) fn of(request: &RequestContext<RoleServer>) -> Self {
        let parts = request.extensions.get::<axum::http::request::Parts>();
        parts.and_then(|parts| parts.extensions.get::<Self>()).cloned().unwrap_or_else(Self::make)
    }

    /// The id of the request that is being answered.
    pub(crate) fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    /// Does the request's work so that all that is logged of it tells the id.
    pub(crate) async fn follow<T>(&self, work: impl Future<Output = T>) -> T {
        CURRENT.scope(self.clone(), work.instrument(self.span())).await
    }

    /// The same for work that waits for nothing.
    pub(crate) fn within<T>(&self, work: impl FnOnce() -> T) -> T {
        CURRENT.sync_scope(self.clone(), || self.span().in_scope(work))
    }

    fn span(&self) -> Span {
        tracing::info_span!("request", id = %self)
    }

    /// The id itself.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, RequestId};

    #[test]
    fn a_plain_id_is_taken_over_and_any_other_replaced() {
        let long = "x".repeat(LONGEST);
        for sent in ["7", "4bf92f35-77b3:4da6_a3ce.92", &long] {
            assert_eq!(RequestId::taken_over(Some(sent.as_bytes())).as_str(), sent);
        }
        let longer = "x".repeat(LONGEST + 1);
        for sent in ["", "a b", "a\nb", "\u{1b}[31m", "é", "<script>", "a=b", &longer] {
            let made = RequestId::taken_over(Some(sent.as_bytes()));
            assert!(made.as_str() != sent && made.as_str().len() == 16, "{sent:?} became {made}");
        }
        assert_ne!(RequestId::taken_over(None), RequestId::taken_over(None));
    }
}
