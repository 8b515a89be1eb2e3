//! One line of the log for each answered request: never the path, the query, a header or a token.

use std::net::IpAddr;
use std::time::Duration;

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use log::Level;

use crate::web::codes::Code;

/// An answer that takes longer is worth a warning. A hash of a password takes a quarter of it.
const SLOW: Duration = Duration::from_secs(1);

/// What the line says of the request.
pub(super) struct Asked {
    /// When it came, in boot time.
    pub(super) at: Duration,
    pub(super) method: Method,
    client: Option<IpAddr>,
}

impl Asked {
    pub(super) fn at(request: &ServiceRequest, at: Duration, client: Option<IpAddr>) -> Self {
        Self { at, method: request.method().clone(), client }
    }
}

pub(super) fn log(
    level: Level,
    asked: &Asked,
    route: &str,
    actor: &str,
    status: u16,
    code: Option<&Code>,
    took: Duration,
) {
    // Who looks for trouble reads warnings. What an operator asks may take its time: it waits for news.
    let level = if level == Level::Info && took > SLOW { Level::Warn } else { level };
    if !log::log_enabled!(target: "access", level) {
        return;
    }
    let method = asked.method.as_str();
    let route = if route.is_empty() { "-" } else { route };
    let client = written(asked.client);
    log::log!(
        target: "access", level,
        method = method, route = route, actor = actor, status = status, code = code.map_or("", |code| code.name),
        duration_us = took.as_micros() as u64, client = client.as_str();
        "{method} {route} {status}"
    );
}

/// The same for what was refused before it was a request, so that there is nothing to say of it but from where it came.
pub(super) fn log_refused(level: Level, peer: Option<IpAddr>, status: u16) {
    let client = written(peer);
    log::log!(target: "access", level, status = status, client = client.as_str(); "- - {status}");
}

fn written(client: Option<IpAddr>) -> String {
    client.map(|client| client.to_string()).unwrap_or_default()
}
