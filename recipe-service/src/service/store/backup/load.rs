use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, SmallInt, Text};
use serde_json::value::RawValue;

use super::super::recipes::visibility_of;
use crate::domain::backup::{
    SavedHousehold, SavedMember, SavedPeople, SavedPerson, SavedPersonal, SavedRecipe, SavedRevision,
    SavedShare,
};
use crate::domain::document::FORMAT;
use crate::domain::ids::{HouseholdId, RecipeId, ShareId};
use crate::domain::image::Images;

/// Whose recipes are wanted.
#[derive(Clone, Copy)]
pub enum Whose<'a> {
    /// Those of a person, with what they think of them themselves.
    Of(&'a str),
    /// All, with what everyone thinks of them.
    All,
}

statement! {
    struct OwnIds<'a> { sub: Text = &'a str } -> Guid
    concat!("SELECT r.id FROM recipes AS r WHERE ", owned!("$1"), " ORDER BY r.id")
}

statement! {
    struct AllIds {} -> Guid
    "SELECT r.id FROM recipes AS r ORDER BY r.id"
}

/// All recipes of theirs, in the order of their ids.
pub fn ids(conn: &mut Conn, whose: Whose) -> QueryResult<Vec<RecipeId>> {
    match whose {
        Whose::Of(sub) => OwnIds { sub }.all(conn),
        Whose::All => AllIds {}.all(conn),
    }
}

type SqlRow = (
    Guid,
    Guid,
    Text,
    BigInt,
    Text,
    Nullable<Text>,
    InstantSql,
    InstantSql,
    Nullable<InstantSql>,
    Nullable<InstantSql>,
    Text,
    Nullable<Text>,
);

macro_rules! columns {
    () => {
        "r.id, r.household_id, r.owner_sub, r.version, r.visibility, r.cover, r.created_at, r.updated_at, \
         r.published_at, r.deleted_at, r.document, r.step_images"
    };
}

statement! {
    struct Own<'a> { id: Guid = RecipeId, sub: Text = &'a str } -> SqlRow
    concat!("SELECT ", columns!(), " FROM recipes AS r WHERE r.id = $1 AND ", owned!("$2"))
}

statement! {
    struct Any { id: Guid = RecipeId } -> SqlRow
    concat!("SELECT ", columns!(), " FROM recipes AS r WHERE r.id = $1")
}

type Row = (
    RecipeId,
    HouseholdId,
    String,
    i64,
    String,
    Option<String>,
    Instant,
    Instant,
    Option<Instant>,
    Option<Instant>,
    String,
    Option<String>,
);

/// A recipe, if it is theirs still, with its versions and what is thought of it.
pub fn recipe(conn: &mut Conn, whose: Whose, id: RecipeId) -> QueryResult<Option<SavedRecipe>> {
    let row: Option<Row> = match whose {
        Whose::Of(sub) => Own { id, sub }.optional(conn)?,
        Whose::All => Any { id }.optional(conn)?,
    };
    row.map(|row| whole(conn, whose, row)).transpose()
}

fn whole(conn: &mut Conn, whose: Whose, row: Row) -> QueryResult<SavedRecipe> {
    let (
        id,
        household,
        owner,
        version,
        visibility,
        cover,
        created_at,
        updated_at,
        published_at,
        deleted_at,
        document,
        step_images,
    ) = row;
    let images = Images::of_columns(cover.as_deref(), step_images.as_deref());
    Ok(SavedRecipe {
        format: FORMAT,
        id,
        household,
        owner,
        version,
        visibility: visibility_of(&visibility),
        cover: images.cover,
        step_images: images.steps,
        created_at,
        updated_at,
        published_at,
        deleted_at,
        document: raw(document),
        revisions: revisions(conn, id)?,
        personal: personal(conn, id, whose)?,
    })
}

statement! {
    struct Revisions { id: Guid = RecipeId } -> (BigInt, Text, Text, InstantSql, Text, Nullable<Text>, Nullable<Text>)
    "SELECT v.version, v.visibility, v.saved_by, v.saved_at, v.document, v.cover, v.step_images FROM revisions v \
     WHERE v.recipe_id = $1 ORDER BY v.version"
}

fn revisions(conn: &mut Conn, id: RecipeId) -> QueryResult<Vec<SavedRevision>> {
    let rows: Vec<RevisionRow> = Revisions { id }.all(conn)?;
    Ok(rows.into_iter().map(revision).collect())
}

type RevisionRow = (i64, String, String, Instant, String, Option<String>, Option<String>);

fn revision(row: RevisionRow) -> SavedRevision {
    let (version, visibility, saved_by, saved_at, document, cover, step_images) = row;
    let images = Images::of_columns(cover.as_deref(), step_images.as_deref());
    SavedRevision {
        version,
        visibility: visibility_of(&visibility),
        saved_by,
        saved_at,
        cover: images.cover,
        step_images: images.steps,
        document: raw(document),
    }
}

statement! {
    struct Personal<'a> { id: Guid = RecipeId, sub: Nullable<Text> = Option<&'a str> }
    -> (Guid, Text, Nullable<SmallInt>, Bool, Nullable<Text>, InstantSql)
    "SELECT p.recipe_id, p.sub, p.rating, p.favourite, p.note, p.updated_at FROM recipe_personal p \
     WHERE p.recipe_id = $1 AND ($2 IS NULL OR p.sub = $2){postgres  ORDER BY p.sub COLLATE \"C\"}{sqlite  ORDER BY p.sub}"
}

fn personal(conn: &mut Conn, id: RecipeId, whose: Whose) -> QueryResult<Vec<SavedPersonal>> {
    let sub = match whose {
        Whose::Of(sub) => Some(sub),
        Whose::All => None,
    };
    Ok(Personal { id, sub }.all(conn)?.into_iter().map(saved).collect())
}

statement! {
    struct Elsewhere<'a> { sub: Text = &'a str } -> (Guid, Text, Nullable<SmallInt>, Bool, Nullable<Text>, InstantSql)
    concat!(
        "SELECT p.recipe_id, p.sub, p.rating, p.favourite, p.note, p.updated_at \
         FROM recipe_personal p JOIN recipes AS r ON r.id = p.recipe_id WHERE p.sub = $1 AND NOT ",
        owned!("$1"),
        " ORDER BY p.recipe_id"
    )
}

/// What a person keeps about the recipes of others.
pub fn personal_elsewhere(conn: &mut Conn, sub: &str) -> QueryResult<Vec<SavedPersonal>> {
    Ok(Elsewhere { sub }.all(conn)?.into_iter().map(saved).collect())
}

fn saved(row: (RecipeId, String, Option<i16>, bool, Option<String>, Instant)) -> SavedPersonal {
    let (recipe, sub, rating, favourite, note, updated_at) = row;
    SavedPersonal { recipe, sub, rating, favourite, note, updated_at }
}

statement! {
    struct People {} -> (Text, Nullable<Text>, Nullable<Text>, BigInt, Nullable<InstantSql>)
    "SELECT sub, name, external_id, min_uv, deleted_at FROM people ORDER BY sub{postgres  COLLATE \"C\"}"
}

statement! {
    struct Households {} -> (Guid, Nullable<Text>, InstantSql)
    "SELECT id, personal_of, created_at FROM households ORDER BY id"
}

statement! {
    struct Members {} -> (Text, Guid, InstantSql)
    "SELECT sub, household_id, joined_at FROM household_members ORDER BY household_id, sub{postgres  COLLATE \"C\"}"
}

statement! {
    struct Shares {} -> (Guid, Guid, Binary, InstantSql, InstantSql)
    "SELECT id, recipe_id, token_hash, created_at, expires_at FROM shares ORDER BY id"
}

type PersonRow = (String, Option<String>, Option<String>, i64, Option<Instant>);

/// What is no recipe's own.
pub fn people(conn: &mut Conn) -> QueryResult<SavedPeople> {
    let people: Vec<PersonRow> = People {}.all(conn)?;
    let households: Vec<(HouseholdId, Option<String>, Instant)> = Households {}.all(conn)?;
    let members: Vec<(String, HouseholdId, Instant)> = Members {}.all(conn)?;
    let shares: Vec<(ShareId, RecipeId, Vec<u8>, Instant, Instant)> = Shares {}.all(conn)?;
    Ok(SavedPeople {
        people: people
            .into_iter()
            .map(|(sub, name, external_id, min_uv, deleted_at)| SavedPerson {
                sub,
                name,
                external_id,
                min_uv,
                deleted_at,
            })
            .collect(),
        households: households
            .into_iter()
            .map(|(id, personal_of, created_at)| SavedHousehold { id, personal_of, created_at })
            .collect(),
        members: members
            .into_iter()
            .map(|(sub, household, joined_at)| SavedMember { sub, household, joined_at })
            .collect(),
        shares: shares
            .into_iter()
            .map(|(id, recipe, token_hash, created_at, expires_at)| SavedShare {
                id,
                recipe,
                token_hash,
                created_at,
                expires_at,
            })
            .collect(),
    })
}

/// JSON that was kept as it is answered.
fn raw(json: String) -> Box<RawValue> {
    RawValue::from_string(json).expect("BUG: a column holds no JSON")
}
