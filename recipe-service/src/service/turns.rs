use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::Error;

/// Who may do right now what only so many may at once, and a person only some of these. Clones share them.
#[derive(Clone)]
pub struct Turns {
    most_of_one: usize,
    free: Arc<Semaphore>,
    taken: Arc<Mutex<HashMap<String, usize>>>,
}

/// A turn, until it is dropped: also by who hangs up.
#[derive(Debug)]
pub struct Turn {
    sub: String,
    taken: Arc<Mutex<HashMap<String, usize>>>,
    _permit: OwnedSemaphorePermit,
}

/// For how long somebody waits for a turn.
const PATIENCE: Duration = Duration::from_secs(2);

impl Turns {
    /// So many turns, of which a person has at most some: who is slow keeps those, never all.
    pub fn new(most: usize, most_of_one: usize) -> Self {
        Self { most_of_one, free: Arc::new(Semaphore::new(most)), taken: Arc::default() }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// `Busy` where there is none in time, or where the person has enough of them.
    pub async fn take(&self, sub: &str) -> Result<Turn, Error> {
        let free = tokio::time::timeout(PATIENCE, self.free.clone().acquire_owned()).await;
        let permit = free.map_err(|_| Error::Busy)?.expect("BUG: turns are never closed");
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let of_one = taken.entry(sub.to_owned()).or_default();
        if *of_one >= self.most_of_one {
            return Err(Error::Busy);
        }
        *of_one += 1;
        Ok(Turn { sub: sub.to_owned(), taken: self.taken.clone(), _permit: permit })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_one) = taken.get_mut(&self.sub) {
            *of_one -= 1;
            if *of_one == 0 {
                taken.remove(&self.sub);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_finds_no_turn_is_sent_away_after_a_while() {
        let turns = Turns::new(3, 2);
        let mut taken = Vec::new();
        for number in 0..3 {
            taken.push(turns.take(&number.to_string()).await.expect("a turn is free"));
        }
        assert!(matches!(turns.take("late").await, Err(Error::Busy)));
        taken.pop();
        assert!(turns.take("late").await.is_ok());
    }

    #[tokio::test]
    async fn nobody_takes_all_turns() {
        let turns = Turns::new(3, 2);
        let mut taken = Vec::new();
        for _ in 0..2 {
            taken.push(turns.take("one").await.expect("a turn is free"));
        }
        assert!(matches!(turns.take("one").await, Err(Error::Busy)));
        assert!(turns.take("another").await.is_ok());
        taken.clear();
        assert!(turns.take("one").await.is_ok());
        assert!(turns.taken.lock().unwrap().is_empty());
    }
}
