use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use common::db::{Conn, DbError, QueryResult};

use super::Shared;
use super::desk::{Pages, Waiting};
use crate::service::store::feed::{
    self as store, Cursor, Epoch, Heads, Log, People, Revocations, heads, keys_changed_after,
};

/// Looks at the heads again and again, and answers those who wait.
pub(super) struct Looker {
    shared: Arc<Shared>,
    revocations: Waiting<Revocations>,
    people: Waiting<People>,
    /// Up to where it was looked for changes of the keys, and in which life of them.
    looked: Option<(Epoch, i64)>,
}

/// How often is looked for what other copies committed.
const EVERY: Duration = Duration::from_millis(50);

/// What one snapshot showed.
struct Sight {
    heads: Heads,
    revocations: Pages<Revocations>,
    people: Pages<People>,
    keys_changed: bool,
}

impl Looker {
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { shared, revocations: Waiting::default(), people: Waiting::default(), looked: None }
    }

    pub async fn run(mut self) {
        loop {
            self.look().await;
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = self.shared.wake.notified() => {}
            }
        }
    }

    async fn look(&mut self) {
        let look = self.shared.looks.begun.fetch_add(1, Ordering::SeqCst) + 1;
        self.revocations.gather(&self.shared.revocations);
        self.people.gather(&self.shared.people);
        let sent = self.shared.clock.boot();
        match self.see().await {
            Ok(sight) => {
                self.shared.time.set_time(sight.heads.now.as_micros(), sent, self.shared.clock.boot());
                self.answer(sight);
            }
            Err(error) => {
                log::debug!(error:% = error; "the feed could not be read");
                self.revocations.fail();
                self.people.fail();
            }
        }
        self.shared.looks.finished.send_replace(look);
    }

    async fn see(&self) -> Result<Sight, DbError> {
        let offset_us = self.shared.clock.offset_us();
        let (revocations, people) = (self.revocations.places(), self.people.places());
        let looked = self.looked;
        self.shared.db.snapshot(move |conn| see(conn, offset_us, &revocations, &people, looked)).await
    }

    fn answer(&mut self, sight: Sight) {
        let Sight { heads, revocations, people, keys_changed } = sight;
        // Who would be late by the next look is answered with this one.
        let boot = self.shared.clock.boot() + EVERY;
        self.revocations.answer(&self.shared.revocations, &heads, revocations, boot);
        self.people.answer(&self.shared.people, &heads, people, boot);
        if let Some(lane) = &self.shared.lane {
            lane.saw(heads.revocations.seq);
        }
        self.looked = Some((heads.epoch, heads.revocations.seq));
        if keys_changed {
            self.shared.keys.send_replace(());
        }
    }
}

fn see(
    conn: &mut Conn,
    offset_us: i64,
    revocations: &[Option<Cursor>],
    people: &[Option<Cursor>],
    looked: Option<(Epoch, i64)>,
) -> QueryResult<Sight> {
    let heads = heads(conn, offset_us)?;
    let keys_changed = match looked {
        Some((epoch, seq)) if epoch == heads.epoch && seq <= heads.revocations.seq => {
            seq < heads.revocations.seq && keys_changed_after(conn, seq)?
        }
        // Another life of the database, or the first look: keys were loaded before it.
        _ => true,
    };
    let revocations = pages::<Revocations>(conn, &heads, revocations)?;
    let people = pages::<People>(conn, &heads, people)?;
    Ok(Sight { heads, revocations, people, keys_changed })
}

fn pages<L: Log>(conn: &mut Conn, heads: &Heads, places: &[Option<Cursor>]) -> QueryResult<Pages<L>> {
    let page = |place: &Option<Cursor>| Ok((place.clone(), store::page::<L>(conn, heads, place.as_ref())?));
    places.iter().map(page).collect()
}
