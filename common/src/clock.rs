//! The only place that tells the time.
//!
//! Two times are asked for. The *wall clock* says what o'clock it is; it can jump. *Boot time* counts seconds since the
//! machine started, suspension included; it never goes back, and is what every age is measured in.

use std::time::Duration;

use crate::time::Instant;

/// Tells the time. Cheap to clone; clones agree.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    #[cfg(feature = "testing")]
    shift: std::sync::Arc<std::sync::atomic::AtomicI64>,
    #[cfg(feature = "testing")]
    skew_us: i64,
}

impl Clock {
    /// The clock of this machine.
    pub fn system() -> Self {
        Self::default()
    }

    /// What o'clock it is, to the microsecond.
    #[expect(clippy::disallowed_methods, reason = "this is the place that tells the time")]
    pub fn now(&self) -> Instant {
        let now = Instant::from(jiff::Timestamp::now()).as_micros();
        Instant::from_micros(now + self.offset_us() + self.skew_us())
    }

    /// Time since the machine started, suspension included.
    #[expect(clippy::disallowed_methods, reason = "this is the place that tells the time")]
    pub fn boot(&self) -> Duration {
        let now = rustix::time::clock_gettime(BOOT);
        let micros = now.tv_sec * 1_000_000 + now.tv_nsec / 1_000 + self.offset_us();
        Duration::from_micros(micros.max(0) as u64)
    }

    /// By how many microseconds statements shift the database's time: none but in tests.
    pub fn offset_us(&self) -> i64 {
        #[cfg(feature = "testing")]
        return self.shift.load(std::sync::atomic::Ordering::SeqCst);
        #[cfg(not(feature = "testing"))]
        0
    }

    fn skew_us(&self) -> i64 {
        #[cfg(feature = "testing")]
        return self.skew_us;
        #[cfg(not(feature = "testing"))]
        0
    }
}

#[cfg(target_os = "linux")]
const BOOT: rustix::time::ClockId = rustix::time::ClockId::Boottime;
#[cfg(not(target_os = "linux"))]
const BOOT: rustix::time::ClockId = rustix::time::ClockId::Monotonic;

/// A clock that a test moves forward, for every service that was given one of its clocks.
#[cfg(feature = "testing")]
#[derive(Clone, Debug, Default)]
pub struct TestClock(Clock);

#[cfg(feature = "testing")]
impl TestClock {
    pub fn new() -> Self {
        Self::default()
    }

    /// A clock that moves with this one.
    pub fn clock(&self) -> Clock {
        self.0.clone()
    }

    /// A clock that moves with this one, on a machine whose wall clock is wrong by `skew_us` microseconds.
    pub fn skewed(&self, skew_us: i64) -> Clock {
        Clock { skew_us, ..self.0.clone() }
    }

    /// Lets `by` pass at once: for the wall clock, for boot time and for the database.
    pub fn advance(&self, by: Duration) {
        self.0.shift.fetch_add(by.as_micros() as i64, std::sync::atomic::Ordering::SeqCst);
    }
}
