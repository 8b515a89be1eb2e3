use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::Error;

/// Who may send an image right now: bodies are held in memory until they are decoded. Clones share them.
#[derive(Clone)]
pub struct Turns {
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

/// At 10 MiB each.
const MOST: usize = 8;

/// Who sends slowly keeps some turns, never all.
const MOST_OF_ONE: usize = 4;

/// For how long somebody waits for a turn.
const PATIENCE: Duration = Duration::from_secs(2);

impl Default for Turns {
    fn default() -> Self {
        Self { free: Arc::new(Semaphore::new(MOST)), taken: Arc::default() }
    }
}

impl Turns {
    /// Waits for a turn.
    ///
    /// # Errors
    /// `Busy` where there is none in time, or where the person has enough of them.
    pub async fn take(&self, sub: &str) -> Result<Turn, Error> {
        let free = tokio::time::timeout(PATIENCE, self.free.clone().acquire_owned()).await;
        let permit = free.map_err(|_| Error::Busy)?.expect("BUG: turns are never closed");
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let of_one = taken.entry(sub.to_owned()).or_default();
        if *of_one >= MOST_OF_ONE {
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
        let turns = Turns::default();
        let mut taken = Vec::new();
        for number in 0..MOST {
            taken.push(turns.take(&number.to_string()).await.expect("a turn is free"));
        }
        assert!(matches!(turns.take("late").await, Err(Error::Busy)));
        taken.pop();
        assert!(turns.take("late").await.is_ok());
    }

    #[tokio::test]
    async fn nobody_takes_all_turns() {
        let turns = Turns::default();
        let mut taken = Vec::new();
        for _ in 0..MOST_OF_ONE {
            taken.push(turns.take("one").await.expect("a turn is free"));
        }
        assert!(matches!(turns.take("one").await, Err(Error::Busy)));
        assert!(turns.take("another").await.is_ok());
        taken.clear();
        assert!(turns.take("one").await.is_ok());
        assert!(turns.taken.lock().unwrap().is_empty());
    }
}
