//! Passwords and their stored form, on threads of their own.
//!
//! Stored is `b1.{pepper version}$2b$…`: bcrypt over base64(HMAC-SHA-384(pepper, NFC(password))), which is 64 printable
//! bytes whatever the password is: bcrypt neither cuts it at 72 bytes nor stops at a NUL.

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use common::clock::Clock;
use common::secrets::Secret;
use crossbeam_channel::{Receiver, Sender, bounded};
use tokio::sync::oneshot;

use super::secrets::Secrets;
use crate::domain::Password;
use crate::error::Error;

/// Hashes and verifies. Clones share the threads.
#[derive(Clone)]
pub struct Hashing {
    queue: Sender<Job>,
    secrets: Secrets,
    clock: Clock,
    cost: u32,
}

/// What a tried password is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, and stored in a way that is not today's.
    RightButOld,
}

/// For how long somebody waits for a thread before being sent away.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many may wait for each thread: more could not be served in time.
const QUEUE_PER_THREAD: usize = 16;
/// A hash that costs more than this was not made by us.
const MOST_COST: u32 = 15;

struct Job {
    queued_at: Duration,
    work: Work,
}

enum Work {
    Hash { password: String, cost: u32, answer: oneshot::Sender<Result<String, Error>> },
    Verify { password: String, hash: String, answer: oneshot::Sender<bool> },
}

impl Hashing {
    /// Starts the threads. They end with the last clone.
    pub fn start(secrets: Secrets, clock: Clock, cost: u32, threads: usize) -> Self {
        let (queue, jobs) = bounded(threads * QUEUE_PER_THREAD);
        for number in 0..threads {
            let (jobs, clock) = (jobs.clone(), clock.clone());
            std::thread::Builder::new()
                .name(format!("hash-{number}"))
                .spawn(move || run(&jobs, &clock))
                .expect("BUG: the system has no thread to hash on");
        }
        Self { queue, secrets, clock, cost }
    }

    /// Makes the stored form of a password.
    ///
    /// # Errors
    /// `Busy` when there is too much to do.
    pub async fn hash(&self, password: &Password) -> Result<String, Error> {
        let (version, pepper) = self.secrets.newest_pepper();
        let (answer, hashed) = oneshot::channel();
        self.enqueue(Work::Hash { password: peppered(password, &pepper), cost: self.cost, answer })?;
        let bcrypt = hashed.await.map_err(|_| Error::Busy)??;
        Ok(format!("b1.{version}{bcrypt}"))
    }

    /// Says whether a password is the stored one. Where there is none it takes as long and is wrong.
    ///
    /// # Errors
    /// `Busy` when there is too much to do.
    pub async fn verify(&self, password: &Password, stored: Option<&str>) -> Result<Verdict, Error> {
        let (version, hash) =
            stored.and_then(parse).map_or((None, None), |(version, hash)| (Some(version), Some(hash)));
        let (newest, newest_pepper) = self.secrets.newest_pepper();
        let pepper = version.and_then(|version| self.secrets.pepper(version));
        let known = pepper.is_some();
        let (answer, verified) = oneshot::channel();
        self.enqueue(Work::Verify {
            password: peppered(password, &pepper.unwrap_or(newest_pepper)),
            // Hash even where there is nobody, so that both answers take equally long.
            hash: hash.filter(|_| known).map_or_else(|| dummy(self.cost), str::to_owned),
            answer,
        })?;
        let right = verified.await.map_err(|_| Error::Busy)?;
        Ok(match (right && known, hash) {
            (true, Some(hash)) if version == Some(newest) && cost_of(hash) == Some(self.cost) => {
                Verdict::Right
            }
            (true, Some(_)) => Verdict::RightButOld,
            _ => Verdict::Wrong,
        })
    }

    fn enqueue(&self, work: Work) -> Result<(), Error> {
        let job = Job { queued_at: self.clock.boot(), work };
        self.queue.try_send(job).map_err(|_| Error::Busy)
    }
}

/// base64(HMAC-SHA-384(pepper, password)): 64 printable bytes.
fn peppered(password: &Password, pepper: &Secret) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA384, pepper.expose());
    STANDARD.encode(hmac::sign(&key, password.expose().as_bytes()))
}

/// Takes a stored form apart: the pepper's version and the bcrypt hash, if it is one that we would have made.
fn parse(stored: &str) -> Option<(u8, &str)> {
    let (version, hash) = stored.strip_prefix("b1.")?.split_at_checked(stored.find('$')?.checked_sub(3)?)?;
    let fits = hash.is_ascii() && hash.len() == 60 && cost_of(hash).is_some_and(|cost| cost <= MOST_COST);
    fits.then_some((version.parse().ok()?, hash))
}

fn cost_of(hash: &str) -> Option<u32> {
    hash.strip_prefix("$2b$")?.get(..2)?.parse().ok()
}

/// The hash of nothing at this cost.
fn dummy(cost: u32) -> String {
    format!("$2b${cost:02}${}", ".".repeat(53))
}

fn run(jobs: &Receiver<Job>, clock: &Clock) {
    yield_to_others();
    for job in jobs {
        let is_late = clock.boot().saturating_sub(job.queued_at) > PATIENCE;
        if is_late || job.work.is_abandoned() {
            continue;
        }
        job.work.perform();
    }
}

/// A login storm must not slow down those who are logged in: hashing gets the time that nobody else wants.
fn yield_to_others() {
    if let Err(error) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), 10) {
        log::warn!(error:% = error; "hashing threads run at normal priority");
    }
}

impl Work {
    /// True when nobody waits for it any more.
    fn is_abandoned(&self) -> bool {
        match self {
            Self::Hash { answer, .. } => answer.is_closed(),
            Self::Verify { answer, .. } => answer.is_closed(),
        }
    }

    fn perform(self) {
        match self {
            Self::Hash { password, cost, answer } => {
                let hashed = bcrypt::hash(password, cost).map_err(|error| Error::Internal(error.to_string()));
                let _ = answer.send(hashed);
            }
            Self::Verify { password, hash, answer } => {
                // A stored form that somebody spoiled is nobody's password, and no reason to fail.
                let verified = bcrypt::verify(password, &hash).inspect_err(|error| {
                    log::error!(error:% = error; "a stored password is no hash of bcrypt");
                });
                let _ = answer.send(verified.unwrap_or(false));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dummy_is_a_hash_that_can_be_verified() {
        let started = bcrypt::verify("x", &dummy(4));
        assert!(!started.unwrap());
    }

    #[test]
    fn only_our_own_forms_are_parsed() {
        let hash = bcrypt::hash("x", 4).unwrap();
        let stored = format!("b1.12{hash}");
        assert_eq!(parse(&stored), Some((12, hash.as_str())));
        let costly = dummy(31);
        for tampered in
            ["", "*", "b1.1", "b1.1$2x$04$", &hash, &format!("b1.1{costly}"), &format!("b1.1{hash}x")]
        {
            assert_eq!(parse(tampered), None, "{tampered}");
        }
    }
}
