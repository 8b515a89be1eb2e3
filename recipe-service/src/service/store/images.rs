use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};

use super::recipes::visibility_of;
use crate::domain::ids::RecipeId;
use crate::domain::image::{Image, ImageHash, Images, read, written};
use crate::domain::visibility::Visibility;

statement! {
    struct Claim<'a> { hash: Text = &'a str, image: Text = &'a str, now: InstantSql = Instant, going: Bool = bool }
    "INSERT INTO images (hash, image, idle_since, going) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (hash) DO UPDATE SET idle_since = excluded.idle_since WHERE NOT images.going"
}

/// Notes that an image is about to be kept, so that it is not erased for lack of a recipe meanwhile. False: it is being
/// erased right now.
pub fn claim(conn: &mut Conn, image: &Image, now: Instant) -> QueryResult<bool> {
    let claim = Claim { hash: image.hash.as_str(), image: &written(image), now, going: false };
    claim.execute(conn).map(|claimed| claimed == 1)
}

statement! {
    struct Change<'a> {
        id: Guid = RecipeId,
        sub: Text = &'a str,
        base: BigInt = i64,
        now: InstantSql = Instant,
        cover: Nullable<Text> = Option<&'a str>,
        steps: Nullable<Text> = Option<&'a str>,
    }
    concat!(
        "UPDATE recipes AS r SET version = version + 1, updated_at = $4, cover = $5, step_images = $6 \
         WHERE r.id = $1 AND r.version = $3 AND ",
        writable!("$2")
    )
}

/// Gives a recipe other images, which is a new version. False: `base` is not its newest any more, or not theirs to change.
pub fn change(
    conn: &mut Conn,
    id: RecipeId,
    sub: &str,
    base: i64,
    images: &Images,
    now: Instant,
) -> QueryResult<bool> {
    let (cover, steps) = (images.cover_column(), images.steps_column());
    let change = Change { id, sub, base, now, cover: cover.as_deref(), steps: steps.as_deref() };
    change.execute(conn).map(|changed| changed == 1)
}

statement! {
    struct Set<'a> {
        id: Guid = RecipeId,
        sub: Text = &'a str,
        cover: Nullable<Text> = Option<&'a str>,
        steps: Nullable<Text> = Option<&'a str>,
    }
    concat!("UPDATE recipes AS r SET cover = $3, step_images = $4 WHERE r.id = $1 AND ", writable!("$2"))
}

/// Gives the version of a recipe that is just being written these images.
pub fn set(conn: &mut Conn, id: RecipeId, sub: &str, images: &Images) -> QueryResult<()> {
    let (cover, steps) = (images.cover_column(), images.steps_column());
    Set { id, sub, cover: cover.as_deref(), steps: steps.as_deref() }.execute(conn).map(drop)
}

statement! {
    struct Refer<'a> { id: Guid = RecipeId, sub: Text = &'a str, hash: Text = &'a str }
    concat!(
        "INSERT INTO recipe_images (recipe_id, hash) SELECT r.id, $3 FROM recipes AS r WHERE r.id = $1 AND ",
        writable!("$2"),
        " ON CONFLICT (recipe_id, hash) DO NOTHING"
    )
}

statement! {
    struct Settle<'a> { hash: Text = &'a str }
    "UPDATE images SET idle_since = NULL WHERE hash = $1"
}

/// Notes that a recipe has an image, for as long as there are versions of it.
pub fn refer(conn: &mut Conn, id: RecipeId, sub: &str, hash: &ImageHash) -> QueryResult<()> {
    Refer { id, sub, hash: hash.as_str() }.execute(conn)?;
    Settle { hash: hash.as_str() }.execute(conn).map(drop)
}

/// The images of a recipe, and who else may see them.
pub struct Hung {
    pub images: Images,
    pub visibility: Visibility,
}

statement! {
    struct Of<'a> { id: Guid = RecipeId, reader: Nullable<Text> = Option<&'a str> }
    -> (Nullable<Text>, Nullable<Text>, Text)
    concat!("SELECT r.cover, r.step_images, r.visibility FROM recipes AS r WHERE r.id = $1 AND ", readable!("$2"))
}

/// The images of a recipe, if the reader may see it.
pub fn of(conn: &mut Conn, id: RecipeId, reader: Option<&str>) -> QueryResult<Option<Hung>> {
    let row: Option<(Option<String>, Option<String>, String)> = Of { id, reader }.optional(conn)?;
    Ok(row.map(hung))
}

statement! {
    struct Shared<'a> { token_hash: Binary = &'a [u8], now: InstantSql = Instant }
    -> (Nullable<Text>, Nullable<Text>, Text)
    concat!(
        "SELECT r.cover, r.step_images, r.visibility FROM shares s JOIN recipes AS r ON r.id = s.recipe_id WHERE ",
        shared!("$1", "$2")
    )
}

/// The images of the recipe that a share link of this hash leads to, if it has not expired.
pub fn shared(conn: &mut Conn, token_hash: &[u8], now: Instant) -> QueryResult<Option<Hung>> {
    let row: Option<(Option<String>, Option<String>, String)> = Shared { token_hash, now }.optional(conn)?;
    Ok(row.map(hung))
}

fn hung((cover, steps, visibility): (Option<String>, Option<String>, String)) -> Hung {
    let images = Images::of_columns(cover.as_deref(), steps.as_deref());
    Hung { images, visibility: visibility_of(&visibility) }
}

statement! {
    struct Earlier<'a> { id: Guid = RecipeId, sub: Nullable<Text> = Option<&'a str>, hash: Text = &'a str } -> (Text)
    concat!(
        "SELECT i.image FROM recipe_images u JOIN images i ON i.hash = u.hash JOIN recipes AS r ON r.id = u.recipe_id \
         WHERE u.recipe_id = $1 AND u.hash = $3 AND ",
        writable!("$2")
    )
}

/// An image that a recipe has in any version, for who may change it.
pub fn earlier(
    conn: &mut Conn,
    id: RecipeId,
    sub: Option<&str>,
    hash: &ImageHash,
) -> QueryResult<Option<Image>> {
    let row: Option<String> = Earlier { id, sub, hash: hash.as_str() }.optional(conn)?;
    Ok(row.as_deref().map(read))
}

statement! {
    struct Used {}
    "UPDATE images SET idle_since = NULL WHERE idle_since IS NOT NULL AND NOT going \
     AND EXISTS (SELECT 1 FROM recipe_images u WHERE u.hash = images.hash)"
}

statement! {
    struct Unused { now: InstantSql = Instant }
    "UPDATE images SET idle_since = $1 WHERE idle_since IS NULL \
     AND NOT EXISTS (SELECT 1 FROM recipe_images u WHERE u.hash = images.hash)"
}

/// Looks which images no recipe has.
pub fn look(conn: &mut Conn, now: Instant) -> QueryResult<()> {
    Used {}.execute(conn)?;
    Unused { now }.execute(conn).map(drop)
}

statement! {
    struct Doom {
        now: InstantSql = Instant,
        until: InstantSql = Instant,
        stuck_since: InstantSql = Instant,
        count: BigInt = i64,
        going: Bool = bool,
    } -> (Text)
    // What the sub-select found may have been claimed since: the outer conditions are asked of the row as it is.
    "UPDATE images SET going = $5, idle_since = $1 WHERE hash IN (\
         SELECT i.hash FROM images i WHERE i.idle_since IS NOT NULL \
         AND ((NOT i.going AND i.idle_since <= $2) OR (i.going AND i.idle_since <= $3)) \
         AND NOT EXISTS (SELECT 1 FROM recipe_images u WHERE u.hash = i.hash) \
         ORDER BY i.idle_since LIMIT $4\
     ) AND ((NOT going AND idle_since <= $2) OR (going AND idle_since <= $3)) RETURNING image"
}

/// Takes some images out of use that no recipe has had up to a time, and those whose erasure has been stuck since another.
pub fn doom(
    conn: &mut Conn,
    now: Instant,
    until: Instant,
    stuck_since: Instant,
    count: i64,
) -> QueryResult<Vec<Image>> {
    let rows: Vec<String> = Doom { now, until, stuck_since, count, going: true }.all(conn)?;
    Ok(rows.iter().map(|row| read(row)).collect())
}

statement! {
    struct Forget<'a> { hash: Text = &'a str }
    "DELETE FROM images WHERE hash = $1 AND going"
}

/// Forgets an image whose files are gone.
pub fn forget(conn: &mut Conn, hash: &ImageHash) -> QueryResult<()> {
    Forget { hash: hash.as_str() }.execute(conn).map(drop)
}

statement! {
    struct ForgetEarlier<'a> { sub: Text = &'a str }
    "DELETE FROM recipe_images WHERE recipe_id IN (SELECT id FROM recipes WHERE owner_sub = $1) AND NOT EXISTS (\
         SELECT 1 FROM recipes AS r WHERE r.id = recipe_images.recipe_id \
         AND coalesce(r.cover, '') || coalesce(r.step_images, '') LIKE '%' || recipe_images.hash || '%')"
}

/// Forgets which images the recipes of a person had in versions that are gone.
pub fn forget_earlier(conn: &mut Conn, sub: &str) -> QueryResult<()> {
    ForgetEarlier { sub }.execute(conn).map(drop)
}
