//! Clients that want to be told when a resource or the list of resources changes.
//!
//! # Design
//! Whether a resource changed is seen by reading it again: when a review is deleted, that is a change of the list and of
//! whatever was compared with it, and of nothing else. In the protocol without a handshake a request stays open for as
//! long as its client listens. In the older one each subscription is a task of its own, which ends with the connection.

use crate::{changes::Changes, resources};
use revarch_store::{Marks, Store, StoreError};
use rmcp::{
    ErrorData, Peer, RoleServer,
    model::{ResourceContents, ResourceUpdatedNotificationParam},
};
use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

/// The resources one client may watch.
pub(crate) const MOST_WATCHED: usize = 100;

/// How soon it is noticed that a connection is gone.
const CLOSED_AFTER: Duration = Duration::from_secs(5);

/// What is said of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// The resource at this address is another.
    Updated(String),
    /// Resources came or went.
    ListChanged,
}

/// Some resources as they were when they were last looked at.
pub(crate) struct Watched {
    store: Store,
    changes: watch::Receiver<Marks>,
    looks: HashMap<String, Option<u64>>,
}

impl Watched {
    /// Watches what stands at these addresses, and the list.
    pub(crate) async fn new(
        changes: &Changes,
        tenant: Option<Arc<str>>,
        store: &Store,
        addresses: &[String],
    ) -> Result<Self, StoreError> {
        // From before the look, so that no change falls between the two.
        let changes = changes.of(tenant, store).await?;
        let mut looks = HashMap::new();
        for address in addresses.iter().take(MOST_WATCHED) {
            looks.insert(address.clone(), look(store, address).await);
        }
        Ok(Self { store: store.clone(), changes, looks })
    }

    /// Waits for the next change. Nothing is lost when the waiting is given up.
    pub(crate) async fn changed(&mut self) {
        if self.changes.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// What there is to say of the last change.
    pub(crate) async fn news(&mut self) -> Vec<News> {
        let mut news = vec![News::ListChanged];
        for (address, seen) in &mut self.looks {
            let now = look(&self.store, address).await;
            if now != *seen {
                *seen = now;
                news.push(News::Updated(address.clone()));
            }
        }
        news
    }
}

/// A number that differs when what stands at an address does; nothing where nothing stands there.
async fn look(store: &Store, address: &str) -> Option<u64> {
    let read = resources::read(store, address).await.ok()?;
    let mut hasher = DefaultHasher::new();
    for contents in &read.contents {
        if let ResourceContents::TextResourceContents { text, .. } = contents {
            text.hash(&mut hasher);
        }
    }
    Some(hasher.finish())
}

/// What clients with a handshake have subscribed to, by session and address; the list has no address.
#[derive(Clone, Default)]
pub(crate) struct Sessions(Arc<Mutex<HashMap<Followed, DropGuard>>>);

/// A session, and the resource that it follows; none where it follows the list.
type Followed = (String, Option<String>);

impl Sessions {
    /// Tells `peer` from now on of changes to one resource, or else to the list.
    pub(crate) fn begin(
        &self,
        session: String,
        address: Option<String>,
        watched: Watched,
        peer: Peer<RoleServer>,
    ) -> Result<(), ErrorData> {
        let ends = CancellationToken::new();
        let key = (session, address);
        let mut sessions = self.locked();
        if sessions.keys().filter(|(session, _)| *session == key.0).count() > MOST_WATCHED {
            return Err(ErrorData::invalid_params(
                format!("a session watches at most {MOST_WATCHED} resources\nhint: unsubscribe from some"),
                None,
            ));
        }
        sessions.insert(key.clone(), ends.clone().drop_guard());
        drop(sessions);
        let own = self.clone();
        tokio::spawn(async move {
            if tell(watched, &peer, key.1.is_none(), ends).await.is_err() {
                own.locked().remove(&key);
            }
        });
        Ok(())
    }

    /// Whether `session` is told of changes to a resource, or else to the list.
    pub(crate) fn has(&self, session: &str, address: Option<&str>) -> bool {
        self.locked().contains_key(&(session.to_owned(), address.map(str::to_owned)))
    }

    /// Tells `session` no more of changes to a resource.
    pub(crate) fn end(&self, session: String, address: String) {
        self.locked().remove(&(session, Some(address)));
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<(String, Option<String>), DropGuard>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The connection is gone.
struct Gone;

/// Tells a client until it wants no more.
async fn tell(
    mut watched: Watched,
    peer: &Peer<RoleServer>,
    of_list: bool,
    ends: CancellationToken,
) -> Result<(), Gone> {
    loop {
        let has_changed = tokio::select! {
            () = ends.cancelled() => return Ok(()),
            () = watched.changed() => true,
            () = tokio::time::sleep(CLOSED_AFTER) => false,
        };
        if peer.is_transport_closed() {
            return Err(Gone);
        }
        let news = if has_changed { watched.news().await } else { Vec::new() };
        for one in news {
            let told = match one {
                News::ListChanged if of_list => peer.notify_resource_list_changed().await,
                News::Updated(address) if !of_list => {
                    peer.notify_resource_updated(ResourceUpdatedNotificationParam::new(address)).await
                }
                _ => Ok(()),
            };
            told.map_err(|_| Gone)?;
        }
    }
}
