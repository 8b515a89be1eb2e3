use std::collections::BTreeMap;

use common::db::{Conn, QueryResult};
use common::progress::Progress;
use serde::Serialize;
use serde_json::{Map, Value};

use super::Recipes;
use crate::domain::archive::NewArchive;
use crate::domain::backup::{BACKUP_FORMAT, IMAGES, Manifest, SavedRecipe, image_file};
use crate::domain::forms::{Shown, WHOLE, json_ld};
use crate::domain::image::{Gallery, Image, ImageHash};
use crate::domain::patch::kept_document;
use crate::domain::recipe::{Owner, Recipe};
use crate::domain::slug::slug;
use crate::domain::view::View;
use crate::error::Error;
use crate::service::images::Files;
use crate::service::store;
use crate::service::store::backup::Whose;

/// So many recipes are in memory besides the archive.
const BATCH: i64 = 100;

impl Recipes {
    /// A person's recipes with all that belongs to them, those in the trash too, and what they keep about the recipes of
    /// others: a zip of JSON-LD. Of what others keep about theirs nothing is in it.
    pub async fn export(&self, sub: String, files: &Files) -> Result<Vec<u8>, Error> {
        let written = self.db.snapshot(move |conn| {
            let (mut archive, mut images) = (NewArchive::new(), BTreeMap::new());
            let recipes = add_recipes(conn, Whose::Of(&sub), &mut archive, &mut images, |_| ())?;
            archive.add("personal.json", &store::backup::personal_elsewhere(conn, &sub)?);
            archive.add("manifest.json", &Manifest { format: BACKUP_FORMAT, recipes });
            Ok((archive, images))
        });
        let (archive, images) = written.await?;
        with_images(archive, images, files).await
    }

    /// Everything of everyone, and how many recipes that are.
    pub async fn export_all(&self, files: &Files, progress: Progress) -> Result<(Vec<u8>, usize), Error> {
        let written = self.db.snapshot(move |conn| {
            let (mut archive, mut images) = (NewArchive::new(), BTreeMap::new());
            progress.expect(store::backup::count(conn)?);
            let added = |more| progress.advance(more);
            let recipes = add_recipes(conn, Whose::All, &mut archive, &mut images, added)?;
            archive.add("people.json", &store::backup::people(conn)?);
            archive.add("manifest.json", &Manifest { format: BACKUP_FORMAT, recipes });
            Ok((archive, images, recipes))
        });
        let (archive, images, count) = written.await?;
        Ok((with_images(archive, images, files).await?, count))
    }
}

/// The archive with the files of these images: none is erased sooner than a day after its last recipe.
async fn with_images(
    mut archive: NewArchive,
    images: BTreeMap<ImageHash, Image>,
    files: &Files,
) -> Result<Vec<u8>, Error> {
    for image in images.values() {
        for size in &image.sizes {
            archive.add_bytes(&image_file(image, *size), &files.read(image, *size).await?);
        }
    }
    Ok(archive.finish())
}

/// Adds recipes in the order of their ids, notes the images that they have, and answers how many.
fn add_recipes(
    conn: &mut Conn,
    whose: Whose,
    archive: &mut NewArchive,
    images: &mut BTreeMap<ImageHash, Image>,
    added: impl Fn(usize),
) -> QueryResult<usize> {
    let (mut after, mut count) = (None, 0);
    loop {
        let batch = store::backup::recipes(conn, whose, after, BATCH)?;
        let Some(last) = batch.last() else { return Ok(count) };
        after = Some(last.id);
        count += batch.len();
        added(batch.len());
        for saved in batch {
            images.extend(saved.all_images());
            archive.add(&format!("recipes/{}.jsonld", saved.id), &File::of(saved));
        }
    }
}

/// A recipe as schema.org's, with all that is saved of it beside.
#[derive(Serialize)]
struct File {
    #[serde(flatten)]
    json_ld: Map<String, Value>,
    jipbap: SavedRecipe,
}

impl File {
    fn of(saved: SavedRecipe) -> Self {
        // What an earlier release kept may break a rule of this one. It is saved all the same.
        let mut json_ld = as_json_ld(&saved).unwrap_or_default();
        json_ld.remove(WHOLE);
        Self { json_ld, jipbap: saved }
    }
}

fn as_json_ld(saved: &SavedRecipe) -> Option<Map<String, Value>> {
    let mut document = kept_document(saved.document.get(), saved.visibility).ok()?;
    let recipe = Recipe {
        id: saved.id,
        version: saved.version,
        owner: Owner { sub: saved.owner.clone(), name: None },
        visibility: saved.visibility,
        slug: slug(&document.title),
        images: saved.images(),
        // What all think of it is not a person's to take along.
        rating: None,
        created_at: saved.created_at,
        updated_at: saved.updated_at,
        published_at: saved.published_at,
        document: String::new(),
    };
    // As the files lie in the archive.
    let gallery = Gallery::folder(&format!("../{IMAGES}"));
    document.illustrate(&recipe.images, &gallery);
    let cover = recipe.images.cover.as_ref().map(|cover| gallery.picture(cover));
    let viewed = View::default().of(document).ok()?;
    match json_ld(&Shown { recipe: &recipe, viewed: &viewed, cover: cover.as_ref() }) {
        Value::Object(members) => Some(members),
        _ => None,
    }
}
