//! The requests that are being answered, by their ids.
//!
//! rmcp takes the answer to the second of two requests of one id for an answer to the first, and drops the other: its
//! client would wait for ever.

use rmcp::model::{
    ClientJsonRpcMessage, ClientNotification, JsonRpcMessage, RequestId, ServerJsonRpcMessage,
};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The ids of one connection.
#[derive(Clone, Default)]
pub(super) struct InFlight(Arc<Mutex<HashSet<RequestId>>>);

impl InFlight {
    /// Takes note of what comes in. A request is refused, by its id, where another of the same id is not answered yet.
    pub(super) fn admit(&self, message: &ClientJsonRpcMessage) -> Result<(), RequestId> {
        match message {
            JsonRpcMessage::Request(request) if !self.ids().insert(request.id.clone()) => {
                return Err(request.id.clone());
            }
            // What is cancelled is not answered.
            JsonRpcMessage::Notification(one) => {
                if let ClientNotification::CancelledNotification(cancelled) = &one.notification
                    && let Some(id) = &cancelled.params.request_id
                {
                    self.ids().remove(id);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes note of an answer.
    pub(super) fn answered(&self, message: &ServerJsonRpcMessage) {
        let id = match message {
            JsonRpcMessage::Response(response) => Some(&response.id),
            JsonRpcMessage::Error(error) => error.id.as_ref(),
            _ => None,
        };
        if let Some(id) = id {
            self.ids().remove(id);
        }
    }

    fn ids(&self) -> MutexGuard<'_, HashSet<RequestId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
