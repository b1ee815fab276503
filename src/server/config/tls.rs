//! The certificate that the server shows.

use schemars::JsonSchema;
use serde::Deserialize;
use std::path::PathBuf;

/// The certificate that the server shows. Both files are read again on SIGHUP, without dropping a connection.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tls {
    /// The certificate and those that lead to a known authority, as PEM.
    pub(crate) certificate: PathBuf,
    /// The certificate's private key, as PEM.
    pub(crate) key: PathBuf,
}
