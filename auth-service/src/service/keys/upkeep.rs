//! What happens to the keys by itself. Every copy tries when something is due, by the database's time; a conditional
//! update in the database decides which one does it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use common::ids::Uuid;
use common::time::Instant;

use super::load::{Loaded, OpenKey};
use super::{KeysError, store};
use crate::service::Auth;
use crate::service::background::Background;
use crate::service::store::keys::KeyState;

/// For how long a key signs, less what [`signs_for`] takes off.
const SIGNS_FOR: Duration = Duration::from_secs(30 * 24 * 3600);

/// For how long a key is published after it ceased to sign: the longest life of a token, twice the widest leeway.
const PUBLISHED_FOR: Duration = Duration::from_secs(70 * 60);

const DAY_S: u64 = 24 * 3600;

impl Auth {
    /// Rotates the keys when they are due and withdraws old ones, on the present runtime, until `background` is dropped.
    pub fn keep_keys(&self, background: &mut Background) {
        let auth = self.clone();
        background.run(async move {
            let mut has_algorithm = false;
            loop {
                auth.tell_age();
                if !has_algorithm || auth.now() >= auth.keys.0.due_at.load(Ordering::Relaxed) {
                    match auth.do_what_is_due(has_algorithm).await {
                        Ok(()) => has_algorithm = true,
                        Err(error) => {
                            log::error!(error:% = error; "the signing keys could not be rotated: tried again");
                        }
                    }
                }
                tokio::time::sleep(pause()).await;
            }
        });
    }

    /// The algorithm of the next key is looked at once, at the start: copies that were started with different ones would
    /// else undo each other's work for ever.
    async fn do_what_is_due(&self, has_algorithm: bool) -> Result<(), KeysError> {
        let mut loaded = self.keys.load().await?;
        let is_good = |next: &OpenKey| has_algorithm || next.pair.alg() == self.keys.0.alg;
        if !loaded.only(KeyState::Next).is_some_and(is_good) {
            self.replace_next(loaded.next_row).await?;
            loaded = self.keys.load().await?;
        }
        let least_age_us = signs_for(loaded.current()?).as_micros() as i64;
        if rotates_at(&loaded).is_some_and(|at| at <= loaded.now) {
            self.turn(&loaded, least_age_us, None).await?;
        }
        let (offset_us, published_us) = (self.clock.offset_us(), PUBLISHED_FOR.as_micros() as i64);
        let retired = self
            .db
            .write(move |conn| store::retire_those_whose_tokens_are_dead(conn, offset_us, published_us))
            .await?;
        match retired {
            Some(appended) => self.took_place(appended).await,
            // Another copy may have been first: then what is due next is another thing.
            None => self.keys.reload().await,
        }
    }

    /// What o'clock it is in the database, in µs, without asking it.
    fn now(&self) -> i64 {
        self.time.now(&self.clock) * 1_000_000
    }

    fn tell_age(&self) {
        let age_us = self.now() - self.keys.0.signs_since.load(Ordering::Relaxed);
        metrics::gauge!("signing_key_age_seconds").set(age_us.max(0) as f64 / 1e6);
    }
}

/// When something is next to be done.
pub(super) fn due_at(loaded: &Loaded) -> Instant {
    if loaded.only(KeyState::Next).is_none() {
        return loaded.now;
    }
    let retiring = loaded.keys.iter().filter(|key| key.state == KeyState::Retiring);
    let withdrawn = retiring.filter_map(|key| Some(key.retired_at? + PUBLISHED_FOR));
    withdrawn.chain(rotates_at(loaded)).min().unwrap_or(loaded.now + SIGNS_FOR)
}

fn rotates_at(loaded: &Loaded) -> Option<Instant> {
    let (current, next) = (loaded.only(KeyState::Current)?, loaded.only(KeyState::Next)?);
    Some((current.signs_from + signs_for(current)).max(next.signs_from))
}

/// All copies compute the same for a key, whose name is as good as random: installations that were started together do
/// not rotate together.
fn signs_for(key: &OpenKey) -> Duration {
    let spread_s = key.kid.bytes().fold(0, |sum, byte| (sum * 31 + u64::from(byte)) % DAY_S);
    SIGNS_FOR - Duration::from_secs(spread_s)
}

/// About a second, and not the same for all copies: mostly one of them finds the work done.
fn pause() -> Duration {
    Duration::from_millis(500 + 4 * u64::from(Uuid::new_v4().as_bytes()[0]))
}
