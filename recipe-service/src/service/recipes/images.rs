use std::time::Duration;

use common::db::{Conn, QueryResult};
use common::time::Instant;

use super::change::base_version;
use super::{Expected, Recipes};
use crate::domain::ids::RecipeId;
use crate::domain::image::{Image, ImageHash, Place};
use crate::domain::patch::kept_document;
use crate::domain::recipe::Recipe;
use crate::domain::share::ShareToken;
use crate::domain::visibility::Visibility;
use crate::error::Error;
use crate::service::store;
use crate::service::store::images::Hung;

/// Which image of a recipe is wanted.
#[derive(Clone, Debug)]
pub enum Wish {
    /// The one that is at a place now.
    At(Place),
    /// One that it has, by what the image is known by.
    Of(ImageHash),
}

/// An image of a recipe that the reader may see.
#[derive(Clone, Debug)]
pub struct Seen {
    pub image: Image,
    /// Whether everyone may.
    pub is_public: bool,
}

/// How long an image that no recipe has is kept: a backup of the database that was begun before finds it.
const GRACE: Duration = Duration::from_secs(24 * 60 * 60);

/// After how long somebody else takes up the erasure of an image.
const STUCK: Duration = Duration::from_secs(60 * 60);

/// How many images are taken out of use in one transaction.
const BATCH: i64 = 100;

impl Recipes {
    /// Says whether a person may give their recipe an image at a place, before they send one.
    pub async fn may_illustrate(&self, id: RecipeId, sub: String, place: Place) -> Result<(), Error> {
        let may = self.db.snapshot(move |conn| match super::own(conn, id, &sub)? {
            Ok(_) => Ok(match store::recipes::read(conn, id, Some(&sub))? {
                Some(recipe) if has_place(&recipe, place) => Ok(()),
                Some(_) | None => Err(Error::NotFound),
            }),
            Err(refusal) => Ok(Err(refusal)),
        });
        may.await?
    }

    /// Notes that the files of an image are about to be written.
    pub async fn claim_image(&self, image: Image) -> Result<(), Error> {
        let now = self.clock.now();
        match self.db.write(move |conn| store::images::claim(conn, &image, now)).await? {
            true => Ok(()),
            // Its files are going right now. Whoever comes again in a moment writes them anew.
            false => Err(Error::Busy),
        }
    }

    /// Puts an image, whose files are written, in the place of the one that a recipe has there, or takes that away: a new
    /// version, unless it is the same image.
    pub async fn illustrate(
        &self,
        id: RecipeId,
        sub: String,
        expected: Option<Expected>,
        place: Place,
        image: Option<Image>,
    ) -> Result<Recipe, Error> {
        // Without a condition whatever is newest may change: all else of it stays.
        let expected = expected.unwrap_or(Expected::Newest);
        let (now, wanted) = (self.clock.now(), expected.clone());
        let illustrated = self.write_as(&sub, move |conn, sub| {
            let version = match base_version(conn, id, sub, Some(&wanted))? {
                Ok(version) => version,
                Err(refusal) => return Ok(Err(refusal)),
            };
            illustrate(conn, id, sub, version, place, image, now)
        });
        let illustrated = illustrated.await;
        self.explain(id, &sub, Some(&expected), illustrated).await
    }

    /// An image of a recipe, if the reader may see it. Only who may change the recipe sees what it had in earlier versions.
    pub async fn image(&self, id: RecipeId, reader: Option<String>, wish: Wish) -> Result<Seen, Error> {
        let seen = self.db.snapshot(move |conn| {
            let Some(hung) = store::images::of(conn, id, reader.as_deref())? else { return Ok(None) };
            match (seen(&hung, &wish), &wish) {
                (Some(seen), _) => Ok(Some(seen)),
                (None, Wish::At(_)) => Ok(None),
                (None, Wish::Of(hash)) => {
                    let earlier = store::images::earlier(conn, id, reader.as_deref(), hash)?;
                    Ok(earlier.map(|image| Seen { image, is_public: false }))
                }
            }
        });
        seen.await?.ok_or(Error::NotFound)
    }

    /// An image of the recipe that a link leads to.
    pub async fn shared_image(&self, token: ShareToken, hash: ImageHash) -> Result<Image, Error> {
        let (token_hash, now) = (token.hash(), self.clock.now());
        let hung = self.db.read(move |conn| store::images::shared(conn, &token_hash, now)).await?;
        hung.and_then(|hung| hung.images.find(&hash).cloned()).ok_or(Error::NotFound)
    }

    /// Takes images out of use that no recipe has had for a time: some of them, whose files are to be erased.
    pub async fn doom_images(&self) -> Result<Vec<Image>, Error> {
        let now = self.clock.now();
        let doomed = self.db.write(move |conn| {
            store::images::look(conn, now)?;
            store::images::doom(conn, now, now - GRACE, now - STUCK, BATCH)
        });
        Ok(doomed.await?)
    }

    /// Forgets an image whose files are erased.
    pub async fn forget_image(&self, hash: ImageHash) -> Result<(), Error> {
        Ok(self.db.write(move |conn| store::images::forget(conn, &hash)).await?)
    }
}

fn illustrate(
    conn: &mut Conn,
    id: RecipeId,
    sub: &str,
    version: i64,
    place: Place,
    image: Option<Image>,
    now: Instant,
) -> QueryResult<Result<Recipe, Error>> {
    let recipe = match store::recipes::read(conn, id, Some(sub))? {
        Some(recipe) if has_place(&recipe, place) => recipe,
        Some(_) | None => return Ok(Err(Error::NotFound)),
    };
    if recipe.images.at(place) == image.as_ref() {
        return Ok(Ok(recipe));
    }
    let images = recipe.images.with(place, image.clone());
    if !store::images::change(conn, id, sub, version, &images, now)? {
        return Ok(Err(Error::stale()));
    }
    if let Some(image) = image {
        store::images::refer(conn, id, sub, &image.hash)?;
    }
    store::recipes::keep_revision(conn, id, sub)?;
    store::search::keep_pace(conn, id)?;
    Ok(store::recipes::read(conn, id, Some(sub))?.ok_or(Error::NotFound))
}

/// Every recipe has room for a cover, and each step that there is for an image.
fn has_place(recipe: &Recipe, place: Place) -> bool {
    match place {
        Place::Cover => true,
        Place::Step(step) => kept_document(&recipe.document, recipe.visibility)
            .is_ok_and(|document| document.step_ids().contains(&step)),
    }
}

fn seen(hung: &Hung, wish: &Wish) -> Option<Seen> {
    let image = match wish {
        Wish::At(place) => hung.images.at(*place),
        Wish::Of(hash) => hung.images.find(hash),
    };
    let is_public = hung.visibility == Visibility::Public;
    image.map(|image| Seen { image: image.clone(), is_public })
}
