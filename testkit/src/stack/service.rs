use std::net::SocketAddr;
use std::thread::JoinHandle;

use common::clock::Clock;
use common::revocations::Revocations;
use common::web::Shutdown;
use tokio::sync::oneshot;

/// A service that listens, and what a stack needs to know of it.
pub(super) struct Bound {
    pub addr: SocketAddr,
    pub ops_addr: SocketAddr,
    /// What it has heard of its issuer, where it has one.
    pub revocations: Option<Revocations>,
    pub running: Running,
}

/// A service on a thread of its own.
pub(super) struct Running {
    shutdown: Shutdown,
    thread: JoinHandle<()>,
}

impl Running {
    pub fn stop(&self) {
        self.shutdown.trigger();
    }

    /// Waits until it has stopped. That it panicked shows in the output of the test.
    pub fn join(self) {
        let _ = self.thread.join();
    }
}

/// A service that is starting.
pub(super) type Starting = oneshot::Receiver<(SocketAddr, SocketAddr, Option<Revocations>)>;

pub(super) fn start_auth(settings: auth_service::config::Settings, clock: Clock) -> (Starting, Running) {
    start("auth-service", move |bound, shutdown| async move {
        let app = auth_service::app::App::build(settings, clock).await?;
        let _ = bound.send((app.addr(), app.ops_addr(), None));
        app.run(shutdown).await
    })
}

pub(super) fn start_recipes(settings: recipe_service::Settings, clock: Clock) -> (Starting, Running) {
    start("recipe-service", move |bound, shutdown| async move {
        let app = recipe_service::App::build(settings, clock).await?;
        let _ = bound.send((app.addr(), app.ops_addr(), Some(app.revocations())));
        app.run(shutdown).await
    })
}

/// Runs a service as its program does: on a system of its own, until it is told to stop.
fn start<F>(
    name: &str,
    serve: impl FnOnce(oneshot::Sender<(SocketAddr, SocketAddr, Option<Revocations>)>, Shutdown) -> F
    + Send
    + 'static,
) -> (Starting, Running)
where
    F: Future<Output = anyhow::Result<()>> + 'static,
{
    let (bound, starting) = oneshot::channel();
    let shutdown = Shutdown::new();
    let stop = shutdown.clone();
    let serve = move || {
        let ended = actix_rt::System::new().block_on(serve(bound, stop));
        ended.unwrap_or_else(|error| panic!("{error:#}"));
    };
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(serve).expect("no thread");
    (starting, Running { shutdown, thread })
}
