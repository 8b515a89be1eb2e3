use std::time::{Duration, Instant};

/// Measures how long something lies idle or waits. Unlike [`Clock`](crate::clock::Clock) no test moves it: what it
/// bounds are threads and sockets, which live in real time.
#[derive(Clone, Copy)]
pub(super) struct Stopwatch(Instant);

#[expect(clippy::disallowed_methods, reason = "a stopwatch of the pool, not a time of day")]
impl Stopwatch {
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    pub(super) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
