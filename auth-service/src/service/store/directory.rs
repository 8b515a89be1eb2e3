//! Accounts, as those who administer them see them.

use common::db::types::{Guid, InstantSql, Json, JsonSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::users::{Columns, RowAnd, user_and};
use crate::domain::{User, UserId, UserState};

/// A person, and by what other systems know them.
#[derive(Clone, Debug)]
pub struct Account {
    pub user: User,
    pub external_id: Option<String>,
}

fn account(row: RowAnd) -> Account {
    let (user, external_id) = user_and(row);
    Account { user, external_id }
}

statement! {
    struct ById { id: Guid = UserId }
    -> (Columns, Nullable<Text>)
    "SELECT id, email, username, name, locale, email_verified, uv, state, roles, ext, created_at, external_id \
     FROM users WHERE id = $1 AND state <> 'deleted'"
}

/// The account of this id.
pub fn by_id(conn: &mut Conn, id: UserId) -> QueryResult<Option<Account>> {
    Ok(ById { id }.optional::<RowAnd>(conn)?.map(account))
}

statement! {
    struct Page<'a> {
        text: Text = &'a str,
        id: Nullable<Guid> = Option<UserId>,
        before: Nullable<Guid> = Option<UserId>,
        limit: BigInt = i64,
    }
    -> (Columns, Nullable<Text>)
    "SELECT id, email, username, name, locale, email_verified, uv, state, roles, ext, created_at, external_id \
     FROM users \
     WHERE state <> 'deleted' AND ($3 IS NULL OR id < $3) \
       AND ($1 = '' OR id = $2 OR external_id = $1 OR {postgres strpos}{sqlite instr}(email, lower($1)) > 0 \
            OR {postgres strpos}{sqlite instr}(username, lower($1)) > 0 \
            OR {postgres strpos}{sqlite instr}(lower(name), lower($1)) > 0) \
     ORDER BY id DESC LIMIT $4"
}

/// Accounts with this text in their address, user name or name, or that are known by it; the newest first.
pub fn page(conn: &mut Conn, text: &str, before: Option<UserId>, limit: i64) -> QueryResult<Vec<Account>> {
    let rows: Vec<RowAnd> = Page { text, id: text.parse().ok(), before, limit }.all(conn)?;
    Ok(rows.into_iter().map(account).collect())
}

statement! {
    struct Claim { id: Guid = UserId, updated_at: InstantSql = Instant }
    -> (Columns, Nullable<Text>)
    "UPDATE users SET updated_at = $2 WHERE id = $1 AND state <> 'deleted' \
     RETURNING id, email, username, name, locale, email_verified, uv, state, roles, ext, created_at, external_id"
}

/// Reads an account that is about to change: nobody else changes it until the transaction ends.
pub fn claim(conn: &mut Conn, id: UserId, updated_at: Instant) -> QueryResult<Option<Account>> {
    Ok(Claim { id, updated_at }.optional::<RowAnd>(conn)?.map(account))
}

statement! {
    struct Set<'a> {
        id: Guid = UserId,
        state: Text = &'a str,
        roles: Text = &'a str,
        ext: Nullable<JsonSql> = Option<Json<serde_json::Value>>,
        external_id: Nullable<Text> = Option<&'a str>,
    }
    "UPDATE users SET state = $2, roles = $3, ext = $4, external_id = $5 WHERE id = $1"
}

/// Stores what administrators may change. A unique violation names what is taken.
pub fn set(conn: &mut Conn, account: &Account) -> QueryResult<()> {
    let Account { user, external_id } = account;
    let (roles, ext) = (user.roles.as_str(), user.ext.clone().map(Json));
    let state = match user.state {
        UserState::Active => "active",
        UserState::Disabled => "disabled",
        UserState::Deleted => unreachable!("BUG: an account that is gone was claimed"),
    };
    Set { id: user.id, state, roles, ext, external_id: external_id.as_deref() }.execute(conn).map(drop)
}
