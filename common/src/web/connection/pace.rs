//! What a connection and the middleware tell each other: which of the two is waited for, and until when.

use std::cell::Cell;
use std::time::Duration;

use actix_web::HttpRequest;
use tokio::time::Instant;

use super::Limits;
use super::alarm::now;

/// Where a connection is in the life of a request. The connection's own task owns it, so cells do.
pub(in crate::web) struct Pace {
    limits: Limits,
    phase: Cell<Phase>,
    /// Until when the client may take. None while it waits for us.
    deadline: Cell<Option<Instant>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing has come since the last answer.
    Idle,
    /// Something has come that is no whole head yet.
    Head,
    /// The service works on a request. Its body has a limit of its own, in `read_body`.
    Answering,
    /// The service is done, and what it said is not sent yet.
    Sending,
    /// The same for an answer whose end only its body knows: what comes next cannot be told from its parts.
    Streaming,
}

impl Pace {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, phase: Cell::new(Phase::Idle), deadline: Cell::new(Some(now() + limits.head)) }
    }

    /// How long the body of a request may take.
    pub(in crate::web) fn body_patience(request: &HttpRequest) -> Duration {
        request.conn_data::<std::rc::Rc<Self>>().map_or(Limits::default().body, |pace| pace.limits.body)
    }

    /// The middleware has a whole head.
    pub(in crate::web) fn answering(&self) {
        self.phase.set(Phase::Answering);
        self.deadline.set(None);
    }

    /// The middleware has an answer.
    pub(in crate::web) fn answered(&self, streams: bool) {
        self.phase.set(if streams { Phase::Streaming } else { Phase::Sending });
    }

    /// Bytes came. Only the first of a head set its deadline: a trickle does not move it.
    pub(super) fn received(&self) {
        if self.phase.get() == Phase::Idle {
            self.phase.set(Phase::Head);
            self.deadline.set(Some(now() + self.limits.head));
        }
    }

    /// All that was written is with the system. True if a new deadline begins with that.
    pub(super) fn flushed(&self) -> bool {
        match self.phase.get() {
            Phase::Sending => self.phase.set(Phase::Idle),
            Phase::Streaming => {}
            Phase::Idle | Phase::Head | Phase::Answering => return false,
        }
        self.deadline.set(Some(now() + self.limits.idle));
        true
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline.get()
    }

    /// True while no request is being answered: whatever is written then is not of the service.
    pub(super) fn is_before_answer(&self) -> bool {
        matches!(self.phase.get(), Phase::Idle | Phase::Head)
    }

    pub(super) fn is_in_head(&self) -> bool {
        self.phase.get() == Phase::Head
    }

    /// Until when what is being written may wait, from now.
    pub(super) fn send_by(&self) -> Instant {
        now() + self.limits.send
    }
}
