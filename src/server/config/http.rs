//! How the server is reached over HTTP.

use super::{Auth, Tls};
use schemars::JsonSchema;
use serde::Deserialize;

/// Who may reach the server over HTTP.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Http {
    /// Host names that requests may be addressed to, besides the loopback names, with or without a port.
    pub(crate) allowed_hosts: Vec<String>,
    /// Web origins that requests may come from, besides those of this machine, such as
    /// `https://app.example.com:443`. Clients that are not browsers send no origin and are not concerned.
    pub(crate) allowed_origins: Vec<String>,
    /// Who may call. Without it only addresses of this machine are served.
    pub(crate) auth: Option<Auth>,
    /// Serve HTTPS with this certificate instead of HTTP.
    pub(crate) tls: Option<Tls>,
    /// Whether `/metrics` answers everybody. Unless it is set, only requests from this machine to this machine that no
    /// proxy has passed on are answered; others find nothing there.
    pub(crate) metrics: bool,
}
