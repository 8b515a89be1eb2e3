//! Which addresses are of the public internet: IANA's registries of special purposes, and what clouds tell their machines.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// True for an address that the whole internet reaches, as everyone does.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    !SPECIAL_V4.iter().any(|(network, length)| (ip.to_bits() ^ network.to_bits()) >> (32 - length) == 0)
}

/// A form of an IPv4 address is as good as that; where relays would choose the way, none is.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(ip) = ip.to_ipv4_mapped().or_else(|| translated(ip)) {
        return is_public_v4(ip);
    }
    is_in(ip, GLOBAL) && !SPECIAL_V6.iter().any(|network| is_in(ip, *network))
}

/// What NAT64 makes of its well-known prefix (RFC 6052).
fn translated(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    is_in(ip, NAT64).then(|| Ipv4Addr::from_bits(ip.to_bits() as u32))
}

fn is_in(ip: Ipv6Addr, (network, length): (Ipv6Addr, u32)) -> bool {
    (ip.to_bits() ^ network.to_bits()) >> (128 - length) == 0
}

const SPECIAL_V4: [(Ipv4Addr, u32); 19] = [
    // This network; Linux takes it for this host.
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    // Private, and shared behind a carrier's NAT, where one cloud has its metadata.
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    // This host; this link, where clouds have their metadata.
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    // Azure's, in the midst of public ones.
    (Ipv4Addr::new(168, 63, 129, 16), 32),
    // Protocols' own, and relays.
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    // Documentation and benchmarks.
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Multicast; reserved, and broadcast.
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// All that was given out so far. What lies beyond is special or reserved.
const GLOBAL: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
const NAT64: (Ipv6Addr, u32) = (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);

/// Of those that were given out.
const SPECIAL_V6: [(Ipv6Addr, u32); 6] = [
    // Protocols' own: Teredo, benchmarks, ORCHID.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    // Documentation.
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
    // 6to4.
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    // AS112.
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
    // The 6bone, which is gone.
    (Ipv6Addr::new(0x3ffe, 0, 0, 0, 0, 0, 0, 0), 16),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_addresses_are_reached() {
        for ip in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "93.184.216.34",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "168.63.129.15",
            "168.63.129.17",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "203.0.112.255",
            "203.0.114.0",
            "211.249.220.24",
            "223.255.255.255",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2400:cb00::1",
            "2606:4700:4700::1111",
            "2a00:1450:4001::1",
            "2003::1",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
        ] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn no_other_address_is() {
        for ip in [
            // Unspecified, this network
            "0.0.0.0",
            "0.0.0.1",
            "0.255.255.255",
            "::",
            // Loopback
            "127.0.0.1",
            "127.0.0.53",
            "127.1.2.3",
            "127.255.255.255",
            "::1",
            // Private, unique local, site-local
            "10.0.0.0",
            "10.0.0.1",
            "10.255.255.255",
            "172.16.0.1",
            "172.20.1.1",
            "172.31.255.255",
            "192.168.0.1",
            "192.168.255.255",
            "fc00::1",
            "fd00::1",
            "fdff:ffff:ffff::1",
            "fec0::1",
            // Link-local
            "169.254.0.1",
            "169.254.255.255",
            "fe80::1",
            "febf::1",
            // Metadata: AWS and most others, ECS, AWS by IPv6, Alibaba, Oracle, Azure
            "169.254.169.254",
            "169.254.170.2",
            "fd00:ec2::254",
            "100.100.100.200",
            "192.0.0.192",
            "168.63.129.16",
            // Shared by a carrier
            "100.64.0.0",
            "100.127.255.255",
            // Documentation, benchmarks
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.255",
            "198.18.0.0",
            "198.19.255.255",
            "2001:db8::1",
            "3fff::1",
            "2001:2::1",
            // Protocols' own, reserved, discard
            "192.0.0.1",
            "192.88.99.1",
            "192.31.196.1",
            "192.52.193.1",
            "192.175.48.1",
            "2001:10::1",
            "2001:20::1",
            "2620:4f:8000::1",
            "240.0.0.1",
            "250.1.1.1",
            "255.255.255.255",
            "100::1",
            "5f00::1",
            "4000::1",
            "3ffe::1",
            "e000::1",
            // Multicast
            "224.0.0.1",
            "239.255.255.255",
            "ff02::1",
            "ff0e::1",
            // IPv4-mapped
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:0.0.0.0",
            "::ffff:192.168.1.1",
            // IPv4-compatible and IPv4-translated
            "::127.0.0.1",
            "::8.8.8.8",
            "::ffff:0:127.0.0.1",
            "::ffff:0:8.8.8.8",
            // NAT64, of the well-known and the local prefix
            "64:ff9b::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::8.8.8.8",
            "64:ff9b:0:1::8.8.8.8",
            // 6to4 of 127.0.0.1, 10.0.0.1, 8.8.8.8; Teredo
            "2002:7f00:1::",
            "2002:a00:1::",
            "2002:808:808::1",
            "2001::1",
            "2001:0:7f00:1::",
            "2001:0:808:808::1",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
    }
}
