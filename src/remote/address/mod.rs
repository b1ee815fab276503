//! Where an address leads, decided once and before anything is sent.

mod public;

use crate::RemoteError;
use public::{is_metadata, is_public};
use reqwest::Url;
use std::net::{IpAddr, SocketAddr};

/// What the operator allowed of an address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Allowed {
    /// It may be a loopback, private or link-local one.
    pub(crate) private: bool,
    /// It may be plain HTTP although it leads over the public internet.
    pub(crate) plain_http: bool,
    /// It is reached through a proxy, which looks the host up itself.
    pub(crate) unlooked: bool,
}

/// A host and the addresses to which it was found to lead. The connection is pinned to these, so that a name
/// that is answered differently a moment later changes nothing.
#[derive(Debug)]
pub(crate) struct Destination {
    pub(crate) url: Url,
    pub(crate) host: String,
    pub(crate) addresses: Vec<SocketAddr>,
}

/// Reads an address and looks its host up. What the operator did not allow is refused: a host with any
/// address outside the public internet, and plain HTTP.
///
/// The parser brings every spelling of an IPv4 address (decimal, octal, hexadecimal, short) into the usual
/// form first, so there is one form to judge.
pub(crate) async fn destination(name: &str, url: &str, allowed: Allowed) -> Result<Destination, RemoteError> {
    let wrong = |reason: &str| RemoteError::Config { name: name.to_owned(), reason: reason.to_owned() };
    let url = Url::parse(url).map_err(|error| wrong(&format!("`url` is no address: {error}")))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(wrong("`url` has to begin with https"));
    }
    if url.scheme() == "http" && !allowed.private && !allowed.plain_http {
        return Err(wrong("plain http is for private addresses only; use https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("`url` holds a user name or password; use `bearer_env`"));
    }
    let host = url.host_str().ok_or_else(|| wrong("`url` has no host"))?.to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let literal = bare.parse::<IpAddr>().ok();
    if is_local_name(&bare) && !allowed.private {
        return Err(RemoteError::PrivateAddress { name: name.to_owned(), host });
    }
    let looked_up = if allowed.unlooked {
        Ok(literal.map(|address| SocketAddr::new(address, port)).into_iter().collect())
    } else {
        tokio::net::lookup_host((bare.as_str(), port)).await.map(Iterator::collect)
    };
    let addresses: Vec<SocketAddr> = looked_up.map_err(|source| RemoteError::Resolve {
        name: name.to_owned(),
        host: host.clone(),
        source,
    })?;
    let public = addresses.iter().all(|address| is_public(address.ip()));
    // A name that leads to a cloud's credentials was not meant to; only its bare address may be.
    let metadata = addresses.iter().any(|address| is_metadata(address.ip()));
    if (!public && !allowed.private) || (metadata && literal.is_none()) {
        return Err(RemoteError::PrivateAddress { name: name.to_owned(), host });
    }
    if url.scheme() == "http" && public && !allowed.plain_http {
        return Err(wrong("plain http over the public internet shows the token to everybody; use https"));
    }
    Ok(Destination { url, host: bare, addresses })
}

/// Names that lead to this machine by definition, whatever a proxy would make of them.
fn is_local_name(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    host == "localhost" || host.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRIVATE: Allowed = Allowed { private: true, plain_http: false, unlooked: false };

    async fn refused(url: &str) -> RemoteError {
        destination("a", url, Allowed::default()).await.unwrap_err()
    }

    #[tokio::test]
    async fn private_hosts_need_permission() {
        let error = refused("https://127.0.0.1:9/mcp").await;
        assert!(matches!(error, RemoteError::PrivateAddress { .. }), "{error}");
        assert!(error.hint().contains("allow_private = true"));
        let allowed = destination("a", "http://127.0.0.1:9/mcp", PRIVATE).await.unwrap();
        assert_eq!(allowed.addresses[0].port(), 9);
    }

    #[tokio::test]
    async fn no_spelling_of_a_private_address_slips_through() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "017700000001",
            "%31%32%37.0.0.1",
            "１２７.0.0.1",
            "127。0。0。1",
            "localhost",
            "LOCALHOST.",
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[fe80::1]",
            "169.254.169.254",
            "2852039166",
            "0.0.0.0",
            "0",
            "[::]",
        ] {
            let error = refused(&format!("https://{host}/mcp")).await;
            assert!(matches!(error, RemoteError::PrivateAddress { .. }), "{host}: {error}");
        }
    }

    #[tokio::test]
    async fn addresses_that_would_leak_a_secret_are_refused() {
        for url in
            ["http://example.com/mcp", "https://user:secret@example.com", "ftp://example.com", "nonsense"]
        {
            let error = refused(url).await;
            assert!(matches!(error, RemoteError::Config { .. }), "{url}: {error}");
            assert!(!error.to_string().contains("secret"));
        }
    }

    #[tokio::test]
    async fn a_proxy_opens_no_way_to_this_machine() {
        let proxied = Allowed { unlooked: true, ..Allowed::default() };
        for host in ["127.0.0.1", "localhost", "a.localhost.", "[::1]", "0x7f.1"] {
            let error = destination("a", &format!("https://{host}/"), proxied).await.unwrap_err();
            assert!(matches!(error, RemoteError::PrivateAddress { .. }), "{host}: {error}");
        }
        let found = destination("a", "https://nowhere.invalid/", proxied).await.unwrap();
        assert_eq!(found.addresses, []);
    }

    #[tokio::test]
    async fn plain_http_to_the_public_internet_needs_its_own_permission() {
        let error = destination("a", "http://1.1.1.1/mcp", PRIVATE).await.unwrap_err();
        assert!(error.to_string().contains("shows the token"), "{error}");
        let both = Allowed { plain_http: true, ..Allowed::default() };
        assert_eq!(destination("a", "http://1.1.1.1/mcp", both).await.unwrap().host, "1.1.1.1");
    }
}
