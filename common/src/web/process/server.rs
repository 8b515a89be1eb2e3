//! Two listeners, bound first and served later, so that port 0 works and a port in use is known before anything else.

use std::convert::Infallible;
use std::future::ready;
use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use actix_http::{HttpService, KeepAlive};
use actix_service::{IntoServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::App;
use actix_web::dev::{AppConfig, ServerHandle};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::{TcpSocket, TcpStream};

use super::{Shutdown, files};
use crate::settings::BadValue;
use crate::web::connection::Connection;
use crate::web::metrics;
use crate::web::site::{Face, Site};

/// How long the rest of a body that nobody reads is taken in, so that its sender gets to read the answer.
const LINGER: Duration = Duration::from_secs(2);
/// How long requests that are being answered may go on after the wish to stop.
const DRAIN_SECONDS: u64 = 8;
const BACKLOG: u32 = 1024;
const UPKEEP: Duration = Duration::from_secs(5);

/// Where to listen, and which setting says so.
#[derive(Clone, Debug)]
pub struct Address {
    /// The variable to name when it cannot be had.
    pub variable: &'static str,
    /// `host:port`; port 0 takes a free one.
    pub value: String,
}

impl Address {
    pub(super) fn not_an_address(&self) -> BadValue {
        BadValue::new(self.variable, format!("{:?} is not an address such as 127.0.0.1:8080", self.value))
    }
}

/// A listener cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    #[error(transparent)]
    NotAnAddress(#[from] BadValue),
    #[error("{}: {} is in use by another program", .0.variable, .0.value)]
    InUse(Address),
    #[error("{}: cannot listen on {}: {}", .0.variable, .0.value, .1.kind())]
    Refused(Address, #[source] io::Error),
}

/// The public and the ops listener of one service, bound.
#[derive(Debug)]
pub struct Server {
    public: TcpListener,
    ops: TcpListener,
    addr: SocketAddr,
    ops_addr: SocketAddr,
}

impl Server {
    /// Binds both. Connections wait in the backlog until [`run`](Self::run). Needs a tokio runtime.
    ///
    /// From here on metrics are kept: what a service counts while it starts is among them.
    pub fn bind(public: Address, ops: Address) -> Result<Self, BindError> {
        metrics::recorder();
        let (public, addr) = listen(public)?;
        let (ops, ops_addr) = listen(ops)?;
        Ok(Self { public, ops, addr, ops_addr })
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub fn ops_addr(&self) -> SocketAddr {
        self.ops_addr
    }

    /// Serves until the shutdown is requested and the requests being answered are through, or 8 s have passed.
    ///
    /// # Errors
    /// A worker cannot be started.
    pub async fn run(self, site: Site, workers: usize, shutdown: Shutdown) -> io::Result<()> {
        let recorder = metrics::recorder();
        site.tell_build();
        let public = serve(site.clone(), Face::Public, self.public, workers.max(1))?;
        let ops = serve(site.clone(), Face::Ops, self.ops, 1)?;
        let stop = stop(shutdown, site, public.handle(), ops.handle());
        tokio::select! {
            (public, ops, ()) = futures_util::future::join3(public, ops, stop) => public.and(ops),
            never = upkeep(recorder) => match never {},
        }
    }
}

fn serve(
    site: Site,
    face: Face,
    listener: TcpListener,
    workers: usize,
) -> io::Result<actix_web::dev::Server> {
    let connections = site.around(face).edge.limits.connections.min(files::for_connections());
    let builder = actix_web::dev::Server::build();
    let stopping = builder.graceful_shutdown_signal();
    let builder = builder.workers(workers).max_concurrent_connections(connections.div_ceil(workers));
    let builder = builder.disable_signals().shutdown_timeout(DRAIN_SECONDS);
    let addr = listener.local_addr()?;
    let server = builder.listen(site.name(face), listener, move || {
        let (site, stopping) = (site.clone(), stopping.clone());
        let around = site.around(face);
        let app = App::new().wrap(site.surround(face)).configure(|config| site.configure(face, config));
        let app = app.into_factory().map_err(|error: actix_web::Error| error.error_response());
        let http = HttpService::build()
            // Every time limit is the connection's own, but for the one on what is sent beyond an early answer.
            .client_request_timeout(Duration::ZERO)
            .keep_alive(KeepAlive::Os)
            .client_disconnect_timeout(LINGER)
            .local_addr(addr)
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .on_connect_ext(|connection: &Connection, data| {
                data.insert(connection.pace());
            })
            .h1(map_config(app, |()| AppConfig::default()));
        fn_service(move |stream: TcpStream| {
            let peer = stream.peer_addr().ok();
            // An answer is written whole; to wait for more would only make it later. A socket that refuses is gone.
            let _ = stream.set_nodelay(true);
            ready(Ok((Connection::new(stream, Arc::clone(&around)), peer)))
        })
        .and_then(http)
    })?;
    Ok(server.run())
}

/// Readiness goes first and the ops listener last, so that whoever looks meanwhile sees "stopping", not an error.
async fn stop(shutdown: Shutdown, site: Site, public: ServerHandle, ops: ServerHandle) {
    shutdown.requested().await;
    site.health().close();
    public.stop(true).await;
    ops.stop(false).await;
}

/// Without it, histograms keep every sample that nobody scraped.
async fn upkeep(recorder: &PrometheusHandle) -> Infallible {
    let mut every = tokio::time::interval(UPKEEP);
    loop {
        every.tick().await;
        recorder.run_upkeep();
    }
}

fn listen(address: Address) -> Result<(TcpListener, SocketAddr), BindError> {
    let mut candidates = match address.value.to_socket_addrs() {
        Ok(candidates) => candidates,
        Err(_) => return Err(address.not_an_address().into()),
    };
    let Some(candidate) = candidates.next() else { return Err(address.not_an_address().into()) };
    match listen_on(candidate) {
        Ok(bound) => Ok(bound),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(BindError::InUse(address)),
        Err(error) => Err(BindError::Refused(address, error)),
    }
}

fn listen_on(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A server that was just stopped leaves connections behind that would else keep the port for a minute.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    let listener = socket.listen(BACKLOG)?.into_std()?;
    let bound = listener.local_addr()?;
    Ok((listener, bound))
}
