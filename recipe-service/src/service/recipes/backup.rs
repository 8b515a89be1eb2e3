use common::db::{Conn, DbError, QueryResult};
use common::progress::Progress;
use serde::Deserialize;
use serde_json::{Map, Value};
use thiserror::Error;

use super::Recipes;
use crate::domain::archive::{Archive, Unreadable};
use crate::domain::backup::{BACKUP_FORMAT, Manifest, SavedPeople, SavedRecipe};
use crate::domain::kept::Kept;
use crate::domain::patch::kept_document;
use crate::service::store;

/// Why a backup was not imported. Nothing of it was.
#[derive(Debug, Error)]
pub enum ImportError {
    #[error("the file is no backup: {0}")]
    Unreadable(#[from] Unreadable),
    #[error("the backup has the form {0}, which this release does not read")]
    OtherForm(u32),
    #[error("the backup lacks recipes: it names {named} and has {found}")]
    Incomplete { named: usize, found: usize },
    #[error("{0} breaks a rule of recipes")]
    Broken(String),
    #[error("the database has recipes already: import into a new one")]
    NotEmpty,
    #[error(transparent)]
    Database(#[from] DbError),
}

/// What is read of a recipe's file: the rest of it is for other readers.
#[derive(Deserialize)]
struct File {
    jipbap: SavedRecipe,
}

impl Recipes {
    /// Keeps everything of a backup, in one transaction, in a database where nobody has kept anything. Answers how many
    /// recipes.
    pub async fn import_all(&self, backup: Vec<u8>, progress: Progress) -> Result<usize, ImportError> {
        let mut archive = Archive::open(backup)?;
        let manifest: Manifest = archive.read("manifest.json")?;
        if manifest.format != BACKUP_FORMAT {
            return Err(ImportError::OtherForm(manifest.format));
        }
        let people: SavedPeople = archive.read("people.json")?;
        let names = archive.names("recipes/");
        if names.len() != manifest.recipes {
            return Err(ImportError::Incomplete { named: manifest.recipes, found: names.len() });
        }
        let count = names.len();
        // Each is read, and then kept.
        progress.expect(2 * count);
        let recipes: Result<Vec<_>, _> =
            names.iter().map(|name| recipe(&mut archive, name).inspect(|_| progress.advance(1))).collect();
        let recipes = recipes?;
        match self.db.write(move |conn| keep(conn, &people, &recipes, &progress)).await? {
            true => Ok(count),
            false => Err(ImportError::NotEmpty),
        }
    }
}

fn recipe(archive: &mut Archive, name: &str) -> Result<(SavedRecipe, Kept), ImportError> {
    let File { jipbap: saved } = archive.read(name)?;
    let broken = || ImportError::Broken(name.to_owned());
    serde_json::from_str::<Map<String, Value>>(saved.document.get()).map_err(|_| broken())?;
    let document = kept_document(saved.document.get(), saved.visibility).map_err(|_| broken())?;
    let kept = Kept::of(&document).map_err(|_| broken())?;
    Ok((saved, kept))
}

/// False: the database is not empty.
fn keep(
    conn: &mut Conn,
    people: &SavedPeople,
    recipes: &[(SavedRecipe, Kept)],
    progress: &Progress,
) -> QueryResult<bool> {
    if !store::backup::is_empty(conn)? {
        return Ok(false);
    }
    store::backup::restore_people(conn, people)?;
    for (saved, kept) in recipes {
        store::backup::restore_recipe(conn, saved, kept)?;
        progress.advance(1);
    }
    store::backup::restore_shares(conn, &people.shares)?;
    Ok(true)
}
