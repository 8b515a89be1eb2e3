use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Counter, Outcome, Way, first_to_open};
use crate::ids::Uuid;

/// The counters of this process. They are gone when it ends.
#[derive(Default)]
pub struct Memory(Mutex<Windows>);

#[derive(Default)]
struct Windows {
    windows: HashMap<(&'static str, String), Window>,
    /// How many there may be before those that are empty are looked for.
    sweep_at: usize,
}

struct Window {
    length: Duration,
    /// The oldest first, each with when it was, in boot time.
    counted: VecDeque<(Duration, Uuid)>,
}

const LEAST_SWEPT: usize = 1024;

impl Memory {
    /// Counts in the first of these ways that is open, at this boot time.
    pub fn count(&self, id: Uuid, ways: &[Way], now: Duration) -> Outcome {
        let mut windows = self.lock();
        windows.sweep(now);
        let mut closed = Vec::new();
        for (number, way) in ways.iter().enumerate() {
            let waits = way.iter().map(|counter| (counter, windows.wait(counter, now)));
            match waits.max_by_key(|(_, wait)| *wait) {
                Some((counter, wait)) if wait > Duration::ZERO => closed.push((counter.clone(), wait)),
                _ => {
                    way.iter().for_each(|counter| windows.add(counter, id, now));
                    return Outcome::Counted(number);
                }
            }
        }
        first_to_open(closed)
    }

    /// Takes something back, as if it had not been.
    pub fn take_back(&self, id: Uuid, way: &Way) {
        let mut windows = self.lock();
        for Counter { name, key, .. } in way {
            if let Some(window) = windows.windows.get_mut(&(*name, key.clone())) {
                window.counted.retain(|(_, counted)| *counted != id);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Windows> {
        // A count is whole after every line, so a thread that panicked leaves nothing broken.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Windows {
    /// How long until the counter has room.
    fn wait(&mut self, Counter { name, limit, key }: &Counter, now: Duration) -> Duration {
        let Some(window) = self.windows.get_mut(&(*name, key.clone())) else { return Duration::ZERO };
        window.forget_old(now);
        let most = limit.most as usize;
        let Some(over) = window.counted.len().checked_sub(most) else { return Duration::ZERO };
        window.counted.get(over).map_or(Duration::ZERO, |(at, _)| (*at + limit.window).saturating_sub(now))
    }

    fn add(&mut self, Counter { name, limit, key }: &Counter, id: Uuid, now: Duration) {
        let empty = || Window { length: limit.window, counted: VecDeque::new() };
        let window = self.windows.entry((*name, key.clone())).or_insert_with(empty);
        window.counted.push_back((now, id));
    }

    /// Drops what is over, each time that there are twice as many as after the last time: what that costs is spread over
    /// those who made them.
    fn sweep(&mut self, now: Duration) {
        if self.windows.len() < self.sweep_at.max(LEAST_SWEPT) {
            return;
        }
        self.windows.retain(|_, window| {
            window.forget_old(now);
            !window.counted.is_empty()
        });
        self.sweep_at = 2 * self.windows.len();
    }
}

impl Window {
    fn forget_old(&mut self, now: Duration) {
        while self.counted.front().is_some_and(|(at, _)| *at + self.length <= now) {
            self.counted.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limit;

    fn counter(name: &'static str, most: u32, key: &str) -> Counter {
        Counter { name, limit: Limit { most, window: Duration::from_secs(60) }, key: key.to_owned() }
    }

    fn at(memory: &Memory, seconds: u64, ways: &[Way]) -> Result<usize, (&'static str, u64)> {
        match memory.count(Uuid::now_v7(), ways, Duration::from_secs(seconds)) {
            Outcome::Counted(way) => Ok(way),
            Outcome::Refused { counter, wait } => Err((counter.name, wait.as_secs())),
        }
    }

    #[test]
    fn a_window_slides() {
        let (memory, way) = (Memory::default(), [vec![counter("a", 2, "x")]]);
        assert_eq!(at(&memory, 100, &way), Ok(0));
        assert_eq!(at(&memory, 130, &way), Ok(0));
        assert_eq!(at(&memory, 159, &way), Err(("a", 1)));
        assert_eq!(at(&memory, 160, &way), Ok(0));
        assert_eq!(at(&memory, 161, &way), Err(("a", 29)));
        assert_eq!(at(&memory, 161, &[vec![counter("a", 2, "y")]]), Ok(0));
    }

    #[test]
    fn what_is_refused_counts_nowhere_and_the_first_open_way_is_taken() {
        let memory = Memory::default();
        let ways = [
            vec![counter("address", 10, "x"), counter("account", 1, "k")],
            vec![counter("address", 10, "x"), counter("slow", 1, "k")],
        ];
        assert_eq!(at(&memory, 0, &ways), Ok(0));
        assert_eq!(at(&memory, 1, &ways), Ok(1));
        for _ in 0..20 {
            assert_eq!(at(&memory, 2, &ways), Err(("account", 58)));
        }
        assert_eq!(at(&memory, 3, &[vec![counter("address", 3, "x")]]), Ok(0));
    }

    #[test]
    fn what_was_taken_back_was_not() {
        let (memory, ways) = (Memory::default(), [vec![counter("a", 1, "x")]]);
        let id = Uuid::now_v7();
        assert!(matches!(memory.count(id, &ways, Duration::ZERO), Outcome::Counted(0)));
        memory.take_back(id, &ways[0]);
        assert_eq!(at(&memory, 0, &ways), Ok(0));
        assert!(at(&memory, 0, &ways).is_err());
    }

    #[test]
    fn what_is_over_is_dropped() {
        let memory = Memory::default();
        for n in 0..5000u64 {
            assert_eq!(at(&memory, n, &[vec![counter("a", 1, &n.to_string())]]), Ok(0));
        }
        assert!(memory.lock().windows.len() <= LEAST_SWEPT);
    }
}
