//! Who may call over HTTP, and what they may use.
//!
//! # Design
//!
//! revarch is a resource server only: it checks the tokens that somebody else's authorization server gave out, or
//! compares them with hashes in the configuration, and gives none out itself. [`Gate`] stands before the MCP endpoint:
//! it names the [`Caller`](crate::caller::Caller) of each request or refuses it. What a caller may use is enforced once
//! more where tools are looked up, so that the gate's own reading of a request decides nothing but the HTTP status.

mod body;
mod choice;
mod cors;
mod gate;
mod issuer;
mod metadata;
pub(crate) mod mint;
mod policy;
mod refusal;
mod resource;
mod rights;
mod scope;
mod sessions;
mod shown;
mod tokens;

pub(crate) use choice::Choice;
pub(crate) use gate::Gate;
pub(crate) use policy::{Policy, check_exposed};
pub(crate) use resource::ENDPOINT;
pub(crate) use rights::Rights;
