use std::net::{IpAddr, Ipv6Addr};

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderMap, HeaderName};
use actix_web::web::Data;

use super::Proxies;
use crate::web::surround::Surroundings;

static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Who asked: the peer, or the right-most hop that is no trusted proxy. None where the peer is gone already.
pub fn client_address(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    match request.app_data::<Data<Surroundings>>() {
        Some(around) => Some(of(peer, request.headers(), &around.edge.trusted_proxies)),
        None => Some(peer),
    }
}

/// What to count a client's calls by: the address, or for IPv6 its network of 64 bits, which one client has whole.
pub fn address_group(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        v4 => v4,
    }
}

pub(in crate::web) fn of(peer: IpAddr, headers: &HeaderMap, proxies: &Proxies) -> IpAddr {
    // Nearly always; and then there is nothing to look for.
    if proxies.is_empty() {
        return peer;
    }
    let lines: Vec<&str> =
        headers.get_all(&X_FORWARDED_FOR).map(|line| line.to_str().unwrap_or_default()).collect();
    proxies.client(peer, lines.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_one_network_count_as_one() {
        let group = |text: &str| address_group(text.parse().unwrap()).to_string();
        assert_eq!(group("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(group("203.0.113.9"), "203.0.113.9");
        assert_eq!(group("::ffff:203.0.113.9"), "203.0.113.9");
    }
}
