use std::time::Duration;

use common::clock::Clock;
use common::db::{Db, DbError};
use common::ids::Uuid;
use common::revocations::lane::LaneSettings;
use redis::RedisError;
use thiserror::Error;

use super::link::Link;
use super::script::{Marks, Meta, Update};
use super::{State, Told};
use crate::service::store::feed::{Heads, Log, Place, Revocations, heads};

/// Compares `meta` with the database every second, and when another copy ended something. Fills in what Redis lacks: after an outage, after an event that
/// was not published in its turn, and all of it where Redis is empty or from another life of the database.
pub(super) struct Mender {
    link: Link,
    settings: LaneSettings,
    db: Db,
    clock: Clock,
    told: Told,
}

const EVERY: Duration = Duration::from_secs(1);

/// The most events that Redis is told of by one script, which keeps everybody else waiting.
const AT_ONCE: i64 = 1000;

/// Others end things one by one; they are looked for together.
const AT_LEAST: Duration = Duration::from_millis(20);

#[derive(Debug, Error)]
enum MendError {
    #[error("Redis: {}", .0.category())]
    Redis(#[from] RedisError),
    #[error(transparent)]
    Database(#[from] DbError),
}

/// What the database has after a number, and its ends at that moment.
type Missing = (Heads, Vec<Place<common::revocations::feed::Event>>);

impl Mender {
    pub fn new(link: Link, settings: LaneSettings, db: Db, clock: Clock, told: Told) -> Self {
        Self { link, settings, db, clock, told }
    }

    pub async fn run(mut self) {
        loop {
            let state = match self.mend().await {
                Ok(state) => state,
                Err(error) => {
                    log::debug!(error:% = error; "the keys in Redis could not be compared");
                    if self.link.is_down() { State::Away } else { *self.told.seen.borrow() }
                }
            };
            self.told.seen.send_replace(state);
            tokio::time::sleep(AT_LEAST).await;
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = self.told.missed.notified() => {}
            }
        }
    }

    async fn mend(&mut self) -> Result<State, MendError> {
        let meta = self.meta().await?;
        if let Some(policy) = self.link.evicting_policy().await? {
            self.withdraw(meta, &policy).await?;
            return Ok(State::Evicting);
        }
        self.compare(meta).await?;
        Ok(State::Up)
    }

    async fn compare(&mut self, meta: Meta) -> Result<(), MendError> {
        let heads = self.heads().await?;
        let head = heads.revocations.seq;
        match meta.seq(heads.epoch.as_uuid()) {
            Some(seq) if seq == head => self.stand_by(meta).await,
            Some(seq) if seq < head => self.fill(Marks::meta(meta), seq).await,
            _ => self.begin_again(meta).await,
        }
    }

    /// Says for another while that `meta` is right.
    async fn stand_by(&mut self, meta: Meta) -> Result<(), MendError> {
        let right = Update::unless_moved(&self.settings, Marks::meta(meta.clone()), Marks::meta(meta));
        self.link.invoke(&right).await?;
        Ok(())
    }

    /// Keys that Redis drops are keys that nobody may rely on.
    async fn withdraw(&mut self, meta: Meta, policy: &str) -> Result<(), MendError> {
        if *self.told.seen.borrow() != State::Evicting {
            log::error!(policy; "Redis drops keys when its memory is full: set maxmemory-policy noeviction");
        }
        let nothing = Update::unless_moved(&self.settings, Marks::meta(meta), Marks::meta(Meta::default()));
        self.link.invoke(&nothing).await?;
        Ok(())
    }

    /// Sets all keys, where `meta` is absent or of another life of the database. Without it nobody relies on the keys.
    /// Of copies that find this out at once, one does it.
    async fn begin_again(&mut self, meta: Meta) -> Result<(), MendError> {
        let begun = Marks::filled_by(Uuid::new_v4().to_string());
        let begin = Update::unless_moved(&self.settings, Marks::nobody_fills(meta), begun.clone());
        if !self.link.invoke(&begin).await? {
            return Ok(());
        }
        log::info!("Redis knows nothing of these revocations: all are set anew");
        self.fill(begun, 0).await
    }

    /// Sets the keys of all events after `seq`, page by page. `meta` follows each page where it was right before; where
    /// all keys are set anew it comes with the last one.
    async fn fill(&mut self, mut marks: Marks, mut seq: i64) -> Result<(), MendError> {
        loop {
            let (heads, places) = self.missing_after(seq).await?;
            let is_last = (places.len() as i64) < AT_ONCE;
            seq = places.last().filter(|_| !is_last).map_or(heads.revocations.seq, |(cursor, _)| cursor.seq);
            let reached = Meta::at(heads.epoch.as_uuid(), seq);
            let becomes = match &marks.filling {
                None => Marks::meta(reached),
                Some(_) if is_last => Marks::nobody_fills(reached),
                Some(_) => marks.clone(),
            };
            let mut update = Update::unless_moved(&self.settings, marks, becomes.clone());
            places.iter().for_each(|(_, event)| update.set(event, heads.now));
            // Another copy was faster, or Redis was emptied: what is missing still shows in a second.
            if !self.link.invoke(&update).await? || is_last {
                return Ok(());
            }
            marks = becomes;
        }
    }

    async fn meta(&mut self) -> Result<Meta, MendError> {
        let key = format!("{}:meta", self.settings.prefix);
        let text: Option<String> = self.link.query(redis::cmd("GET").arg(key)).await?;
        Ok(Meta(text.unwrap_or_default()))
    }

    async fn heads(&self) -> Result<Heads, DbError> {
        let offset_us = self.clock.offset_us();
        self.db.read(move |conn| heads(conn, offset_us)).await
    }

    async fn missing_after(&self, seq: i64) -> Result<Missing, DbError> {
        let offset_us = self.clock.offset_us();
        let read = move |conn: &mut _| Ok((heads(conn, offset_us)?, Revocations::after(conn, seq, AT_ONCE)?));
        self.db.snapshot(read).await
    }
}
