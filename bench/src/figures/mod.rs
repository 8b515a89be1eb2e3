//! What is measured.

mod in_process;
mod lag;
mod loading;
mod login;
mod recipe_read;
mod refresh;
mod start;
mod storm;
mod two_copies;
mod verification;

use std::time::Duration;

pub use in_process::{cached_verification, cold_verification, loaded_verification, memory};
pub use lag::lag;
pub use loading::loading;
pub use login::login;
pub use recipe_read::recipe_read;
pub use refresh::refresh;
pub use start::{idle_memory, start};
pub use storm::storm;
pub use two_copies::two_copies;
pub use verification::verification;

use crate::bound::{Bound, MIB};

/// The figures, by the numbers that they are known by, in the order in which they are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Figure {
    /// The first of all: what another one left to the allocator would hide what this one takes.
    P8Memory,
    P1,
    P2Cold,
    P2Cached,
    P3,
    P4,
    P5,
    P6,
    P7,
    P8Verification,
    P8Loading,
    P11Start,
    P11Memory,
    P13,
}

impl Figure {
    pub const ALL: [Self; 14] = [
        Self::P8Memory,
        Self::P1,
        Self::P2Cold,
        Self::P2Cached,
        Self::P3,
        Self::P4,
        Self::P5,
        Self::P6,
        Self::P7,
        Self::P8Verification,
        Self::P8Loading,
        Self::P11Start,
        Self::P11Memory,
        Self::P13,
    ];

    /// What is measured.
    pub fn title(self) -> &'static str {
        match self {
            Self::P1 => "P1 authenticated GET, no database",
            Self::P2Cold => "P2 verification of a new token",
            Self::P2Cached => "P2 verification of a known token",
            Self::P3 => "P3 authenticated read of one recipe",
            Self::P4 => "P4 refresh",
            Self::P5 => "P5 login",
            Self::P6 => "P6 p99 of an authenticated GET while 64 log in",
            Self::P7 => "P7 log-out until both verifiers refuse",
            Self::P8Verification => "P8 verification with 1 000 000 revocations",
            Self::P8Memory => "P8 memory of a revocation",
            Self::P8Loading => "P8 start with 1 000 000 revocations",
            Self::P11Start => "P11 start until ready, the slower service",
            Self::P11Memory => "P11 memory when idle, the larger service",
            Self::P13 => "P13 two recipe-services behind the gateway",
        }
    }

    /// What it is held against.
    pub fn limit(self) -> &'static str {
        match self {
            Self::P1 => "the same GET without authentication",
            Self::P2Cold => "one P-256 verification of aws-lc",
            Self::P2Cached => "SHA-256 of the token",
            Self::P3 => "pgbench of its SELECT",
            Self::P4 => "pgbench of its UPDATE",
            Self::P5 => "threads ÷ time of one bcrypt",
            Self::P6 => "its p99 at rest",
            Self::P7 => "one round trip to Redis",
            Self::P8Verification => "the same with none",
            Self::P8Memory | Self::P11Memory => "–",
            Self::P8Loading => "COPY of the rows",
            Self::P11Start => "its program saying its version",
            Self::P13 => "one of them behind the gateway",
        }
    }

    /// What it must keep.
    pub fn bound(self) -> Bound {
        match self {
            Self::P1 => Bound::AtLeast(0.85),
            Self::P2Cold => Bound::TimesAtMost(1.15),
            Self::P2Cached => Bound::Within(Duration::from_nanos(1500)),
            Self::P3 => Bound::AtLeast(0.45),
            Self::P4 => Bound::AtLeast(0.50),
            Self::P5 | Self::P8Verification => Bound::AtLeast(0.95),
            Self::P6 => Bound::TimesAtMost(2.0),
            Self::P7 => Bound::Latency { p99: Duration::from_millis(10), max: Duration::from_millis(100) },
            Self::P8Memory => Bound::Bytes(64.0),
            Self::P8Loading => Bound::Within(Duration::from_secs(5)),
            Self::P11Start => Bound::Within(Duration::from_millis(150)),
            Self::P11Memory => Bound::Bytes(20.0 * MIB),
            Self::P13 => Bound::AtLeastOn { cores: two_copies::CORES, share: 1.8 },
        }
    }
}

/// Connections of the driver, and clients of pgbench.
const CONNECTIONS: usize = 16;
