use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use common::ids::Uuid;
use common::revocations::feed::{Answer, VERSION};
use tokio::sync::oneshot;

use super::{FeedError, Reply};
use crate::service::store::feed::{Cursor, Heads, Log, Page, Reading};

/// Where readers of one feed arrive.
pub(super) struct Desk<L: Log>(Mutex<State<L>>);

struct State<L: Log> {
    arrived: Vec<(Option<Cursor>, Asked<L>)>,
    /// The end of the feed when it was last looked at.
    head: Option<Cursor>,
}

/// A reader who waits.
pub(super) struct Asked<L: Log> {
    epoch: Option<Uuid>,
    /// Until when there may be nothing to say, in boot time.
    deadline: Duration,
    reply: oneshot::Sender<Reply<L::Event>>,
}

impl<L: Log> Asked<L> {
    pub fn new(epoch: Option<Uuid>, deadline: Duration) -> (Self, oneshot::Receiver<Reply<L::Event>>) {
        let (reply, receiver) = oneshot::channel();
        (Self { epoch, deadline, reply }, receiver)
    }

    fn answer(self, answer: Reply<L::Event>) {
        // Whoever hung up meanwhile asks again.
        let _ = self.reply.send(answer);
    }
}

impl<L: Log> Default for Desk<L> {
    fn default() -> Self {
        Self(Mutex::new(State { arrived: Vec::new(), head: None }))
    }
}

impl<L: Log> Desk<L> {
    /// Takes a reader in. True if there is something to say, as far as is known.
    pub fn arrive(&self, after: Option<Cursor>, asked: Asked<L>) -> bool {
        let mut state = self.state();
        let has_read_everything = after.is_some() && after == state.head;
        state.arrived.push((after, asked));
        !has_read_everything
    }

    fn state(&self) -> MutexGuard<'_, State<L>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Those who wait, by where they are.
pub(super) struct Waiting<L: Log>(HashMap<Option<Cursor>, Vec<Asked<L>>>);

impl<L: Log> Default for Waiting<L> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<L: Log> Waiting<L> {
    /// Takes over who arrived: only before a snapshot that is to count for them.
    pub fn gather(&mut self, desk: &Desk<L>) {
        for (after, asked) in std::mem::take(&mut desk.state().arrived) {
            self.0.entry(after).or_default().push(asked);
        }
    }

    /// Where they are, each place once.
    pub fn places(&self) -> Vec<Option<Cursor>> {
        self.0.keys().cloned().collect()
    }

    /// Answers those to whom there is something to say, and those whose time is over at `boot`.
    pub fn answer(&mut self, desk: &Desk<L>, heads: &Heads, pages: Pages<L>, boot: Duration) {
        desk.state().head = Some(L::head(heads).clone());
        for (place, page) in pages {
            let Some(waiting) = self.0.remove(&place) else { continue };
            let waiting = refuse_other_epochs(waiting, heads);
            match page {
                Page::CursorUnknown => refuse(waiting),
                Page::Read(reading) => {
                    let is_news = place.is_none() || !reading.events.is_empty();
                    let answer = Arc::new(answer::<L>(heads, reading));
                    let (due, patient): (Vec<_>, Vec<_>) =
                        waiting.into_iter().partition(|asked| is_news || asked.deadline <= boot);
                    due.into_iter().for_each(|asked| asked.answer(Ok(answer.clone())));
                    if !patient.is_empty() {
                        self.0.insert(place, patient);
                    }
                }
            }
        }
    }

    /// Tells everyone that the database did not answer.
    pub fn fail(&mut self) {
        for asked in self.0.drain().flat_map(|(_, waiting)| waiting) {
            asked.answer(Err(FeedError::Database(common::db::DbError::Unavailable)));
        }
    }
}

/// What was read for each place.
pub(super) type Pages<L> = Vec<(Option<Cursor>, Page<<L as Log>::Event>)>;

fn refuse_other_epochs<L: Log>(waiting: Vec<Asked<L>>, heads: &Heads) -> Vec<Asked<L>> {
    let epoch = heads.epoch.as_uuid();
    let (ours, others): (Vec<_>, Vec<_>) =
        waiting.into_iter().partition(|asked| asked.epoch.is_none_or(|asked| asked == epoch));
    refuse(others);
    ours
}

fn refuse<L: Log>(waiting: Vec<Asked<L>>) {
    waiting.into_iter().for_each(|asked| asked.answer(Err(FeedError::CursorUnknown)));
}

fn answer<L: Log>(heads: &Heads, reading: Reading<L::Event>) -> Answer<Vec<L::Event>> {
    Answer {
        version: VERSION,
        epoch: heads.epoch.as_uuid(),
        head: L::head(heads).seq,
        cursor: reading.cursor.to_string(),
        more: reading.more,
        now: heads.now.as_micros(),
        events: reading.events,
    }
}
