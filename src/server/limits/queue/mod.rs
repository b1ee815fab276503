//! Calls that wait for their turn, so that no caller holds up another.
//!
//! # Design
//!
//! A semaphore would serve calls in the order in which they came, and whoever sends fifty would hold up everybody who
//! comes after. Here each caller has a line of its own, and the turn goes round between the lines. When there is no room
//! left, the longest line loses its last call, unless the new call would make its own line as long.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::oneshot;

/// The places to work in, and who waits for one.
#[derive(Debug)]
pub(crate) struct Queue {
    state: Mutex<State>,
    room: usize,
}

#[derive(Debug, Default)]
struct State {
    free: usize,
    /// Those that wait, by caller, in the order in which the turn goes round. No line is empty.
    lines: VecDeque<(Arc<str>, VecDeque<Waiting>)>,
    tickets: u64,
}

#[derive(Debug)]
struct Waiting {
    ticket: u64,
    turn: oneshot::Sender<Result<Place, Full>>,
}

/// There is no room to wait in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

/// A place to work in; leaving it hands it on.
#[derive(Debug)]
pub(crate) struct Place(Arc<Queue>);

impl Drop for Place {
    fn drop(&mut self) {
        let next = {
            let mut state = self.0.state();
            let next = state.next();
            state.free += usize::from(next.is_none());
            next
        };
        if let Some(next) = next {
            // Whoever has left in this moment drops the place, which hands it on again.
            let _ = next.turn.send(Ok(Self(Arc::clone(&self.0))));
        }
    }
}

impl State {
    fn waiting(&self) -> usize {
        self.lines.iter().map(|(_, line)| line.len()).sum()
    }

    /// Takes the next call, and puts its caller's line behind the others.
    fn next(&mut self) -> Option<Waiting> {
        let (caller, mut line) = self.lines.pop_front()?;
        let next = line.pop_front();
        if !line.is_empty() {
            self.lines.push_back((caller, line));
        }
        next
    }

    fn join(&mut self, caller: &Arc<str>, turn: oneshot::Sender<Result<Place, Full>>) -> u64 {
        self.tickets += 1;
        let waiting = Waiting { ticket: self.tickets, turn };
        match self.lines.iter_mut().find(|(other, _)| other == caller) {
            Some((_, line)) => line.push_back(waiting),
            None => self.lines.push_back((Arc::clone(caller), VecDeque::from([waiting]))),
        }
        self.tickets
    }

    fn leave(&mut self, ticket: u64) -> Option<Waiting> {
        let is_this = |waiting: &Waiting| waiting.ticket == ticket;
        let (line, at) = self
            .lines
            .iter()
            .enumerate()
            .find_map(|(line, (_, waiting))| Some((line, waiting.iter().position(is_this)?)))?;
        let left = self.lines[line].1.remove(at);
        if self.lines[line].1.is_empty() {
            self.lines.remove(line);
        }
        left
    }

    /// The last call of the longest line, where that line would still be longer than the caller's own.
    fn make_room(&mut self, caller: &str) -> Option<Waiting> {
        let own = self.lines.iter().find(|(other, _)| &**other == caller).map_or(0, |(_, line)| line.len());
        let longest = self.lines.iter_mut().max_by_key(|(_, line)| line.len());
        let (_, line) = longest.filter(|(_, line)| line.len() > own + 1)?;
        line.pop_back()
    }
}

impl Queue {
    /// A queue before `places`, with room for so many to wait.
    pub(crate) fn new(places: usize, room: usize) -> Arc<Self> {
        Arc::new(Self { state: Mutex::new(State { free: places, ..State::default() }), room })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many calls wait.
    pub(crate) fn waiting(&self) -> usize {
        self.state().waiting()
    }

    /// Waits for a place. A future that is dropped leaves the queue.
    pub(crate) async fn enter(self: &Arc<Self>, caller: &Arc<str>) -> Result<Place, Full> {
        let (turn, mut granted) = oneshot::channel();
        let (ticket, refused) = {
            let mut state = self.state();
            if state.free > 0 {
                state.free -= 1;
                return Ok(Place(Arc::clone(self)));
            }
            let is_full = state.waiting() >= self.room;
            let refused = if is_full { Some(state.make_room(caller).ok_or(Full)?) } else { None };
            (state.join(caller, turn), refused)
        };
        if let Some(refused) = refused {
            let _ = refused.turn.send(Err(Full));
        }
        let _leaves = Leaves { queue: self, ticket };
        (&mut granted).await.unwrap_or(Err(Full))
    }
}

/// Takes a call out of the queue that is no longer waited for.
struct Leaves<'a> {
    queue: &'a Queue,
    ticket: u64,
}

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        let left = self.queue.state().leave(self.ticket);
        drop(left);
    }
}

#[cfg(test)]
mod tests;
