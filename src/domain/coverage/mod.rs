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
//!
//! From an audit follow the [`matrix`] of platforms and operations and the [`gap`]s, ranked by the workflows
//! that they block. How good and how safe the servers are is another question, which [`grade`] answers for all
//! servers that one agent would hold, and [`change`] tells what became of a server since it was last seen. The
//! catalog grows by the operator's [`own`] file and by news from the MCP registry, see [`refresh`]; each fact
//! that came so remembers what it replaced and who says it.

pub mod audit;
pub mod catalog;
mod caution;
pub mod change;
pub mod decision;
pub mod evidence;
pub mod gap;
pub mod grade;
pub mod inspection;
pub(crate) mod listed;
pub mod mapping;
pub mod matrix;
pub mod own;
mod published;
pub mod refresh;
pub mod resolve;
pub mod security;
pub mod taxonomy;
pub mod tools_list;
pub(crate) mod words;
