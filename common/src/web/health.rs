//! Whether the service is ready, dependency by dependency.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all};
use serde::Serialize;

use crate::clock::Clock;
use crate::time::Instant;

/// A probe that takes longer has failed.
const PROBE_PATIENCE: Duration = Duration::from_secs(1);

/// The named checks of a service. Clones share them.
#[derive(Clone)]
pub struct Health(Arc<Shared>);

struct Shared {
    clock: Clock,
    checks: Mutex<Vec<Entry>>,
    probes: Mutex<Vec<(Check, Probe)>>,
}

type Probe = Arc<dyn Fn() -> BoxFuture<'static, Result<(), &'static str>> + Send + Sync>;

#[derive(Clone, Debug, Serialize)]
struct Entry {
    name: &'static str,
    state: &'static str,
    since: Instant,
    /// False for what the service can do without.
    #[serde(skip)]
    counts: bool,
}

/// What `/readyz` says.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    checks: Vec<Entry>,
}

const READY: &str = "ready";
const STARTING: &str = "starting";

impl Health {
    pub fn new(clock: Clock) -> Self {
        Self(Arc::new(Shared { clock, checks: Mutex::default(), probes: Mutex::default() }))
    }

    /// Adds a dependency that is not ready until it says so.
    pub fn register(&self, name: &'static str) -> Check {
        self.add(name, true)
    }

    fn add(&self, name: &'static str, counts: bool) -> Check {
        let mut checks = lock(&self.0.checks);
        checks.push(Entry { name, state: STARTING, since: self.0.clock.now(), counts });
        Check { health: self.clone(), index: checks.len() - 1 }
    }

    /// Adds a dependency that is asked whenever readiness is. Its error is a word or two for the operator.
    pub fn probe<F, Answer>(&self, name: &'static str, probe: F)
    where
        F: Fn() -> Answer + Send + Sync + 'static,
        Answer: Future<Output = Result<(), &'static str>> + Send + 'static,
    {
        self.ask_always(self.register(name), probe);
    }

    /// Adds something that is asked as in [`probe`](Self::probe) and told of, but that the service can do without.
    pub fn inform<F, Answer>(&self, name: &'static str, probe: F)
    where
        F: Fn() -> Answer + Send + Sync + 'static,
        Answer: Future<Output = Result<(), &'static str>> + Send + 'static,
    {
        self.ask_always(self.add(name, false), probe);
    }

    fn ask_always<F, Answer>(&self, check: Check, probe: F)
    where
        F: Fn() -> Answer + Send + Sync + 'static,
        Answer: Future<Output = Result<(), &'static str>> + Send + 'static,
    {
        lock(&self.0.probes).push((check, Arc::new(move || probe().boxed())));
    }

    /// Says once and for all that the service is about to stop.
    pub(super) fn close(&self) {
        self.register("process").failed("stopping");
    }

    /// Asks the probes and reports every check.
    pub(super) async fn report(&self) -> Report {
        let probes = lock(&self.0.probes).clone();
        join_all(probes.iter().map(|(check, probe)| check.ask(probe))).await;
        Report { checks: lock(&self.0.checks).clone() }
    }
}

impl Report {
    pub(super) fn is_ready(&self) -> bool {
        self.checks.iter().all(|entry| entry.state == READY || !entry.counts)
    }

    /// Says in the metrics which dependencies of the service are ready.
    pub(super) fn tell(&self, service: &'static str) {
        for Entry { name, state, .. } in &self.checks {
            let is_ready = if *state == READY { 1.0 } else { 0.0 };
            metrics::gauge!("dependency_ready", "service" => service, "dependency" => *name).set(is_ready);
        }
    }
}

/// One dependency, as the part that uses it sees it.
#[derive(Clone)]
pub struct Check {
    health: Health,
    index: usize,
}

impl Check {
    pub fn ready(&self) {
        self.set(READY);
    }

    /// Says in a word or two, for the operator, what is wrong.
    pub fn failed(&self, state: &'static str) {
        self.set(state);
    }

    fn set(&self, state: &'static str) {
        let entry = &mut lock(&self.health.0.checks)[self.index];
        if entry.state != state {
            entry.state = state;
            entry.since = self.health.0.clock.now();
        }
    }

    async fn ask(&self, probe: &Probe) {
        let answer = AssertUnwindSafe(tokio::time::timeout(PROBE_PATIENCE, probe())).catch_unwind().await;
        match answer {
            Ok(Ok(Ok(()))) => self.ready(),
            Ok(Ok(Err(state))) => self.failed(state),
            Ok(Err(_)) => self.failed("timeout"),
            Err(_) => self.failed("panic"),
        }
    }
}

/// A check that panicked has left nothing half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
