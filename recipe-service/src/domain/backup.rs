//! What a backup holds: enough to make the database anew, whichever it is.

use std::collections::BTreeMap;

use common::time::Instant;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::ids::{HouseholdId, PartId, RecipeId, ShareId};
use super::image::{Gallery, Image, ImageHash, Images, Size};
use super::visibility::Visibility;

/// The form of a backup. A later form gets the next number, and is read beside this one.
pub const BACKUP_FORMAT: u32 = 1;

/// What a backup says of itself.
#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    pub recipes: usize,
}

/// A recipe with all that belongs to it.
#[derive(Debug, Serialize, Deserialize)]
pub struct SavedRecipe {
    /// Of the document.
    pub format: i16,
    pub id: RecipeId,
    pub household: HouseholdId,
    pub owner: String,
    pub version: i64,
    pub visibility: Visibility,
    pub cover: Option<Image>,
    #[serde(default)]
    pub step_images: BTreeMap<PartId, Image>,
    pub created_at: Instant,
    pub updated_at: Instant,
    pub published_at: Option<Instant>,
    pub deleted_at: Option<Instant>,
    /// As it is kept, to the letter.
    pub document: Box<RawValue>,
    pub revisions: Vec<SavedRevision>,
    pub personal: Vec<SavedPersonal>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct SavedRevision {
    pub version: i64,
    pub visibility: Visibility,
    pub saved_by: String,
    pub saved_at: Instant,
    #[serde(default)]
    pub cover: Option<Image>,
    #[serde(default)]
    pub step_images: BTreeMap<PartId, Image>,
    pub document: Box<RawValue>,
}

impl SavedRecipe {
    pub fn images(&self) -> Images {
        Images { cover: self.cover.clone(), steps: self.step_images.clone() }
    }

    /// Those of all its versions, by what they are known by.
    pub fn all_images(&self) -> BTreeMap<ImageHash, Image> {
        let versions = self.revisions.iter().map(SavedRevision::images).chain([self.images()]);
        let images = versions.flat_map(|images| images.all().cloned().collect::<Vec<_>>());
        images.map(|image| (image.hash.clone(), image)).collect()
    }
}

/// The name of the file of an image in a backup, beside those of all others.
pub fn image_file(image: &Image, size: Size) -> String {
    Gallery::folder(IMAGES).address(image, size)
}

/// The folder of the files of images.
pub const IMAGES: &str = "images";

impl SavedRevision {
    pub fn images(&self) -> Images {
        Images { cover: self.cover.clone(), steps: self.step_images.clone() }
    }
}

/// What somebody keeps to themselves about a recipe.
#[derive(Debug, Serialize, Deserialize)]
pub struct SavedPersonal {
    pub recipe: RecipeId,
    pub sub: String,
    pub rating: Option<i16>,
    pub favourite: bool,
    pub note: Option<String>,
    pub updated_at: Instant,
}

/// What is no recipe's own.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct SavedPeople {
    pub people: Vec<SavedPerson>,
    pub households: Vec<SavedHousehold>,
    pub members: Vec<SavedMember>,
    pub shares: Vec<SavedShare>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct SavedPerson {
    pub sub: String,
    pub name: Option<String>,
    pub external_id: Option<String>,
    /// Tokens of another issuer are not theirs below it: what ended these is known before the feed is read anew. Backups
    /// of before lack it.
    #[serde(default)]
    pub min_uv: i64,
    pub deleted_at: Option<Instant>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct SavedHousehold {
    pub id: HouseholdId,
    pub personal_of: Option<String>,
    pub created_at: Instant,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct SavedMember {
    pub sub: String,
    pub household: HouseholdId,
    pub joined_at: Instant,
}

/// A share link: the hash of its token, so that links go on to lead where they led.
#[derive(Debug, Serialize, Deserialize)]
pub struct SavedShare {
    pub id: ShareId,
    pub recipe: RecipeId,
    pub token_hash: Vec<u8>,
    pub created_at: Instant,
    pub expires_at: Instant,
}
