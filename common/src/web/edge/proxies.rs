use std::net::IpAddr;

use crate::settings::{BadValue, list};

/// The proxies that are believed when they say for whom they ask.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Vec<Network>);

/// All addresses that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u32,
}

impl Proxies {
    /// Reads a list of addresses and networks such as `10.0.0.0/8` (RFC 4632 §3.1, RFC 4291 §2.3).
    ///
    /// # Errors
    /// One of them is neither.
    pub fn parse(variable: &str, text: &str) -> Result<Self, BadValue> {
        let networks = list(text).into_iter().map(|text| {
            Network::parse(&text).ok_or_else(|| {
                let complaint = format!("{text:?} is neither an address nor a network such as 10.0.0.0/8");
                BadValue::new(variable, complaint)
            })
        });
        networks.collect::<Result<_, _>>().map(Self)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Who asked: the hop nearest to us that is not one of these proxies.
    ///
    /// `forwarded` is `X-Forwarded-For` as it came, to which each proxy appends its own client; what is to the left of
    /// the first stranger is that stranger's invention. A proxy that names no address is itself the client.
    pub(super) fn client<'a>(
        &self,
        peer: IpAddr,
        forwarded: impl DoubleEndedIterator<Item = &'a str>,
    ) -> IpAddr {
        let mut nearest = peer.to_canonical();
        for hop in forwarded.rev().flat_map(|line| line.rsplit(',')) {
            if !self.contains(nearest) {
                break;
            }
            let Some(address) = hop_address(hop.trim()) else { break };
            nearest = address.to_canonical();
        }
        nearest
    }

    fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address.parse::<IpAddr>().ok()?, Some(bits.parse::<u32>().ok()?)),
            None => (text.parse::<IpAddr>().ok()?, None),
        };
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        (bits <= most).then_some(Self { address, bits })
    }

    fn contains(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= self.bits
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= self.bits
            }
            _ => false,
        }
    }
}

/// An address as proxies write it: bare, in brackets, or with a port.
fn hop_address(text: &str) -> Option<IpAddr> {
    let bare =
        text.strip_prefix('[').and_then(|text| text.split_once(']')).map_or(text, |(address, _)| address);
    bare.parse().ok().or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|socket| socket.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &str, peer: &str, forwarded: &[&str]) -> String {
        let proxies = Proxies::parse("X", trusted).unwrap();
        proxies.client(peer.parse().unwrap(), forwarded.iter().copied()).to_string()
    }

    #[test]
    fn the_nearest_hop_that_is_no_proxy_is_the_client() {
        let proxies = "10.0.0.0/8, 192.168.1.7 fd00::/8";
        assert_eq!(client(proxies, "10.1.2.3", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(client(proxies, "10.1.2.3", &["1.1.1.1, 203.0.113.9, 192.168.1.7"]), "203.0.113.9");
        assert_eq!(client(proxies, "10.1.2.3", &["1.1.1.1", "203.0.113.9", "10.9.9.9"]), "203.0.113.9");
        assert_eq!(client(proxies, "fd00::1", &["[2001:db8::1]:443"]), "2001:db8::1");
        assert_eq!(client(proxies, "::ffff:10.1.2.3", &["203.0.113.9:5555"]), "203.0.113.9");
    }

    #[test]
    fn a_stranger_is_not_believed() {
        for (trusted, peer) in
            [("", "203.0.113.9"), ("10.0.0.0/8", "203.0.113.9"), ("192.168.1.7/32", "203.0.113.9")]
        {
            assert_eq!(client(trusted, peer, &["1.1.1.1"]), "203.0.113.9", "{trusted}");
        }
    }

    #[test]
    fn a_proxy_that_names_nobody_is_the_client() {
        for forwarded in ["", "unknown", "1.1.1.1, _hidden", "1.1.1.1, 300.1.1.1", "10.0.0.7"] {
            assert!(client("10.0.0.0/8", "10.1.2.3", &[forwarded]).starts_with("10."), "{forwarded}");
        }
        assert_eq!(client("10.0.0.0/8", "10.1.2.3", &[]), "10.1.2.3");
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["10.0.0.0/33", "10.0.0/8", "::/129", "proxy.example", "10.0.0.0/", "10.0.0.0/-1"] {
            assert!(Proxies::parse("X", text).is_err(), "{text}");
        }
    }
}
