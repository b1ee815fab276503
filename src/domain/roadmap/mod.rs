//! What do we do in the next 90 days and twelve months, in what order?
//!
//! A plan is made from what was measured: each open finding is closed by an item, and items of one kind of
//! finding are one item, because the same people do the same work. What no measurement speaks to is not
//! planned; the published phases and their deliverables stand beside the plan as claims.
//!
//! # Design
//!
//! The phase in which a roadmap begins follows from the maturity stage. Where the stage is known as a range,
//! the plan enters at its lower end and begins with what would settle it; where it is not known, no phase holds
//! anything back and nothing that only a stage would call for is planned. A finding that belongs to a phase
//! already passed is mended all the same, since it was measured.
//!
//! The order is a list. It is built by taking, each time, the foremost item whose prerequisites are in the list
//! already: known effort before unknown, earlier phase first, then strategy, process, data and technology, then
//! the gravest finding, then what more workflows wait for, then the name. Each owner role then works the list
//! from the top: an item goes to the place of its role that is free first, and begins when that place is free,
//! its prerequisites have ended and its phase has begun. Nothing overtakes within a place, and the order never
//! depends on capacity or effort. That costs some idle days, and it buys what greedy list scheduling does not
//! have (Graham 1969): more capacity, or less effort, never ends any item later. Effort is an interval, so the
//! list is worked twice, with every effort at its low end and at its high end, and each item has an earliest
//! and a latest end; an effort that nobody knows leaves the latest end open.

mod agents;
mod assemble;
mod capacity;
mod deliverable;
mod draft;
mod effort;
mod error;
mod exit;
mod item;
mod notes;
mod order;
mod own;
mod periods;
mod published;
mod schedule;
mod situation;

pub use assemble::{Asked, NotPlanned, Roadmap, roadmap};
pub use capacity::{Capacity, CapacityError, Load, Rate};
pub use deliverable::{Deliverable, Deliverables};
pub use effort::PersonDays;
pub use error::RoadmapError;
pub use exit::Exit;
pub use item::{Fit, Item, Kind, Planned, Span, Timing};
pub use own::OwnItem;
pub use periods::{Block, Period};
pub use published::{PublishedPhase, contradictions, published_claims, published_phase};
pub use situation::{Entry, Gap, OpenGate, Reading, Situation};

#[cfg(test)]
mod own_tests;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod shipped_tests;
#[cfg(test)]
mod tests;
