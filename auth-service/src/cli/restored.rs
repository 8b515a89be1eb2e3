use clap::Args;
use common::clock::Clock;
use common::settings::Output;

use crate::app;
use crate::config::Settings;
use crate::service::restored;

#[derive(Args)]
pub(super) struct Restored {
    #[command(flatten)]
    output: Output,
}

impl Restored {
    pub async fn run(self, settings: &Settings) -> anyhow::Result<()> {
        let db = app::open(settings)?;
        app::migrate(&db).await?;
        let done = restored::begin_again(settings, db, Clock::system()).await.map_err(app::not_restored)?;
        Ok(self.output.print(&done, text)?)
    }
}

fn text(done: &restored::Restored) -> String {
    let restored::Restored { epoch, keys_revoked, sessions_ended, people, clients } = done;
    format!(
        "A new life of the signing keys has begun: {epoch}.\n\
         {keys_revoked} keys were revoked and two made; {sessions_ended} sessions ended; tokens of {people} people and \
         {clients} clients from before are refused.\n\
         Everybody logs in again. Who was disabled or deleted since the backup was made is not any more: do it once more."
    )
}
