//! Other people's MCP servers, as far as the operator allows them to be contacted.
//!
//! Only servers that the operator's configuration names exist here. Each is asked for its list of tools and
//! for nothing else: no tool is ever called.

mod address;
mod client;
mod config;
mod error;
mod servers;

pub use config::ServerConfig;
pub use error::RemoteError;
pub use servers::{Server, Servers, Transport};
