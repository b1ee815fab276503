//! A call that waits for a person: it gives its place to another meanwhile, and its clock stands still.

use super::{
    clock::Clock,
    queue::{Place, Queue},
};
use futures::future::BoxFuture;
use revarch_tools::{
    ErrorKind, ToolError,
    ask::{Ask, Asker, Question, Reply},
};
use std::{
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
};

/// Holds the place of a call, and asks for it.
pub(super) struct Waiting {
    ask: Asker,
    clock: Arc<Clock>,
    queue: Arc<Queue>,
    caller: Arc<str>,
    place: Mutex<Option<Place>>,
}

impl Waiting {
    /// Whom the call may ask. The place is held until this is dropped.
    pub(super) fn asker(
        ask: Asker,
        clock: Arc<Clock>,
        queue: Arc<Queue>,
        caller: Arc<str>,
        place: Option<Place>,
    ) -> Asker {
        Asker::new(Arc::new(Self { ask, clock, queue, caller, place: Mutex::new(place) }))
    }

    fn put(&self, place: Option<Place>) -> Option<Place> {
        let mut held = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut held, place)
    }
}

impl Ask for Waiting {
    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Reply, ToolError>> {
        Box::pin(async move {
            let mut asking = pin!(self.ask.ask(question));
            // Where nobody can be asked, the answer is there at once, and nobody waits.
            if let Poll::Ready(reply) = futures::poll!(&mut asking) {
                return reply;
            }
            let had_place = self.put(None).is_some();
            self.clock.pause();
            let reply = asking.await;
            if had_place {
                let place = self.queue.enter(&self.caller).await.map_err(|_| {
                    ToolError::new(
                        ErrorKind::Refused,
                        "the question was answered, and the server is too busy to go on",
                    )
                    .hint("call again in a while")
                })?;
                self.put(Some(place));
            }
            self.clock.resume();
            reply
        })
    }
}
