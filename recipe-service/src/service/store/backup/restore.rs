use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, SmallInt, Text};

use super::super::search;
use crate::domain::backup::{
    SavedPeople, SavedPerson, SavedPersonal, SavedRecipe, SavedRevision, SavedShare,
};
use crate::domain::document::FORMAT;
use crate::domain::ids::{HouseholdId, RecipeId, ShareId};
use crate::domain::image::{Image, written};
use crate::domain::kept::Kept;

statement! {
    struct IsEmpty {} -> Bool
    "SELECT NOT EXISTS (SELECT 1 FROM recipes) AND NOT EXISTS (SELECT 1 FROM households)"
}

/// True where nobody has kept anything yet.
pub fn is_empty(conn: &mut Conn) -> QueryResult<bool> {
    IsEmpty {}.one(conn)
}

statement! {
    struct Person<'a> {
        sub: Text = &'a str,
        name: Nullable<Text> = Option<&'a str>,
        external_id: Nullable<Text> = Option<&'a str>,
        min_uv: BigInt = i64,
        deleted_at: Nullable<InstantSql> = Option<Instant>,
    }
    "INSERT INTO people (sub, name, external_id, min_uv, deleted_at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (sub) DO UPDATE SET name = excluded.name, external_id = excluded.external_id, \
     min_uv = {postgres greatest}{sqlite max}(people.min_uv, excluded.min_uv), deleted_at = excluded.deleted_at WHERE people.deleted_at IS NULL"
}

statement! {
    struct Household<'a> { id: Guid = HouseholdId, personal_of: Nullable<Text> = Option<&'a str>, created_at: InstantSql = Instant }
    "INSERT INTO households (id, personal_of, created_at) VALUES ($1, $2, $3)"
}

statement! {
    struct Member<'a> { sub: Text = &'a str, household: Guid = HouseholdId, joined_at: InstantSql = Instant }
    "INSERT INTO household_members (sub, household_id, joined_at) VALUES ($1, $2, $3)"
}

/// Keeps people and their households again. Who is known to be gone meanwhile stays gone.
pub fn restore_people(conn: &mut Conn, saved: &SavedPeople) -> QueryResult<()> {
    for person in &saved.people {
        let SavedPerson { sub, name, external_id, min_uv, deleted_at } = person;
        let (name, external_id) = (name.as_deref(), external_id.as_deref());
        Person { sub, name, external_id, min_uv: *min_uv, deleted_at: *deleted_at }.execute(conn)?;
    }
    for one in &saved.households {
        let household =
            Household { id: one.id, personal_of: one.personal_of.as_deref(), created_at: one.created_at };
        household.execute(conn)?;
    }
    for member in &saved.members {
        Member { sub: &member.sub, household: member.household, joined_at: member.joined_at }
            .execute(conn)?;
    }
    Ok(())
}

statement! {
    struct Recipe<'a> {
        id: Guid = RecipeId,
        household: Guid = HouseholdId,
        owner: Text = &'a str,
        version: BigInt = i64,
        format: SmallInt = i16,
        visibility: Text = &'a str,
        title: Text = &'a str,
        title_key: Text = &'a str,
        slug: Text = &'a str,
        language: Nullable<Text> = Option<&'a str>,
        source_url: Nullable<Text> = Option<&'a str>,
        tags: Text = &'a str,
        times: Nullable<Text> = Option<&'a str>,
        cover: Nullable<Text> = Option<&'a str>,
        created_at: InstantSql = Instant,
        updated_at: InstantSql = Instant,
        published_at: Nullable<InstantSql> = Option<Instant>,
        deleted_at: Nullable<InstantSql> = Option<Instant>,
        document: Text = &'a str,
        source_key: Nullable<Text> = Option<&'a str>,
        step_images: Nullable<Text> = Option<&'a str>,
    }
    "INSERT INTO recipes (id, household_id, owner_sub, version, format, visibility, title, title_key, slug, language, \
     source_url, tags, times, cover, created_at, updated_at, published_at, deleted_at, document, \
     source_key, step_images) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"
}

/// Keeps a recipe again, to the letter, with what lists and searches know of it.
pub fn restore_recipe(conn: &mut Conn, saved: &SavedRecipe, kept: &Kept) -> QueryResult<()> {
    let (cover, step_images) = (saved.images().cover_column(), saved.images().steps_column());
    let recipe = Recipe {
        id: saved.id,
        household: saved.household,
        owner: &saved.owner,
        version: saved.version,
        format: FORMAT,
        visibility: saved.visibility.as_str(),
        title: &kept.title,
        title_key: &kept.title_key,
        slug: &kept.slug,
        language: kept.language.as_deref(),
        source_url: kept.source_url.as_deref(),
        tags: &kept.tags,
        times: kept.times.as_deref(),
        cover: cover.as_deref(),
        created_at: saved.created_at,
        updated_at: saved.updated_at,
        published_at: saved.published_at,
        deleted_at: saved.deleted_at,
        document: saved.document.get(),
        source_key: kept.source_key.as_deref(),
        step_images: step_images.as_deref(),
    };
    recipe.execute(conn)?;
    for hash in saved.all_images().keys() {
        Refer { recipe: saved.id, hash: hash.as_str() }.execute(conn)?;
    }
    Tags { id: saved.id, tags: &kept.tag_keys }.execute(conn)?;
    saved.revisions.iter().try_for_each(|revision| restore_revision(conn, saved.id, revision))?;
    saved.personal.iter().try_for_each(|personal| restore_personal(conn, personal))?;
    search::index(conn, saved.id, &kept.words)
}

statement! {
    struct KeptImage<'a> { hash: Text = &'a str, image: Text = &'a str, going: Bool = bool }
    "INSERT INTO images (hash, image, going) VALUES ($1, $2, $3)"
}

/// Keeps what is known of an image again, whose files are there.
pub fn restore_image(conn: &mut Conn, image: &Image) -> QueryResult<()> {
    let kept = KeptImage { hash: image.hash.as_str(), image: &written(image), going: false };
    kept.execute(conn).map(drop)
}

statement! {
    struct Refer<'a> { recipe: Guid = RecipeId, hash: Text = &'a str }
    "INSERT INTO recipe_images (recipe_id, hash) VALUES ($1, $2)"
}

statement! {
    struct Tags<'a> { id: Guid = RecipeId, tags: Text = &'a str }
    "INSERT INTO recipe_tags (recipe_id, tag, shown_to) SELECT r.id, t.value, r.shown_to FROM recipes AS r, \
     {postgres jsonb_array_elements_text($2::jsonb) AS t(value)}{sqlite json_each($2) AS t} WHERE r.id = $1"
}

statement! {
    struct Revision<'a> {
        recipe: Guid = RecipeId,
        version: BigInt = i64,
        format: SmallInt = i16,
        visibility: Text = &'a str,
        document: Text = &'a str,
        saved_by: Text = &'a str,
        saved_at: InstantSql = Instant,
        cover: Nullable<Text> = Option<&'a str>,
        step_images: Nullable<Text> = Option<&'a str>,
    }
    "INSERT INTO revisions (recipe_id, version, format, visibility, document, saved_by, saved_at, cover, step_images) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
}

fn restore_revision(conn: &mut Conn, recipe: RecipeId, saved: &SavedRevision) -> QueryResult<()> {
    let (cover, step_images) = (saved.images().cover_column(), saved.images().steps_column());
    let revision = Revision {
        recipe,
        version: saved.version,
        format: FORMAT,
        visibility: saved.visibility.as_str(),
        document: saved.document.get(),
        saved_by: &saved.saved_by,
        saved_at: saved.saved_at,
        cover: cover.as_deref(),
        step_images: step_images.as_deref(),
    };
    revision.execute(conn).map(drop)
}

statement! {
    struct Personal<'a> {
        recipe: Guid = RecipeId,
        sub: Text = &'a str,
        rating: Nullable<SmallInt> = Option<i16>,
        favourite: Bool = bool,
        note: Nullable<Text> = Option<&'a str>,
        updated_at: InstantSql = Instant,
    }
    "INSERT INTO recipe_personal (recipe_id, sub, rating, favourite, note, updated_at) VALUES ($1, $2, $3, $4, $5, $6)"
}

statement! {
    struct Rated { recipe: Guid = RecipeId, rating: BigInt = i64 }
    "UPDATE recipes SET rating_sum = rating_sum + $2, rating_count = rating_count + 1 WHERE id = $1"
}

fn restore_personal(conn: &mut Conn, saved: &SavedPersonal) -> QueryResult<()> {
    let SavedPersonal { recipe, sub, rating, favourite, note, updated_at } = saved;
    let personal = Personal {
        recipe: *recipe,
        sub,
        rating: *rating,
        favourite: *favourite,
        note: note.as_deref(),
        updated_at: *updated_at,
    };
    personal.execute(conn)?;
    match rating {
        Some(rating) => Rated { recipe: *recipe, rating: i64::from(*rating) }.execute(conn).map(drop),
        None => Ok(()),
    }
}

statement! {
    struct Share<'a> {
        id: Guid = ShareId,
        recipe: Guid = RecipeId,
        token_hash: Binary = &'a [u8],
        created_at: InstantSql = Instant,
        expires_at: InstantSql = Instant,
    }
    "INSERT INTO shares (id, recipe_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)"
}

/// Keeps share links again, once their recipes are.
pub fn restore_shares(conn: &mut Conn, saved: &[SavedShare]) -> QueryResult<()> {
    for SavedShare { id, recipe, token_hash, created_at, expires_at } in saved {
        let share =
            Share { id: *id, recipe: *recipe, token_hash, created_at: *created_at, expires_at: *expires_at };
        share.execute(conn)?;
    }
    Ok(())
}
