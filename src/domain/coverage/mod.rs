//! What agents can reach and do in a stack, judged operation by operation.
//!
//! That a platform "has an MCP server" says little: the server may list three tools or three hundred, may be
//! for developers only, or may never have been listed by anyone who wrote it down. So the unit here is the
//! operation, such as `deal.update_stage`, and each one is evidenced, implied by another, unknown, or
//! missing from a list that is known to be whole.
//!
//! # Design
//!
//! Two grounds meet in [`audit`]. The [`catalog`] holds what was published about each platform, with source
//! and date. A [`tools_list`] that somebody captured is read by [`mapping`], whose rules name themselves in
//! the result, and outranks the catalog. Neither ground turns an unknown into a yes or a no.

pub mod audit;
pub mod catalog;
pub mod decision;
pub mod evidence;
pub mod inspection;
pub mod mapping;
pub mod resolve;
pub mod security;
pub mod taxonomy;
pub mod tools_list;
mod words;
