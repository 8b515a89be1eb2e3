//! Indexing what was written before there was an index, while the service serves.

use std::time::Duration;

use tokio::task::JoinHandle;

use crate::service::recipes::Recipes;

/// Indexes until all is, or it is dropped.
pub struct Indexer(JoinHandle<()>);

const RETRY: Duration = Duration::from_secs(5);

impl Indexer {
    /// Starts on the present runtime.
    pub fn start(recipes: Recipes) -> Self {
        Self(tokio::spawn(run(recipes)))
    }
}

impl Drop for Indexer {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn run(recipes: Recipes) {
    loop {
        match recipes.index_stale().await {
            Ok(0) => return,
            Ok(count) => return log::info!(count = count; "recipes were indexed"),
            Err(error) => log::warn!(error:% = error; "recipes could not be indexed; it is tried again"),
        }
        tokio::time::sleep(RETRY).await;
    }
}
