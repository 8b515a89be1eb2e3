use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Nullable, SmallInt, Text};

use crate::domain::document::FORMAT;
use crate::domain::ids::RecipeId;
use crate::domain::kept::Kept;

/// A new version of a recipe, who makes it, and from which.
pub struct Replacement<'a> {
    pub id: RecipeId,
    pub sub: &'a str,
    pub base: i64,
    pub now: Instant,
    pub kept: &'a Kept,
}

statement! {
    struct Replace<'a> {
        id: Guid = RecipeId,
        sub: Text = &'a str,
        base: BigInt = i64,
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
        source_key: Nullable<Text> = Option<&'a str>,
    }
    concat!(
        "UPDATE recipes AS r SET version = version + 1, updated_at = $4, format = $5, visibility = $6, title = $7, \
         title_key = $8, slug = $9, language = $10, source_url = $11, tags = $12, times = $13, document = $14, source_key = $15, \
         published_at = CASE WHEN $6 = 'public' THEN coalesce(published_at, $4) END \
         WHERE r.id = $1 AND r.version = $3 AND ",
        writable!("$2")
    )
}

/// Puts a new version in the place of its base. False: the base is not the newest any more, or not theirs to change.
pub fn replace(conn: &mut Conn, new: &Replacement) -> QueryResult<bool> {
    let kept = new.kept;
    let replace = Replace {
        id: new.id,
        sub: new.sub,
        base: new.base,
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
        source_key: kept.source_key.as_deref(),
    };
    replace.execute(conn).map(|replaced| replaced == 1)
}
