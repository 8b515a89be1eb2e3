//! What the command `healthcheck` of a program asks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

use super::Address;
use crate::http_client::{self, FetchError};
use crate::settings::BadValue;

const PATIENCE: Duration = Duration::from_secs(3);
const MAX_BYTES: usize = 64 * 1024;

/// Why a server does not count as ready.
#[derive(Debug, thiserror::Error)]
pub enum Unhealthy {
    #[error(transparent)]
    NotAnAddress(#[from] BadValue),
    #[error("not ready")]
    NotReady(#[source] FetchError),
}

/// Asks the server that listens there, on its ops listener, whether it is ready. Takes 3 s at most.
///
/// # Errors
/// It is not, or does not answer.
pub async fn healthcheck(ops: Address) -> Result<(), Unhealthy> {
    let address = ops.value.to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
    let address = address.ok_or_else(|| ops.not_an_address())?;
    let url = format!("http://{}/readyz", reachable(address));
    let answer = http_client::fetch(http_client::client(PATIENCE).get(url), MAX_BYTES).await;
    answer.map(drop).map_err(Unhealthy::NotReady)
}

/// A server that listens everywhere is asked on this machine.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
