//! Where an address leads, decided once and before anything is sent.

use crate::RemoteError;
use reqwest::Url;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A host and the addresses to which it was found to lead. The connection is pinned to these, so that a name
/// that is answered differently a moment later changes nothing.
#[derive(Debug)]
pub(crate) struct Destination {
    pub(crate) url: Url,
    pub(crate) host: String,
    pub(crate) addresses: Vec<SocketAddr>,
}

/// Reads an address and looks its host up. Without `allow_private`, plain HTTP and any host with an address
/// outside the public internet are refused.
pub(crate) async fn destination(
    name: &str,
    url: &str,
    allow_private: bool,
) -> Result<Destination, RemoteError> {
    let wrong = |reason: &str| RemoteError::Config { name: name.to_owned(), reason: reason.to_owned() };
    let url = Url::parse(url).map_err(|error| wrong(&format!("`url` is no address: {error}")))?;
    match url.scheme() {
        "https" => {}
        "http" if allow_private => {}
        "http" => return Err(wrong("plain http is for private addresses only; use https")),
        _ => return Err(wrong("`url` has to begin with https")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("`url` holds a user name or password; use `bearer_env`"));
    }
    let host = url.host_str().ok_or_else(|| wrong("`url` has no host"))?.to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let addresses: Vec<SocketAddr> = tokio::net::lookup_host((bare.as_str(), port))
        .await
        .map_err(|source| RemoteError::Resolve { name: name.to_owned(), host: host.clone(), source })?
        .collect();
    if !allow_private && !addresses.iter().all(|address| is_public(address.ip())) {
        return Err(RemoteError::PrivateAddress { name: name.to_owned(), host });
    }
    Ok(Destination { url, host: bare, addresses })
}

/// Whether an address lies on the public internet.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(mapped) => is_public_v4(mapped),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let shared = first == 100 && (64..128).contains(&second);
    let benchmark = first == 198 && (18..20).contains(&second);
    let protocol = first == 192 && second == 0 && address.octets()[2] == 0;
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || first == 0
        || first >= 240
        || shared
        || benchmark
        || protocol)
}

/// Only the global unicast block is public, and of it not the parts that embed or tunnel other addresses.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let documentation = first == 0x2001 && second == 0x0db8;
    let teredo = first == 0x2001 && second == 0;
    let six_to_four = first == 0x2002;
    first & 0xe000 == 0x2000 && !documentation && !teredo && !six_to_four
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_count_as_public() {
        let check = |address: &str, public: bool| {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        };
        check("8.8.8.8", true);
        check("2606:4700::1111", true);
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "2002:7f00:1::",
            "64:ff9b::7f00:1",
        ] {
            check(private, false);
        }
    }

    #[tokio::test]
    async fn private_hosts_need_permission() {
        let refused = destination("a", "https://127.0.0.1:9/mcp", false).await.unwrap_err();
        assert!(matches!(refused, RemoteError::PrivateAddress { .. }), "{refused}");
        assert!(refused.hint().contains("allow_private = true"));
        let refused = destination("a", "https://[::1]/mcp", false).await.unwrap_err();
        assert!(matches!(refused, RemoteError::PrivateAddress { .. }), "{refused}");
        let allowed = destination("a", "http://127.0.0.1:9/mcp", true).await.unwrap();
        assert_eq!(allowed.addresses[0].port(), 9);
    }

    #[tokio::test]
    async fn addresses_that_would_leak_a_secret_are_refused() {
        for url in
            ["http://example.com/mcp", "https://user:secret@example.com", "ftp://example.com", "nonsense"]
        {
            let refused = destination("a", url, false).await.unwrap_err();
            assert!(matches!(refused, RemoteError::Config { .. }), "{url}: {refused}");
            assert!(!refused.to_string().contains("secret"));
        }
    }
}
