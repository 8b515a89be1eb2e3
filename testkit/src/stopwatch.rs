use std::time::{Duration, Instant};

/// Measures real time, whatever the clocks of a stack show.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "a bound in real time is measured in real time")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    #[expect(clippy::disallowed_methods, reason = "a bound in real time is measured in real time")]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
