//! The MCP endpoint as a protected resource: how it is addressed, and where its metadata stands.

use reqwest::Url;
use std::net::SocketAddr;

/// The path that RFC 9728 puts between host and path of a resource.
pub(super) const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// The endpoint's own path.
pub(crate) const ENDPOINT: &str = "/mcp";

/// The resource.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    /// The address that clients use, which is also whom tokens are for.
    pub(super) address: String,
    /// The address of its metadata.
    pub(super) metadata: String,
    /// The path of that address.
    pub(super) metadata_path: String,
}

impl Resource {
    /// The resource at the address that clients use, or at the one that is listened on.
    pub(super) fn at(public: Option<&Url>, listening: SocketAddr, is_secure: bool) -> Self {
        let (address, origin, path) = match public {
            None => {
                let scheme = if is_secure { "https" } else { "http" };
                let origin = format!("{scheme}://{listening}");
                (format!("{origin}{ENDPOINT}"), origin, ENDPOINT)
            }
            Some(url) => {
                let path = url.path().trim_end_matches('/');
                (without_lone_slash(url), url.origin().ascii_serialization(), path)
            }
        };
        let metadata_path = format!("{WELL_KNOWN}{path}");
        Self { address, metadata: format!("{origin}{metadata_path}"), metadata_path }
    }
}

/// The address as people write it: a URL without a path is no other than that with the path `/`.
fn without_lone_slash(url: &Url) -> String {
    let text = url.as_str();
    if url.path() == "/" { text.trim_end_matches('/').to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Resource, Url};

    #[track_caller]
    fn check(public: Option<&str>, address: &str, metadata: &str) {
        let public = public.map(|url| Url::parse(url).unwrap());
        let resource = Resource::at(public.as_ref(), ([127, 0, 0, 1], 8787).into(), false);
        assert_eq!((resource.address.as_str(), resource.metadata.as_str()), (address, metadata));
    }

    #[test]
    fn metadata_stands_between_host_and_path() {
        let (local, there) = ("http://127.0.0.1:8787", "/.well-known/oauth-protected-resource");
        check(None, &format!("{local}/mcp"), &format!("{local}{there}/mcp"));
        let host = "https://x.example";
        check(Some("https://x.example/mcp"), "https://x.example/mcp", &format!("{host}{there}/mcp"));
        check(Some("https://x.example/a/mcp/"), "https://x.example/a/mcp/", &format!("{host}{there}/a/mcp"));
        check(Some("https://x.example"), "https://x.example", &format!("{host}{there}"));
        check(
            Some("https://x.example:8443/mcp"),
            "https://x.example:8443/mcp",
            &format!("{host}:8443{there}/mcp"),
        );
    }
}
