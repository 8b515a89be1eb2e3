//! One line of the log for each answered request: never the path, the query, a header or a token.

use std::net::IpAddr;
use std::time::Duration;

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use log::Level;

/// What the line says of the request.
pub(super) struct Asked {
    /// When it came, in boot time.
    pub(super) at: Duration,
    pub(super) method: Method,
    peer: Option<IpAddr>,
}

impl Asked {
    pub(super) fn at(request: &ServiceRequest, at: Duration) -> Self {
        Self { at, method: request.method().clone(), peer: request.peer_addr().map(|peer| peer.ip()) }
    }
}

pub(super) fn log(level: Level, asked: &Asked, route: &str, status: u16, took: Duration) {
    if !log::log_enabled!(target: "access", level) {
        return;
    }
    let method = asked.method.as_str();
    let route = if route.is_empty() { "-" } else { route };
    let peer = asked.peer.map(|peer| peer.to_string()).unwrap_or_default();
    log::log!(
        target: "access", level,
        method = method, route = route, status = status, duration_us = took.as_micros() as u64, peer = peer.as_str();
        "{method} {route} {status}"
    );
}
