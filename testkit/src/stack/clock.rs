use std::time::Duration;

use common::clock::{Clock, TestClock};
use common::revocations::Revocations;
use common::time::Instant;

use crate::client::Listener;
use crate::eventually;

/// The time of a stack. It passes by itself, and faster when told to.
pub struct StackClock {
    clock: TestClock,
    /// Of each copy; none of one that is stopped.
    verifiers: Vec<Option<Verifier>>,
}

/// A service that believes tokens, and must hear from its issuer again after the time has moved.
pub(super) struct Verifier {
    pub revocations: Revocations,
    pub listener: Listener,
}

/// A little longer than a reader of the feed is kept waiting: whoever waits is due.
const DUE: Duration = Duration::from_millis(1_100);

/// After this much silence nothing is stale yet, by far.
const RECENT: Duration = Duration::from_millis(2_500);

impl StackClock {
    pub(super) fn new(clock: TestClock, verifiers: Vec<Option<Verifier>>) -> Self {
        Self { clock, verifiers }
    }

    /// From now on, this is what follows the issuer in a copy; nothing in one that is stopped.
    pub(super) fn follow(&mut self, copy: usize, verifier: Option<Verifier>) {
        self.verifiers[copy] = verifier;
    }

    /// A clock that moves with the stack.
    pub fn clock(&self) -> Clock {
        self.clock.clock()
    }

    pub fn now(&self) -> Instant {
        self.clock().now()
    }

    /// Lets time pass for services and databases, and waits until every verifier has heard from its issuer since.
    ///
    /// What was heard before is as old as time has passed, so that it would be stale. The last second passes after the
    /// rest: it brings those who ask the feed their answer at once. A verifier's idea of the time is ahead by up to two
    /// seconds until it asks again, which is less than any leeway.
    ///
    /// Does not return while auth-service is away: then it is [`advance_unheard`](Self::advance_unheard).
    pub async fn advance(&self, by: Duration) {
        let heard: Vec<_> = self.verifiers.iter().flatten().map(|verifier| self.heard_at(verifier)).collect();
        let first = by.saturating_sub(DUE);
        if !first.is_zero() {
            self.clock.advance(first);
            for (verifier, heard) in self.verifiers.iter().flatten().zip(heard) {
                self.until("the feed was asked again", || self.heard_at(verifier) > heard).await;
            }
        }
        self.clock.advance(by - first);
        for verifier in self.verifiers.iter().flatten() {
            let is_recent =
                || verifier.revocations.silence(self.clock().boot()).is_some_and(|silence| silence < RECENT);
            self.until("the feed was heard again", is_recent).await;
            verifier.until_it_has_keys().await;
        }
    }

    /// Lets time pass, and whatever comes of it come.
    pub fn advance_unheard(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// The boot time at which the request was sent that was answered last.
    fn heard_at(&self, verifier: &Verifier) -> Duration {
        let boot = self.clock().boot();
        boot.saturating_sub(verifier.revocations.silence(boot).unwrap_or(boot))
    }

    async fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        eventually(what, async || is_so().then_some(())).await;
    }
}

impl Verifier {
    /// Keys older than a day count for nothing; whoever asks with any token makes them be fetched.
    async fn until_it_has_keys(&self) {
        eventually("the keys were fetched again", async || {
            let answer = self.listener.get("/v1/recipes").bearer("no.token.really").send().await;
            (answer.status != 503).then_some(())
        })
        .await;
    }
}
