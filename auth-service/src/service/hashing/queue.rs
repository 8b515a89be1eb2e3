use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use common::clock::Clock;
use crossbeam_channel::{Receiver, Sender, bounded};
use tokio::sync::oneshot;

use crate::error::Error;

/// Threads that hash, and those who wait for them. Clones share both.
#[derive(Clone)]
pub(super) struct Queue {
    jobs: Sender<Job>,
    load: Arc<Load>,
    clock: Clock,
}

/// For how long somebody waits for a thread before being sent away.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many may wait for each thread, however little work each is.
const MOST_WAITING_PER_THREAD: usize = 64;

struct Job {
    queued_at: Duration,
    work: Box<dyn Work>,
}

/// Something to do, and somebody who may have stopped waiting for it.
trait Work: Send {
    fn is_awaited(&self) -> bool;
    fn perform(self: Box<Self>);
}

struct Answering<T, F> {
    act: F,
    answer: oneshot::Sender<T>,
}

impl Queue {
    pub fn start(clock: Clock, threads: usize) -> Self {
        let (jobs, incoming) = bounded(threads * MOST_WAITING_PER_THREAD);
        let load = Arc::new(Load::new(threads));
        for number in 0..threads {
            let (incoming, load, clock) = (incoming.clone(), load.clone(), clock.clone());
            std::thread::Builder::new()
                .name(format!("hash-{number}"))
                .spawn(move || work(&incoming, &load, &clock))
                .expect("BUG: the system has no thread to hash on");
        }
        // What has not happened yet shows as nought, so that the first time shows as an increase.
        metrics::counter!("hashes_refused_total").increment(0);
        metrics::gauge!("hashes_waiting").increment(0);
        Self { jobs, load, clock }
    }

    /// Does something on one of the threads. Who stops waiting for it takes it back.
    ///
    /// # Errors
    /// `Busy`, at once where it could not be begun in time, and after two seconds where it was not.
    pub async fn run<T: Send + 'static>(&self, act: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        // Who would wait in vain is told so now: the time of waiting is the client's, and the place somebody else's.
        if self.load.wait() > PATIENCE {
            return Err(self.refused());
        }
        let (answer, answered) = oneshot::channel();
        let job = Job { queued_at: self.clock.boot(), work: Box::new(Answering { act, answer }) };
        self.load.add();
        if self.jobs.try_send(job).is_err() {
            self.load.remove();
            return Err(self.refused());
        }
        answered.await.map_err(|_| self.refused())
    }

    fn refused(&self) -> Error {
        metrics::counter!("hashes_refused_total").increment(1);
        Error::Busy
    }
}

fn work(jobs: &Receiver<Job>, load: &Load, clock: &Clock) {
    yield_to_others();
    for job in jobs {
        let began = clock.boot();
        let is_late = began.saturating_sub(job.queued_at) > PATIENCE;
        if job.work.is_awaited() && !is_late {
            job.work.perform();
            load.learn(clock.boot().saturating_sub(began));
        }
        load.remove();
    }
}

/// A login storm must not slow down those who are logged in: hashing gets the time that nobody else wants.
fn yield_to_others() {
    if let Err(error) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), 10) {
        log::warn!(error:% = error; "hashing threads run at normal priority");
    }
}

impl<T: Send, F: FnOnce() -> T + Send> Work for Answering<T, F> {
    fn is_awaited(&self) -> bool {
        !self.answer.is_closed()
    }

    fn perform(self: Box<Self>) {
        let _ = self.answer.send((self.act)());
    }
}

/// How much there is to do, and how long that takes as far as lately seen.
struct Load {
    threads: u64,
    /// Jobs that wait or are being done.
    jobs: AtomicUsize,
    job_us: AtomicU64,
}

impl Load {
    fn new(threads: usize) -> Self {
        Self { threads: threads as u64, jobs: AtomicUsize::new(0), job_us: AtomicU64::new(0) }
    }

    /// How long a new job would wait for a thread.
    fn wait(&self) -> Duration {
        let before_it = (self.jobs.load(Ordering::Relaxed) as u64).saturating_sub(self.threads - 1);
        Duration::from_micros(before_it * self.job_us.load(Ordering::Relaxed) / self.threads)
    }

    /// A moving average, in which the last four jobs count for more than half. Threads that learn at once may lose a
    /// sample, which does no harm.
    fn learn(&self, took: Duration) {
        let (old, new) = (self.job_us.load(Ordering::Relaxed), took.as_micros() as u64);
        let average = if old == 0 { new } else { (old * 7 + new * 2) / 9 };
        self.job_us.store(average, Ordering::Relaxed);
    }

    fn add(&self) {
        self.jobs.fetch_add(1, Ordering::Relaxed);
        metrics::gauge!("hashes_waiting").increment(1);
    }

    fn remove(&self) {
        self.jobs.fetch_sub(1, Ordering::Relaxed);
        metrics::gauge!("hashes_waiting").decrement(1);
    }
}

#[cfg(test)]
mod tests {
    use common::clock::TestClock;

    use super::*;

    /// A queue of one thread, which is busy until the sender is dropped.
    async fn busy(clock: &TestClock) -> (Queue, Sender<()>) {
        let queue = Queue::start(clock.clock(), 1);
        let (release, released) = bounded::<()>(0);
        let (began, begun) = oneshot::channel();
        let blocked = queue.clone();
        tokio::spawn(async move {
            let act = move || (began.send(()), released.recv());
            let _ = blocked.run(act).await;
        });
        begun.await.expect("the thread has not begun");
        (queue, release)
    }

    /// T120
    #[tokio::test]
    async fn what_nobody_waits_for_any_more_is_not_done() {
        let (queue, release) = busy(&TestClock::new()).await;
        let (done, was_done) = bounded(1);
        let mut hung_up = Box::pin(queue.run(move || done.send(())));
        assert!(tokio::time::timeout(Duration::ZERO, &mut hung_up).await.is_err());
        drop(hung_up);
        drop(release);
        assert!(queue.run(|| ()).await.is_ok(), "who comes after is served");
        assert!(was_done.try_recv().is_err());
    }

    /// T119: hashing gets the time that nobody else wants.
    #[tokio::test]
    async fn a_thread_that_hashes_stands_back() {
        let queue = Queue::start(TestClock::new().clock(), 1);
        let priority = || rustix::process::getpriority_process(Some(rustix::thread::gettid()));
        assert_eq!(queue.run(priority).await.expect("it is busy"), Ok(10));
    }

    #[tokio::test]
    async fn who_waited_for_too_long_is_sent_away_undone() {
        let clock = TestClock::new();
        let (queue, release) = busy(&clock).await;
        let (done, was_done) = bounded(1);
        let mut late = Box::pin(queue.run(move || done.send(())));
        assert!(tokio::time::timeout(Duration::ZERO, &mut late).await.is_err());
        clock.advance(PATIENCE + Duration::from_millis(1));
        drop(release);
        assert!(matches!(late.await, Err(Error::Busy)));
        assert!(was_done.try_recv().is_err());
    }

    #[tokio::test]
    async fn who_would_wait_for_too_long_is_sent_away_at_once() {
        let (queue, _release) = busy(&TestClock::new()).await;
        queue.load.learn(PATIENCE + Duration::from_millis(1));
        let answer = tokio::time::timeout(Duration::ZERO, queue.run(|| ())).await;
        assert!(matches!(answer, Ok(Err(Error::Busy))));
    }

    #[test]
    fn the_wait_is_what_is_before_one_over_all_threads() {
        let load = Load::new(2);
        assert_eq!(load.wait(), Duration::ZERO);
        load.learn(Duration::from_millis(200));
        load.add();
        assert_eq!(load.wait(), Duration::ZERO, "there is a thread that has nothing to do");
        load.add();
        assert_eq!(load.wait(), Duration::from_millis(100));
        (0..20).for_each(|_| load.add());
        assert!(load.wait() > PATIENCE);
        (0..22).for_each(|_| load.remove());
        assert_eq!(load.wait(), Duration::ZERO);
    }

    #[test]
    fn a_job_that_took_unusually_long_does_not_shut_the_door() {
        let load = Load::new(2);
        (0..10).for_each(|_| load.learn(Duration::from_millis(10)));
        load.learn(Duration::from_millis(1000));
        (0..4).for_each(|_| load.learn(Duration::from_millis(10)));
        assert!(load.job_us.load(Ordering::Relaxed) < 120_000);
    }
}
