//! Erasing what was kept for a time that is over, while the service serves.

use std::time::Duration;

use common::clock::Clock;
use tokio::task::JoinHandle;

use crate::error::Error;
use crate::service::images::Images;
use crate::service::recipes::Recipes;

/// Erases now and then until it is dropped.
pub struct Purger(JoinHandle<()>);

/// What is over is not shown either, so nobody waits for this.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// How often it is looked whether it is time, by a clock that also runs while the machine sleeps.
const LOOK: Duration = Duration::from_secs(1);

impl Purger {
    /// Starts on the present runtime.
    pub fn start(recipes: Recipes, images: Images, clock: Clock) -> Self {
        Self(tokio::spawn(run(recipes, images, clock)))
    }
}

impl Drop for Purger {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn run(recipes: Recipes, images: Images, clock: Clock) {
    let mut next = clock.boot();
    loop {
        if clock.boot() >= next {
            next = clock.boot() + EVERY;
            if let Err(error) = purge(&recipes, &images).await {
                log::warn!(error:% = error; "what is over could not be erased; it is tried again");
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn purge(recipes: &Recipes, images: &Images) -> Result<(), Error> {
    let count = recipes.empty_trash().await?;
    if count > 0 {
        log::info!(count = count; "recipes were erased from the trash");
    }
    recipes.purge_shares().await?;
    recipes.purge_keys().await?;
    let count = images.purge().await?;
    if count > 0 {
        log::info!(count = count; "images were erased that no recipe has had for a day");
    }
    Ok(())
}
