//! How often something may be done: windows that slide, of the last minute or the last hour.

mod memory;

use std::time::Duration;

use crate::settings::{BadValue, duration};

pub use self::memory::Memory;

/// So often within so much time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub most: u32,
    pub window: Duration,
}

/// What is limited, and of whom.
#[derive(Clone, Debug)]
pub struct Counter {
    pub name: &'static str,
    pub limit: Limit,
    pub key: String,
}

/// Counters that all must have room.
pub type Way = Vec<Counter>;

/// What asking for room came to.
pub enum Outcome {
    /// The way of this number was open, and is counted.
    Counted(usize),
    /// All are closed; this one opens first, after that time.
    Refused { counter: Counter, wait: Duration },
}

/// What was refused: which limit, and when there will be room again.
#[derive(Clone, Copy, Debug)]
pub struct Refusal {
    pub name: &'static str,
    pub limit: Limit,
    pub wait: Duration,
}

const DAY: Duration = Duration::from_secs(24 * 3600);

impl Limit {
    /// Reads `10/1m`.
    ///
    /// # Errors
    /// Names the variable of a text that is not 1 to 10000 in 1s to 1d.
    pub fn parse(variable: &str, text: &str) -> Result<Self, BadValue> {
        let bad = || {
            BadValue::new(variable, format!("{text:?} is not a limit such as 10/1m: 1 to 10000 in 1s to 1d"))
        };
        let (most, window) = text.split_once('/').ok_or_else(bad)?;
        let most = most.trim().parse().ok().filter(|most| (1..=10_000).contains(most)).ok_or_else(bad)?;
        let window = duration(variable, window).map_err(|_| bad())?;
        if window < Duration::from_secs(1) || window > DAY { Err(bad()) } else { Ok(Self { most, window }) }
    }
}

/// Of ways that are closed for these times, the one that opens first, with the counter that keeps it closed longest.
pub fn first_to_open(closed: Vec<(Counter, Duration)>) -> Outcome {
    let first = closed.into_iter().min_by_key(|(_, wait)| *wait);
    let (counter, wait) = first.expect("BUG: something was limited in no way");
    Outcome::Refused { counter, wait }
}
