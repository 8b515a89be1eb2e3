use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{Nullable, SmallInt, Text};

use crate::domain::document::FORMAT;
use crate::domain::ids::{HouseholdId, RecipeId};
use crate::domain::kept::Kept;

/// A recipe that is not there yet, and who makes it.
pub struct NewRecipe<'a> {
    pub id: RecipeId,
    pub household: HouseholdId,
    pub sub: &'a str,
    pub now: Instant,
    pub kept: &'a Kept,
}

statement! {
    struct Insert<'a> {
        id: Guid = RecipeId,
        household: Guid = HouseholdId,
        sub: Text = &'a str,
        now: InstantSql = Instant,
        format: SmallInt = i16,
        visibility: Text = &'a str,
        title: Text = &'a str,
        title_key: Text = &'a str,
        slug: Text = &'a str,
        language: Nullable<Text> = Option<&'a str>,
        source_url: Nullable<Text> = Option<&'a str>,
        tags: Text = &'a str,
        times: Nullable<Text> = Option<&'a str>,
        document: Text = &'a str,
        published_at: Nullable<InstantSql> = Option<Instant>,
        source_key: Nullable<Text> = Option<&'a str>,
    }
    "INSERT INTO recipes (id, household_id, owner_sub, version, created_at, updated_at, format, visibility, title, \
     title_key, slug, language, source_url, tags, times, document, published_at, source_key) \
     VALUES ($1, $2, $3, 1, $4, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
}

/// Keeps the first version of a recipe. Its maker was [claimed](super::super::people::claim) before.
pub fn insert(conn: &mut Conn, new: &NewRecipe, published_at: Option<Instant>) -> QueryResult<()> {
    let kept = new.kept;
    let insert = Insert {
        id: new.id,
        household: new.household,
        sub: new.sub,
        now: new.now,
        format: FORMAT,
        visibility: kept.visibility.as_str(),
        title: &kept.title,
        title_key: &kept.title_key,
        slug: &kept.slug,
        language: kept.language.as_deref(),
        source_url: kept.source_url.as_deref(),
        tags: &kept.tags,
        times: kept.times.as_deref(),
        document: &kept.text,
        published_at,
        source_key: kept.source_key.as_deref(),
    };
    insert.execute(conn).map(drop)
}
