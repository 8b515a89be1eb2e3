//! Images of recipes: taking them in, and giving them out.

mod files;

pub use self::files::{Files, FilesError};
pub use super::turns::Turn;

use super::recipes::{Expected, Recipes, Seen, Wish};
use super::threads::Threads;
use super::turns::Turns;
use crate::domain::ids::RecipeId;
use crate::domain::image::{Image, ImageHash, Links, Place, Prepared, Size, prepare};
use crate::domain::recipe::Recipe;
use crate::domain::share::ShareToken;
use crate::error::Error;

/// Takes in images, and gives them out. Clones share the files, and the thread that decodes.
#[derive(Clone)]
pub struct Images {
    recipes: Recipes,
    files: Files,
    decoder: Threads,
    turns: Turns,
}

/// Where an image is to be, and whose the recipe is.
#[derive(Clone, Debug)]
pub struct Spot {
    pub recipe: RecipeId,
    pub place: Place,
    pub sub: String,
}

/// One decodes at a time: it may take 192 MiB.
const DECODERS: usize = 1;

/// So many are on their way at once, and held in memory until they are decoded: 10 MiB each.
const AT_ONCE: usize = 8;
const AT_ONCE_OF_ONE: usize = 4;

impl Images {
    /// Starts the thread that decodes.
    pub fn start(recipes: Recipes, files: Files) -> Self {
        let turns = Turns::new(AT_ONCE, AT_ONCE_OF_ONE);
        Self { recipes, files, decoder: Threads::start("decode", DECODERS), turns }
    }

    pub fn files(&self) -> &Files {
        &self.files
    }

    pub fn links(&self) -> &Links {
        self.recipes.links()
    }

    /// Says whether a person may send an image for a place, and keeps room for it, before they do.
    ///
    /// # Errors
    /// `Busy` where too many images are on their way.
    pub async fn admit(&self, spot: &Spot) -> Result<Turn, Error> {
        self.recipes.may_illustrate(spot.recipe, spot.sub.clone(), spot.place).await?;
        self.turns.take(&spot.sub).await
    }

    /// Makes an image of what a person sent, in the turn that they were given, and puts it where they want it: its files
    /// first, so that no recipe ever has one that is not there.
    pub async fn put(
        &self,
        spot: Spot,
        turn: Turn,
        expected: Option<Expected>,
        bytes: impl AsRef<[u8]> + Send + 'static,
    ) -> Result<Recipe, Error> {
        let prepared = self.decoder.run(move || prepare(bytes.as_ref())).await?.map_err(Error::Unfit)?;
        drop(turn);
        let Prepared { image, files } = prepared;
        self.recipes.claim_image(image.clone()).await?;
        self.files.write(&image, files).await?;
        self.recipes.illustrate(spot.recipe, spot.sub, expected, spot.place, Some(image)).await
    }

    /// Takes an image away. Again is harmless.
    pub async fn remove(&self, spot: Spot, expected: Option<Expected>) -> Result<Recipe, Error> {
        self.recipes.illustrate(spot.recipe, spot.sub, expected, spot.place, None).await
    }

    /// Which image of a recipe the reader may see.
    pub async fn find(&self, id: RecipeId, reader: Option<String>, wish: Wish) -> Result<Seen, Error> {
        self.recipes.image(id, reader, wish).await
    }

    /// An image of the recipe that a link leads to.
    pub async fn find_shared(&self, token: ShareToken, hash: ImageHash) -> Result<Image, Error> {
        self.recipes.shared_image(token, hash).await
    }

    /// The file of an image in a size that it has.
    pub async fn read(&self, image: &Image, size: Size) -> Result<Vec<u8>, Error> {
        Ok(self.files.read(image, size).await?)
    }

    /// Erases the files of images that no recipe has had for a day. Answers how many images.
    pub async fn purge(&self) -> Result<usize, Error> {
        let mut purged = 0;
        loop {
            let doomed = self.recipes.doom_images().await?;
            if doomed.is_empty() {
                return Ok(purged);
            }
            for image in doomed {
                self.files.erase(&image).await?;
                self.recipes.forget_image(image.hash).await?;
                purged += 1;
            }
        }
    }
}
