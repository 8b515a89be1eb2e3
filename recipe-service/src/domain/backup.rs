//! What a backup holds: enough to make the database anew, whichever it is.

use common::time::Instant;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::ids::{HouseholdId, RecipeId, ShareId};
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
    pub cover: Option<Box<RawValue>>,
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
    pub document: Box<RawValue>,
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
