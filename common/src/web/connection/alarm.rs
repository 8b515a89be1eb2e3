use std::pin::Pin;
use std::task::Context;
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// A timer for deadlines that move with every request and are seldom reached.
///
/// To set a timer for each would cost more than all else that a connection does for them. This one is set again only
/// when a deadline is earlier than the timer, or when it rings too early; so a busy connection sets it twice in the time
/// that its shortest deadline takes.
pub(super) struct Alarm(Pin<Box<Sleep>>);

/// How far the timer is set where there is no deadline.
const FAR: Duration = Duration::from_secs(60);

impl Alarm {
    pub(super) fn new() -> Self {
        Self(Box::pin(sleep_until(now() + FAR)))
    }

    /// True when the deadline has passed. Else the task is woken when it does, or earlier.
    pub(super) fn has_rung(&mut self, cx: &mut Context<'_>, deadline: Option<Instant>) -> bool {
        if let Some(deadline) = deadline.filter(|deadline| *deadline < self.0.deadline()) {
            self.0.as_mut().reset(deadline);
        }
        while self.0.as_mut().poll(cx).is_ready() {
            let now = now();
            match deadline {
                Some(deadline) if deadline <= now => return true,
                Some(deadline) => self.0.as_mut().reset(deadline),
                None => self.0.as_mut().reset(now + FAR),
            }
        }
        false
    }
}

#[expect(clippy::disallowed_methods, reason = "a deadline of a socket, not a time of day: no test moves it")]
pub(super) fn now() -> Instant {
    Instant::now()
}
