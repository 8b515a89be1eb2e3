use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

use anyhow::Context;
use common::http_client;
use common::settings::BadValue;

const PATIENCE: Duration = Duration::from_secs(3);
const MAX_BYTES: usize = 64 * 1024;

/// Asks the server that listens there whether it is ready.
pub(super) async fn ask(ops_listen: &str) -> anyhow::Result<()> {
    let address = ops_listen.to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
    let address = address.ok_or_else(|| BadValue::new("AUTH_OPS_LISTEN", "is not an address"))?;
    let url = format!("http://{}/readyz", reachable(address));
    http_client::fetch(http_client::client(PATIENCE).get(url), MAX_BYTES).await.context("not ready")?;
    Ok(())
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
