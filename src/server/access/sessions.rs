//! Whose the sessions of the older protocol are.
//!
//! # Design
//!
//! rmcp keeps the sessions and knows nothing of callers, so the owners are kept here. Sessions also end without a
//! request, by being left alone; their owners are forgotten when the next session begins.

use crate::caller::Caller;
use rmcp::transport::streamable_http_server::session::{SessionId, local::LocalSessionManager};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The owners of sessions.
pub(super) struct Sessions {
    kept: Arc<LocalSessionManager>,
    owners: Mutex<HashMap<SessionId, Caller>>,
}

impl Sessions {
    pub(super) fn new(kept: Arc<LocalSessionManager>) -> Self {
        Self { kept, owners: Mutex::default() }
    }

    /// Whether a session belongs to somebody else than the caller.
    pub(super) fn is_foreign(&self, session: &str, caller: &Caller) -> bool {
        self.owners().get(session).is_some_and(|owner| !owner.is(caller))
    }

    /// Keeps whose a session is that has just begun.
    pub(super) async fn begun(&self, session: &str, caller: &Caller) {
        let kept = self.kept.sessions.read().await;
        let mut owners = self.owners();
        owners.retain(|session, _| kept.contains_key(session));
        owners.insert(session.into(), caller.clone());
    }

    fn owners(&self) -> MutexGuard<'_, HashMap<SessionId, Caller>> {
        self.owners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
