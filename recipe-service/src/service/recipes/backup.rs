use std::collections::BTreeMap;

use common::db::{Conn, DbError, QueryResult};
use common::progress::Progress;
use serde::Deserialize;
use serde_json::{Map, Value};
use thiserror::Error;

use super::Recipes;
use crate::domain::archive::{Archive, Unreadable};
use crate::domain::backup::{BACKUP_FORMAT, IMAGES, Manifest, SavedPeople, SavedRecipe, image_file};
use crate::domain::image::{Image, ImageHash};
use crate::domain::kept::Kept;
use crate::domain::patch::kept_document;
use crate::service::images::{Files, FilesError};
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
    Files(#[from] FilesError),
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
    pub async fn import_all(
        &self,
        backup: Vec<u8>,
        files: &Files,
        progress: Progress,
    ) -> Result<usize, ImportError> {
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
        let images: BTreeMap<_, _> = recipes.iter().flat_map(|(saved, _)| saved.all_images()).collect();
        // First the files: what is left of them where the rest fails is written over the next time.
        for image in images.values() {
            files.write(image, image_files(&mut archive, image)?).await?;
        }
        match self.db.write_at_length(move |conn| keep(conn, &people, &images, &recipes, &progress)).await? {
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

/// The files of an image, which are those that it is known by.
fn image_files(archive: &mut Archive, image: &Image) -> Result<Vec<Vec<u8>>, ImportError> {
    let names = image.sizes.iter().map(|size| image_file(image, *size));
    let files: Result<Vec<_>, _> = names.map(|name| archive.read_bytes(&name)).collect();
    let files = files?;
    let is_it = !files.is_empty() && ImageHash::of(files.iter().map(Vec::as_slice)) == image.hash;
    match is_it {
        true => Ok(files),
        false => Err(ImportError::Broken(format!("{IMAGES}/{}", image.hash))),
    }
}

/// False: the database is not empty.
fn keep(
    conn: &mut Conn,
    people: &SavedPeople,
    images: &BTreeMap<ImageHash, Image>,
    recipes: &[(SavedRecipe, Kept)],
    progress: &Progress,
) -> QueryResult<bool> {
    if !store::backup::is_empty(conn)? {
        return Ok(false);
    }
    store::backup::restore_people(conn, people)?;
    images.values().try_for_each(|image| store::backup::restore_image(conn, image))?;
    for (saved, kept) in recipes {
        store::backup::restore_recipe(conn, saved, kept)?;
        progress.advance(1);
    }
    store::backup::restore_shares(conn, &people.shares)?;
    Ok(true)
}
