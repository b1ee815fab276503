//! Changes of resources, told to whoever listens.

use super::{Request, Result, Server};
use crate::{
    caller::Caller,
    resources::{self, broken},
    subscriptions::{MOST_WATCHED, News, Watched},
};
use rmcp::{model::SubscriptionFilter, service::SubscriptionContext};

/// The header that names a session over HTTP.
const SESSION: &str = "mcp-session-id";

/// What of a filter can be told: resources change, tools and prompts never do.
pub(super) fn accepted(requested: &SubscriptionFilter) -> SubscriptionFilter {
    let mut accepted = SubscriptionFilter::new();
    accepted.resources_list_changed = requested.resources_list_changed;
    accepted.resource_subscriptions = requested
        .resource_subscriptions
        .as_ref()
        .map(|addresses| addresses.iter().take(MOST_WATCHED).cloned().collect());
    accepted
}

impl Server {
    async fn watch(&self, request: &Request, addresses: &[String]) -> Result<Watched> {
        let store = self.workplace(request)?.store();
        let watched = Watched::new(&self.changes, Caller::of(request).tenant, store, addresses).await;
        watched.map_err(|error| broken(&error))
    }

    /// Tells a client for as long as its request is open.
    pub(super) async fn tell_listener(&self, subscription: SubscriptionContext) -> Result<()> {
        let accepted = subscription.accepted().clone();
        let of_list = accepted.resources_list_changed == Some(true);
        let addresses = accepted.resource_subscriptions.unwrap_or_default();
        if !of_list && addresses.is_empty() {
            subscription.cancelled().await;
            return Ok(());
        }
        let mut watched = self.watch(subscription.request_context(), &addresses).await?;
        loop {
            tokio::select! {
                () = subscription.cancelled() => return Ok(()),
                () = watched.changed() => {}
            }
            for one in watched.news().await {
                let told = match one {
                    News::ListChanged if of_list => subscription.sink().notify_resource_list_changed().await,
                    News::ListChanged => Ok(()),
                    News::Updated(address) => subscription.sink().notify_resource_updated(address).await,
                };
                // Whoever cannot be told has gone.
                if told.is_err() {
                    return Ok(());
                }
            }
        }
    }

    /// Tells a client with a handshake of changes to the list that it asks for.
    pub(super) async fn follow_list(&self, request: &Request) -> Result<()> {
        let session = session(request);
        if self.sessions.has(&session, None) {
            return Ok(());
        }
        let watched = self.watch(request, &[]).await?;
        self.sessions.begin(session, None, watched, request.peer.clone())
    }

    /// Tells a client with a handshake of changes to one resource.
    pub(super) async fn follow_resource(&self, address: String, request: &Request) -> Result<()> {
        resources::read(self.workplace(request)?.store(), &address).await?;
        let watched = self.watch(request, std::slice::from_ref(&address)).await?;
        self.sessions.begin(session(request), Some(address), watched, request.peer.clone())
    }

    /// Tells it no more.
    pub(super) fn follow_no_more(&self, address: String, request: &Request) {
        self.sessions.end(session(request), address);
    }
}

/// The session that a request belongs to; on pipes there is one.
fn session(request: &Request) -> String {
    let parts = request.extensions.get::<axum::http::request::Parts>();
    let named = parts.and_then(|parts| parts.headers.get(SESSION)?.to_str().ok());
    named.unwrap_or_default().to_owned()
}
