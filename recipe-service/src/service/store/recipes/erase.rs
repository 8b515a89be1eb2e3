use common::db::{Conn, QueryResult, statement};
use diesel::sql_types::Text;

statement! {
    struct EraseAll<'a> { sub: Text = &'a str }
    "DELETE FROM recipes WHERE owner_sub = $1"
}

/// Erases every recipe of a person, from the trash too, with all versions.
pub fn erase_all(conn: &mut Conn, sub: &str) -> QueryResult<()> {
    EraseAll { sub }.execute(conn).map(drop)
}

statement! {
    struct EraseUnpublished<'a> { sub: Text = &'a str }
    "DELETE FROM recipes WHERE owner_sub = $1 AND (visibility <> 'public' OR deleted_at IS NOT NULL)"
}

statement! {
    struct EraseDrafts<'a> { sub: Text = &'a str }
    "DELETE FROM revisions WHERE recipe_id IN (SELECT id FROM recipes WHERE owner_sub = $1)"
}

/// Erases all of a person's recipes but what is public of them now: no earlier version stays either.
pub fn erase_unpublished(conn: &mut Conn, sub: &str) -> QueryResult<()> {
    EraseUnpublished { sub }.execute(conn)?;
    EraseDrafts { sub }.execute(conn)?;
    super::super::images::forget_earlier(conn, sub)
}
