use std::io::{self, Write};

use common::db::{Conn, DbError, QueryResult};
use common::progress::Progress;
use thiserror::Error;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::{Entry, Making};
use crate::domain::backup::SavedPeople;
use crate::service::images::{Files, FilesError};
use crate::service::recipes::Recipes;
use crate::service::store;
use crate::service::store::backup::Whose;

/// How much was exported.
pub struct Exported {
    pub recipes: usize,
    pub bytes: u64,
}

/// Why an export came to nothing.
#[derive(Debug, Error)]
pub enum ExportError {
    #[error("recipes cannot be read")]
    Database(#[from] DbError),
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error("it cannot be written")]
    Write(#[from] io::Error),
}

/// So many recipes are read before those ahead of them are written.
const AHEAD: usize = 4;

impl Recipes {
    /// Writes everything of everyone, as it is at one moment, while it is read.
    pub async fn export_all(
        &self,
        files: &Files,
        progress: Progress,
        to: impl Write,
    ) -> Result<Exported, ExportError> {
        let (sender, receiver) = channel(AHEAD);
        let people = self.db.read_at_length(move |conn| send_all(conn, &sender, &progress));
        let (people, written) = tokio::join!(people, write_all(receiver, Counted { to, bytes: 0 }));
        let (mut making, mut to) = written?;
        making.archive.add("people.json", &people?);
        making.add_manifest();
        while making.add_image(files).await? {
            to.write_all(&making.archive.take())?;
        }
        to.write_all(&making.archive.finish())?;
        Ok(Exported { recipes: making.recipes, bytes: to.bytes })
    }
}

/// Sends all recipes to who writes them, and answers what is no recipe's own.
fn send_all(conn: &mut Conn, to: &Sender<Entry>, progress: &Progress) -> QueryResult<SavedPeople> {
    let ids = store::backup::ids(conn, Whose::All)?;
    progress.expect(ids.len());
    for id in ids {
        let entry = store::backup::recipe(conn, Whose::All, id)?.map(Entry::of);
        // Who cannot write any more says so.
        if entry.is_some_and(|entry| to.blocking_send(entry).is_err()) {
            break;
        }
        progress.advance(1);
    }
    store::backup::people(conn)
}

async fn write_all<W: Write>(mut from: Receiver<Entry>, mut to: W) -> io::Result<(Making, W)> {
    let mut making = Making::new();
    while let Some(entry) = from.recv().await {
        making.add(entry);
        to.write_all(&making.archive.take())?;
    }
    Ok((making, to))
}

struct Counted<W> {
    to: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        let written = self.to.write(more)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
