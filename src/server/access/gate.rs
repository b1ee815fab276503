//! What stands before the MCP endpoint: it names the caller of each request, or refuses it.

use super::{
    Choice, Policy, body,
    cors::{self, Origins},
    metadata,
    refusal::Refusal,
    resource::{Resource, WELL_KNOWN},
    sessions::Sessions,
    shown,
};
use crate::{audit, caller::Caller, resources, toolbox::Toolbox};
use axum::{
    Json, Router,
    extract::{Request, State},
    http::{HeaderValue, Method, header::ACCESS_CONTROL_ALLOW_HEADERS, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
    routing::get,
};
use revarch_tools::Toolset;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use std::{net::SocketAddr, sync::Arc};

/// The header that names a session of the older protocol.
const SESSION: &str = "mcp-session-id";

/// The gate.
#[derive(Clone)]
pub(crate) struct Gate(Arc<Inner>);

struct Inner {
    policy: Option<Policy>,
    resource: Resource,
    toolbox: Toolbox,
    sessions: Sessions,
    origins: Origins,
    longest_message: usize,
}

impl Gate {
    /// The gate of a server that listens on `address`. Without a policy everybody is let in, as somebody on this
    /// machine.
    pub(crate) fn new(
        policy: Option<Policy>,
        address: SocketAddr,
        is_secure: bool,
        longest_message: usize,
        toolbox: Toolbox,
        sessions: Arc<LocalSessionManager>,
        origins: &[String],
    ) -> Self {
        let resource =
            Resource::at(policy.as_ref().and_then(|policy| policy.public_url.as_ref()), address, is_secure);
        if let Some(issuer) = policy.as_ref().and_then(|policy| policy.issuer.as_ref()) {
            issuer.prepare();
        }
        let (sessions, origins) = (Sessions::new(sessions), Origins::of(origins));
        Self(Arc::new(Inner { policy, resource, toolbox, sessions, origins, longest_message }))
    }

    /// Where clients learn which authorization server gives out tokens. There is nothing where none does.
    pub(crate) fn metadata(&self) -> Router {
        let Some((issuer, documentation)) = self.0.issuer() else { return Router::new() };
        let offered: Vec<_> = Toolset::ALL
            .into_iter()
            .filter(|toolset| self.0.toolbox.routes().iter().any(|route| route.toolset() == *toolset))
            .collect();
        let metadata = metadata::of(&self.0.resource, issuer, documentation, &offered);
        let answer = move || {
            let metadata = metadata.clone();
            async move { published(Json(metadata).into_response()) }
        };
        let beforehand = async || published(().into_response());
        let mut paths = vec![WELL_KNOWN, &*self.0.resource.metadata_path];
        paths.dedup();
        paths
            .into_iter()
            .fold(Router::new(), |router, path| router.route(path, get(answer.clone()).options(beforehand)))
    }

    /// Lets a request through with its caller, or answers it.
    pub(crate) async fn admit(State(Self(gate)): State<Self>, request: Request, next: Next) -> Response {
        let origin = gate.origins.allowed(request.headers());
        if cors::is_preflight(&request) {
            return cors::preflight(origin, request.headers());
        }
        let mut response = match gate.check(request).await {
            Ok((request, caller)) => {
                let response = next.run(request).await;
                if let Some(session) = response.headers().get(SESSION).and_then(|id| id.to_str().ok()) {
                    gate.sessions.begun(session, &caller).await;
                }
                response
            }
            Err(refusal) => gate.refuse(refusal),
        };
        if let Some(origin) = origin {
            cors::open(&mut response, origin);
        }
        response
    }
}

/// An answer that every page may read: what it says is meant for everybody.
fn published(mut response: Response) -> Response {
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"));
    cors::open(&mut response, HeaderValue::from_static("*"));
    response
}

impl Inner {
    fn issuer(&self) -> Option<(&str, Option<&str>)> {
        let policy = self.policy.as_ref()?;
        Some((policy.issuer.as_ref()?.name(), policy.documentation.as_deref()))
    }

    fn refuse(&self, refusal: Refusal) -> Response {
        let text = refusal.text();
        let reason = text.lines().next().unwrap_or_default();
        tracing::info!(reason, "a request was not let in");
        let mut response = refusal.into_response(self.issuer().map(|_| self.resource.metadata.as_str()));
        let told = audit::Refusal::new(response.status().as_u16(), reason);
        response.extensions_mut().insert(told);
        response
    }

    /// The request with its caller, where it may go on.
    async fn check(&self, request: Request) -> Result<(Request, Caller), Refusal> {
        let (parts, body) = request.into_parts();
        let mut caller = self.caller(&parts).await?;
        caller.asked = Choice::asked(&parts.headers)?;
        let session = parts.headers.get(SESSION).and_then(|id| id.to_str().ok());
        if session.is_some_and(|session| self.sessions.is_foreign(session, &caller)) {
            return Err(Refusal::NoSession);
        }
        let mut request = Request::from_parts(parts, body);
        request.extensions_mut().insert(caller.clone());
        if request.method() == Method::POST && !caller.rights.is_everything() {
            let (read, asked) = body::read(request, self.longest_message).await?;
            request = read;
            if let Some(asked) = asked {
                self.check_rights(&caller, asked)?;
            }
        }
        Ok((request, caller))
    }

    async fn caller(&self, parts: &Parts) -> Result<Caller, Refusal> {
        let Some(policy) = &self.policy else { return Ok(Caller::local()) };
        let token = shown::token(&parts.headers, &parts.uri)?;
        match (policy.tokens.caller(token), &policy.issuer) {
            (Some(known), _) => known,
            (None, Some(issuer)) => issuer.caller(token, &self.resource.address).await,
            (None, None) => Err(Refusal::Invalid("it is not known here, or has been withdrawn".to_owned())),
        }
    }

    /// Refuses what the caller's token does not open.
    fn check_rights(&self, caller: &Caller, asked: body::Asked) -> Result<(), Refusal> {
        let body::Params { name, uri } = asked.params;
        let (what, toolset, is_read_only) = match (asked.method.as_str(), name, uri) {
            ("tools/call", Some(name), _) => match self.toolbox.find(&name) {
                Ok(route) => (format!("the tool `{name}`"), route.toolset(), route.is_read_only()),
                Err(_) => return Ok(()),
            },
            ("resources/read" | "resources/subscribe", _, Some(uri)) => match resources::toolset(&uri) {
                Some(toolset) => (format!("the resource `{uri}`"), toolset, true),
                None => return Ok(()),
            },
            _ => return Ok(()),
        };
        if caller.rights.open(toolset, is_read_only) {
            return Ok(());
        }
        Err(Refusal::Lacking {
            reason: format!(
                "{what} is not open to `{}`: {}",
                caller.name,
                caller.rights.remedy(toolset, is_read_only)
            ),
            scopes: caller.rights.wanted(toolset),
            id: asked.id,
        })
    }
}
