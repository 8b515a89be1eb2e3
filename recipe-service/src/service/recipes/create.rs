use common::db::{Conn, QueryResult};
use common::time::Instant;

use super::Recipes;
use crate::domain::draft::Draft;
use crate::domain::ids::{HouseholdId, PartId, RecipeId};
use crate::domain::kept::Kept;
use crate::domain::recipe::{Owner, Recipe};
use crate::domain::visibility::Visibility;
use crate::error::Error;
use crate::service::store;
use crate::service::store::recipes::NewRecipe;

impl Recipes {
    /// Keeps a new recipe of a person in their own household.
    pub async fn create(&self, sub: String, draft: Draft) -> Result<Recipe, Error> {
        let kept = Kept::of(&draft.accept(&mut PartId::new)?)?;
        let (id, now) = (RecipeId::new(), self.clock.now());
        self.db.write(move |conn| keep(conn, id, sub, kept, now)).await?
    }
}

fn keep(
    conn: &mut Conn,
    id: RecipeId,
    sub: String,
    kept: Kept,
    now: Instant,
) -> QueryResult<Result<Recipe, Error>> {
    let Some(name) = store::people::claim(conn, &sub)? else {
        return Ok(Err(Error::AccountDeleted));
    };
    let household = own_household(conn, &sub, now)?;
    let published_at = (kept.visibility == Visibility::Public).then_some(now);
    let new = NewRecipe { id, household, sub: &sub, now, kept: &kept };
    store::recipes::insert(conn, &new, published_at)?;
    store::recipes::keep_revision(conn, id, &sub)?;
    store::recipes::retag(conn, id, &sub, &kept.tag_keys)?;
    store::search::index(conn, id, &kept.words)?;
    Ok(Ok(Recipe {
        id,
        version: 1,
        owner: Owner { sub, name },
        visibility: kept.visibility,
        slug: kept.slug,
        cover: None,
        created_at: now,
        updated_at: now,
        published_at,
        document: kept.text,
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
