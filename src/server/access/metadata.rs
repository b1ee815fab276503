//! What clients need to know to get a token: the metadata of RFC 9728.

use super::{resource::Resource, scope::Scope};
use revarch_tools::Toolset;
use serde_json::{Value, json};

/// The metadata. `revarch:all` is not named, because clients tend to ask for whatever is.
pub(super) fn of(
    resource: &Resource,
    issuer: &str,
    documentation: Option<&str>,
    offered: &[Toolset],
) -> Value {
    let scopes = offered.iter().copied().map(Scope::Toolset);
    let scopes: Vec<_> = [Scope::Read].into_iter().chain(scopes).map(|scope| scope.to_string()).collect();
    let mut metadata = json!({
        "resource": resource.address,
        "authorization_servers": [issuer],
        "scopes_supported": scopes,
        "bearer_methods_supported": ["header"],
        "resource_name": "revarch",
    });
    if let Some(documentation) = documentation {
        metadata["resource_documentation"] = documentation.into();
    }
    metadata
}
