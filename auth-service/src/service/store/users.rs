//! People and how they prove who they are.

use common::db::types::{Guid, InstantSql, Json, JsonSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::feed::{PersonEvent, append_all_known_elsewhere, append_person};
use crate::domain::{User, UserId, UserState, Words};

pub(super) type Row = (
    UserId,
    Option<String>,
    Option<String>,
    String,
    String,
    bool,
    i64,
    String,
    String,
    Option<Json<serde_json::Value>>,
    Instant,
);

fn user((id, email, username, name, locale, email_verified, uv, state, roles, ext, created_at): Row) -> User {
    User {
        id,
        email,
        username,
        name,
        locale,
        email_verified,
        uv,
        state: UserState::parse(&state),
        roles: Words::parse(&roles),
        ext: ext.map(|Json(value)| value),
        created_at,
    }
}

/// The columns of a person, in the order of a row.
pub(super) type Columns = (
    Guid,
    Nullable<Text>,
    Nullable<Text>,
    Text,
    Text,
    Bool,
    BigInt,
    Text,
    Text,
    Nullable<JsonSql>,
    InstantSql,
);

/// A person, and something else of theirs that is text.
pub(super) type RowAnd = (Row, Option<String>);

pub(super) fn user_and((row, other): RowAnd) -> (User, Option<String>) {
    (user(row), other)
}

statement! {
    struct ById { id: Guid = UserId }
    -> Columns
    "SELECT id, email, username, name, locale, email_verified, uv, state, roles, ext, created_at \
     FROM users WHERE id = $1"
}

/// The person of this id.
pub fn by_id(conn: &mut Conn, id: UserId) -> QueryResult<Option<User>> {
    Ok(ById { id }.optional::<Row>(conn)?.map(user))
}

statement! {
    struct Named<'a> { name: Text = &'a str } -> (Guid)
    "SELECT id FROM users WHERE email = $1 OR username = $1"
}

/// The id of the person with this address or user name: an address holds an @, a user name never does.
pub fn id_of(conn: &mut Conn, name: &str) -> QueryResult<Option<UserId>> {
    Named { name }.optional(conn)
}

/// What a login needs to know of whom it names.
#[derive(Clone)]
pub struct Account {
    pub user: User,
    /// The stored form of the password, where they have one.
    pub password: Option<String>,
}

statement! {
    struct ReadAccount<'a> { name: Text = &'a str }
    -> (Columns, Nullable<Text>)
    "SELECT u.id, u.email, u.username, u.name, u.locale, u.email_verified, u.uv, u.state, u.roles, u.ext, u.created_at, \
         c.secret \
     FROM users u LEFT JOIN credentials c ON c.user_id = u.id AND c.kind = 'password' \
     WHERE u.email = $1 OR u.username = $1"
}

statement! {
    struct ReadOwnAccount { id: Guid = UserId }
    -> (Columns, Nullable<Text>)
    "SELECT u.id, u.email, u.username, u.name, u.locale, u.email_verified, u.uv, u.state, u.roles, u.ext, u.created_at, \
         c.secret \
     FROM users u LEFT JOIN credentials c ON c.user_id = u.id AND c.kind = 'password' \
     WHERE u.id = $1"
}

/// The person of this id, and their stored password.
pub fn own_account(conn: &mut Conn, id: UserId) -> QueryResult<Option<Account>> {
    Ok(ReadOwnAccount { id }.optional::<RowAnd>(conn)?.map(account_of))
}

/// The person with this address or user name, and their stored password: one statement, so that asking for somebody who
/// is there takes no longer than asking for nobody.
pub fn account(conn: &mut Conn, name: &str) -> QueryResult<Option<Account>> {
    Ok(ReadAccount { name }.optional::<RowAnd>(conn)?.map(account_of))
}

fn account_of(row: RowAnd) -> Account {
    let (user, password) = user_and(row);
    Account { user, password }
}

statement! {
    struct Insert<'a> {
        id: Guid = UserId,
        email: Nullable<Text> = Option<&'a str>,
        username: Nullable<Text> = Option<&'a str>,
        name: Text = &'a str,
        locale: Text = &'a str,
        created_at: InstantSql = Instant,
        email_verified: Bool = bool,
        roles: Text = &'a str,
        external_id: Nullable<Text> = Option<&'a str>,
        ext: Nullable<JsonSql> = Option<Json<serde_json::Value>>,
    }
    "INSERT INTO users \
         (id, email, username, name, locale, email_verified, uv, state, roles, external_id, created_at, updated_at, ext) \
     VALUES ($1, $2, $3, $4, $5, $7, 0, 'active', $8, $9, $6, $6, $10)"
}

/// Adds a person, whom another system may know by an id of its own. A unique violation names what is taken.
pub fn insert(conn: &mut Conn, user: &User, external_id: Option<&str>) -> QueryResult<()> {
    Insert {
        id: user.id,
        email: user.email.as_deref(),
        username: user.username.as_deref(),
        name: &user.name,
        locale: &user.locale,
        created_at: user.created_at,
        email_verified: user.email_verified,
        roles: user.roles.as_str(),
        external_id,
        ext: user.ext.clone().map(Json),
    }
    .execute(conn)
    .map(drop)
}

/// Which of three names are somebody's already.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taken {
    pub email: bool,
    pub username: bool,
    pub external_id: bool,
}

statement! {
    struct ReadTaken<'a> {
        email: Nullable<Text> = Option<&'a str>,
        username: Nullable<Text> = Option<&'a str>,
        external_id: Nullable<Text> = Option<&'a str>,
    }
    -> (Bool, Bool, Bool)
    "SELECT EXISTS (SELECT 1 FROM users WHERE email = $1), EXISTS (SELECT 1 FROM users WHERE username = $2), \
         EXISTS (SELECT 1 FROM users WHERE external_id = $3)"
}

/// Says which of these names are taken.
pub fn taken(
    conn: &mut Conn,
    email: Option<&str>,
    username: Option<&str>,
    external_id: Option<&str>,
) -> QueryResult<Taken> {
    let row = ReadTaken { email, username, external_id }.one::<(bool, bool, bool)>(conn)?;
    let (email, username, external_id) = row;
    Ok(Taken { email, username, external_id })
}

common::id! {
    /// One way in which somebody proves who they are.
    pub struct CredentialId;
}

statement! {
    struct InsertPassword<'a> {
        id: Guid = CredentialId,
        user_id: Guid = UserId,
        subject: Text = String,
        secret: Text = &'a str,
        created_at: InstantSql = Instant,
    }
    "INSERT INTO credentials (id, user_id, kind, issuer, subject, secret, created_at, updated_at) \
     VALUES ($1, $2, 'password', '', $3, $4, $5, $5)"
}

/// Gives a person their first password, in its stored form.
pub fn insert_password(
    conn: &mut Conn,
    user_id: UserId,
    secret: &str,
    created_at: Instant,
) -> QueryResult<()> {
    let (id, subject) = (CredentialId::new(), user_id.to_string());
    InsertPassword { id, user_id, subject, secret, created_at }.execute(conn).map(drop)
}

statement! {
    struct SetPassword<'a> { user_id: Guid = UserId, secret: Text = &'a str, updated_at: InstantSql = Instant }
    "UPDATE credentials SET secret = $2, updated_at = $3 WHERE user_id = $1 AND kind = 'password'"
}

/// Replaces a person's password; false where they had none.
pub fn set_password(
    conn: &mut Conn,
    user_id: UserId,
    secret: &str,
    updated_at: Instant,
) -> QueryResult<bool> {
    Ok(SetPassword { user_id, secret, updated_at }.execute(conn)? > 0)
}

statement! {
    struct Rehash<'a> {
        user_id: Guid = UserId,
        old: Text = &'a str,
        new: Text = &'a str,
        updated_at: InstantSql = Instant,
    }
    "UPDATE credentials SET secret = $3, updated_at = $4 \
     WHERE user_id = $1 AND kind = 'password' AND secret = $2"
}

/// Replaces one stored form of a password by another; false where it changed meanwhile.
pub fn rehash(
    conn: &mut Conn,
    user_id: UserId,
    old: &str,
    new: &str,
    updated_at: Instant,
) -> QueryResult<bool> {
    Ok(Rehash { user_id, old, new, updated_at }.execute(conn)? > 0)
}

statement! {
    struct SetProfile<'a> {
        id: Guid = UserId,
        name: Nullable<Text> = Option<&'a str>,
        username: Nullable<Text> = Option<&'a str>,
        locale: Nullable<Text> = Option<&'a str>,
        updated_at: InstantSql = Instant,
    }
    "UPDATE users SET name = COALESCE($2, name), username = COALESCE($3, username), \
         locale = COALESCE($4, locale), updated_at = $5 \
     WHERE id = $1 AND state = 'active'"
}

/// Changes what is given of a profile. A unique violation names what is taken.
pub fn set_profile(
    conn: &mut Conn,
    id: UserId,
    name: Option<&str>,
    username: Option<&str>,
    locale: Option<&str>,
    updated_at: Instant,
) -> QueryResult<bool> {
    Ok(SetProfile { id, name, username, locale, updated_at }.execute(conn)? > 0)
}

statement! {
    struct ExternalId { id: Guid = UserId } -> (Nullable<Text>)
    "SELECT external_id FROM users WHERE id = $1"
}

/// By what another system knows a person.
pub fn external_id(conn: &mut Conn, id: UserId) -> QueryResult<Option<String>> {
    Ok(ExternalId { id }.optional::<Option<String>>(conn)?.flatten())
}

statement! {
    struct BumpVersion { id: Guid = UserId, updated_at: InstantSql = Instant } -> (BigInt, Text, Nullable<Text>)
    "UPDATE users SET uv = uv + 1, updated_at = $2 WHERE id = $1 RETURNING uv, name, external_id"
}

/// Makes every token of a person old, and answers the version that is new. Whom another system knows may still hold
/// tokens of its issuer, which makes them longer than a revocation is remembered: those who take them are told on the feed
/// of people, for good.
pub fn bump_version(conn: &mut Conn, id: UserId, updated_at: Instant) -> QueryResult<i64> {
    let (uv, name, external_id) =
        BumpVersion { id, updated_at }.one::<(i64, String, Option<String>)>(conn)?;
    if external_id.is_some() {
        append_person(conn, &PersonEvent::Named { sub: id, name, external_id, uv })?;
    }
    Ok(uv)
}

statement! {
    struct AgeAll { by: BigInt = i64 }
    "UPDATE users SET uv = uv + $1"
}

/// Adds to the version of everybody, the dead included, and answers how many there are.
pub fn age_all(conn: &mut Conn, by: i64) -> QueryResult<usize> {
    let aged = AgeAll { by }.execute(conn)?;
    append_all_known_elsewhere(conn)?;
    Ok(aged)
}

statement! {
    struct Delete { id: Guid = UserId, updated_at: InstantSql = Instant } -> (BigInt)
    "UPDATE users SET state = 'deleted', uv = uv + 1, email = NULL, username = NULL, external_id = NULL, name = '', \
         email_verified = FALSE, roles = '', ext = NULL, updated_at = $2 \
     WHERE id = $1 AND state <> 'deleted' RETURNING uv"
}

/// Empties the row of a person, of whom only the id stays, and answers the version that their tokens are all older than;
/// `None` where they are gone already.
pub fn delete(conn: &mut Conn, id: UserId, updated_at: Instant) -> QueryResult<Option<i64>> {
    Delete { id, updated_at }.optional(conn)
}

statement! {
    struct Stays { id: Guid = UserId } -> (Guid)
    "SELECT id FROM users WHERE id = $1 AND state <> 'deleted' {postgres FOR KEY SHARE}"
}

/// The id of somebody who has not left, and does not before the transaction ends.
pub fn staying(conn: &mut Conn, id: UserId) -> QueryResult<Option<UserId>> {
    Stays { id }.optional(conn)
}

statement! {
    struct DeleteCredentials { user_id: Guid = UserId }
    "DELETE FROM credentials WHERE user_id = $1"
}

/// Forgets by what somebody proved who they are.
pub fn delete_credentials(conn: &mut Conn, user_id: UserId) -> QueryResult<()> {
    DeleteCredentials { user_id }.execute(conn).map(drop)
}

/// One way in which a person proves who they are, without the proof.
pub struct Credential {
    pub kind: String,
    pub created_at: Instant,
    pub updated_at: Instant,
}

statement! {
    struct ReadCredentials { user_id: Guid = UserId } -> (Text, InstantSql, InstantSql)
    "SELECT kind, created_at, updated_at FROM credentials WHERE user_id = $1 ORDER BY created_at, id"
}

/// How a person can prove who they are.
pub fn credentials(conn: &mut Conn, user_id: UserId) -> QueryResult<Vec<Credential>> {
    let rows: Vec<(String, Instant, Instant)> = ReadCredentials { user_id }.all(conn)?;
    let credential = |(kind, created_at, updated_at)| Credential { kind, created_at, updated_at };
    Ok(rows.into_iter().map(credential).collect())
}

statement! {
    struct TakeReset<'a> {
        id: Guid = UserId,
        uv: BigInt = i64,
        email: Text = &'a str,
        updated_at: InstantSql = Instant,
    } -> (BigInt)
    "UPDATE users SET uv = uv + 1, email_verified = TRUE, updated_at = $4 \
     WHERE id = $1 AND uv = $2 AND email = $3 AND state = 'active' RETURNING uv"
}

/// Makes every token of a person old who followed a link to their address, and answers the version that is new; `None`
/// where version, address or state are not those of the link any more. Whoever has the link has the address.
pub fn take_reset(
    conn: &mut Conn,
    id: UserId,
    uv: i64,
    email: &str,
    updated_at: Instant,
) -> QueryResult<Option<i64>> {
    TakeReset { id, uv, email, updated_at }.optional(conn)
}

statement! {
    struct TakeAddress<'a> {
        id: Guid = UserId,
        uv: BigInt = i64,
        email: Text = &'a str,
        updated_at: InstantSql = Instant,
    }
    "UPDATE users SET email = $3, email_verified = TRUE, updated_at = $4 \
     WHERE id = $1 AND (email = $3 OR uv = $2) AND state = 'active'"
}

/// Gives a person the address that they showed to be theirs; false where they may not have it any more. One that is new to
/// them must have been asked for by whom their tokens are still good: else who had the account before could take it back.
/// A unique violation says that it is somebody else's.
pub fn take_address(
    conn: &mut Conn,
    id: UserId,
    uv: i64,
    email: &str,
    updated_at: Instant,
) -> QueryResult<bool> {
    Ok(TakeAddress { id, uv, email, updated_at }.execute(conn)? > 0)
}
