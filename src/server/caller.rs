//! Who a request comes from, and what that allows.

use revarch_tools::Toolset;
use rmcp::{RoleServer, service::RequestContext};
use std::sync::Arc;

/// The caller of a request. Whoever lets requests in over HTTP puts one into the extensions of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// Whom logs, limits and sealed state know the caller as.
    pub(crate) name: Arc<str>,
    /// Whose data, reviews and models the caller sees; the operator's own where it is not said.
    pub(crate) tenant: Option<Arc<str>>,
    /// The toolsets that the caller may use, of those that are offered; all of them where it is not said.
    pub(crate) toolsets: Option<Arc<[Toolset]>>,
    /// Whether only tools are offered that leave everything as it was.
    pub(crate) read_only: bool,
}

impl Caller {
    /// Somebody on this machine, who is not asked for a name.
    pub(crate) fn local() -> Self {
        Self { name: "local".into(), tenant: None, toolsets: None, read_only: false }
    }

    /// Whether everybody sees what this caller does.
    pub(crate) fn is_anybody(&self) -> bool {
        *self == Self::local()
    }

    /// Who a request comes from. What comes over pipes, and over HTTP where nobody has to show who they are, comes
    /// from this machine.
    pub(crate) fn of(request: &RequestContext<RoleServer>) -> Self {
        let parts = request.extensions.get::<axum::http::request::Parts>();
        parts.and_then(|parts| parts.extensions.get::<Self>()).cloned().unwrap_or_else(Self::local)
    }
}
