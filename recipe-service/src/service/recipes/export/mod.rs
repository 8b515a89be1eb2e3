//! Taking recipes along: an archive that is read while it is taken, so that no more than a recipe or an image of it is in
//! memory.

mod all;
mod file;
mod own;

pub use self::all::Exported;
pub use self::own::Export;

use std::collections::BTreeMap;

use self::file::File;
use crate::domain::archive::{NewArchive, json};
use crate::domain::backup::{BACKUP_FORMAT, Manifest, SavedRecipe, image_file};
use crate::domain::image::{Image, ImageHash};
use crate::service::images::{Files, FilesError};

/// An archive that is being made: recipes in the order of their ids, what is no recipe's own, and then images.
struct Making {
    archive: NewArchive,
    recipes: usize,
    /// The images of the recipes that are in it, and are not in it themselves yet.
    images: BTreeMap<ImageHash, Image>,
}

/// A recipe as it is in an archive. To make it takes a while, which no worker has.
struct Entry {
    name: String,
    content: Vec<u8>,
    images: BTreeMap<ImageHash, Image>,
}

impl Entry {
    fn of(saved: SavedRecipe) -> Self {
        let (name, images) = (format!("recipes/{}.jsonld", saved.id), saved.all_images());
        Self { name, content: json(&File::of(saved)), images }
    }
}

impl Making {
    fn new() -> Self {
        Self { archive: NewArchive::new(), recipes: 0, images: BTreeMap::new() }
    }

    fn add(&mut self, Entry { name, content, images }: Entry) {
        self.recipes += 1;
        self.images.extend(images);
        self.archive.add_bytes(&name, &content);
    }

    /// Says how many recipes there are, once they are all in it.
    fn add_manifest(&mut self) {
        self.archive.add("manifest.json", &Manifest { format: BACKUP_FORMAT, recipes: self.recipes });
    }

    /// Adds the next image; false where none is left. None is erased sooner than a day after its last recipe.
    async fn add_image(&mut self, files: &Files) -> Result<bool, FilesError> {
        let Some((_, image)) = self.images.pop_first() else { return Ok(false) };
        for size in &image.sizes {
            self.archive.add_bytes(&image_file(&image, *size), &files.read(&image, *size).await?);
        }
        Ok(true)
    }
}
