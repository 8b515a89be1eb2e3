use std::sync::Arc;

use common::clock::Clock;
use common::ids::Uuid;
use common::limits::{Counter, Limit, Memory, Outcome, Refusal};

use crate::egress::{Egress, Page, Place};
use crate::error::Error;
use crate::service::turns::Turns;

/// Fetches pages for people, and for nobody too many: what stands behind an address is somebody else's machine. Clones
/// share the counts, which are this process's own.
#[derive(Clone)]
pub struct Fetches {
    egress: Egress,
    turns: Turns,
    limit: Option<Limit>,
    counted: Arc<Memory>,
    clock: Clock,
}

/// So many pages at once, each of which holds at most twice its largest size.
const AT_ONCE: usize = 16;
const AT_ONCE_OF_ONE: usize = 4;

const NAME: &str = "fetches";

impl Fetches {
    /// Without a limit a person may fetch as many as they like, one after another.
    pub fn new(egress: Egress, limit: Option<Limit>, clock: Clock) -> Self {
        // What has refused nobody yet shows as nought, so that the first time shows as an increase.
        metrics::counter!("rate_limited_total", "limit" => NAME).increment(0);
        let turns = Turns::new(AT_ONCE, AT_ONCE_OF_ONE);
        Self { egress, turns, limit, counted: Arc::default(), clock }
    }

    /// Fetches a page for a person.
    ///
    /// # Errors
    /// `RateLimited` where they fetched enough, `Busy` where they or all fetch too many at once, and whatever was in its
    /// way.
    pub async fn fetch(&self, sub: &str, place: Place) -> Result<Page, Error> {
        let _turn = self.turns.take(sub).await?;
        self.count(sub)?;
        Ok(self.egress.fetch(place).await?)
    }

    fn count(&self, sub: &str) -> Result<(), Error> {
        let Some(limit) = self.limit else { return Ok(()) };
        let way = vec![Counter { name: NAME, limit, key: sub.to_owned() }];
        match self.counted.count(Uuid::now_v7(), &[way], self.clock.boot()) {
            Outcome::Counted(_) => Ok(()),
            Outcome::Refused { wait, .. } => {
                metrics::counter!("rate_limited_total", "limit" => NAME).increment(1);
                Err(Error::RateLimited(Refusal { name: NAME, limit, wait }))
            }
        }
    }
}
