use common::db::{Conn, QueryResult};
use common::time::Instant;
use serde::Deserialize;
use utoipa::ToSchema;

use super::change::save;
use super::create::{self, New};
use super::{Expected, Recipes};
use crate::domain::document::Document;
use crate::domain::ids::{PartId, RecipeId};
use crate::domain::kept::Kept;
use crate::domain::recipe::{Recipe, written_members};
use crate::domain::renewal::renewed;
use crate::error::Error;
use crate::service::store;

/// What happens where the caller has a recipe of the same page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnDuplicate {
    /// Nothing.
    Skip,
    /// Another one is made.
    Copy,
    /// It takes on what the page says now.
    Update,
}

/// A recipe that was read, before it is known what becomes of it.
#[derive(Clone, Debug)]
pub struct Incoming {
    pub document: Document,
    pub on_duplicate: Option<OnDuplicate>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merit {
    Created,
    Updated,
    /// It is as it was.
    Unchanged,
    /// There is one already, and nothing was asked to happen to it.
    Skipped,
}

/// What would become of it, or has.
enum Course {
    New,
    Old(Box<Recipe>, Merit, Box<Kept>),
}

impl Recipes {
    /// Keeps a recipe that was imported, unless the person has one of the same page and did not say what then.
    pub async fn import(&self, sub: String, incoming: Incoming) -> Result<(Recipe, Merit), Error> {
        let (id, now) = (RecipeId::new(), self.clock.now());
        let kept = Kept::of(&incoming.document)?;
        self.db.write(move |conn| keep(conn, id, sub, &incoming, kept, now)).await?
    }

    /// What [`import`](Self::import) would do: the recipe that there is, if there is one, and what becomes of it.
    /// Nothing is written.
    pub async fn rehearse(&self, sub: String, incoming: Incoming) -> Result<(Option<Recipe>, Merit), Error> {
        let kept = Kept::of(&incoming.document)?;
        let looked = self.db.snapshot(move |conn| course(conn, &sub, &incoming, kept.clone()));
        Ok(match looked.await?? {
            Course::New => (None, Merit::Created),
            Course::Old(recipe, Merit::Updated, kept) => {
                (Some(Recipe { document: kept.text, ..*recipe }), Merit::Updated)
            }
            Course::Old(recipe, merit, _) => (Some(*recipe), merit),
        })
    }
}

fn keep(
    conn: &mut Conn,
    id: RecipeId,
    sub: String,
    incoming: &Incoming,
    kept: Kept,
    now: Instant,
) -> QueryResult<Result<(Recipe, Merit), Error>> {
    // The claim lets other imports of this person wait: of two of one page the second finds the first.
    let Some(name) = store::people::claim(conn, &sub)? else {
        return Ok(Err(Error::AccountDeleted));
    };
    match course(conn, &sub, incoming, kept.clone())? {
        Err(refusal) => Ok(Err(refusal)),
        Ok(Course::New) => {
            let new = New { id, sub, kept, now, repeatable: None };
            Ok(Ok((create::keep(conn, new, name)?, Merit::Created)))
        }
        Ok(Course::Old(recipe, Merit::Updated, kept)) => {
            let saved = save(conn, recipe.id, &sub, Some(&Expected::Newest), &kept, None, now)?;
            Ok(saved.map(|recipe| (recipe, Merit::Updated)))
        }
        Ok(Course::Old(recipe, merit, _)) => Ok(Ok((*recipe, merit))),
    }
}

fn course(conn: &mut Conn, sub: &str, incoming: &Incoming, kept: Kept) -> QueryResult<Result<Course, Error>> {
    let twin = match &kept.source_key {
        Some(key) => store::recipes::of_source(conn, sub, key)?,
        None => None,
    };
    Ok(match (twin, incoming.on_duplicate) {
        (None, _) | (Some(_), Some(OnDuplicate::Copy)) => Ok(Course::New),
        (Some(twin), None) => Err(Error::DuplicateSource(twin)),
        (Some(twin), Some(wish)) => match store::recipes::read(conn, twin, Some(sub))? {
            Some(recipe) if wish == OnDuplicate::Skip => {
                Ok(Course::Old(Box::new(recipe), Merit::Skipped, Box::new(kept)))
            }
            Some(recipe) => update(recipe, &kept),
            None => Err(Error::NotFound),
        },
    })
}

/// The recipe with what was imported in it, if that makes a difference.
fn update(recipe: Recipe, imported: &Kept) -> Result<Course, Error> {
    let before = written_members(&recipe.document, recipe.visibility);
    let draft = renewed(before.clone(), written_members(&imported.text, imported.visibility))?;
    let kept = Kept::of(&draft.accept(&mut PartId::new)?)?;
    let is_same = written_members(&kept.text, kept.visibility) == before;
    let merit = if is_same { Merit::Unchanged } else { Merit::Updated };
    Ok(Course::Old(Box::new(recipe), merit, Box::new(kept)))
}
