//! Other people's MCP servers, as far as the operator allows them to be contacted.
//!
//! Only servers that the operator's configuration names exist here. Each is asked what it offers; a tool is
//! called only where the operator allowed that one by its name. What a server says is data, bounded in size
//! and time, and every failure is a result of its own with a next step.

mod address;
mod call;
pub mod clients;
mod config;
mod cut;
mod error;
mod inspect;
mod limits;
mod listing;
mod reading;
pub mod registry;
mod secret;
mod servers;
mod session;
mod wire;

pub use call::ToolAnswer;
pub use config::ServerConfig;
pub use error::RemoteError;
pub use limits::Limits;
pub use reading::{Era, ListState, Listing, Note, ServerReading, Shortfall};
pub use secret::Secret;
pub use servers::{HttpServer, Server, Servers, Transport};
