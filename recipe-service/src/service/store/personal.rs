use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Bool, Nullable, SmallInt, Text};

use crate::domain::ids::RecipeId;
use crate::domain::personal::Personal;

statement! {
    struct Of<'a> { id: Guid = RecipeId, sub: Text = &'a str } -> (Nullable<SmallInt>, Bool, Nullable<Text>)
    concat!(
        "SELECT p.rating, p.favourite, p.note FROM recipe_personal p JOIN recipes AS r ON r.id = p.recipe_id \
         WHERE p.recipe_id = $1 AND p.sub = $2 AND ",
        readable!("$2")
    )
}

/// What a person keeps about a recipe that they may read.
pub fn of(conn: &mut Conn, id: RecipeId, sub: &str) -> QueryResult<Option<Personal>> {
    let row: Option<(Option<i16>, bool, Option<String>)> = Of { id, sub }.optional(conn)?;
    Ok(row.map(|(rating, favourite, note)| Personal { rating, favourite, note }))
}

statement! {
    struct Keep<'a> {
        id: Guid = RecipeId,
        sub: Text = &'a str,
        rating: Nullable<SmallInt> = Option<i16>,
        favourite: Bool = bool,
        note: Nullable<Text> = Option<&'a str>,
        now: InstantSql = Instant,
    }
    concat!(
        "INSERT INTO recipe_personal (recipe_id, sub, rating, favourite, note, updated_at) \
         SELECT r.id, $2, $3, $4, $5, $6 FROM recipes AS r WHERE r.id = $1 AND ",
        readable!("$2"),
        " ON CONFLICT (recipe_id, sub) DO UPDATE SET rating = excluded.rating, favourite = excluded.favourite, \
         note = excluded.note, updated_at = excluded.updated_at"
    )
}

/// Keeps it in the place of what there was.
pub fn keep(conn: &mut Conn, id: RecipeId, sub: &str, personal: &Personal, now: Instant) -> QueryResult<()> {
    let Personal { rating, favourite, note } = personal;
    let keep = Keep { id, sub, rating: *rating, favourite: *favourite, note: note.as_deref(), now };
    keep.execute(conn).map(drop)
}

statement! {
    struct Forget<'a> { id: Guid = RecipeId, sub: Text = &'a str }
    "DELETE FROM recipe_personal WHERE recipe_id = $1 AND sub = $2"
}

pub fn forget(conn: &mut Conn, id: RecipeId, sub: &str) -> QueryResult<()> {
    Forget { id, sub }.execute(conn).map(drop)
}

statement! {
    struct Rate<'a> { id: Guid = RecipeId, sub: Text = &'a str, sum: BigInt = i64, count: BigInt = i64 }
    concat!(
        "UPDATE recipes AS r SET rating_sum = rating_sum + $3, rating_count = rating_count + $4 WHERE r.id = $1 AND ",
        readable!("$2")
    )
}

/// Counts another rating of a person for a recipe that they may read, in the place of the one before.
pub fn rate(
    conn: &mut Conn,
    id: RecipeId,
    sub: &str,
    before: Option<i16>,
    after: Option<i16>,
) -> QueryResult<()> {
    let sum = i64::from(after.unwrap_or(0)) - i64::from(before.unwrap_or(0));
    let count = i64::from(after.is_some()) - i64::from(before.is_some());
    Rate { id, sub, sum, count }.execute(conn).map(drop)
}

statement! {
    struct UnrateAll<'a> { sub: Text = &'a str }
    "UPDATE recipes SET rating_count = rating_count - 1, rating_sum = rating_sum - \
     (SELECT p.rating FROM recipe_personal p WHERE p.recipe_id = recipes.id AND p.sub = $1) \
     WHERE id IN (SELECT p.recipe_id FROM recipe_personal p WHERE p.sub = $1 AND p.rating IS NOT NULL)"
}

statement! {
    struct ForgetAll<'a> { sub: Text = &'a str }
    "DELETE FROM recipe_personal WHERE sub = $1"
}

/// Forgets all that a person, who is held, kept about recipes, and how they rated them.
pub fn forget_all(conn: &mut Conn, sub: &str) -> QueryResult<()> {
    UnrateAll { sub }.execute(conn)?;
    ForgetAll { sub }.execute(conn).map(drop)
}
