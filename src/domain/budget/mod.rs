//! How do we split the budget, and can these limits be met at all?
//!
//! Categories, limits and wishes become a linear program. If the limits can be met, the plan is the one nearest
//! to what the caller wants, spends now or, with neither, to the middle of the published ranges; or the one with
//! the most of the caller's own expected returns. If they cannot, the smallest relaxation is told, and the plan is
//! the nearest within it.
//!
//! # Design
//!
//! The published ranges per category and model are one firm's claims, and two of the three columns cannot be
//! followed freely: they are limits only as long as nobody gives others, and they give way before a caller's own
//! do. The returns printed beside them are never computed with: their unit is not defined.

mod check;
mod claim;
mod money;
mod plan;
mod program;
mod published;
mod read;
mod reference;
mod relaxation;
mod request;
mod rounding;
mod rule;
mod slot;

pub use check::{Check, Spending, Split, Standing, checks, share_of_revenue};
pub use claim::{Claim, contradictions};
pub use money::{Currency, sane};
pub use plan::{Allocation, Limit, Share, allocate};
pub use program::SolveError;
pub use published::{Followable, Model, Published, Row, TableCheck, published};
pub use reference::{From, Reference};
pub use relaxation::{Move, Relaxation};
pub use request::{Aim, Group, Line, Request, RequestError, Size};
pub use rule::{End, SetAside};

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
