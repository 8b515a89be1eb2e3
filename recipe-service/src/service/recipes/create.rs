use std::time::Duration;

use common::db::{Conn, QueryResult};
use common::time::Instant;

use super::Recipes;
use crate::domain::draft::Draft;
use crate::domain::ids::{HouseholdId, PartId, RecipeId};
use crate::domain::image::Images;
use crate::domain::kept::Kept;
use crate::domain::recipe::{Owner, Recipe};
use crate::domain::slug::slug;
use crate::domain::visibility::Visibility;
use crate::error::Error;
use crate::service::store;
use crate::service::store::idempotency::Call;
use crate::service::store::recipes::NewRecipe;

/// What makes a call one that may be repeated: the key that its caller made up for it, and the SHA-256 of its body.
pub struct Repeatable {
    pub route: &'static str,
    pub key: String,
    pub body_hash: [u8; 32],
}

/// How long a key is remembered: a day.
const KEY_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// A recipe that is to be made.
pub(super) struct New {
    pub id: RecipeId,
    pub sub: String,
    pub kept: Kept,
    pub now: Instant,
    pub repeatable: Option<Repeatable>,
}

impl Recipes {
    /// Keeps a new recipe of a person in their own household; if the same call was made before, answers what came of it.
    pub async fn create(
        &self,
        sub: String,
        draft: Draft,
        repeatable: Option<Repeatable>,
    ) -> Result<Recipe, Error> {
        let kept = Kept::of(&draft.accept(&mut PartId::new)?)?;
        let new = New { id: RecipeId::new(), sub, kept, now: self.clock.now(), repeatable };
        self.db.write(move |conn| make(conn, new)).await?
    }

    /// Forgets the calls that cannot be repeated any more.
    pub async fn purge_keys(&self) -> Result<(), Error> {
        let until = self.clock.now() - KEY_LIFE;
        Ok(self.db.write(move |conn| store::idempotency::purge(conn, until)).await?)
    }
}

/// The claim on the person keeps their other calls waiting, so that of two with one key the second finds the first.
fn make(conn: &mut Conn, new: New) -> QueryResult<Result<Recipe, Error>> {
    let Some(name) = store::people::claim(conn, &new.sub)? else {
        return Ok(Err(Error::AccountDeleted));
    };
    if let Some(call) = new.call()
        && let Some(made) = store::idempotency::find(conn, &call, new.now - KEY_LIFE)?
    {
        return match made.is_same {
            true => first_version(conn, made.recipe, &new.sub),
            false => Ok(Err(Error::KeyReused)),
        };
    }
    keep(conn, new, name).map(Ok)
}

impl New {
    fn call(&self) -> Option<Call<'_>> {
        let Repeatable { route, key, body_hash } = self.repeatable.as_ref()?;
        Some(Call { sub: &self.sub, route, key, body_hash })
    }
}

/// Keeps a new recipe of a person who was claimed in this transaction.
pub(super) fn keep(conn: &mut Conn, new: New, name: Option<String>) -> QueryResult<Recipe> {
    let (id, now, kept) = (new.id, new.now, &new.kept);
    let household = own_household(conn, &new.sub, now)?;
    let published_at = (kept.visibility == Visibility::Public).then_some(now);
    store::recipes::insert(conn, &NewRecipe { id, household, sub: &new.sub, now, kept }, published_at)?;
    store::recipes::keep_revision(conn, id, &new.sub)?;
    store::recipes::retag(conn, id, &new.sub, &kept.tag_keys)?;
    store::search::index(conn, id, &kept.words)?;
    if let Some(call) = new.call() {
        store::idempotency::note(conn, &call, id, now)?;
    }
    let New { sub, kept, .. } = new;
    Ok(Recipe {
        id,
        version: 1,
        owner: Owner { sub, name },
        visibility: kept.visibility,
        slug: kept.slug,
        images: Images::default(),
        rating: None,
        created_at: now,
        updated_at: now,
        published_at,
        document: kept.text,
    })
}

/// A recipe as it was made, whatever became of it since: a repeated call is answered as the first was.
fn first_version(conn: &mut Conn, id: RecipeId, sub: &str) -> QueryResult<Result<Recipe, Error>> {
    let Some(first) = store::recipes::first_revision(conn, id, sub)? else {
        return Ok(Err(Error::NotFound));
    };
    let is_public = first.visibility == Visibility::Public;
    Ok(Ok(Recipe {
        id,
        version: first.version,
        owner: first.saved_by,
        visibility: first.visibility,
        slug: slug(&first.title),
        images: first.images,
        rating: None,
        created_at: first.saved_at,
        updated_at: first.saved_at,
        published_at: is_public.then_some(first.saved_at),
        document: first.document,
    }))
}

/// The person's own household; their first recipe founds it. The claim on the person keeps others from doing so too.
fn own_household(conn: &mut Conn, sub: &str, now: Instant) -> QueryResult<HouseholdId> {
    if let Some(household) = store::households::personal_of(conn, sub)? {
        return Ok(household);
    }
    let household = HouseholdId::new();
    store::households::found(conn, household, sub, now)?;
    store::households::join(conn, household, sub, now)?;
    Ok(household)
}
