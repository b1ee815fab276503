//! Whether reviews or models came, changed or went.
//!
//! # Design
//! What is kept may be changed by this process, by another server on the same file, or by `revarch store delete`. So the
//! store itself is looked at, once in a while and only as long as anybody wants to know.

use revarch_store::{Marks, Store, StoreError};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// How soon a change is noticed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Who looks at which tenant's part of the store.
#[derive(Clone, Default)]
pub(crate) struct Changes(Arc<Mutex<Watched>>);

/// The marks that are watched, by tenant.
type Watched = HashMap<Option<Arc<str>>, watch::Sender<Marks>>;

impl Changes {
    /// Tells of every change from now on to what a tenant has.
    pub(crate) async fn of(
        &self,
        tenant: Option<Arc<str>>,
        store: &Store,
    ) -> Result<watch::Receiver<Marks>, StoreError> {
        let now = store.marks().await?;
        let mut looked_at = self.locked();
        if let Some(sender) = looked_at.get(&tenant) {
            return Ok(sender.subscribe());
        }
        let (sender, receiver) = watch::channel(now);
        looked_at.insert(tenant.clone(), sender);
        drop(looked_at);
        tokio::spawn(look(self.clone(), tenant, store.clone()));
        Ok(receiver)
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<Option<Arc<str>>, watch::Sender<Marks>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn look(changes: Changes, tenant: Option<Arc<str>>, store: Store) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let marks = store.marks().await;
        let mut looked_at = changes.locked();
        let Some(sender) = looked_at.get(&tenant) else { return };
        if sender.is_closed() {
            looked_at.remove(&tenant);
            return;
        }
        match marks {
            Ok(marks) => drop(sender.send_if_modified(|seen| std::mem::replace(seen, marks) != marks)),
            Err(error) => tracing::debug!(%error, "cannot see whether the store has changed"),
        }
    }
}
