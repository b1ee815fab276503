//! Which addresses lie on the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where machines in a cloud ask for their own credentials, besides the link-local addresses. The first is
/// Azure's and lies among public addresses.
const METADATA: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// Whether a cloud's credentials are handed out there.
pub(crate) fn is_metadata(address: IpAddr) -> bool {
    METADATA.contains(&address.to_canonical())
}

/// Whether an address lies on the public internet.
pub(crate) fn is_public(address: IpAddr) -> bool {
    !is_metadata(address)
        && match address.to_canonical() {
            IpAddr::V4(address) => is_public_v4(address),
            IpAddr::V6(address) => is_public_v6(address),
        }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let shared = first == 100 && (64..128).contains(&second);
    let benchmark = first == 198 && (18..20).contains(&second);
    let protocol = first == 192 && second == 0 && third == 0;
    let relay = first == 192 && second == 88 && third == 99;
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
        || protocol
        || relay)
}

/// Only the global unicast block is public, and of it not the parts that embed or tunnel other addresses.
/// What lies outside it (loopback, unique local, link-local, multicast, NAT64's prefixes, the IPv4-compatible
/// block) is not public.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let [first, second, ..] = segments;
    let documentation = (first == 0x2001 && second == 0x0db8) || first == 0x3fff;
    // Teredo, ORCHID and the other assignments to protocols.
    let protocol = first == 0x2001 && second < 0x0200;
    let six_to_four = first == 0x2002;
    let isatap = matches!(segments[4], 0 | 0x0200) && segments[5] == 0x5efe;
    first & 0xe000 == 0x2000 && !documentation && !protocol && !six_to_four && !isatap
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(addresses: &[&str], public: bool) {
        for address in addresses {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        }
    }

    #[test]
    fn public_addresses_count_as_public() {
        check(&["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "::ffff:8.8.8.8"], true);
        check(&["2606:4700::1111", "2a00:1450:4001::200e", "2001:4860:4860::8888"], true);
    }

    #[test]
    fn private_shared_and_reserved_addresses_do_not() {
        check(
            &["127.0.0.1", "127.255.1.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
            false,
        );
        check(&["169.254.0.1", "100.64.0.1", "0.0.0.0", "0.1.2.3", "198.18.0.1", "192.0.2.1"], false);
        check(&["224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.88.99.1"], false);
        check(&["::1", "::", "fe80::1", "fc00::1", "fd00::1", "ff02::1", "fec0::1", "2001:db8::1"], false);
    }

    #[test]
    fn addresses_that_wrap_others_do_not() {
        let mapped = ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "::ffff:0:127.0.0.1"];
        check(&mapped, false);
        let tunnels = ["2002:7f00:1::", "2002:808:808::", "64:ff9b::7f00:1", "64:ff9b:1::1", "2001::1"];
        check(&tunnels, false);
        check(&["2606:4700::5efe:7f00:1", "2606:4700::200:5efe:a00:1"], false);
    }

    #[test]
    fn the_metadata_services_of_clouds_do_not() {
        check(&["169.254.169.254", "168.63.129.16", "100.100.100.200", "fd00:ec2::254"], false);
        check(&["192.0.0.192", "::ffff:169.254.169.254", "::ffff:168.63.129.16"], false);
    }
}
