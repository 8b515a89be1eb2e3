//! What is over, and nobody asks for any more, is deleted. The audit stays, but for where strangers were.

use std::time::Duration;

use super::Auth;
use super::background::Background;
use super::store::{audit, links, sessions};
use crate::error::Error;

/// How often is looked for what is over.
const EVERY: Duration = Duration::from_secs(3600);

impl Auth {
    /// Deletes sessions and links that are over, and where strangers were, on the present runtime, until `background` is
    /// dropped.
    pub fn keep_purging(&self, background: &mut Background) {
        let auth = self.clone();
        background.run(async move {
            loop {
                if let Err(error) = auth.purge().await {
                    log::warn!(error:% = error; "what is over could not be deleted: tried again");
                }
                tokio::time::sleep(EVERY).await;
            }
        });
    }

    /// Deletes them now.
    pub async fn purge(&self) -> Result<(), Error> {
        let offset_us = self.clock.offset_us();
        let links = self.db.write(move |conn| links::purge(conn, offset_us)).await?;
        let sessions = self.db.write(move |conn| sessions::purge(conn, offset_us)).await?;
        let strangers = self.db.write(move |conn| audit::forget_strangers(conn, offset_us)).await?;
        log::debug!(links, sessions, strangers; "what is over was deleted");
        Ok(())
    }
}
