//! Who a request comes from, and what that allows.

use crate::access::{Choice, Rights};
use revarch_tools::{Route, Toolset};
use rmcp::{RoleServer, service::RequestContext};
use std::{net::IpAddr, sync::Arc};

/// The caller of a request. Whoever lets requests in over HTTP puts one into the extensions of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// Whom logs, limits, sessions and sealed state know the caller as: `local`, `token:` and a name, or `sub:` and a
    /// subject, so that no issuer can name somebody as another is named.
    pub(crate) name: Arc<str>,
    /// Whose data, reviews and models the caller sees; the operator's own where it is not said.
    pub(crate) tenant: Option<Arc<str>>,
    /// What the caller may use.
    pub(crate) rights: Rights,
    /// What the caller wants to use of it in this request.
    pub(crate) asked: Choice,
}

/// The address from which a request over HTTP was sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Address(pub(crate) IpAddr);

impl Caller {
    /// Somebody on this machine, who is not asked for a name.
    pub(crate) fn local() -> Self {
        Self { name: "local".into(), tenant: None, rights: Rights::All, asked: Choice::default() }
    }

    /// Whether everybody sees what this caller does.
    pub(crate) fn is_anybody(&self) -> bool {
        *self == Self::local()
    }

    /// Whether nobody was asked for a name.
    pub(crate) fn is_unnamed(&self) -> bool {
        self.is(&Self::local())
    }

    /// In whose line a request waits for its turn: its caller's, or that of the address where nobody is named.
    pub(crate) fn line(request: &RequestContext<RoleServer>) -> Arc<str> {
        let parts = request.extensions.get::<axum::http::request::Parts>();
        let extensions = parts.map(|parts| &parts.extensions);
        let named = extensions.and_then(|found| found.get::<Self>()).filter(|caller| !caller.is_unnamed());
        let named = named.map(|caller| Arc::clone(&caller.name));
        let address = || Some(extensions?.get::<Address>()?.0.to_string().into());
        named.or_else(address).unwrap_or_else(|| Self::local().name)
    }

    /// Who a request comes from. What comes over pipes, and over HTTP where nobody has to show who they are, comes
    /// from this machine.
    pub(crate) fn of(request: &RequestContext<RoleServer>) -> Self {
        let parts = request.extensions.get::<axum::http::request::Parts>();
        parts.and_then(|parts| parts.extensions.get::<Self>()).cloned().unwrap_or_else(Self::local)
    }

    /// Whether two requests come from the same caller, whatever each may use.
    pub(crate) fn is(&self, other: &Self) -> bool {
        (&self.name, &self.tenant) == (&other.name, &other.tenant)
    }

    /// Whether every tool is open.
    pub(crate) fn is_free(&self) -> bool {
        self.rights.is_everything() && self.asked.is_everything()
    }

    /// Why a tool is closed to the caller and what would open it, where it is closed.
    pub(crate) fn closes(&self, route: &Route) -> Option<String> {
        self.closed(route.toolset(), route.is_read_only())
    }

    /// Why what a toolset has kept may not be read, and what would allow it, where it may not.
    pub(crate) fn closes_reading(&self, toolset: Toolset) -> Option<String> {
        self.closed(toolset, true)
    }

    fn closed(&self, toolset: Toolset, is_read_only: bool) -> Option<String> {
        if !self.rights.open(toolset, is_read_only) {
            return Some(format!(
                "is not open to `{}`: {}",
                self.name,
                self.rights.remedy(toolset, is_read_only)
            ));
        }
        (!self.asked.open(toolset, is_read_only)).then(|| {
            "is left out by the request's own headers `X-MCP-Toolsets` or `X-MCP-Readonly`; send it without them"
                .to_owned()
        })
    }
}
