use crossbeam_channel::{Receiver, Sender, bounded};
use tokio::sync::oneshot;

use crate::error::Error;

/// Threads for work that takes as long as hundreds of other requests: reading a large page, decoding an image. Clones share
/// them.
#[derive(Clone)]
pub struct Threads {
    name: &'static str,
    jobs: Sender<Job>,
}

type Job = Box<dyn FnOnce() + Send>;

/// How many may wait for each thread. What they do takes about a second at most, so nobody waits for long.
const MOST_WAITING_PER_THREAD: usize = 8;

impl Threads {
    /// Starts so many, called by what they do. They end with the last clone.
    pub fn start(name: &'static str, threads: usize) -> Self {
        let (jobs, incoming) = bounded(threads * MOST_WAITING_PER_THREAD);
        for number in 0..threads {
            let incoming: Receiver<Job> = incoming.clone();
            std::thread::Builder::new()
                .name(format!("{name}-{number}"))
                .spawn(move || incoming.into_iter().for_each(|job| perform(name, job)))
                .expect("BUG: the system has no thread to work on");
        }
        Self { name, jobs }
    }

    /// Does something on one of the threads, unless nobody waits for it any more.
    ///
    /// # Errors
    /// `Busy` when too many wait already.
    pub async fn run<T: Send + 'static>(&self, act: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let (answer, answered) = oneshot::channel();
        let job = Box::new(move || {
            if !answer.is_closed() {
                let _ = answer.send(act());
            }
        });
        self.jobs.try_send(job).map_err(|_| Error::Busy)?;
        answered.await.map_err(|_| Error::Internal(format!("a thread ({}) panicked", self.name)))
    }
}

/// A thread that panics over one job goes on with the next.
fn perform(name: &str, job: Job) {
    if std::panic::catch_unwind(std::panic::AssertUnwindSafe(job)).is_err() {
        log::error!(thread = name; "a job panicked");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_would_wait_behind_too_many_is_sent_away() {
        let threads = Threads::start("read", 1);
        let (release, released) = bounded::<()>(0);
        let (began, begun) = oneshot::channel();
        let busy = threads.clone();
        tokio::spawn(async move { busy.run(move || (began.send(()), released.recv())).await.map(drop) });
        begun.await.expect("the thread has not begun");
        let mut waiting = Vec::new();
        for _ in 0..MOST_WAITING_PER_THREAD {
            let mut one = Box::pin(threads.run(|| ()));
            assert!(tokio::time::timeout(std::time::Duration::ZERO, &mut one).await.is_err());
            waiting.push(one);
        }

        assert!(matches!(threads.run(|| ()).await, Err(Error::Busy)));

        drop(release);
        for one in waiting {
            assert!(one.await.is_ok());
        }
    }

    #[tokio::test]
    async fn a_thread_that_panicked_goes_on() {
        let threads = Threads::start("read", 1);
        assert!(matches!(threads.run(|| panic!("on purpose")).await, Err::<(), _>(Error::Internal(_))));
        assert!(matches!(threads.run(|| 7).await, Ok(7)));
    }
}
