//! Work on its way to the threads that do it.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

/// A bounded queue whose idle threads sleep, and whose thread that went idle last wakes first.
///
/// That thread and its connection's process are the warmest, so that a quiet service uses few of them. A channel wakes
/// them in turn, and its receivers spin before they sleep, on cores that the database could use.
pub(super) struct Queue<T>(Arc<Shared<T>>);

/// The other end of a [`Queue`]: one for each thread.
pub(super) struct Jobs<T>(Arc<Shared<T>>);

/// Why a queue takes no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Full,
    Closed,
    /// All threads have ended.
    Abandoned,
}

struct Shared<T> {
    most: usize,
    state: Mutex<State<T>>,
}

struct State<T> {
    waiting: VecDeque<T>,
    idle: Vec<Thread>,
    /// Ends of the queue that still exist.
    senders: usize,
    threads: usize,
    is_closed: bool,
}

impl<T> State<T> {
    fn close(&mut self) {
        self.is_closed = true;
        self.idle.drain(..).for_each(|idle| idle.unpark());
    }
}

impl<T> Shared<T> {
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Queue<T> {
    /// A queue that holds at most so many.
    pub(super) fn bounded(most: usize) -> Self {
        let state =
            State { waiting: VecDeque::new(), idle: Vec::new(), senders: 1, threads: 0, is_closed: false };
        Self(Arc::new(Shared { most, state: Mutex::new(state) }))
    }

    /// The end for one more thread.
    pub(super) fn jobs(&self) -> Jobs<T> {
        self.0.state().threads += 1;
        Jobs(Arc::clone(&self.0))
    }

    pub(super) fn push(&self, job: T) -> Result<(), Refused> {
        let mut state = self.0.state();
        if state.is_closed {
            return Err(Refused::Closed);
        }
        if state.threads == 0 {
            return Err(Refused::Abandoned);
        }
        if state.waiting.len() == self.0.most {
            return Err(Refused::Full);
        }
        state.waiting.push_back(job);
        let idle = state.idle.pop();
        drop(state);
        if let Some(idle) = idle {
            idle.unpark();
        }
        Ok(())
    }

    /// Takes nothing more. The threads end when what waits is done.
    pub(super) fn close(&self) {
        self.0.state().close();
    }
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        self.0.state().senders += 1;
        Self(Arc::clone(&self.0))
    }
}

impl<T> Drop for Queue<T> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.senders -= 1;
        if state.senders == 0 {
            state.close();
        }
    }
}

impl<T> Jobs<T> {
    /// Waits for the next one. None once the queue is closed, or gone, and empty.
    pub(super) fn next(&self) -> Option<T> {
        let mut state = self.0.state();
        let mut has_yielded = false;
        loop {
            if let Some(job) = state.waiting.pop_front() {
                return Some(job);
            }
            if state.is_closed {
                return None;
            }
            // On a busy machine whoever runs now brings the next job, which costs less than to be woken for it.
            if !mem::replace(&mut has_yielded, true) {
                drop(state);
                thread::yield_now();
                state = self.0.state();
                continue;
            }
            let current = thread::current();
            let id = current.id();
            state.idle.push(current);
            drop(state);
            thread::park();
            state = self.0.state();
            // Parking may end for no reason: who is listed and works would be woken in vain.
            state.idle.retain(|idle| idle.id() != id);
        }
    }
}

impl<T> Drop for Jobs<T> {
    fn drop(&mut self) {
        self.0.state().threads -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_refuses_what_it_cannot_hold() {
        let queue = Queue::bounded(1);
        assert_eq!(queue.push(0), Err(Refused::Abandoned));
        let jobs = queue.jobs();
        assert_eq!((queue.push(1), queue.push(2)), (Ok(()), Err(Refused::Full)));
        assert_eq!(jobs.next(), Some(1));
        drop(jobs);
        assert_eq!(queue.push(3), Err(Refused::Abandoned));
    }

    #[test]
    fn what_waits_when_it_is_closed_is_still_done() {
        let queue = Queue::bounded(2);
        let jobs = queue.jobs();
        queue.push(1).unwrap();
        queue.close();
        assert_eq!(queue.push(2), Err(Refused::Closed));
        assert_eq!((jobs.next(), jobs.next()), (Some(1), None));
    }

    #[test]
    fn everything_is_done_once_and_then_the_threads_end() {
        const JOBS: u64 = 10_000;
        let queue = Queue::bounded(JOBS as usize);
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let jobs = queue.jobs();
                thread::spawn(move || std::iter::from_fn(|| jobs.next()).sum::<u64>())
            })
            .collect();
        (0..JOBS).for_each(|job| queue.push(job).expect("it holds all of them"));
        drop(queue);
        let sum: u64 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
        assert_eq!(sum, JOBS * (JOBS - 1) / 2);
    }

    #[test]
    fn a_thread_that_sleeps_wakes_for_the_next_job() {
        let queue = Queue::bounded(1);
        let jobs = queue.jobs();
        let (sender, done) = std::sync::mpsc::channel();
        let thread = thread::spawn(move || {
            while let Some(job) = jobs.next() {
                sender.send(job).unwrap();
            }
        });
        for job in 0..1_000 {
            queue.push(job).unwrap();
            assert_eq!(done.recv(), Ok(job));
        }
        drop(queue);
        thread.join().unwrap();
    }
}
